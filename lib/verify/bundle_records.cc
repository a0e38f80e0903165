#include "lib/verify/bundle_records.h"

#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "lib/archive/format.h"
#include "lib/merkle/proof.h"
#include "lib/merkle/tree_hash.h"
#include "lib/verify/bundle_epochs.h"
#include "lib/verify/bundle_files.h"
#include "lib/verify/bundle_lines.h"
#include "lib/verify/line_reader.h"

namespace authseal {
namespace {

using Outcome = LineReader::Outcome;

constexpr std::uint64_t kRecordsPerProgress = 4096;

bool IsBroken(Outcome outcome) {
  return outcome == Outcome::kTooLong || outcome == Outcome::kUnfinished;
}

class RecordsCheck {
 public:
  RecordsCheck(const BundleRecordFiles& files,
               const std::optional<Checkpoint>& checkpoint,
               FindingList& findings)
      : checkpoint_(checkpoint),
        findings_(findings),
        records_(*files.records, kBlockContentSizeBytesMax),
        proofs_(*files.proofs, kProofLineSizeBytesMax) {
    if (files.epochs != nullptr && checkpoint_.has_value()) {
      epochs_ = std::make_unique<BundleEpochs>(*files.epochs, *checkpoint_,
                                               findings_);
    }
  }

  // One record and its proof; false when there are no more pairs.
  Result<bool> Step();
  Status Finish();

  std::uint64_t done_bytes() const {
    return records_.done_bytes() + proofs_.done_bytes();
  }
  const BundleRecordsResult& result() const { return result_; }
  BundleRecordsResult Take() && { return std::move(result_); }

 private:
  Status CheckPair(std::string_view record, std::string_view proof_text);
  bool IsProven(std::string_view record, const ProofLine& proof);
  // Reads `records_` to its end, so that the report's total is the file's.
  Status CountTheRest();
  void AddTrustworthy(std::uint64_t record);
  void AddFinding(FindingKind kind, const LineReader& reader,
                  std::string_view text,
                  std::optional<std::uint64_t> record = std::nullopt);

  const std::optional<Checkpoint>& checkpoint_;
  FindingList& findings_;
  LineReader records_;
  LineReader proofs_;
  std::unique_ptr<BundleEpochs> epochs_;  // none: not checked
  std::uint64_t next_index_ = 0;          // the smallest that may come
  BundleRecordsResult result_;
};

Result<bool> RecordsCheck::Step() {
  std::string_view record;
  std::string_view proof;
  TRY_ASSIGN(const Outcome record_outcome, records_.Next(record));
  TRY_ASSIGN(const Outcome proof_outcome, proofs_.Next(proof));
  if (record_outcome == Outcome::kLine && proof_outcome == Outcome::kLine) {
    ++result_.records.total;
    TRY(CheckPair(record, proof));
    return true;
  }
  if (IsBroken(record_outcome)) {
    AddFinding(FindingKind::kRecordMismatch, records_,
               "a line is too long or cut short");
  }
  if (IsBroken(proof_outcome)) {
    AddFinding(FindingKind::kProofInvalid, proofs_,
               "a line is too long or cut short");
  }
  if (record_outcome == Outcome::kEnd && proof_outcome == Outcome::kLine) {
    AddFinding(FindingKind::kCountMismatch, proofs_,
               "more proofs than records");
  }
  if (record_outcome == Outcome::kLine) {
    ++result_.records.total;
    if (proof_outcome == Outcome::kEnd) {
      AddFinding(FindingKind::kCountMismatch, records_,
                 "more records than proofs");
    }
    TRY(CountTheRest());
  }
  return false;
}

Status RecordsCheck::CheckPair(std::string_view record,
                               std::string_view proof_text) {
  const auto proof = ParseProofLine(proof_text);
  if (!proof.has_value()) {
    AddFinding(FindingKind::kProofInvalid, proofs_, proof.error().message);
    return Ok();
  }
  if (proof->index < next_index_ || proof->index > kRecordNumberMax) {
    AddFinding(FindingKind::kProofInvalid, proofs_,
               "record numbers that do not grow");
    return Ok();
  }
  next_index_ = proof->index + 1;
  const bool proven = IsProven(record, *proof);
  if (epochs_ != nullptr) {
    TRY(epochs_->See(proof->index));
  }
  if (proven) {
    ++result_.records.ok;
    AddTrustworthy(proof->index);
  }
  return Ok();
}

bool RecordsCheck::IsProven(std::string_view record, const ProofLine& proof) {
  bool proven = checkpoint_.has_value();
  if (LeafHash(AsBytes(record)) != proof.leaf) {
    proven = false;
    AddFinding(FindingKind::kRecordMismatch, records_,
               "the record is not the one that the leaf was made from",
               proof.index);
  }
  if (checkpoint_.has_value() &&
      !VerifyInclusion(proof.index, checkpoint_->size, proof.leaf, proof.proof,
                       checkpoint_->root)) {
    proven = false;
    AddFinding(FindingKind::kProofInvalid, proofs_,
               "the proof does not lead to the checkpoint's root", proof.index);
  }
  return proven;
}

Status RecordsCheck::CountTheRest() {
  std::string_view record;
  while (true) {
    TRY_ASSIGN(const Outcome outcome, records_.Next(record));
    if (outcome != Outcome::kLine) {
      return Ok();
    }
    ++result_.records.total;
  }
}

Status RecordsCheck::Finish() {
  if (epochs_ != nullptr) {
    TRY(epochs_->Finish());
    result_.epochs = epochs_->proven();
    result_.reopened = epochs_->reopened();
  }
  return Ok();
}

void RecordsCheck::AddTrustworthy(std::uint64_t record) {
  std::vector<RecordRange>& ranges = result_.trustworthy;
  if (!ranges.empty() && ranges.back().end == record) {
    ++ranges.back().end;
  } else if (ranges.size() < kTrustworthyRangesMax) {
    ranges.push_back({record, record + 1});
  } else {
    result_.ranges_omitted = true;
  }
}

void RecordsCheck::AddFinding(FindingKind kind, const LineReader& reader,
                              std::string_view text,
                              std::optional<std::uint64_t> record) {
  Finding finding;
  finding.kind = kind;
  finding.file = &reader == &proofs_ ? kBundleProofs : kBundleRecords;
  finding.offset_bytes = reader.line_offset_bytes();
  if (record.has_value()) {
    finding.records = RecordRange{*record, *record + 1};
  }
  finding.text = text;
  findings_.Add(std::move(finding));
}

}  // namespace

Result<BundleRecordsResult> CheckBundleRecords(
    const BundleRecordFiles& files, const std::optional<Checkpoint>& checkpoint,
    const std::function<void(const VerifyProgress&)>& progress,
    FindingList& findings) {
  VerifyProgress state;
  for (const ReadableFile* file : {files.records, files.proofs}) {
    TRY_ASSIGN(const FileInfo info, file->Info());
    state.total_bytes += info.size_bytes;
  }
  RecordsCheck check(files, checkpoint, findings);
  while (true) {
    TRY_ASSIGN(const bool more, check.Step());
    state.records = check.result().records.total;
    state.done_bytes = check.done_bytes();
    if (progress && (!more || state.records % kRecordsPerProgress == 0)) {
      progress(state);
    }
    if (!more) {
      break;
    }
  }
  TRY(check.Finish());
  return std::move(check).Take();
}

}  // namespace authseal
