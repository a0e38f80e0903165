#include "lib/verify/block_check.h"

#include <algorithm>
#include <span>
#include <utility>

#include "lib/archive/format.h"
#include "lib/compress/zstd_frame.h"
#include "lib/crypto/sha256.h"

namespace authseal {
namespace {

using Fault = BlockDecoder::Fault;

constexpr std::uint64_t kHeaderFrameSizeBytesLimit =
    kHeaderContentSizeBytesMax + kSkippablePrefixSizeBytes;

// True when the bytes could be read; false when the extent is not one that a
// sound file has.
Result<bool> ReadExtent(const SegmentReader& segment, const ByteExtent& extent,
                        std::uint64_t limit_bytes, ByteVector& out) {
  const Status read = segment.Read(extent, limit_bytes, out);
  if (read.has_value()) {
    return true;
  }
  if (read.error().code == ErrorCode::kDamaged ||
      read.error().code == ErrorCode::kInvalidArgument) {
    out.clear();
    return false;
  }
  return read.error();
}

SignatureState CheckSignature(const BlockCheckTask& task,
                              const BlockHeader& header) {
  if (!header.signature.has_value()) {
    return SignatureState::kNone;
  }
  if (!task.key.has_value()) {
    return SignatureState::kUnchecked;
  }
  return VerifyEd25519(*task.key,
                       BlockHeaderSignedMessage(task.genesis, header),
                       *header.signature)
             ? SignatureState::kValid
             : SignatureState::kInvalid;
}

bool Inside(const RecordRange& records, std::uint64_t size) {
  return records.first < size && size < records.end;
}

bool NeedsRecords(const BlockCheckTask& task, std::size_t block,
                  const BlockHeader& header) {
  if (task.depth == VerifyDepth::kFull) {
    return true;
  }
  if (task.ends_in_seal_block && block + 1 == task.layout.blocks.size()) {
    return true;
  }
  return std::any_of(
      task.known_sizes.begin(), task.known_sizes.end(),
      [&header](std::uint64_t size) { return Inside(header.records(), size); });
}

}  // namespace

Status BlockChecker::CheckHeader(const BlockCheckTask& task,
                                 const ByteExtent& extent,
                                 BlockOutcome& outcome) {
  TRY_ASSIGN(const bool readable,
             ReadExtent(task.segment, extent, kHeaderFrameSizeBytesLimit,
                        header_frame_));
  if (!readable) {
    outcome.header_error = "the file ends inside it";
    return Ok();
  }
  outcome.header_hash = Sha256Of(header_frame_);
  Result<BlockHeader> header = DecodeBlockHeader(header_frame_);
  if (!header.has_value()) {
    outcome.header_error = header.error().message;
    return Ok();
  }
  outcome.signature = CheckSignature(task, *header);
  outcome.header = *std::move(header);
  return Ok();
}

Status BlockChecker::CheckData(const BlockCheckTask& task, std::size_t block,
                               BlockOutcome& outcome) {
  const BlockHeader& header = *outcome.header;
  TRY_ASSIGN(const bool readable,
             ReadExtent(task.segment, task.layout.blocks[block].data,
                        kBlockStoredSizeBytesMax, data_frame_));
  if (!readable) {
    outcome.fault = Fault::kFrame;
    return Ok();
  }
  if (!NeedsRecords(task, block, header)) {
    outcome.fault = data_frame_.size() == header.stored_size_bytes &&
                            Sha256Of(data_frame_) == header.stored_hash
                        ? Fault::kNone
                        : Fault::kStoredHash;
    return Ok();
  }
  outcome.fault = decoder_.Decode(data_frame_, header);
  if (outcome.fault == Fault::kNone || outcome.fault == Fault::kMarks ||
      outcome.fault == Fault::kLeaf) {
    outcome.records_range = decoder_.range();
    const std::span<const Hash> leaves = decoder_.leaves();
    for (const std::uint64_t size : task.known_sizes) {
      if (Inside(header.records(), size)) {
        outcome.prefixes.push_back(CompactRange::FromLeaves(
            header.first_record, leaves.first(static_cast<std::size_t>(
                                     size - header.first_record))));
      }
    }
  }
  return Ok();
}

Result<BlockOutcome> BlockChecker::Check(const BlockCheckTask& task,
                                         std::size_t block) {
  BlockOutcome outcome;
  TRY(CheckHeader(task, task.layout.blocks[block].header, outcome));
  if (outcome.header.has_value()) {
    TRY(CheckData(task, block, outcome));
  }
  return outcome;
}

}  // namespace authseal
