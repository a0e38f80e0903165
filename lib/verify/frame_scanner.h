// Finds headers and footers in damaged bytes by how they begin. Needed only
// where neither the seek table nor the frames themselves lead on.
#ifndef AUTHSEAL_VERIFY_FRAME_SCANNER_H_
#define AUTHSEAL_VERIFY_FRAME_SCANNER_H_

#include <cstdint>
#include <optional>

#include "lib/archive/segment_reader.h"
#include "lib/base/result.h"

namespace authseal {

struct ScannedFrame {
  ByteExtent extent;
  std::optional<BlockHeader> header;  // else it is a footer
};

class FrameScanner {
 public:
  explicit FrameScanner(const SegmentReader& segment);

  // The first frame at or behind `offset_bytes` that decodes as a block header
  // or as a footer. What it says is not to be believed. Errors: kIo.
  Result<std::optional<ScannedFrame>> Next(std::uint64_t offset_bytes);

 private:
  Result<std::optional<ScannedFrame>> DecodeAt(
      std::uint64_t offset_bytes, std::uint32_t content_size_bytes);
  Result<std::optional<ScannedFrame>> Scan(std::uint64_t window_offset_bytes);

  const SegmentReader& segment_;
  ByteVector window_;
  ByteVector frame_;
  // Bytes that may still be read for candidates: a file made of beginnings
  // would otherwise take quadratic time.
  std::uint64_t budget_bytes_;
};

}  // namespace authseal

#endif  // AUTHSEAL_VERIFY_FRAME_SCANNER_H_
