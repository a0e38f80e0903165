// MeasureFrame: walks a frame's block headers. Used where nothing else says
// how long a frame is, that is, behind a crash; so every byte is suspect.
#include <algorithm>
#include <array>
#include <string>

#include "lib/compress/frame_header.h"
#include "lib/compress/zstd_frame.h"

namespace authseal {
namespace {

constexpr std::size_t kBlockHeaderSizeBytes = 3;

Error RunsPastEnd(std::uint64_t offset_bytes) {
  return {ErrorCode::kDamaged, "the frame at offset " +
                                   std::to_string(offset_bytes) +
                                   " runs past the end"};
}

// Small reads through one buffer: a tail of zeros is a run of empty blocks,
// and one call to the system for each would take minutes.
class HeaderReader {
 public:
  HeaderReader(const ReadAtFunction& read_at, std::uint64_t end_bytes)
      : read_at_(read_at), end_bytes_(end_bytes) {}

  // Up to `size_bytes` (at most kBufferSizeBytes) from `offset_bytes`, fewer
  // at the end; valid until the next call.
  Result<Bytes> Peek(std::uint64_t offset_bytes, std::size_t size_bytes) {
    if (offset_bytes < buffer_offset_ ||
        offset_bytes + size_bytes > buffer_offset_ + buffer_size_) {
      TRY(Fill(offset_bytes));
    }
    const auto skip = static_cast<std::size_t>(offset_bytes - buffer_offset_);
    return Bytes(buffer_).subspan(skip,
                                  std::min(size_bytes, buffer_size_ - skip));
  }

 private:
  static constexpr std::size_t kBufferSizeBytes = 512;

  Status Fill(std::uint64_t offset_bytes) {
    const std::uint64_t left = end_bytes_ - std::min(offset_bytes, end_bytes_);
    const auto wanted = static_cast<std::size_t>(
        std::min<std::uint64_t>(left, kBufferSizeBytes));
    buffer_offset_ = offset_bytes;
    buffer_size_ = 0;
    TRY_ASSIGN(const std::size_t got,
               read_at_(offset_bytes, MutableBytes(buffer_).first(wanted)));
    buffer_size_ = std::min(got, wanted);
    return Ok();
  }

  const ReadAtFunction& read_at_;
  std::uint64_t end_bytes_;
  std::uint64_t buffer_offset_ = 0;
  std::size_t buffer_size_ = 0;
  std::array<std::uint8_t, kBufferSizeBytes> buffer_ = {};
};

// The stored bytes of one block, its header excluded.
Result<std::uint64_t> BlockBodySize(std::uint32_t block_header,
                                    std::uint64_t window_size_bytes) {
  constexpr std::uint32_t kRle = 1;
  constexpr std::uint32_t kReserved = 3;
  const std::uint32_t type = block_header >> 1 & 3;
  const std::uint64_t size_bytes = block_header >> 3;
  if (type == kReserved ||
      size_bytes > std::min(window_size_bytes, kZstdBlockSizeBytesMax)) {
    return Error{ErrorCode::kDamaged, "invalid zstd block header"};
  }
  return type == kRle ? 1 : size_bytes;
}

Result<std::uint64_t> MeasureDataFrame(HeaderReader& reader,
                                       std::uint64_t offset_bytes,
                                       std::uint64_t end_bytes) {
  TRY_ASSIGN(const Bytes start,
             reader.Peek(offset_bytes, kFrameHeaderSizeBytesMax));
  TRY_ASSIGN(const FrameHeader header, ParseFrameHeader(start));
  std::uint64_t at = offset_bytes + header.size_bytes;
  bool last = false;
  while (!last) {
    TRY_ASSIGN(const Bytes raw, reader.Peek(at, kBlockHeaderSizeBytes));
    if (raw.size() < kBlockHeaderSizeBytes) {
      return RunsPastEnd(offset_bytes);
    }
    const auto block_header =
        static_cast<std::uint32_t>(LoadLittleEndian(raw, raw.size()));
    TRY_ASSIGN(const std::uint64_t body_size_bytes,
               BlockBodySize(block_header, header.window_size_bytes));
    at += kBlockHeaderSizeBytes;
    if (body_size_bytes > end_bytes - at) {
      return RunsPastEnd(offset_bytes);
    }
    at += body_size_bytes;
    last = (block_header & 1) != 0;
  }
  if (header.has_checksum) {
    if (kZstdChecksumSizeBytes > end_bytes - at) {
      return RunsPastEnd(offset_bytes);
    }
    at += kZstdChecksumSizeBytes;
  }
  return at - offset_bytes;
}

}  // namespace

Result<FrameExtent> MeasureFrame(const ReadAtFunction& read_at,
                                 std::uint64_t offset_bytes,
                                 std::uint64_t end_bytes) {
  if (offset_bytes > end_bytes) {
    return RunsPastEnd(offset_bytes);
  }
  HeaderReader reader(read_at, end_bytes);
  TRY_ASSIGN(const Bytes prefix,
             reader.Peek(offset_bytes, kSkippablePrefixSizeBytes));
  if (prefix.size() < kMagicSizeBytes) {
    return RunsPastEnd(offset_bytes);
  }
  FrameExtent extent;
  extent.magic =
      static_cast<std::uint32_t>(LoadLittleEndian(prefix, kMagicSizeBytes));
  extent.skippable = IsSkippableMagic(extent.magic);
  if (!extent.skippable) {
    TRY_ASSIGN(extent.stored_size_bytes,
               MeasureDataFrame(reader, offset_bytes, end_bytes));
    return extent;
  }
  if (prefix.size() < kSkippablePrefixSizeBytes) {
    return RunsPastEnd(offset_bytes);
  }
  extent.stored_size_bytes =
      kSkippablePrefixSizeBytes +
      LoadLittleEndian(prefix.subspan(kMagicSizeBytes), 4);
  if (extent.stored_size_bytes > end_bytes - offset_bytes) {
    return RunsPastEnd(offset_bytes);
  }
  return extent;
}

}  // namespace authseal
