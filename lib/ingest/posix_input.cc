#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/ingest/input_stream.h"
#include "lib/io/posix_descriptor.h"

namespace authseal {
namespace {

constexpr std::string_view kStandardInputName = "-";

InputInfo ToInputInfo(const struct stat& status) {
  return InputInfo{.is_directory = S_ISDIR(status.st_mode),
                   .is_regular = S_ISREG(status.st_mode),
                   .device = static_cast<std::uint64_t>(status.st_dev),
                   .inode = static_cast<std::uint64_t>(status.st_ino),
                   .size_bytes = static_cast<std::uint64_t>(status.st_size)};
}

class PosixInputFile : public InputFile {
 public:
  PosixInputFile(int fd, Descriptor owned, std::string_view name,
                 bool is_regular)
      : fd_(fd),
        owned_(std::move(owned)),
        name_(name),
        is_regular_(is_regular) {}

  Result<InputRead> Read(MutableBytes out,
                         std::chrono::milliseconds wait) override {
    if (!is_regular_) {
      struct pollfd entry = {.fd = fd_, .events = POLLIN, .revents = 0};
      const int ready = ::poll(&entry, 1, static_cast<int>(wait.count()));
      // A signal ends the wait, so that the caller can see why it came.
      if (ready == 0 || (ready < 0 && errno == EINTR)) {
        return InputRead{.state = InputRead::State::kIdle};
      }
      if (ready < 0) {
        return ErrnoError(errno, "wait for", name_);
      }
    }
    const ssize_t count =
        RetryInterrupted([&] { return ::read(fd_, out.data(), out.size()); });
    if (count < 0 && errno == EAGAIN) {
      return InputRead{.state = InputRead::State::kIdle};
    }
    if (count < 0) {
      return ErrnoError(errno, "read", name_);
    }
    if (count == 0) {
      return InputRead{.state = InputRead::State::kEnd};
    }
    return InputRead{.state = InputRead::State::kBytes,
                     .size_bytes = static_cast<std::size_t>(count)};
  }

  Result<InputInfo> Info() const override {
    struct stat status = {};
    if (::fstat(fd_, &status) != 0) {
      return ErrnoError(errno, "inspect", name_);
    }
    return ToInputInfo(status);
  }

  Status Seek(std::uint64_t offset_bytes) override {
    if (::lseek(fd_, static_cast<off_t>(offset_bytes), SEEK_SET) < 0) {
      return ErrnoError(errno, "seek in", name_);
    }
    return Ok();
  }

 private:
  int fd_;
  Descriptor owned_;  // nothing, for standard input
  std::string name_;
  bool is_regular_;
};

class PosixInputs : public InputFiles {
 public:
  explicit PosixInputs(int standard_input_fd)
      : standard_input_fd_(standard_input_fd) {}

  Result<std::unique_ptr<InputFile>> Open(const std::string& path) override {
    Descriptor owned;
    int fd = standard_input_fd_;
    if (path != kStandardInputName) {
      // O_NONBLOCK: opening a FIFO would wait for its writer.
      fd = RetryInterrupted([&] {
        return ::open(path.c_str(),
                      O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
      });
      if (fd < 0) {
        return ErrnoError(errno, "open", path);
      }
      owned = Descriptor(fd);
    }
    struct stat status = {};
    if (::fstat(fd, &status) != 0) {
      return ErrnoError(errno, "inspect", path);
    }
    if (S_ISDIR(status.st_mode)) {
      return Error{ErrorCode::kInvalidArgument,
                   "open " + path + ": is a directory", "name the files in it"};
    }
    return std::unique_ptr<InputFile>(std::make_unique<PosixInputFile>(
        fd, std::move(owned), path, S_ISREG(status.st_mode)));
  }

  Result<std::optional<InputInfo>> Look(const std::string& path) override {
    struct stat status = {};
    const int result = path == kStandardInputName
                           ? ::fstat(standard_input_fd_, &status)
                           : ::stat(path.c_str(), &status);
    if (result == 0) {
      return std::optional<InputInfo>(ToInputInfo(status));
    }
    if (errno == ENOENT) {
      return std::optional<InputInfo>();
    }
    return ErrnoError(errno, "inspect", path);
  }

 private:
  int standard_input_fd_;
};

}  // namespace

std::unique_ptr<InputFiles> MakePosixInputFiles(int standard_input_fd) {
  return std::make_unique<PosixInputs>(standard_input_fd);
}

}  // namespace authseal
