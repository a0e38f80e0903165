#include "lib/archive/read_back.h"

#include <string>
#include <utility>

#include "lib/archive/format.h"
#include "lib/archive/segment_reader.h"
#include "lib/crypto/sha256.h"

namespace authseal {
namespace {

Error Mismatch(std::string_view name, std::string_view what) {
  return {ErrorCode::kDamaged,
          "seal-readback-mismatch: segments/" + std::string(name) + ": " +
              std::string(what),
          "nothing was sealed; check the disk and memory of this machine, "
          "then see what 'authseal recover' can save"};
}

// Checks a header against what came before it; what is in its own block is
// the BlockDecoder's part.
std::string_view HeaderFault(const BlockHeader& header,
                             const SegmentStart& start,
                             const SegmentProgress& before,
                             const SegmentTrust& trust) {
  if (header.epoch != start.epoch) {
    return "another epoch";
  }
  if (header.first_record != before.next_record()) {
    return "another first record";
  }
  if (header.previous != before.chain) {
    return "the chain is broken";
  }
  if (header.signature.has_value() &&
      !VerifyEd25519(trust.epoch_key,
                     BlockHeaderSignedMessage(trust.genesis, header),
                     *header.signature)) {
    return "the signature does not verify";
  }
  return "";
}

Status Advance(const BlockHeader& header, const BlockExtent& extent,
               const CompactRange& range, Bytes header_frame, ReadBack& back) {
  SegmentProgress& progress = back.progress;
  TRY(progress.tree.Append(range));
  progress.chain = Sha256Of(header_frame);
  if (!progress.begin_time.has_value()) {
    progress.begin_time = header.ingest_first;
  }
  ++progress.block_count;
  progress.content_size_bytes += header.content_size_bytes;
  progress.size_bytes = extent.header.end_bytes();
  back.frames.push_back(
      {.stored_size_bytes = static_cast<std::uint32_t>(extent.data.size_bytes),
       .content_size_bytes = header.content_size_bytes});
  back.frames.push_back({.stored_size_bytes = static_cast<std::uint32_t>(
                             extent.header.size_bytes),
                         .content_size_bytes = 0});
  return Ok();
}

// The one loop over all blocks: what it does with a block's data needs nothing
// of the blocks before.
Status ReadBlocks(const SegmentReader& segment, std::string_view name,
                  const SegmentStart& start, const SegmentTrust& trust,
                  BlockSink* sink, SegmentProgress* valid, ReadBack& back) {
  BlockDecoder decoder;
  ByteVector frame;
  ByteVector data;
  std::size_t unsigned_count = 0;
  for (std::size_t block = 0; block < segment.map().blocks.size(); ++block) {
    const BlockExtent& extent = segment.map().blocks[block];
    const std::string place =
        std::string(name) + ", block " + std::to_string(block);
    auto header = segment.ReadHeader(block, frame);
    if (!header.has_value()) {
      return header.error().code == ErrorCode::kDamaged
                 ? Mismatch(place, header.error().message)
                 : header.error();
    }
    TRY(segment.Read(extent.data, kBlockStoredSizeBytesMax, data));
    const BlockDecoder::Fault fault = decoder.Decode(data, *header);
    std::string_view what = BlockFaultText(fault);
    if (what.empty()) {
      what = HeaderFault(*header, start, back.progress, trust);
    }
    unsigned_count = header->signature.has_value() ? 0 : unsigned_count + 1;
    if (unsigned_count >= kCommitBlocksMax) {
      what = "too many blocks without a signature";
    }
    if (!what.empty()) {
      return Mismatch(place, what);
    }
    if (sink != nullptr) {
      TRY(sink->Take(*header, decoder.records()));
    }
    TRY(Advance(*header, extent, decoder.range(), frame, back));
    if (valid != nullptr && unsigned_count == 0) {
      *valid = back.progress;
    }
  }
  return unsigned_count == 0 ? Ok()
                             : Mismatch(name, "the last header is not signed");
}

}  // namespace

std::string_view BlockFaultText(BlockDecoder::Fault fault) {
  switch (fault) {
    case BlockDecoder::Fault::kNone:
      break;
    case BlockDecoder::Fault::kStoredHash:
      return "stored bytes differ from their hash";
    case BlockDecoder::Fault::kFrame:
      return "the data frame does not decompress";
    case BlockDecoder::Fault::kCount:
      return "another number of records";
    case BlockDecoder::Fault::kLeaf:
      return "records differ from their compact range";
    case BlockDecoder::Fault::kMarks:
      return "marks do not follow from the records";
  }
  return "";
}

Result<ReadBack> ReadBackSegment(const Directory& segments,
                                 std::string_view name,
                                 const SegmentStart& start,
                                 const SegmentTrust& trust, BlockSink* sink,
                                 SegmentProgress* valid) {
  TRY_ASSIGN(auto file, segments.OpenRead(name));
  TRY(file->DropCache());
  TRY_ASSIGN(const SegmentReader segment,
             SegmentReader::Open(std::move(file), false));
  ReadBack back;
  back.progress = ProgressAt(start);
  TRY(ReadBlocks(segment, name, start, trust, sink, valid, back));
  if (segment.map().tiled_end_bytes != segment.map().file_size_bytes) {
    return Mismatch(name, "its frames do not tile it");
  }
  return back;
}

}  // namespace authseal
