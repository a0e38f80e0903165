// Zstandard frames (RFC 8878), as segments hold them: one data frame a block,
// content size and checksum in each, no dictionary; skippable frames for
// headers, footer and seek table.
#ifndef AUTHSEAL_COMPRESS_ZSTD_FRAME_H_
#define AUTHSEAL_COMPRESS_ZSTD_FRAME_H_

#include <cstdint>
#include <functional>
#include <memory>

#include "lib/base/bytes.h"
#include "lib/base/result.h"

namespace authseal {

// One compressor a thread; reused for many frames.
class FrameCompressor {
 public:
  FrameCompressor();
  ~FrameCompressor();
  FrameCompressor(FrameCompressor&&) noexcept;
  FrameCompressor& operator=(FrameCompressor&&) noexcept;

  // The frame of `content`, replacing `frame`.
  Status Compress(Bytes content, ByteVector& frame);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// One decompressor a thread; reused for many frames.
class FrameDecompressor {
 public:
  FrameDecompressor();
  ~FrameDecompressor();
  FrameDecompressor(FrameDecompressor&&) noexcept;
  FrameDecompressor& operator=(FrameDecompressor&&) noexcept;

  // Decompresses exactly one frame that fills `frame` and whose content is
  // exactly `content_size_bytes`, replacing `content`. Error kDamaged: a frame
  // that is not one, is shorter or longer than `frame`, declares another
  // content size or none, has no checksum or a wrong one, names a dictionary,
  // or wants a window above 2^22.
  Status Decompress(Bytes frame, std::uint64_t content_size_bytes,
                    ByteVector& content);

 private:
  struct State;
  std::unique_ptr<State> state_;  // from the first frame on
};

// Where a frame ends, found from its own block headers without reading the
// data. `read_at` is ReadableFile::ReadAt or the like.
using ReadAtFunction =
    std::function<Result<std::size_t>(std::uint64_t, MutableBytes)>;
struct FrameExtent {
  std::uint64_t stored_size_bytes = 0;  // the whole frame
  bool skippable = false;
  std::uint32_t magic = 0;
};
// Error kDamaged: no frame at `offset_bytes`, or it runs past `end_bytes`.
Result<FrameExtent> MeasureFrame(const ReadAtFunction& read_at,
                                 std::uint64_t offset_bytes,
                                 std::uint64_t end_bytes);

inline constexpr std::uint32_t kZstdMagic = 0xFD2FB528;
inline constexpr std::size_t kSkippablePrefixSizeBytes = 8;

// magic ‖ u32 length ‖ content.
ByteVector EncodeSkippableFrame(std::uint32_t magic, Bytes content);
// The content of a skippable frame that fills `frame`; kDamaged otherwise.
Result<Bytes> DecodeSkippableFrame(std::uint32_t magic, Bytes frame);

}  // namespace authseal

#endif  // AUTHSEAL_COMPRESS_ZSTD_FRAME_H_
