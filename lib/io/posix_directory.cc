#include "lib/io/posix_directory.h"

#include <algorithm>
#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "lib/io/file_name.h"
#include "lib/io/posix_file.h"

namespace authseal {
namespace {

constexpr std::size_t kListEntriesMax = std::size_t{1} << 22;
constexpr std::uint32_t kLockFileMode = 0600;
constexpr int kLockAttemptsMax = 16;

class PosixFileLock : public FileLock {
 public:
  explicit PosixFileLock(Descriptor descriptor)
      : descriptor_(std::move(descriptor)) {}

 private:
  Descriptor descriptor_;  // closing it gives the lock back
};

struct StreamCloser {
  void operator()(DIR* stream) const { ::closedir(stream); }
};

std::optional<FileInfo::Type> TypeOf(const dirent& entry) {
  switch (entry.d_type) {
    case DT_UNKNOWN:
      return std::nullopt;
    case DT_REG:
      return FileInfo::Type::kRegular;
    case DT_DIR:
      return FileInfo::Type::kDirectory;
    default:
      return FileInfo::Type::kOther;
  }
}

}  // namespace

Result<std::unique_ptr<ReadableFile>> PosixDirectory::OpenRead(
    std::string_view name) const {
  TRY_ASSIGN(Descriptor file, OpenRegular(descriptor_.get(), name, O_RDONLY));
  return {std::make_unique<PosixReadableFile>(std::move(file), name)};
}

Result<Descriptor> PosixDirectory::CreateExclusive(std::string_view name,
                                                   std::uint32_t mode) {
  TRY_ASSIGN(Descriptor file,
             OpenBeneath(descriptor_.get(), name,
                         O_WRONLY | O_APPEND | O_CREAT | O_EXCL, mode));
  Status status = SetModeOf(file, name, mode);
  if (!status.has_value()) {
    const std::string terminated(name);
    ::unlinkat(descriptor_.get(), terminated.c_str(), 0);
    return std::move(status).error();
  }
  return file;
}

Result<std::unique_ptr<WritableFile>> PosixDirectory::OpenWrite(
    std::string_view name, OpenMode open_mode, std::uint32_t mode) {
  if (open_mode == OpenMode::kCreateExclusive) {
    TRY_ASSIGN(Descriptor file, CreateExclusive(name, mode));
    return {std::make_unique<PosixWritableFile>(std::move(file), name, 0)};
  }
  TRY_ASSIGN(Descriptor file,
             OpenRegular(descriptor_.get(), name, O_WRONLY | O_APPEND));
  TRY_ASSIGN(const FileInfo info, InfoOf(file, name));
  return {std::make_unique<PosixWritableFile>(std::move(file), name,
                                              info.size_bytes)};
}

Result<std::unique_ptr<Directory>> PosixDirectory::OpenDirectory(
    std::string_view name) const {
  TRY_ASSIGN(Descriptor directory,
             OpenBeneath(descriptor_.get(), name, O_RDONLY | O_DIRECTORY));
  return {std::make_unique<PosixDirectory>(std::move(directory))};
}

Status PosixDirectory::MakeDirectory(std::string_view name,
                                     std::uint32_t mode) {
  TRY(CheckFileName(name));
  const std::string terminated(name);
  if (::mkdirat(descriptor_.get(), terminated.c_str(), mode) != 0) {
    return ErrnoError(errno, "make directory", name);
  }
  TRY_ASSIGN(const Descriptor directory,
             OpenBeneath(descriptor_.get(), name, O_RDONLY | O_DIRECTORY));
  return SetModeOf(directory, name, mode);
}

Status PosixDirectory::Rename(std::string_view from, std::string_view to) {
  TRY(CheckFileName(from));
  TRY(CheckFileName(to));
  const std::string old_name(from);
  const std::string new_name(to);
  if (::renameat(descriptor_.get(), old_name.c_str(), descriptor_.get(),
                 new_name.c_str()) != 0) {
    return ErrnoError(errno, "rename", old_name + " to " + new_name);
  }
  return Ok();
}

Status PosixDirectory::Remove(std::string_view name) {
  TRY(CheckFileName(name));
  const std::string terminated(name);
  if (::unlinkat(descriptor_.get(), terminated.c_str(), 0) != 0) {
    return ErrnoError(errno, "remove", name);
  }
  return Ok();
}

Result<std::vector<PosixDirectory::Listed>> PosixDirectory::ReadEntries()
    const {
  // Opened anew, not dup()ed: parallel calls must not share a position.
  Descriptor again(RetryInterrupted([&] {
    return ::openat(descriptor_.get(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  }));
  if (again.get() < 0) {
    return ErrnoError(errno, "list", "directory");
  }
  const std::unique_ptr<DIR, StreamCloser> stream(::fdopendir(again.get()));
  if (stream == nullptr) {
    return ErrnoError(errno, "list", "directory");
  }
  again.Release();  // the stream closes it
  std::vector<Listed> entries;
  while (true) {
    errno = 0;
    const dirent* const entry = ::readdir(stream.get());
    if (entry == nullptr && errno != 0) {
      return ErrnoError(errno, "list", "directory");
    }
    if (entry == nullptr) {
      break;
    }
    const std::string_view name = entry->d_name;
    if (name == "." || name == "..") {
      continue;
    }
    if (entries.size() == kListEntriesMax) {
      return Error{ErrorCode::kIo, "directory has over four million entries"};
    }
    entries.push_back({std::string(name), TypeOf(*entry)});
  }
  std::sort(entries.begin(), entries.end(),
            [](const Listed& a, const Listed& b) { return a.name < b.name; });
  return entries;
}

Result<std::vector<std::string>> PosixDirectory::List() const {
  TRY_ASSIGN(std::vector<Listed> entries, ReadEntries());
  std::vector<std::string> names;
  names.reserve(entries.size());
  for (Listed& entry : entries) {
    names.push_back(std::move(entry.name));
  }
  return names;
}

Result<std::vector<DirectoryEntry>> PosixDirectory::ListEntries() const {
  TRY_ASSIGN(std::vector<Listed> listed, ReadEntries());
  const bool is_told =
      std::all_of(listed.begin(), listed.end(),
                  [](const Listed& entry) { return entry.type.has_value(); });
  if (!is_told) {
    return Directory::ListEntries();
  }
  std::vector<DirectoryEntry> entries;
  entries.reserve(listed.size());
  for (Listed& entry : listed) {
    entries.push_back({std::move(entry.name), *entry.type});
  }
  return entries;
}

Result<FileInfo> PosixDirectory::Info(std::string_view name) const {
  TRY(CheckFileName(name));
  const std::string terminated(name);
  struct stat status = {};
  if (::fstatat(descriptor_.get(), terminated.c_str(), &status,
                AT_SYMLINK_NOFOLLOW) != 0) {
    return ErrnoError(errno, "inspect", name);
  }
  return ToFileInfo(status);
}

Result<FileInfo> PosixDirectory::SelfInfo() const {
  return InfoOf(descriptor_, "directory");
}

Status PosixDirectory::Sync() {
  if (RetryInterrupted([&] { return ::fsync(descriptor_.get()); }) != 0) {
    return ErrnoError(errno, "sync", "directory");
  }
  return Ok();
}

Result<Descriptor> PosixDirectory::OpenOrCreateLockFile(std::string_view name) {
  Result<Descriptor> file = OpenRegular(descriptor_.get(), name, O_RDWR);
  if (file.has_value() || file.error().code != ErrorCode::kNotFound) {
    return file;
  }
  file = CreateExclusive(name, kLockFileMode);
  if (file.has_value() || file.error().code != ErrorCode::kAlreadyExists) {
    return file;
  }
  return OpenRegular(descriptor_.get(), name, O_RDWR);  // another was faster
}

Result<std::unique_ptr<FileLock>> PosixDirectory::Lock(std::string_view name) {
  const std::string terminated(name);
  for (int attempt = 0; attempt < kLockAttemptsMax; ++attempt) {
    TRY_ASSIGN(Descriptor file, OpenOrCreateLockFile(name));
    if (RetryInterrupted(
            [&] { return ::flock(file.get(), LOCK_EX | LOCK_NB); }) != 0) {
      if (errno == EWOULDBLOCK) {
        return Error{ErrorCode::kLocked,
                     terminated + " is held by another process",
                     "wait until it has finished, then try again"};
      }
      return ErrnoError(errno, "lock", name);
    }
    // A lock on a file that was removed meanwhile keeps nobody out.
    struct stat held = {};
    struct stat named = {};
    if (::fstat(file.get(), &held) == 0 &&
        ::fstatat(descriptor_.get(), terminated.c_str(), &named,
                  AT_SYMLINK_NOFOLLOW) == 0 &&
        held.st_dev == named.st_dev && held.st_ino == named.st_ino) {
      return {std::make_unique<PosixFileLock>(std::move(file))};
    }
  }
  return Error{ErrorCode::kTemporary,
               "lock " + terminated + ": the file keeps being replaced"};
}

Status PosixDirectory::Overwrite(std::string_view name, Bytes bytes) {
  TRY_ASSIGN(const Descriptor file,
             OpenRegular(descriptor_.get(), name, O_WRONLY));
  TRY_ASSIGN(const FileInfo info, InfoOf(file, name));
  if (bytes.size() != info.size_bytes) {
    return Error{ErrorCode::kInvalidArgument,
                 "overwrite " + std::string(name) + ": has " +
                     std::to_string(info.size_bytes) + " bytes, not " +
                     std::to_string(bytes.size())};
  }
  std::uint64_t written_bytes = 0;
  TRY(WriteAll(file, name, bytes, written_bytes));
  return SyncDataOf(file, name);
}

}  // namespace authseal
