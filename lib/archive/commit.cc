#include "lib/archive/commit.h"

#include <string>
#include <utility>

#include "lib/archive/format.h"
#include "lib/crypto/sha256.h"

namespace authseal {
namespace {

Error Refused(std::string message) {
  return {ErrorCode::kInvalidArgument, "commit: " + std::move(message)};
}

// Extends `after` by one block's records.
Status Follow(const EncodedBlock& block, SegmentProgress& after) {
  const BlockHeader& header = block.header;
  if (header.record_count == 0 ||
      header.stored_size_bytes != block.frame.size()) {
    return Refused("not a block that a BlockBuilder made");
  }
  if (header.first_record != after.next_record()) {
    return Refused("block begins with record " +
                   std::to_string(header.first_record) + " instead of " +
                   std::to_string(after.next_record()))
        .WithHint("build blocks in order, from next_record()");
  }
  const auto range = CompactRange::FromHashes(
      header.first_record, header.records().end, header.range_hashes);
  if (!range.has_value()) {
    return Refused("a compact range that is not of the block's records");
  }
  TRY(after.tree.Append(*range));
  if (!after.begin_time.has_value()) {
    after.begin_time = header.ingest_first;
  }
  ++after.block_count;
  after.content_size_bytes += header.content_size_bytes;
  return Ok();
}

void Chain(std::uint64_t epoch, const SegmentProgress& before,
           BlockHeader& header) {
  header.epoch = epoch;
  header.previous = before.chain;
  header.signature.reset();
}

// Both frames of a block whose header is complete.
void Write(const EncodedBlock& block, SegmentProgress& after,
           ByteVector& bytes) {
  const ByteVector frame = EncodeBlockHeader(block.header);
  after.chain = Sha256Of(frame);
  after.size_bytes += block.frame.size() + frame.size();
  bytes.insert(bytes.end(), block.frame.begin(), block.frame.end());
  bytes.insert(bytes.end(), frame.begin(), frame.end());
}

}  // namespace

SegmentProgress ProgressAt(const SegmentStart& start) {
  SegmentProgress progress;
  progress.chain = start.chain;
  progress.tree = start.tree;
  return progress;
}

Status CheckRoomForSeal(const SegmentProgress& progress) {
  if (progress.block_count >= kSegmentBlocksMax) {
    return Refused("the segment is full").WithHint("seal it first");
  }
  if (progress.next_record() > kRecordNumberMax) {
    return Refused("record numbers beyond twelve digits")
        .WithHint("begin a new archive");
  }
  return Ok();
}

Result<SegmentProgress> EncodeCommit(std::span<EncodedBlock> blocks,
                                     const SegmentProgress& before,
                                     const Hash& genesis, std::uint64_t epoch,
                                     const Ed25519Signer& signer,
                                     ByteVector& bytes) {
  if (blocks.empty() || blocks.size() > kCommitBlocksMax) {
    return Refused("has " + std::to_string(blocks.size()) +
                   " blocks instead of 1 to " +
                   std::to_string(kCommitBlocksMax));
  }
  SegmentProgress after = before;
  for (const EncodedBlock& block : blocks) {
    TRY(Follow(block, after));
  }
  for (EncodedBlock& block : blocks) {
    BlockHeader& header = block.header;
    Chain(epoch, after, header);
    if (&block == &blocks.back()) {
      TRY_ASSIGN(header.signature,
                 signer.Sign(BlockHeaderSignedMessage(genesis, header)));
    }
    Write(block, after, bytes);
  }
  return after;
}

Result<SegmentProgress> EncodeCommit(std::span<EncodedBlock> blocks,
                                     const SegmentProgress& before,
                                     const Hash& genesis, const EpochKey& key,
                                     ByteVector& bytes) {
  return EncodeCommit(blocks, before, genesis, key.epoch, key.signer, bytes);
}

Result<SegmentProgress> EncodeReopenBlock(EncodedBlock& block,
                                          const SegmentProgress& before,
                                          std::uint64_t epoch,
                                          ByteVector& bytes) {
  SegmentProgress after = before;
  TRY(Follow(block, after));
  Chain(epoch, after, block.header);
  Write(block, after, bytes);
  return after;
}

}  // namespace authseal
