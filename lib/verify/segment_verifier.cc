#include "lib/verify/segment_verifier.h"

#include <algorithm>
#include <limits>
#include <span>
#include <utility>

#include "lib/crypto/sha256.h"
#include "lib/verify/block_walk.h"
#include "lib/verify/chain_check.h"
#include "lib/verify/seal_block.h"
#include "lib/verify/seek_table_check.h"
#include "lib/verify/segment_layout.h"
#include "lib/verify/trust.h"

namespace authseal {
namespace {

// What one reading of a sealed segment gives.
struct SealedWalk {
  SegmentLayout layout;
  Seal seal;
};

BlockCheckTask MakeTask(const SegmentScope& scope,
                        const SegmentContext& context,
                        const SegmentReader& segment, const SealedWalk& walk) {
  BlockCheckTask task{segment, walk.layout};
  task.depth = scope.depth;
  task.genesis = scope.genesis;
  task.key = context.key;
  if (scope.depth == VerifyDepth::kQuick &&
      walk.seal.signature == SignatureState::kValid &&
      !walk.seal.footer->reopens) {
    task.key.reset();  // the seal's signature covers every header
  }
  task.ends_in_seal_block = true;
  task.known_sizes = scope.anchors.KnownInside(
      {context.first_record, walk.seal.footer.has_value()
                                 ? walk.seal.footer->end_record
                                 : std::numeric_limits<std::uint64_t>::max()});
  return task;
}

void ReportGaps(const SegmentLayout& layout, BlockSequence& sequence) {
  const auto report = [&sequence](FindingKind kind, const ByteExtent& extent,
                                  std::string_view what) {
    sequence.findings().Add(
        {kind, sequence.file(), extent.offset_bytes, std::nullopt, std::nullopt,
         std::to_string(extent.size_bytes) + std::string(what)});
  };
  for (const ByteExtent& gap : layout.gaps) {
    report(FindingKind::kFrameCorrupt, gap,
           " bytes that belong to no whole block");
  }
  if (layout.rest.size_bytes > 0 && layout.footer.has_value()) {
    report(FindingKind::kTrailingBytes, layout.rest,
           " bytes behind the end of the segment");
  } else if (layout.rest.size_bytes > 0) {
    report(FindingKind::kFrameCorrupt, layout.rest,
           " bytes at the end that belong to no whole block");
  }
}

// Binds headers, checks chain, footer and seek table.
Status CheckSealed(const SegmentContext& context, const SegmentReader& segment,
                   const SealedWalk& walk, const EndVerdict& verdict,
                   BlockSequence& sequence) {
  const Seal& seal = walk.seal;
  std::optional<Hash> last;
  if (seal.signature == SignatureState::kValid) {
    last = seal.footer->previous;
  } else if (verdict.footer_trusted) {
    sequence.blocks().back().bound = true;  // through its record
  }
  // A commit that was lost in a power cut and replaced is signed too, but is
  // not what was sealed: beside a seal, commit signatures prove nothing.
  const bool has_seal =
      seal.signature == SignatureState::kValid || verdict.footer_trusted;
  BindHeaders(sequence.blocks(), last,
              has_seal ? CommitSignatures::kIgnored : CommitSignatures::kBind);
  if (seal.signature == SignatureState::kUnchecked) {
    last = seal.footer->previous;
  }
  CheckChain({context.previous, last}, sequence);
  TRY(CheckSeekTable(segment, walk.layout, sequence));
  const bool all_bound =
      std::all_of(sequence.blocks().begin(), sequence.blocks().end(),
                  [](const BlockSummary& block) { return block.bound; });
  const bool comparable = seal.signature == SignatureState::kValid
                              ? all_bound && walk.layout.gaps.empty()
                              : seal.signature == SignatureState::kUnchecked &&
                                    sequence.findings().empty();
  if (comparable) {
    CheckSealAgainstBlocks(*seal.footer, context,
                           walk.layout.footer->offset_bytes, sequence);
  }
  return Ok();
}

// What the identity key added to a reopened segment does not count.
std::vector<RecordRange> SignedByEpochKey(const BlockSequence& sequence) {
  std::span<const BlockSummary> blocks = sequence.blocks();
  while (!blocks.empty() && blocks.back().signature != SignatureState::kValid) {
    blocks = blocks.first(blocks.size() - 1);
  }
  return RecordsOfBoundBlocks(blocks);
}

SegmentTrust TrustedPart(const SegmentContext& context, const Seal& seal,
                         const EndVerdict& verdict,
                         const BlockSequence& sequence) {
  SegmentTrust trust;
  if (verdict.contradicted) {
    return trust;
  }
  trust.root = verdict.footer_trusted ? verdict.footer_root : context.root;
  if (seal.footer.has_value() && seal.footer->reopens &&
      !OnlyEpochKeyCommits(context, sequence)) {
    trust.records = SignedByEpochKey(sequence);
    return trust;
  }
  if (verdict.trusted_end.has_value() && sequence.recomputed().has_value()) {
    trust.continues =
        Join(context.start, sequence.recomputed()) == verdict.trusted_end;
    trust.by_tree =
        trust.continues || (seal.footer.has_value() &&
                            Join(seal.footer->start, sequence.recomputed()) ==
                                verdict.trusted_end);
  }
  // The chain to a seal that goes back to the pin is more than a checkpoint.
  const bool chain_is_better = verdict.footer_trusted &&
                               verdict.footer_root == TrustRoot::kPin &&
                               verdict.end_root != TrustRoot::kPin;
  if (trust.by_tree && !chain_is_better) {
    trust.root = verdict.end_root;
    trust.records = {{context.first_record, verdict.trusted_end->end()}};
  } else {
    trust.records = RecordsOfBoundBlocks(sequence.blocks());
  }
  return trust;
}

// Checkpoints that the verifier brought for a size inside the segment.
void JudgeKnownInside(const BlockCheckTask& task, const Seal& seal,
                      const EndVerdict& verdict, AnchorSet& anchors,
                      SegmentOutcome& outcome, BlockSequence& sequence) {
  // The part up to that size is only as good as the whole it belongs to.
  const bool sound = sequence.findings().empty() && verdict.footer_trusted;
  for (const std::uint64_t size : task.known_sizes) {
    std::optional<CompactRange> tree;
    for (const CompactRange& prefix : sequence.prefixes()) {
      if (sound && prefix.end() == size) {
        tree = Join(seal.footer->start, prefix);
      }
    }
    for (Anchor& anchor : anchors.At(size)) {
      if (!tree.has_value()) {
        anchor.state = Anchor::State::kUncheckable;
      } else if (tree->Root() == anchor.root) {
        anchor.state = Anchor::State::kConfirmed;
      } else {
        anchor.state = Anchor::State::kContradicted;
        outcome.contradicted = true;
        sequence.findings().Add(ContradictionFinding(anchor));
      }
    }
  }
}

SegmentContext NextContext(const SegmentContext& context, const Seal& seal,
                           const EndVerdict& verdict,
                           const BlockSequence& sequence) {
  SegmentContext next;
  next.first_record = sequence.end_record();
  if (context.epoch.has_value()) {
    next.epoch = *context.epoch + 1;
  }
  next.start = verdict.trusted_end;
  const bool plausible = seal.signature == SignatureState::kValid ||
                         seal.signature == SignatureState::kUnchecked;
  if (plausible || verdict.footer_trusted) {
    next.first_record = seal.footer->end_record;
    next.epoch = context.epoch.value_or(seal.footer->epoch) + 1;
    if (plausible) {
      next.previous = seal.frame_hash;  // as it was signed, signature included
    }
    if (!next.start.has_value() &&
        seal.footer->end.end() == seal.footer->end_record) {
      next.start = seal.footer->end;
    }
  }
  if (verdict.footer_trusted) {
    next.key = seal.footer->next_key;
    next.root = verdict.footer_root;
  }
  return next;
}

struct SealedJudge {
  const SegmentScope& scope;
  const SegmentContext& context;
  const SegmentReader& segment;
};

// Of a damaged footer, what the seal block says.
Status RestoreFooter(const SealedJudge& judge, const BlockSequence& sequence,
                     SealedWalk& walk) {
  const bool is_damaged = !walk.seal.footer.has_value() ||
                          walk.seal.signature == SignatureState::kInvalid;
  if (!is_damaged || walk.layout.blocks.empty() ||
      !judge.context.key.has_value()) {
    return Ok();
  }
  TRY_ASSIGN(auto footer,
             ReadSealBlock(judge.segment, walk.layout.blocks.back(),
                           judge.scope.genesis, *judge.context.key));
  if (!footer.has_value()) {
    return Ok();
  }
  footer->block_count = static_cast<std::uint32_t>(sequence.blocks().size());
  footer->content_size_bytes = sequence.content_size_bytes();
  if (const auto end = Join(judge.context.start, sequence.claimed())) {
    footer->start = *judge.context.start;
    footer->end = *end;
  }
  walk.seal.footer = std::move(footer);
  return Ok();
}

Result<SegmentOutcome> Judge(const SealedJudge& judge, SealedWalk& walk,
                             const BlockCheckTask& task,
                             BlockSequence& sequence) {
  const SegmentContext& context = judge.context;
  ReportGaps(walk.layout, sequence);
  ReportSignatures(walk.seal, walk.layout, sequence);
  TRY(RestoreFooter(judge, sequence, walk));
  const EndVerdict verdict =
      JudgeEnd(walk.seal, context, judge.scope.anchors, sequence);
  TRY(CheckSealed(context, judge.segment, walk, verdict, sequence));
  SegmentOutcome outcome;
  outcome.footer = walk.seal.footer;
  outcome.footer_trusted = verdict.footer_trusted;
  // Also of a history that somebody else contradicts.
  const bool vouched =
      verdict.footer_trusted || walk.seal.signature == SignatureState::kValid;
  if (vouched && walk.seal.footer->reopens && !sequence.blocks().empty() &&
      sequence.blocks().back().header_decoded) {
    outcome.reopened = Sha256Of(AsBytes(
        SealRecord(*walk.seal.footer, sequence.blocks().back().previous)));
  }
  outcome.confirmed = verdict.confirmed;
  outcome.confirmed_outside = verdict.confirmed_outside;
  outcome.contradicted = verdict.contradicted;
  JudgeKnownInside(task, walk.seal, verdict, judge.scope.anchors, outcome,
                   sequence);
  if (!outcome.contradicted) {
    outcome.trust = TrustedPart(context, walk.seal, verdict, sequence);
  }
  outcome.next = NextContext(context, walk.seal, verdict, sequence);
  outcome.end_known = verdict.footer_trusted ||
                      walk.seal.signature == SignatureState::kUnchecked;
  if (outcome.contradicted) {
    outcome.next.key.reset();
  }
  outcome.records = {context.first_record, outcome.next.first_record};
  outcome.tree = outcome.next.start;
  sequence.findings().SortByPlace();
  outcome.findings = std::move(sequence.findings());
  outcome.blocks = std::move(sequence.blocks());
  return outcome;
}

// Whether the frames tile the file as walked, and otherwise than `layout` has
// them from the seek table.
bool TilesOtherwise(const SegmentMap& walked, const SegmentLayout& layout) {
  return walked.tiled_end_bytes == walked.file_size_bytes &&
         !std::equal(walked.blocks.begin(), walked.blocks.end(),
                     layout.blocks.begin(), layout.blocks.end(),
                     [](const BlockExtent& left, const BlockExtent& right) {
                       return left.data == right.data &&
                              left.header == right.header;
                     });
}

// One reading of the segment. Empty when only the seek table proved wrong:
// then `segment` is mapped anew, and another reading is due.
Result<std::optional<SegmentOutcome>> ReadAndJudge(
    const SegmentScope& scope, const SegmentContext& context,
    const std::string& file, SegmentReader& segment) {
  SealedWalk walk;
  TRY_ASSIGN(walk.layout, LayOutSegment(segment));
  TRY_ASSIGN(walk.seal, ReadSeal(segment, walk.layout, scope.genesis,
                                 context.key, scope.identities));
  const BlockCheckTask task = MakeTask(scope, context, segment, walk);
  SequenceStart start{context.first_record, context.epoch};
  if (!start.epoch.has_value() && walk.seal.footer.has_value()) {
    start.epoch = walk.seal.footer->epoch;
  }
  BlockSequence sequence(task, file, start);
  TRY(WalkSegment(scope, task, sequence));
  if (walk.layout.by_seek_table && !sequence.findings().empty()) {
    TRY(segment.MapByWalking());
    if (TilesOtherwise(segment.map(), walk.layout)) {
      return std::optional<SegmentOutcome>();
    }
  }
  TRY_ASSIGN(SegmentOutcome outcome,
             Judge({scope, context, segment}, walk, task, sequence));
  return std::optional(std::move(outcome));
}

}  // namespace

Status WalkSegment(const SegmentScope& scope, const BlockCheckTask& task,
                   BlockSequence& sequence) {
  return WalkBlocks(
      task, scope.threads,
      [&scope, &sequence](std::size_t block, BlockOutcome& outcome) -> Status {
        TRY(sequence.Add(block, outcome));
        const BlockSummary& summary = sequence.blocks().back();
        if (outcome.header.has_value()) {
          scope.ingest_notes.Add(sequence.file(), *outcome.header);
        }
        scope.progress(summary.data.size_bytes + summary.header.size_bytes,
                       summary.records.count());
        return Ok();
      });
}

Result<SegmentOutcome> VerifySealedSegment(const SegmentScope& scope,
                                           const SegmentContext& context,
                                           const std::string& file,
                                           SegmentReader& segment) {
  const IngestNotes notes_before = scope.ingest_notes;
  TRY_ASSIGN(auto outcome, ReadAndJudge(scope, context, file, segment));
  if (!outcome.has_value()) {
    scope.ingest_notes = notes_before;
    // Now the map is by walking, so that this is the last time.
    TRY_ASSIGN(outcome, ReadAndJudge(scope, context, file, segment));
  }
  return *std::move(outcome);
}

}  // namespace authseal
