#include "lib/compress/frame_header.h"

#include "lib/compress/zstd_frame.h"

namespace authseal {
namespace {

Error Damaged(const char* what) {
  return {ErrorCode::kDamaged, what};
}

// Window_Descriptor: 5 bits of exponent, 3 bits of mantissa.
std::uint64_t WindowSize(std::uint8_t descriptor) {
  const std::uint64_t base = std::uint64_t{1} << (10 + (descriptor >> 3));
  return base + base / 8 * (descriptor & 7u);
}

}  // namespace

std::uint64_t LoadLittleEndian(Bytes bytes, std::size_t size_bytes) {
  std::uint64_t value = 0;
  for (std::size_t i = size_bytes; i > 0; --i) {
    value = value << 8 | bytes[i - 1];
  }
  return value;
}

Result<FrameHeader> ParseFrameHeader(Bytes start) {
  if (start.size() < kMagicSizeBytes + 1 ||
      LoadLittleEndian(start, kMagicSizeBytes) != kZstdMagic) {
    return Damaged("no zstd frame here");
  }
  const std::uint8_t descriptor = start[kMagicSizeBytes];
  const bool single_segment = (descriptor & 0x20) != 0;
  if ((descriptor & 0x08) != 0) {
    return Damaged("zstd frame header with its reserved bit set");
  }
  constexpr std::size_t kDictionaryIdSizes[] = {0, 1, 2, 4};
  constexpr std::size_t kContentSizeSizes[] = {0, 2, 4, 8};
  const std::size_t dictionary_id_size = kDictionaryIdSizes[descriptor & 3];
  std::size_t content_size_size = kContentSizeSizes[descriptor >> 6];
  if (single_segment && content_size_size == 0) {
    content_size_size = 1;
  }

  FrameHeader header;
  header.has_checksum = (descriptor & 0x04) != 0;
  header.has_dictionary_id = dictionary_id_size != 0;
  std::size_t at = kMagicSizeBytes + 1;
  header.size_bytes =
      at + (single_segment ? 0 : 1) + dictionary_id_size + content_size_size;
  if (start.size() < header.size_bytes) {
    return Damaged("zstd frame header cut short");
  }
  if (!single_segment) {
    header.window_size_bytes = WindowSize(start[at++]);
  }
  at += dictionary_id_size;
  if (content_size_size != 0) {
    const std::uint64_t stored =
        LoadLittleEndian(start.subspan(at), content_size_size);
    // Two-byte sizes begin where one byte ends.
    header.content_size_bytes = stored + (content_size_size == 2 ? 256 : 0);
  }
  if (single_segment) {
    header.window_size_bytes = *header.content_size_bytes;
  }
  return header;
}

}  // namespace authseal
