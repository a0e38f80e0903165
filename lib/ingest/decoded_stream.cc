#include "lib/ingest/decoded_stream.h"

#include <algorithm>
#include <cstring>

namespace authseal {
namespace {

constexpr std::size_t kBufferSizeBytes = 256u << 10;
constexpr std::size_t kDetectSizeBytes = 4;

// Whether a compressed stream may begin with this byte; if not, even one byte
// decides, and a short line in a pipe need not wait for a fourth.
bool MayBeginMagic(std::uint8_t byte) {
  return byte == 0x1F || byte == 0x28 || (byte >= 0x50 && byte <= 0x5F);
}

}  // namespace

DecodedStream::DecodedStream(std::unique_ptr<InputStream> input,
                             std::string name)
    : input_(std::move(input)), name_(std::move(name)) {}

Result<InputRead> DecodedStream::Read(MutableBytes out,
                                      std::chrono::milliseconds wait) {
  if (form_ == Form::kUnknown) {
    TRY_ASSIGN(const InputRead::State state, Detect(wait));
    if (form_ == Form::kUnknown) {
      return InputRead{.state = state};
    }
  }
  return form_ == Form::kPlain ? ReadPlain(out, wait)
                               : ReadCompressed(out, wait);
}

Result<InputRead::State> DecodedStream::Detect(std::chrono::milliseconds wait) {
  buffer_.resize(kDetectSizeBytes);
  InputRead::State state = InputRead::State::kBytes;
  while (end_ < kDetectSizeBytes && state == InputRead::State::kBytes &&
         (end_ == 0 || MayBeginMagic(buffer_[0]))) {
    TRY_ASSIGN(state, FillBuffer(wait));
  }
  const bool undecided = end_ < kDetectSizeBytes &&
                         state == InputRead::State::kIdle &&
                         (end_ == 0 || MayBeginMagic(buffer_[0]));
  if (undecided) {
    return state;
  }
  switch (DetectStreamFormat(Bytes(buffer_).first(end_))) {
    case StreamFormat::kPlain:
      form_ = Form::kPlain;
      return state;
    case StreamFormat::kGzip:
      decoder_ = MakeGzipDecoder();
      break;
    case StreamFormat::kZstd:
      decoder_ = MakeZstdDecoder();
      break;
  }
  form_ = Form::kCompressed;
  buffer_.resize(kBufferSizeBytes);
  return state;
}

// Reads more behind what the buffer holds.
Result<InputRead::State> DecodedStream::FillBuffer(
    std::chrono::milliseconds wait) {
  TRY_ASSIGN(const InputRead read,
             input_->Read(MutableBytes(buffer_).subspan(end_), wait));
  end_ += read.size_bytes;
  input_ended_ = read.state == InputRead::State::kEnd;
  return read.state;
}

Result<InputRead> DecodedStream::ReadPlain(MutableBytes out,
                                           std::chrono::milliseconds wait) {
  if (begin_ == end_) {
    return input_->Read(out, wait);
  }
  const std::size_t size = std::min(out.size(), end_ - begin_);
  std::memcpy(out.data(), buffer_.data() + begin_, size);
  begin_ += size;
  return InputRead{.state = InputRead::State::kBytes, .size_bytes = size};
}

Result<InputRead> DecodedStream::ReadCompressed(
    MutableBytes out, std::chrono::milliseconds wait) {
  while (true) {
    const Bytes input = Bytes(buffer_).subspan(begin_, end_ - begin_);
    auto progress = decoder_->Decode(input, out);
    if (!progress) {
      return Error{ErrorCode::kIo,
                   "decompress " + name_ + ": " + progress.error().message,
                   "deliver the file again; what came before the damage is "
                   "in the archive"};
    }
    begin_ += progress->consumed_bytes;
    if (progress->produced_bytes > 0) {
      return InputRead{.state = InputRead::State::kBytes,
                       .size_bytes = progress->produced_bytes};
    }
    if (progress->consumed_bytes > 0) {
      continue;
    }
    if (input_ended_) {
      if (decoder_->at_boundary() && begin_ == end_) {
        return InputRead{.state = InputRead::State::kEnd};
      }
      return Error{ErrorCode::kIo,
                   "decompress " + name_ + ": ends within the compressed data",
                   "deliver the file again when it is whole"};
    }
    // The decoder keeps what it took, so the rest is a few bytes at most.
    std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
    if (end_ == buffer_.size()) {
      return Error{ErrorCode::kInternal,
                   "decompress " + name_ + ": the decoder does not go on"};
    }
    TRY_ASSIGN(const InputRead::State state, FillBuffer(wait));
    if (state == InputRead::State::kIdle) {
      return InputRead{.state = state};
    }
  }
}

}  // namespace authseal
