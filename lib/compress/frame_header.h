// The header of a zstd data frame (RFC 8878, section 3.1.1.1), read by
// ourselves: it decides what is allocated, before the library sees the frame.
// Private to lib/compress.
#ifndef AUTHSEAL_COMPRESS_FRAME_HEADER_H_
#define AUTHSEAL_COMPRESS_FRAME_HEADER_H_

#include <cstddef>
#include <cstdint>
#include <optional>

#include "lib/base/bytes.h"
#include "lib/base/result.h"

namespace authseal {

inline constexpr std::size_t kMagicSizeBytes = 4;
// magic, descriptor, window, dictionary id and content size at their longest.
inline constexpr std::size_t kFrameHeaderSizeBytesMax = 4 + 1 + 1 + 4 + 8;
inline constexpr std::uint64_t kZstdBlockSizeBytesMax = std::uint64_t{128}
                                                        << 10;
inline constexpr std::size_t kZstdChecksumSizeBytes = 4;

// 0x184D2A50 to 0x184D2A5F.
constexpr bool IsSkippableMagic(std::uint32_t magic) {
  return (magic & 0xFFFFFFF0) == 0x184D2A50;
}

struct FrameHeader {
  std::size_t size_bytes = 0;  // of this header, magic included
  std::uint64_t window_size_bytes = 0;
  std::optional<std::uint64_t> content_size_bytes;
  bool has_checksum = false;
  bool has_dictionary_id = false;  // the field is there, whatever it says
};

// `start` is the frame's first kFrameHeaderSizeBytesMax bytes, or all there
// are. Error kDamaged: no such header, or it is cut short.
Result<FrameHeader> ParseFrameHeader(Bytes start);

// The `size_bytes` (at most 8) first bytes of `bytes`, little-endian.
std::uint64_t LoadLittleEndian(Bytes bytes, std::size_t size_bytes);

}  // namespace authseal

#endif  // AUTHSEAL_COMPRESS_FRAME_HEADER_H_
