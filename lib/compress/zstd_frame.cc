#include "lib/compress/zstd_frame.h"

#include <algorithm>
#include <bit>
#include <new>
#include <string>

#include <zstd.h>
#include <zstd_errors.h>

#include "lib/compress/frame_header.h"

namespace authseal {
namespace {

constexpr int kWindowLogMin = 10;
constexpr int kWindowLogMax = 22;  // what the format promises to readers
constexpr std::uint64_t kWindowSizeBytesMax = std::uint64_t{1} << kWindowLogMax;

Error Damaged(std::string what) {
  return {ErrorCode::kDamaged, std::move(what)};
}

// What the library says, told apart: no memory is no damage.
Error FromZstd(std::size_t code) {
  if (ZSTD_getErrorCode(code) == ZSTD_error_memory_allocation) {
    return {ErrorCode::kTemporary, "out of memory in zstd",
            "free some memory and try again"};
  }
  return Damaged(std::string("zstd: ") + ZSTD_getErrorName(code));
}

// The smallest window that holds the content, so that small frames cost their
// readers little.
int WindowLogFor(std::size_t content_size_bytes) {
  const std::size_t last = std::max<std::size_t>(content_size_bytes, 1) - 1;
  return std::clamp(static_cast<int>(std::bit_width(last)), kWindowLogMin,
                    kWindowLogMax);
}

Status CheckHeader(Bytes frame, std::uint64_t content_size_bytes) {
  TRY_ASSIGN(const FrameHeader header,
             ParseFrameHeader(frame.first(
                 std::min(frame.size(), kFrameHeaderSizeBytesMax))));
  if (header.content_size_bytes != content_size_bytes) {
    return Damaged(header.content_size_bytes.has_value()
                       ? "zstd frame of another content size than expected"
                       : "zstd frame without a content size");
  }
  if (!header.has_checksum) {
    return Damaged("zstd frame without a checksum");
  }
  if (header.has_dictionary_id) {
    return Damaged("zstd frame that names a dictionary");
  }
  if (header.window_size_bytes > kWindowSizeBytesMax) {
    return Damaged("zstd frame with a window above 2^22");
  }
  return Ok();
}

}  // namespace

struct FrameCompressor::State {
  ZSTD_CCtx* context = ZSTD_createCCtx();
  // Kept at its largest: resizing the caller's vector to the bound and back
  // would clear a megabyte for each frame.
  ByteVector scratch;

  State() {
    if (context == nullptr) {
      throw std::bad_alloc();
    }
  }
  ~State() { ZSTD_freeCCtx(context); }
  State(const State&) = delete;
  State& operator=(const State&) = delete;
};

FrameCompressor::FrameCompressor() : state_(std::make_unique<State>()) {}
FrameCompressor::~FrameCompressor() = default;
FrameCompressor::FrameCompressor(FrameCompressor&&) noexcept = default;
FrameCompressor& FrameCompressor::operator=(FrameCompressor&&) noexcept =
    default;

Status FrameCompressor::Compress(Bytes content, ByteVector& frame) {
  // Written out, not left to a level: levels change their tables with the
  // content's size and between versions. A targetLength above 0 would turn
  // off the coding of literals.
  const std::pair<ZSTD_cParameter, int> parameters[] = {
      {ZSTD_c_compressionLevel, 1},
      {ZSTD_c_strategy, ZSTD_fast},
      {ZSTD_c_windowLog, WindowLogFor(content.size())},
      {ZSTD_c_hashLog, 14},
      {ZSTD_c_minMatch, 7},
      {ZSTD_c_targetLength, 0},
      {ZSTD_c_contentSizeFlag, 1},
      {ZSTD_c_checksumFlag, 1},
      {ZSTD_c_dictIDFlag, 0},
  };
  for (const auto& [parameter, value] : parameters) {
    const std::size_t code =
        ZSTD_CCtx_setParameter(state_->context, parameter, value);
    if (ZSTD_isError(code) != 0) {
      return Error{ErrorCode::kInternal,
                   std::string("zstd: ") + ZSTD_getErrorName(code)};
    }
  }
  ByteVector& scratch = state_->scratch;
  scratch.resize(std::max(scratch.size(), ZSTD_compressBound(content.size())));
  const std::size_t size_bytes =
      ZSTD_compress2(state_->context, scratch.data(), scratch.size(),
                     content.data(), content.size());
  if (ZSTD_isError(size_bytes) != 0) {
    Error error = FromZstd(size_bytes);
    if (error.code == ErrorCode::kDamaged) {
      error.code = ErrorCode::kInternal;
    }
    return error;
  }
  const Bytes made = Bytes(scratch).first(size_bytes);
  frame.assign(made.begin(), made.end());
  return Ok();
}

struct FrameDecompressor::State {
  ZSTD_DCtx* context = ZSTD_createDCtx();

  State() {
    if (context == nullptr) {
      throw std::bad_alloc();
    }
  }
  ~State() { ZSTD_freeDCtx(context); }
  State(const State&) = delete;
  State& operator=(const State&) = delete;
};

FrameDecompressor::FrameDecompressor() = default;
FrameDecompressor::~FrameDecompressor() = default;
FrameDecompressor::FrameDecompressor(FrameDecompressor&&) noexcept = default;
FrameDecompressor& FrameDecompressor::operator=(FrameDecompressor&&) noexcept =
    default;

Status FrameDecompressor::Decompress(Bytes frame,
                                     std::uint64_t content_size_bytes,
                                     ByteVector& content) {
  TRY(CheckHeader(frame, content_size_bytes));
  const std::size_t frame_size_bytes =
      ZSTD_findFrameCompressedSize(frame.data(), frame.size());
  if (ZSTD_isError(frame_size_bytes) != 0) {
    return FromZstd(frame_size_bytes);
  }
  if (frame_size_bytes != frame.size()) {
    return Damaged("bytes behind the zstd frame");
  }
  if (state_ == nullptr) {
    state_ = std::make_unique<State>();
  }
  // Grows only: what an earlier frame left is overwritten, not cleared first.
  content.resize(static_cast<std::size_t>(content_size_bytes));
  const std::size_t size_bytes =
      ZSTD_decompressDCtx(state_->context, content.data(), content.size(),
                          frame.data(), frame.size());
  if (ZSTD_isError(size_bytes) != 0 || size_bytes != content.size()) {
    content.clear();  // nobody shall use what failed its checksum
    return ZSTD_isError(size_bytes) != 0
               ? FromZstd(size_bytes)
               : Damaged("zstd frame shorter than it declares");
  }
  return Ok();
}

}  // namespace authseal
