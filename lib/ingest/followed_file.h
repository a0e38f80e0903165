// A file that grows, is renamed and made anew, or is cut: what `tail -F` sees.
#ifndef AUTHSEAL_INGEST_FOLLOWED_FILE_H_
#define AUTHSEAL_INGEST_FOLLOWED_FILE_H_

#include <memory>
#include <string>

#include "lib/ingest/input_stream.h"

namespace authseal {

// Never ends. A file renamed away is read to its end before the one that took
// its name; a file that became shorter, or whose bytes before the position
// changed (cut and grown again between two looks), begins anew.
class FollowedFile : public InputStream {
 public:
  // `file` stands at `offset_bytes`; `before` are bytes that end there, as
  // many as are known. `inputs` is borrowed.
  FollowedFile(InputFiles& inputs, std::string path,
               std::unique_ptr<InputFile> file, std::uint64_t offset_bytes,
               Bytes before);

  // kIdle after having slept for `wait`.
  Result<InputRead> Read(MutableBytes out,
                         std::chrono::milliseconds wait) override;

  // After kNewFile: whether the same file begins anew, with bytes that may
  // have come before.
  bool restarted() const { return restarted_; }

 private:
  Result<InputRead> AtEnd(std::chrono::milliseconds wait);
  Result<bool> TailChanged();
  Result<InputRead> Restart();
  void Remember(Bytes bytes);

  InputFiles& inputs_;
  std::string path_;
  std::unique_ptr<InputFile> file_;
  std::uint64_t offset_bytes_;
  ByteVector before_;
  bool was_idle_ = false;
  bool restarted_ = false;
  int looks_since_replaced_ = 0;
};

}  // namespace authseal

#endif  // AUTHSEAL_INGEST_FOLLOWED_FILE_H_
