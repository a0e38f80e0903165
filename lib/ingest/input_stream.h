// Where delivered bytes come from: pipes and files, as ingest sees them.
#ifndef AUTHSEAL_INGEST_INPUT_STREAM_H_
#define AUTHSEAL_INGEST_INPUT_STREAM_H_

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "lib/base/bytes.h"
#include "lib/base/result.h"

namespace authseal {

struct InputRead {
  enum class State : std::uint8_t {
    kBytes,    // size_bytes > 0
    kIdle,     // none came in the time given; more may come
    kEnd,      // there are no more
    kNewFile,  // followed: what comes next begins a new file
  };
  State state = State::kEnd;
  std::size_t size_bytes = 0;
};

class InputStream {
 public:
  virtual ~InputStream() = default;
  // Waits up to `wait` for bytes. Errors: kIo, kTemporary.
  virtual Result<InputRead> Read(MutableBytes out,
                                 std::chrono::milliseconds wait) = 0;
};

struct InputInfo {
  bool is_directory = false;
  bool is_regular = false;
  std::uint64_t device = 0;
  std::uint64_t inode = 0;
  std::uint64_t size_bytes = 0;
  bool SameFile(const InputInfo& other) const {
    return device == other.device && inode == other.inode;
  }
};

class InputFile : public InputStream {
 public:
  virtual Result<InputInfo> Info() const = 0;
  // Where the next Read begins; regular files only.
  virtual Status Seek(std::uint64_t offset_bytes) = 0;
};

// Opens what the user named.
class InputFiles {
 public:
  virtual ~InputFiles() = default;
  // "-" is standard input. Links are followed. Errors: kNotFound, kIo,
  // kInvalidArgument (a directory).
  virtual Result<std::unique_ptr<InputFile>> Open(const std::string& path) = 0;
  // Empty when there is no such file.
  virtual Result<std::optional<InputInfo>> Look(const std::string& path) = 0;
};

// The real ones; `standard_input_fd` is borrowed.
std::unique_ptr<InputFiles> MakePosixInputFiles(int standard_input_fd);

}  // namespace authseal

#endif  // AUTHSEAL_INGEST_INPUT_STREAM_H_
