// File descriptors: owned, opened beneath a directory, errors as values.
// For lib/io, and for ingest, which follows files that others write.
#ifndef AUTHSEAL_IO_POSIX_DESCRIPTOR_H_
#define AUTHSEAL_IO_POSIX_DESCRIPTOR_H_

#include <cerrno>
#include <string>
#include <string_view>
#include <sys/stat.h>
#include <utility>

#include "lib/base/result.h"
#include "lib/io/file_system.h"

namespace authseal {

// Owns a descriptor. Closing reports nothing: what must not be lost is synced
// before.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor();

  int get() const { return fd_; }
  int Release() { return std::exchange(fd_, -1); }

 private:
  int fd_ = -1;
};

// `call` again for as long as a signal interrupts it.
template <typename Call>
auto RetryInterrupted(Call call) {
  auto result = call();
  while (result < 0 && errno == EINTR) {
    result = call();
  }
  return result;
}

// "`doing` `name`: text of errno", with the code and the hint that fit.
Error ErrnoError(int error_number, std::string_view doing,
                 std::string_view name);

// Opens one component beneath `directory_fd`, never through a symbolic link;
// close-on-exec. `mode` counts only with O_CREAT, and the umask applies to it.
Result<Descriptor> OpenBeneath(int directory_fd, std::string_view name,
                               int flags, std::uint32_t mode = 0);

// As OpenBeneath for a file that must be a regular one. A FIFO or a device is
// refused without waiting for it: kInvalidArgument.
Result<Descriptor> OpenRegular(int directory_fd, std::string_view name,
                               int flags);

Result<FileInfo> InfoOf(const Descriptor& descriptor, std::string_view name);
FileInfo ToFileInfo(const struct stat& status);

// Sets permission bits whatever the umask says.
Status SetModeOf(const Descriptor& descriptor, std::string_view name,
                 std::uint32_t mode);

}  // namespace authseal

#endif  // AUTHSEAL_IO_POSIX_DESCRIPTOR_H_
