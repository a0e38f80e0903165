#include <algorithm>
#include <array>
#include <optional>
#include <string>

#include <zstd.h>
#include <zstd_errors.h>

#include "lib/compress/frame_header.h"
#include "lib/compress/stream_decoder.h"
#include "lib/compress/zstd_frame.h"

namespace authseal {
namespace {

constexpr int kStreamWindowLogMax = 27;  // the zstd tool's own default

class ZstdDecoder final : public StreamDecoder {
 public:
  ZstdDecoder() : context_(ZSTD_createDCtx()) {
    ready_ = context_ != nullptr &&
             ZSTD_isError(ZSTD_DCtx_setParameter(context_, ZSTD_d_windowLogMax,
                                                 kStreamWindowLogMax)) == 0;
  }
  ~ZstdDecoder() override { ZSTD_freeDCtx(context_); }
  ZstdDecoder(const ZstdDecoder&) = delete;
  ZstdDecoder& operator=(const ZstdDecoder&) = delete;

  Result<Progress> Decode(Bytes input, MutableBytes output) override;
  bool at_boundary() const override { return at_boundary_; }

 private:
  Status Step(Bytes input, MutableBytes output, Progress& progress);
  // Collects the four bytes a frame begins with, and hands them on when they
  // are of a kind we take: the library would also decode the formats before
  // 1.0, which nobody delivers and few have attacked.
  Status TakeMagic(Bytes input, Progress& progress);
  // Hands bytes to the library; returns how many it took.
  Result<std::size_t> Feed(Bytes in, MutableBytes output, Progress& progress);
  Error Fail(ErrorCode code, std::string message);

  ZSTD_DCtx* context_;
  bool ready_ = false;
  std::optional<Error> failure_;
  bool at_boundary_ = false;
  bool between_frames_ = true;    // the magic is not complete yet
  bool output_was_full_ = false;  // the library may hold more for us
  std::array<std::uint8_t, kMagicSizeBytes> magic_ = {};
  std::size_t magic_size_ = 0;
};

Error ZstdDecoder::Fail(ErrorCode code, std::string message) {
  at_boundary_ = false;
  failure_ = Error{code, std::move(message)};
  return *failure_;
}

Status ZstdDecoder::TakeMagic(Bytes input, Progress& progress) {
  while (magic_size_ < magic_.size() &&
         progress.consumed_bytes < input.size()) {
    magic_[magic_size_++] = input[progress.consumed_bytes++];
    at_boundary_ = false;
  }
  if (magic_size_ < magic_.size()) {
    return Ok();
  }
  const auto magic =
      static_cast<std::uint32_t>(LoadLittleEndian(magic_, magic_.size()));
  if (magic != kZstdMagic && !IsSkippableMagic(magic)) {
    return Fail(ErrorCode::kDamaged, "zstd: no frame where one must begin");
  }
  between_frames_ = false;
  magic_size_ = 0;
  Progress none;
  TRY_ASSIGN(const std::size_t taken, Feed(magic_, {}, none));
  if (taken != magic_.size()) {
    return Fail(ErrorCode::kInternal, "zstd: did not take a whole magic");
  }
  return Ok();
}

Result<std::size_t> ZstdDecoder::Feed(Bytes in, MutableBytes output,
                                      Progress& progress) {
  ZSTD_inBuffer source = {in.data(), in.size(), 0};
  ZSTD_outBuffer target = {output.data(), output.size(),
                           progress.produced_bytes};
  const std::size_t code = ZSTD_decompressStream(context_, &target, &source);
  progress.produced_bytes = target.pos;
  if (ZSTD_isError(code) != 0) {
    if (ZSTD_getErrorCode(code) == ZSTD_error_memory_allocation) {
      return Fail(ErrorCode::kTemporary, "out of memory in zstd");
    }
    return Fail(ErrorCode::kDamaged,
                std::string("zstd: ") + ZSTD_getErrorName(code));
  }
  if (code == 0) {  // the frame is complete and all of it was handed out
    between_frames_ = true;
    at_boundary_ = true;
  }
  return source.pos;
}

Status ZstdDecoder::Step(Bytes input, MutableBytes output, Progress& progress) {
  if (between_frames_) {
    output_was_full_ = false;
    return TakeMagic(input, progress);
  }
  TRY_ASSIGN(const std::size_t taken,
             Feed(input.subspan(progress.consumed_bytes), output, progress));
  progress.consumed_bytes += taken;
  output_was_full_ = progress.produced_bytes == output.size();
  return Ok();
}

Result<StreamDecoder::Progress> ZstdDecoder::Decode(Bytes input,
                                                    MutableBytes output) {
  if (!ready_) {
    return Error{ErrorCode::kTemporary, "out of memory in zstd",
                 "free some memory and try again"};
  }
  Progress progress;
  while (!failure_ && progress.produced_bytes < output.size()) {
    if (progress.consumed_bytes == input.size() && !output_was_full_) {
      break;
    }
    static_cast<void>(Step(input, output, progress));  // kept in failure_
  }
  if (failure_ && progress.produced_bytes == 0) {
    return *failure_;
  }
  return progress;
}

}  // namespace

std::unique_ptr<StreamDecoder> MakeZstdDecoder() {
  return std::make_unique<ZstdDecoder>();
}

}  // namespace authseal
