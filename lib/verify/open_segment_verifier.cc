// The segment that still grows. What counts is what stands before its last
// header signed by the epoch's key; behind it, a write may be under way or
// torn.
#include <algorithm>
#include <utility>

#include "lib/archive/format.h"
#include "lib/compress/zstd_frame.h"
#include "lib/verify/chain_check.h"
#include "lib/verify/segment_layout.h"
#include "lib/verify/segment_verifier.h"
#include "lib/verify/trust.h"

namespace authseal {
namespace {

constexpr std::uint64_t kHeaderFrameSizeBytesLimit =
    kHeaderContentSizeBytesMax + kSkippablePrefixSizeBytes;

// A header's signature without anything else. Errors: kIo, kTemporary.
Result<SignatureState> SignatureAt(const SegmentScope& scope,
                                   const SegmentContext& context,
                                   const SegmentReader& segment,
                                   const ByteExtent& extent) {
  ByteVector frame;
  const Status read = segment.Read(extent, kHeaderFrameSizeBytesLimit, frame);
  if (!read.has_value() && (read.error().code == ErrorCode::kIo ||
                            read.error().code == ErrorCode::kTemporary)) {
    return read.error();
  }
  const Result<BlockHeader> header = DecodeBlockHeader(frame);
  if (!header.has_value() || !header->signature.has_value()) {
    return SignatureState::kNone;
  }
  if (!context.key.has_value()) {
    return SignatureState::kUnchecked;
  }
  return VerifyEd25519(*context.key,
                       BlockHeaderSignedMessage(scope.genesis, *header),
                       *header->signature)
             ? SignatureState::kValid
             : SignatureState::kInvalid;
}

struct OpenEnd {
  std::size_t blocks = 0;   // that count
  std::size_t foreign = 0;  // whole headers behind, signed by somebody else
};

// From the end back to the last valid signature; without a key, to the last
// header that says it is signed.
Result<OpenEnd> FindEnd(const SegmentScope& scope,
                        const SegmentContext& context,
                        const SegmentReader& segment,
                        const SegmentLayout& layout) {
  OpenEnd end;
  for (std::size_t i = layout.blocks.size(); i > 0; --i) {
    TRY_ASSIGN(
        const SignatureState state,
        SignatureAt(scope, context, segment, layout.blocks[i - 1].header));
    if (state == SignatureState::kValid ||
        state == SignatureState::kUnchecked) {
      end.blocks = i;
      return end;
    }
    if (state == SignatureState::kInvalid && i <= layout.tiled_blocks) {
      ++end.foreign;
    }
  }
  return end;
}

void CutBehind(std::size_t blocks, SegmentLayout& layout) {
  layout.blocks.resize(blocks);
  layout.tiled_blocks = std::min(layout.tiled_blocks, blocks);
  const std::uint64_t end_bytes =
      blocks == 0 ? 0 : layout.blocks.back().header.end_bytes();
  std::erase_if(layout.gaps, [end_bytes](const ByteExtent& gap) {
    return gap.end_bytes() > end_bytes;
  });
}

void ReportGaps(const SegmentLayout& layout, BlockSequence& sequence) {
  for (const ByteExtent& gap : layout.gaps) {
    sequence.findings().Add({FindingKind::kFrameCorrupt, sequence.file(),
                             gap.offset_bytes, std::nullopt, std::nullopt,
                             std::to_string(gap.size_bytes) +
                                 " bytes that belong to no whole block, with "
                                 "signed blocks behind them"});
  }
}

// A torn write holds at most one commit, and so at most one signed header.
// More of them, whole and in place, and none valid: they are somebody else's.
void ReportForeign(const OpenEnd& end, std::uint64_t offset_bytes,
                   BlockSequence& sequence) {
  if (end.foreign < 2) {
    return;
  }
  sequence.findings().Add(
      {end.blocks == 0 ? FindingKind::kEpochKeyMismatch
                       : FindingKind::kHeaderSignatureInvalid,
       sequence.file(), offset_bytes, std::nullopt, std::nullopt,
       "from here on " + std::to_string(end.foreign) +
           " signatures are not by the key of the epoch"});
}

// Damage in the last commit may be an append that a crash cut off and a disk
// kept in parts. It is a finding all the same: nobody can tell.
void ExplainLastCommit(BlockSequence& sequence) {
  const std::vector<BlockSummary>& blocks = sequence.blocks();
  std::size_t first = blocks.empty() ? 0 : blocks.size() - 1;
  // A signature ends a commit, also one that damage has made invalid.
  while (first > 0 && blocks[first - 1].signature != SignatureState::kValid &&
         blocks[first - 1].signature != SignatureState::kInvalid) {
    --first;
  }
  sequence.findings().AppendText(
      first, " (if this is the last commit, a crash can do it too)");
}

}  // namespace

Result<SegmentOutcome> VerifyOpenSegment(const SegmentScope& scope,
                                         const SegmentContext& context,
                                         const std::string& file,
                                         const SegmentReader& segment) {
  TRY_ASSIGN(SegmentLayout layout, LayOutSegment(segment));
  TRY_ASSIGN(const OpenEnd end, FindEnd(scope, context, segment, layout));
  CutBehind(end.blocks, layout);
  BlockCheckTask task{segment, layout};
  task.depth = scope.depth;
  task.genesis = scope.genesis;
  task.key = context.key;
  BlockSequence sequence(task, file, {context.first_record, context.epoch});
  TRY(WalkSegment(scope, task, sequence));
  BindHeaders(sequence.blocks(), std::nullopt, CommitSignatures::kBind);
  CheckChain({context.previous, std::nullopt}, sequence);
  for (std::size_t i = 0; i < sequence.blocks().size(); ++i) {
    if (sequence.blocks()[i].signature == SignatureState::kInvalid) {
      sequence.Report(FindingKind::kHeaderSignatureInvalid, i,
                      sequence.blocks()[i].header.offset_bytes,
                      "the header's signature is not by the key of its epoch");
    }
  }
  ExplainLastCommit(sequence);
  ReportGaps(layout, sequence);
  const std::uint64_t end_bytes =
      layout.blocks.empty() ? 0 : layout.blocks.back().header.end_bytes();
  ReportForeign(end, end_bytes, sequence);

  SegmentOutcome outcome;
  outcome.tail_bytes = segment.map().file_size_bytes - end_bytes;
  outcome.records = {context.first_record,
                     std::max(context.first_record, sequence.end_record())};
  outcome.unsealed_records = outcome.records.count();
  outcome.trust.records = RecordsOfBoundBlocks(sequence.blocks());
  outcome.trust.root = context.root;
  sequence.findings().SortByPlace();
  outcome.findings = std::move(sequence.findings());
  return outcome;
}

}  // namespace authseal
