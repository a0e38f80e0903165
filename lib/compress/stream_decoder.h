// Delivered .gz (RFC 1952, several members too) and .zst files, decompressed
// as a stream with bounded memory (gzip 32 KiB, zstd up to 128 MiB of window).
// One decoder a stream, not for two threads at once.
#ifndef AUTHSEAL_COMPRESS_STREAM_DECODER_H_
#define AUTHSEAL_COMPRESS_STREAM_DECODER_H_

#include <cstddef>
#include <memory>
#include <string_view>

#include "lib/base/bytes.h"
#include "lib/base/result.h"

namespace authseal {

class StreamDecoder {
 public:
  virtual ~StreamDecoder() = default;
  struct Progress {
    std::size_t consumed_bytes = 0;  // of the input
    std::size_t produced_bytes = 0;  // into the output
  };
  // Does what it can; a call that fills `output` may have more to give, also
  // for an empty input. What was decoded before damage is handed out first, the
  // next call gives the error, and each later one gives it again.
  // Errors: kDamaged (not such a stream, bytes behind it, a wrong checksum, a
  // window above 2^27, a dictionary), kTemporary (no memory).
  virtual Result<Progress> Decode(Bytes input, MutableBytes output) = 0;
  // True where the input may end: behind a whole member or frame.
  virtual bool at_boundary() const = 0;
};

enum class StreamFormat {
  kPlain,
  kGzip,
  kZstd
};

// By the first bytes (at least 4, fewer at end of file).
StreamFormat DetectStreamFormat(Bytes first_bytes);
std::unique_ptr<StreamDecoder> MakeGzipDecoder();
std::unique_ptr<StreamDecoder> MakeZstdDecoder();

}  // namespace authseal

#endif  // AUTHSEAL_COMPRESS_STREAM_DECODER_H_
