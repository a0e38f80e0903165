#include "lib/verify/seal_block.h"

#include <utility>

#include "lib/archive/format.h"
#include "lib/archive/segment_reader.h"
#include "lib/compress/zstd_frame.h"
#include "lib/crypto/sha256.h"

namespace authseal {
namespace {

constexpr std::uint64_t kHeaderFrameSizeBytesLimit =
    kHeaderContentSizeBytesMax + kSkippablePrefixSizeBytes;

// Whether the bytes are there; the errors are those of not having looked.
Result<bool> CanRead(const SegmentReader& segment, const ByteExtent& extent,
                     std::uint64_t limit_bytes, ByteVector& bytes) {
  const Status read = segment.Read(extent, limit_bytes, bytes);
  if (!read.has_value() && (read.error().code == ErrorCode::kIo ||
                            read.error().code == ErrorCode::kTemporary)) {
    return read.error();
  }
  return read.has_value();
}

bool IsSignedSealHeader(const BlockHeader& header, const Hash& genesis,
                        const Ed25519PublicKey& key) {
  return header.record_count == 1 && header.sources.empty() &&
         header.signature.has_value() &&
         VerifyEd25519(key, BlockHeaderSignedMessage(genesis, header),
                       *header.signature);
}

}  // namespace

Result<std::optional<SegmentFooter>> ReadSealBlock(
    const SegmentReader& segment, const BlockExtent& block, const Hash& genesis,
    const Ed25519PublicKey& key) {
  using Found = std::optional<SegmentFooter>;
  ByteVector header_frame;
  TRY_ASSIGN(
      const bool has_header,
      CanRead(segment, block.header, kHeaderFrameSizeBytesLimit, header_frame));
  const Result<BlockHeader> header = DecodeBlockHeader(header_frame);
  if (!has_header || !header.has_value() ||
      !IsSignedSealHeader(*header, genesis, key)) {
    return Found();
  }
  ByteVector frame;
  TRY_ASSIGN(const bool has_data,
             CanRead(segment, block.data, kBlockStoredSizeBytesMax, frame));
  BlockDecoder decoder;
  if (!has_data ||
      decoder.Decode(frame, *header) != BlockDecoder::Fault::kNone) {
    return Found();
  }
  Result<SegmentFooter> footer =
      ParseSealRecord(decoder.records().front(), header->previous);
  if (!footer.has_value() || footer->reopens ||
      footer->epoch != header->epoch ||
      footer->end_record != header->records().end) {
    return Found();
  }
  footer->previous = Sha256Of(header_frame);
  return Found(*std::move(footer));
}

}  // namespace authseal
