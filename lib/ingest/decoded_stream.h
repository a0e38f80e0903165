// A delivered file or pipe as plain bytes: .gz and .zst are decompressed, by
// what the first bytes are, not by the name.
#ifndef AUTHSEAL_INGEST_DECODED_STREAM_H_
#define AUTHSEAL_INGEST_DECODED_STREAM_H_

#include <memory>
#include <string>

#include "lib/compress/stream_decoder.h"
#include "lib/ingest/input_stream.h"

namespace authseal {

class DecodedStream : public InputStream {
 public:
  // `name` is for messages.
  DecodedStream(std::unique_ptr<InputStream> input, std::string name);

  // Error kIo also for compressed bytes that are damaged or cut: that is the
  // delivery's damage, never the archive's.
  Result<InputRead> Read(MutableBytes out,
                         std::chrono::milliseconds wait) override;

 private:
  enum class Form : std::uint8_t {
    kUnknown,
    kPlain,
    kCompressed,
  };

  Result<InputRead::State> Detect(std::chrono::milliseconds wait);
  Result<InputRead::State> FillBuffer(std::chrono::milliseconds wait);
  Result<InputRead> ReadPlain(MutableBytes out, std::chrono::milliseconds wait);
  Result<InputRead> ReadCompressed(MutableBytes out,
                                   std::chrono::milliseconds wait);

  std::unique_ptr<InputStream> input_;
  std::string name_;
  std::unique_ptr<StreamDecoder> decoder_;
  Form form_ = Form::kUnknown;
  ByteVector buffer_;  // read and not used yet: [begin_, end_)
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  bool input_ended_ = false;
};

}  // namespace authseal

#endif  // AUTHSEAL_INGEST_DECODED_STREAM_H_
