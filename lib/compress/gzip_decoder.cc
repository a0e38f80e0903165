#include <algorithm>
#include <limits>
#include <optional>
#include <string>

#include <zlib.h>

#include "lib/compress/stream_decoder.h"

namespace authseal {
namespace {

constexpr int kGzipOnlyWindowBits = 16 + 15;  // zlib: 16 means gzip, no zlib

uInt ClampToZlib(std::size_t size_bytes) {
  return static_cast<uInt>(
      std::min<std::size_t>(size_bytes, std::numeric_limits<uInt>::max()));
}

class GzipDecoder final : public StreamDecoder {
 public:
  GzipDecoder() : set_up_(inflateInit2(&stream_, kGzipOnlyWindowBits)) {}
  ~GzipDecoder() override {
    if (set_up_ == Z_OK) {
      inflateEnd(&stream_);
    }
  }
  GzipDecoder(const GzipDecoder&) = delete;
  GzipDecoder& operator=(const GzipDecoder&) = delete;

  Result<Progress> Decode(Bytes input, MutableBytes output) override;
  bool at_boundary() const override { return at_boundary_; }

 private:
  // One call of zlib; false when it could do no more.
  Result<bool> Step(Bytes input, MutableBytes output, Progress& progress);
  Error Fail(ErrorCode code, std::string message);

  z_stream stream_ = {};
  int set_up_;
  std::optional<Error> failure_;
  bool between_members_ = false;  // the next byte begins a member
  bool at_boundary_ = false;
};

Error GzipDecoder::Fail(ErrorCode code, std::string message) {
  at_boundary_ = false;
  failure_ = Error{code, std::move(message)};
  return *failure_;
}

Result<bool> GzipDecoder::Step(Bytes input, MutableBytes output,
                               Progress& progress) {
  const Bytes in = input.subspan(progress.consumed_bytes);
  const MutableBytes out = output.subspan(progress.produced_bytes);
  if (between_members_) {
    if (in.empty()) {
      return false;
    }
    inflateReset(&stream_);
    between_members_ = false;
    at_boundary_ = false;
  }
  const uInt in_size = ClampToZlib(in.size());
  const uInt out_size = ClampToZlib(out.size());
  // zlib only reads here; its type lacks the const.
  stream_.next_in = const_cast<Bytef*>(in.data());
  stream_.avail_in = in_size;
  stream_.next_out = out.data();
  stream_.avail_out = out_size;
  const int code = inflate(&stream_, Z_NO_FLUSH);
  progress.consumed_bytes += in_size - stream_.avail_in;
  progress.produced_bytes += out_size - stream_.avail_out;
  switch (code) {
    case Z_STREAM_END:
      between_members_ = true;
      at_boundary_ = true;
      return true;
    case Z_OK:
      return true;
    case Z_BUF_ERROR:  // needs more input or more room: no error
      return false;
    case Z_MEM_ERROR:
      return Fail(ErrorCode::kTemporary, "out of memory in zlib");
    default:
      return Fail(ErrorCode::kDamaged,
                  std::string("gzip: ") +
                      (stream_.msg != nullptr ? stream_.msg : "damaged"));
  }
}

Result<StreamDecoder::Progress> GzipDecoder::Decode(Bytes input,
                                                    MutableBytes output) {
  if (set_up_ != Z_OK) {
    return Error{ErrorCode::kTemporary, "out of memory in zlib",
                 "free some memory and try again"};
  }
  Progress progress;
  bool more = true;
  while (more && !failure_ && progress.produced_bytes < output.size()) {
    const auto stepped = Step(input, output, progress);
    more = stepped.has_value() && *stepped;
  }
  if (failure_ && progress.produced_bytes == 0) {
    return *failure_;
  }
  return progress;
}

}  // namespace

std::unique_ptr<StreamDecoder> MakeGzipDecoder() {
  return std::make_unique<GzipDecoder>();
}

}  // namespace authseal
