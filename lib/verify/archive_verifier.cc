#include "lib/verify/archive_verifier.h"

#include <algorithm>
#include <set>
#include <utility>

#include "lib/archive/layout.h"
#include "lib/verify/anchor_set.h"
#include "lib/verify/checkpoint_verifier.h"
#include "lib/verify/cosignature_check.h"
#include "lib/verify/identity_check.h"
#include "lib/verify/index_check.h"
#include "lib/verify/listing_check.h"
#include "lib/verify/not_checked.h"
#include "lib/verify/pin_check.h"
#include "lib/verify/resume_point.h"
#include "lib/verify/segment_verifier.h"
#include "lib/verify/timestamp_check.h"
#include "lib/verify/trust.h"

namespace authseal {
namespace {

// How often an open segment is looked at again because its writer changed it.
constexpr int kOpenAttemptsMax = 5;

std::string SegmentPath(std::string_view name) {
  return std::string(kSegmentsName) + "/" + std::string(name);
}

// One verification of one archive, segment after segment.
class ArchiveVerification {
 public:
  ArchiveVerification(const ArchiveReader& archive,
                      const VerifyOptions& options)
      : archive_(archive),
        options_(options),
        witnesses_(options.witnesses ? &*options.witnesses : nullptr) {}

  Result<VerifyReport> Run();

 private:
  Status CheckNote();
  Status Resume();
  Status MeasureTotal();
  Status VerifySegment(const SegmentFile& file);
  Result<bool> Place(const SegmentFile& file);
  void ReportMissing(const RecordRange& records);
  Status VerifySealed(const SegmentFile& file, SegmentReader& segment);
  Status VerifyOpen(const SegmentFile& file, SegmentReader segment);
  Status AddSealed(const SegmentFile& file, SegmentOutcome outcome);
  void AddOpen(const SegmentFile& file, SegmentOutcome outcome);
  void AddNotes();
  VerifyReport Finish();

  SegmentScope ScopeOf(VerifyDepth depth);
  void Report(FindingKind kind, std::string file,
              std::optional<RecordRange> records, std::string text) {
    findings_.Add({kind, std::move(file), std::nullopt, std::nullopt, records,
                   std::move(text)});
  }

  const ArchiveReader& archive_;
  const VerifyOptions& options_;
  ArchiveListing listing_;
  VerifyReport report_;
  FindingList findings_;
  AnchorSet anchors_;
  WitnessLedger witnesses_;
  IdentityChain identities_;
  IngestNotes ingest_notes_;
  TrustLedger trust_;
  VerifyProgress progress_;
  SegmentContext context_;           // for the next segment
  bool end_known_ = true;            // context_.first_record is sure
  std::uint64_t segment_begin_ = 0;  // of the one before
  std::set<std::uint64_t> indexed_;  // first records that may have an index
  Hash genesis_;                     // that signatures are checked with
  // Sound perhaps, but not the one that is pinned: nothing in it counts.
  bool other_archive_ = false;
  bool keys_lost_ = false;
  std::optional<Checkpoint> resumed_;  // what lies before was not read
};

Status ArchiveVerification::CheckNote() {
  std::vector<Finding> found;
  TRY_ASSIGN(identities_,
             CheckIdentityChain(archive_, listing_, options_.pin, found));
  TRY_ASSIGN(const PinnedArchive pinned,
             CheckArchiveNote(archive_.signed_note(), options_.pin,
                              kArchiveNoteName, found, &identities_));
  for (Finding& finding : found) {
    findings_.Add(std::move(finding));
  }
  report_.origin = pinned.note.origin;
  report_.key = pinned.key;
  report_.identities = identities_.keys();
  report_.genesis = pinned.genesis;
  other_archive_ = IsOtherArchive(archive_.signed_note(), options_.pin, pinned);
  // The pin says what was signed, also where the note was changed.
  genesis_ = other_archive_ ? pinned.genesis
                            : options_.pin.genesis.value_or(pinned.genesis);
  context_.epoch = 0;
  context_.start = CompactRange();
  context_.previous = genesis_;
  if (pinned.trusted || other_archive_) {
    context_.key = pinned.note.first_epoch_key;
  }
  return Ok();
}

SegmentScope ArchiveVerification::ScopeOf(VerifyDepth depth) {
  return {depth,
          options_.threads,
          genesis_,
          anchors_,
          ingest_notes_,
          identities_,
          [this](std::uint64_t bytes, std::uint64_t records) {
            progress_.done_bytes += bytes;
            progress_.records += records;
            if (options_.progress) {
              options_.progress(progress_);
            }
          }};
}

// Begins behind what is not to be read again, where that can be proven.
Status ArchiveVerification::Resume() {
  if (!options_.after.has_value() || !context_.key.has_value()) {
    return Ok();
  }
  const auto from = ResumeFrom(options_.known, *options_.after);
  if (!from.has_value() || from->origin != report_.origin) {
    return Ok();
  }
  TRY_ASSIGN(auto point, FindResumePoint(archive_, listing_, *from));
  if (!point.has_value()) {
    return Ok();
  }
  for (const std::uint64_t begin : DropBefore(from->size, listing_)) {
    Report(FindingKind::kFileMissing, SegmentPath(SealedSegmentName(begin)),
           std::nullopt,
           "a segment must begin at record " + std::to_string(begin) +
               ", and none does");
  }
  resumed_ = *from;
  context_ = std::move(point->next);
  report_.tree_size = from->size;
  report_.root = from->root;
  report_.epochs = *context_.epoch;
  report_.last_seal_time = point->seal_time;
  report_.skipped_segments = point->segments;
  report_.skipped_records = from->size;
  return Ok();
}

Status ArchiveVerification::MeasureTotal() {
  for (const SegmentFile& file : listing_.segments) {
    const auto info = archive_.segments().Info(file.name);
    if (info.has_value()) {
      progress_.total_bytes += info->size_bytes;
    } else if (info.error().code != ErrorCode::kNotFound) {
      return info.error();
    }
  }
  return Ok();
}

void ArchiveVerification::ReportMissing(const RecordRange& records) {
  Report(FindingKind::kFileMissing,
         SegmentPath(SealedSegmentName(records.first)), records,
         DescribeRecords(records) + " are in no segment");
  // Who signs next, and what stands before, was said in what is missing.
  context_ = {.first_record = records.end};
  anchors_.GiveUp(records);
}

// Whether `file` is to be verified as the next segment; sets the context.
Result<bool> ArchiveVerification::Place(const SegmentFile& file) {
  const std::uint64_t expected = context_.first_record;
  if (file.first_record == expected) {
    return true;
  }
  if (!end_known_ && file.first_record > segment_begin_) {
    // The segment before is damaged; the name is as good as its blocks.
    anchors_.GiveUp({segment_begin_, file.first_record});
    context_.first_record = file.first_record;
    context_.start.reset();
    return true;
  }
  if (file.first_record < expected) {
    Report(FindingKind::kFileUnexpected, SegmentPath(file.name), std::nullopt,
           "the records it is named for are in another segment");
    return false;
  }
  ReportMissing({expected, file.first_record});
  return true;
}

Status ArchiveVerification::VerifySealed(const SegmentFile& file,
                                         SegmentReader& segment) {
  TRY_ASSIGN(SegmentOutcome outcome,
             VerifySealedSegment(ScopeOf(options_.depth), context_,
                                 SegmentPath(file.name), segment));
  return AddSealed(file, std::move(outcome));
}

Status ArchiveVerification::AddSealed(const SegmentFile& file,
                                      SegmentOutcome outcome) {
  if (outcome.footer.has_value() && outcome.footer->index_kind != 0 &&
      outcome.end_known) {
    TRY(CheckIndex(
        archive_.segments(), *outcome.footer,
        std::span<const BlockSummary>(outcome.blocks)
            .first(outcome.findings.empty() ? outcome.blocks.size() : 0),
        outcome.findings));
  }
  if (!outcome.end_known || outcome.footer->index_kind != 0) {
    indexed_.insert(file.first_record);
  }
  const bool whole =
      outcome.trust.records == std::vector<RecordRange>{outcome.records};
  ++report_.segments.total;
  report_.segments.ok += outcome.findings.empty() && whole ? 1u : 0u;
  if (outcome.contradicted) {
    trust_.Contradict();
  } else {
    trust_.Add(std::move(outcome.trust));
  }
  if (outcome.confirmed_outside && !outcome.contradicted) {
    trust_.ConfirmFromOutside();
  } else if (outcome.confirmed && !outcome.contradicted) {
    trust_.Confirm();
  }
  findings_.Append(std::move(outcome.findings));
  ++report_.epochs;
  report_.tree_size = outcome.records.end;
  report_.root = outcome.tree.has_value() ? outcome.tree->Root() : Hash{};
  if (outcome.reopened.has_value()) {
    report_.reopened.push_back({outcome.footer->epoch,
                                outcome.footer->records(), *outcome.reopened,
                                SegmentPath(file.name)});
  }
  if (outcome.footer_trusted) {
    report_.last_seal_time = outcome.footer->seal_time;
  }
  segment_begin_ = context_.first_record;
  context_ = std::move(outcome.next);
  end_known_ = outcome.end_known;
  return Ok();
}

void ArchiveVerification::AddOpen(const SegmentFile& file,
                                  SegmentOutcome outcome) {
  indexed_.insert(file.first_record);  // a seal may be under way
  ++report_.segments.total;
  report_.segments.ok +=
      outcome.findings.empty() && context_.key.has_value() ? 1u : 0u;
  ++report_.epochs;
  report_.unsealed_records = outcome.unsealed_records;
  trust_.Add(std::move(outcome.trust));
  findings_.Append(std::move(outcome.findings));
  if (outcome.tail_bytes > 0) {
    report_.notes.push_back(
        {"torn-tail", SegmentPath(file.name),
         std::to_string(outcome.tail_bytes) +
             " bytes behind the last signed block are not counted: a write "
             "is under way, one was torn by a crash, or the end was damaged"});
  }
}

// A writer may go on meanwhile: what was found counts when the file is still
// the same, or after some tries.
Status ArchiveVerification::VerifyOpen(const SegmentFile& file,
                                       SegmentReader segment) {
  const IngestNotes notes_before = ingest_notes_;
  for (int attempt = 1;; ++attempt) {
    TRY_ASSIGN(SegmentOutcome outcome,
               VerifyOpenSegment(ScopeOf(options_.depth), context_,
                                 SegmentPath(file.name), segment));
    if (outcome.findings.empty() || attempt == kOpenAttemptsMax) {
      AddOpen(file, std::move(outcome));
      return Ok();
    }
    Result<SegmentReader> again = archive_.OpenSegment(file);
    if (!again.has_value() && again.error().code != ErrorCode::kNotFound) {
      return std::move(again).error();
    }
    if (!again.has_value() ||
        (!again->sealed() &&
         again->map().file_size_bytes == segment.map().file_size_bytes)) {
      AddOpen(file, std::move(outcome));
      return Ok();
    }
    ingest_notes_ = notes_before;
    segment = *std::move(again);
    if (segment.sealed()) {
      return VerifySealed(file, segment);
    }
  }
}

Status ArchiveVerification::VerifySegment(const SegmentFile& file) {
  TRY_ASSIGN(const bool next, Place(file));
  if (!next) {
    return Ok();
  }
  keys_lost_ = keys_lost_ || !context_.key.has_value();
  Result<SegmentReader> segment = archive_.OpenSegment(file);
  if (segment.has_value()) {
    const Status status = segment->sealed()
                              ? VerifySealed(file, *segment)
                              : VerifyOpen(file, *std::move(segment));
    return status.has_value() ? Ok() : Error(status.error()).With(file.name);
  }
  if (segment.error().code == ErrorCode::kIo ||
      segment.error().code == ErrorCode::kTemporary) {
    return std::move(segment).error();
  }
  if (!file.sealed && segment.error().code == ErrorCode::kNotFound) {
    // A writer that replays a seal removes it; without, nobody can tell.
    return Ok();
  }
  Report(FindingKind::kFileMissing, SegmentPath(file.name), std::nullopt,
         "the segment was listed and cannot be opened: " +
             segment.error().message);
  segment_begin_ = file.first_record;
  context_ = {.first_record = file.first_record};
  end_known_ = false;
  return Ok();
}

void ArchiveVerification::AddNotes() {
  ingest_notes_.Finish(report_.notes);
  AddIdentityNotes(identities_, report_);
  report_.checkpoint_size =
      std::max(anchors_.confirmed_size(), report_.skipped_records);
  witnesses_.Finish(report_.checkpoint_size, report_);
  AddListingNotes(listing_, report_);
}

VerifyReport ArchiveVerification::Finish() {
  if (!other_archive_) {
    TrustedRecords trusted = std::move(trust_).Take();
    report_.trustworthy = std::move(trusted.trustworthy);
    report_.vouched = std::move(trusted.vouched);
  }
  for (const RecordRange& range : report_.trustworthy) {
    report_.records.ok += range.count();
  }
  report_.records.total =
      std::max({report_.tree_size + report_.unsealed_records,
                EndOf(report_.trustworthy), EndOf(report_.vouched)}) -
      report_.skipped_records;
  report_.known = KnownResults(anchors_, options_.known);
  report_.findings_total = findings_.total();
  report_.findings = std::move(findings_).Take();
  return std::move(report_);
}

Result<VerifyReport> ArchiveVerification::Run() {
  TRY_ASSIGN(listing_, archive_.List());
  TRY(CheckNote());
  ReportUnexpected(listing_, findings_);
  report_.root = CompactRange().Root();
  TRY(Resume());
  TRY(VerifyCheckpoints(archive_, listing_, identities_, anchors_, witnesses_,
                        report_, findings_));
  witnesses_.MarkWitnessed(anchors_);
  AddRotationAnchors(identities_, report_.skipped_records, anchors_);
  anchors_.AddKnown(options_.known, report_.origin, findings_);
  if (resumed_.has_value()) {
    JudgeResumed(*resumed_, anchors_, findings_);
  }
  TRY(MeasureTotal());
  for (const SegmentFile& file : listing_.segments) {
    TRY(VerifySegment(file));
  }
  // That of an empty segment is there before it, while it is sealed.
  indexed_.insert(context_.first_record);
  ReportIndexes(listing_, indexed_, findings_);
  ReportOpenAnchors(anchors_, report_.tree_size, findings_);
  AddNotes();
  report_.not_checked =
      DescribeNotChecked({options_, report_, listing_, anchors_, keys_lost_});
  TRY(CheckTimestamps(archive_, listing_, options_, report_, findings_));
  return Finish();
}

}  // namespace

Result<VerifyReport> VerifyArchive(const ArchiveReader& archive,
                                   const VerifyOptions& options) {
  return ArchiveVerification(archive, options).Run();
}

}  // namespace authseal
