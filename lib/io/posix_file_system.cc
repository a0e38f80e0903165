#include <cerrno>
#include <fcntl.h>
#include <memory>
#include <string>
#include <sys/stat.h>

#include "lib/io/file_system.h"
#include "lib/io/posix_descriptor.h"
#include "lib/io/posix_directory.h"

namespace authseal {
namespace {

constexpr int kDirectoryFlags = O_RDONLY | O_DIRECTORY | O_CLOEXEC;

// NUL cannot be part of a path; cut at it, the path would name another file.
Status CheckPath(std::string_view path) {
  if (path.empty() || path.find('\0') != std::string_view::npos) {
    return Error{ErrorCode::kInvalidArgument,
                 "'" + std::string(path) + "' is no path"};
  }
  return Ok();
}

Result<Descriptor> OpenPath(int base_fd, const std::string& path) {
  Descriptor directory(RetryInterrupted(
      [&] { return ::openat(base_fd, path.c_str(), kDirectoryFlags); }));
  if (directory.get() < 0) {
    return ErrnoError(errno, "open", path);
  }
  return directory;
}

class RealFileSystem : public FileSystem {
 public:
  Result<std::unique_ptr<Directory>> OpenDirectory(
      std::string_view path) override {
    TRY(CheckPath(path));
    TRY_ASSIGN(Descriptor directory, OpenPath(AT_FDCWD, std::string(path)));
    return {std::make_unique<PosixDirectory>(std::move(directory))};
  }

  Result<std::unique_ptr<Directory>> CreateDirectory(
      std::string_view path, std::uint32_t mode) override {
    TRY(CheckPath(path));
    const std::string terminated(path);
    if (::mkdir(terminated.c_str(), mode) != 0) {
      return ErrnoError(errno, "make directory", path);
    }
    TRY_ASSIGN(Descriptor directory, OpenPath(AT_FDCWD, terminated));
    TRY(SetModeOf(directory, path, mode));
    // ".." of the new directory is its parent however the path was written.
    TRY_ASSIGN(Descriptor parent, OpenPath(directory.get(), ".."));
    TRY(PosixDirectory(std::move(parent)).Sync());
    return {std::make_unique<PosixDirectory>(std::move(directory))};
  }

  Result<FileInfo> Info(std::string_view path) override {
    TRY(CheckPath(path));
    struct stat status = {};
    if (::stat(std::string(path).c_str(), &status) != 0) {
      return ErrnoError(errno, "inspect", path);
    }
    return ToFileInfo(status);
  }
};

}  // namespace

FileSystem& PosixFileSystem() {
  static RealFileSystem file_system;
  return file_system;
}

}  // namespace authseal
