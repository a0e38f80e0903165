#include "lib/compress/frame_header.h"
#include "lib/compress/stream_decoder.h"
#include "lib/compress/zstd_frame.h"

namespace authseal {

StreamFormat DetectStreamFormat(Bytes first_bytes) {
  // 1F 8B and the only compression method that RFC 1952 knows, deflate.
  if (first_bytes.size() >= 3 && first_bytes[0] == 0x1F &&
      first_bytes[1] == 0x8B && first_bytes[2] == 0x08) {
    return StreamFormat::kGzip;
  }
  if (first_bytes.size() >= kMagicSizeBytes) {
    const auto magic = static_cast<std::uint32_t>(
        LoadLittleEndian(first_bytes, kMagicSizeBytes));
    if (magic == kZstdMagic || IsSkippableMagic(magic)) {
      return StreamFormat::kZstd;
    }
  }
  return StreamFormat::kPlain;
}

}  // namespace authseal
