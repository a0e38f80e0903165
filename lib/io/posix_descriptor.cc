#include "lib/io/posix_descriptor.h"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/syscall.h>
#include <system_error>
#include <unistd.h>

#include "lib/io/file_name.h"

namespace authseal {
namespace {

constexpr std::uint32_t kModeMask = 07777;

ErrorCode CodeOfErrno(int error_number) {
  switch (error_number) {
    case ENOENT:
      return ErrorCode::kNotFound;
    case EEXIST:
    case ENOTEMPTY:
      return ErrorCode::kAlreadyExists;
    case EAGAIN:
    case EBUSY:
    case EINTR:
    case EMFILE:
    case ENFILE:
    case ENOLCK:
    case ENOMEM:
      return ErrorCode::kTemporary;
    case EISDIR:  // a directory where a file is meant
    case ELOOP:   // a symbolic link
    case ENAMETOOLONG:
    case ENOTDIR:  // a file where a directory is meant
    case ENXIO:    // a FIFO nobody reads, a socket
    case EXDEV:    // leads outside
      return ErrorCode::kInvalidArgument;
    default:
      return ErrorCode::kIo;
  }
}

std::string_view HintForErrno(int error_number) {
  switch (error_number) {
    case ENOSPC:
    case EDQUOT:
      return "the disk or the quota is full: free some space, then run the "
             "same command again";
    case EFBIG:
      return "raise the limit of the file size (ulimit -f)";
    case EACCES:
    case EPERM:
      return "check owner and mode, or run as the user who owns it";
    case EROFS:
      return "the file system is mounted read only";
    case EMFILE:
    case ENFILE:
      return "raise the limit of open files (ulimit -n)";
    case EIO:
      return "the device reports an error: see the kernel log, then check "
             "the archive with 'authseal verify'";
    case ELOOP:
      return "symbolic links are not followed here";
    default:
      return {};
  }
}

// glibc has no wrapper for openat2 yet.
int RawOpen(int directory_fd, const char* name, int flags, std::uint32_t mode) {
  struct open_how how = {};
  how.flags = static_cast<decltype(how.flags)>(flags);
  how.mode = (flags & O_CREAT) != 0 ? mode : 0;
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS;
  const long fd = RetryInterrupted([&] {
    return ::syscall(SYS_openat2, directory_fd, name, &how, sizeof(how));
  });
  if (fd >= 0 || (errno != ENOSYS && errno != EPERM)) {
    return static_cast<int>(fd);
  }
  // An old kernel, or a sandbox that does not know the call. With a single
  // component O_NOFOLLOW comes to the same.
  return RetryInterrupted(
      [&] { return ::openat(directory_fd, name, flags, mode); });
}

std::string_view TypeName(mode_t mode) {
  switch (mode & S_IFMT) {
    case S_IFDIR:
      return "a directory";
    case S_IFIFO:
      return "a FIFO";
    case S_IFCHR:
    case S_IFBLK:
      return "a device";
    case S_IFSOCK:
      return "a socket";
    default:
      return "something else";
  }
}

}  // namespace

Descriptor::~Descriptor() {
  if (fd_ >= 0) {
    ::close(fd_);  // not repeated after EINTR: Linux has closed it by then
  }
}

Error ErrnoError(int error_number, std::string_view doing,
                 std::string_view name) {
  std::string text = std::generic_category().message(error_number);
  if (!text.empty() && text[0] >= 'A' && text[0] <= 'Z') {
    text[0] = static_cast<char>(text[0] - 'A' + 'a');
  }
  return Error{CodeOfErrno(error_number),
               std::string(doing) + " " + std::string(name) + ": " + text,
               std::string(HintForErrno(error_number))};
}

Result<Descriptor> OpenBeneath(int directory_fd, std::string_view name,
                               int flags, std::uint32_t mode) {
  TRY(CheckFileName(name));
  const std::string terminated(name);
  const int fd =
      RawOpen(directory_fd, terminated.c_str(),
              flags | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY, mode & kModeMask);
  if (fd < 0) {
    return ErrnoError(errno, "open", name);
  }
  return Descriptor(fd);
}

Result<Descriptor> OpenRegular(int directory_fd, std::string_view name,
                               int flags) {
  // O_NONBLOCK: opening a FIFO would wait for its other end.
  TRY_ASSIGN(Descriptor descriptor,
             OpenBeneath(directory_fd, name, flags | O_NONBLOCK));
  struct stat status = {};
  if (::fstat(descriptor.get(), &status) != 0) {
    return ErrnoError(errno, "inspect", name);
  }
  if (!S_ISREG(status.st_mode)) {
    return Error{ErrorCode::kInvalidArgument,
                 "open " + std::string(name) + ": is " +
                     std::string(TypeName(status.st_mode)) +
                     ", not a regular file"};
  }
  return descriptor;
}

FileInfo ToFileInfo(const struct stat& status) {
  FileInfo info;
  if (S_ISREG(status.st_mode)) {
    info.type = FileInfo::Type::kRegular;
  } else if (S_ISDIR(status.st_mode)) {
    info.type = FileInfo::Type::kDirectory;
  } else {
    info.type = FileInfo::Type::kOther;
  }
  info.size_bytes = static_cast<std::uint64_t>(status.st_size);
  info.mode = status.st_mode & kModeMask;
  info.owner_uid = status.st_uid;
  return info;
}

Result<FileInfo> InfoOf(const Descriptor& descriptor, std::string_view name) {
  struct stat status = {};
  if (::fstat(descriptor.get(), &status) != 0) {
    return ErrnoError(errno, "inspect", name);
  }
  return ToFileInfo(status);
}

Status SetModeOf(const Descriptor& descriptor, std::string_view name,
                 std::uint32_t mode) {
  const int result = RetryInterrupted(
      [&] { return ::fchmod(descriptor.get(), mode & kModeMask); });
  if (result != 0) {
    return ErrnoError(errno, "set the mode of", name);
  }
  return Ok();
}

}  // namespace authseal
