// The operating system's files, as the rest of the library sees them.
//
// A Directory is an open handle; every name given to it is ONE path component
// (no '/', not "." or ".."), opened beneath it without following symbolic
// links, so nothing outside can be reached through a hostile archive. Tests
// put a file system in memory, or a failing one, behind the same interface.
//
// Durability: bytes are durable after WritableFile::SyncData(), names after
// Directory::Sync(). A failed sync leaves the state unknown: the caller stops
// and does not write that file again (see man page authseal-format(5), CRASH).
//
// Errors: kNotFound, kAlreadyExists, kIo (with errno's text), kTemporary
// (EAGAIN, ENOMEM, EMFILE), kInvalidArgument (a name that is none).
// Threads: const calls on one object may run in parallel.
#ifndef AUTHSEAL_IO_FILE_SYSTEM_H_
#define AUTHSEAL_IO_FILE_SYSTEM_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/bytes.h"
#include "lib/base/result.h"

namespace authseal {

struct FileInfo {
  enum class Type {
    kRegular,
    kDirectory,
    kOther
  };
  Type type = Type::kRegular;
  std::uint64_t size_bytes = 0;
  std::uint32_t mode = 0;  // permission bits only
  std::uint32_t owner_uid = 0;
};

struct DirectoryEntry {
  std::string name;
  FileInfo::Type type = FileInfo::Type::kRegular;
  bool operator==(const DirectoryEntry&) const = default;
};

class ReadableFile {
 public:
  virtual ~ReadableFile() = default;
  // Fills as much of `out` as the file has from `offset_bytes`; a short count
  // means end of file.
  virtual Result<std::size_t> ReadAt(std::uint64_t offset_bytes,
                                     MutableBytes out) const = 0;
  virtual Result<FileInfo> Info() const = 0;
  // Asks the system to forget cached pages, so that the next read comes from
  // the device. Best effort where the file system has no such notion.
  virtual Status DropCache() const = 0;
  // These bytes are to be read soon: the system may begin to fetch them. Only
  // a hint, nothing is said when it has no use.
  virtual void WillRead(std::uint64_t /*offset_bytes*/,
                        std::uint64_t /*size_bytes*/) const {}
};

class WritableFile {
 public:
  virtual ~WritableFile() = default;
  // At the end of the file. When it fails, part of `bytes` may be there;
  // size_bytes() counts that part, and the caller may Truncate() back.
  virtual Status Append(Bytes bytes) = 0;
  // After a failure every call that changes the file is refused: kIo.
  virtual Status SyncData() = 0;
  virtual Status Truncate(std::uint64_t size_bytes) = 0;  // never longer
  virtual Status SetMode(std::uint32_t mode) = 0;
  virtual std::uint64_t size_bytes() const = 0;
};

// Held until destroyed; the kernel drops it when the process dies.
class FileLock {
 public:
  virtual ~FileLock() = default;
};

enum class OpenMode {
  kCreateExclusive,
  kAppendExisting
};

class Directory {
 public:
  virtual ~Directory() = default;

  virtual Result<std::unique_ptr<ReadableFile>> OpenRead(
      std::string_view name) const = 0;  // regular files only
  virtual Result<std::unique_ptr<WritableFile>> OpenWrite(
      std::string_view name, OpenMode open_mode, std::uint32_t mode) = 0;
  virtual Result<std::unique_ptr<Directory>> OpenDirectory(
      std::string_view name) const = 0;
  virtual Status MakeDirectory(std::string_view name, std::uint32_t mode) = 0;
  virtual Status Rename(std::string_view from, std::string_view to) = 0;
  virtual Status Remove(std::string_view name) = 0;  // a file
  // Names without "." and "..", sorted by byte value.
  virtual Result<std::vector<std::string>> List() const = 0;
  // The same with what each is, links not followed; what is gone by now counts
  // as a regular file. Not a call for each where the directory itself says it:
  // an archive sealed every hour for ten years has 90,000 segments.
  virtual Result<std::vector<DirectoryEntry>> ListEntries() const;
  virtual Result<FileInfo> Info(std::string_view name) const = 0;
  virtual Result<FileInfo> SelfInfo() const = 0;
  virtual Status Sync() = 0;
  // Creates `name` (0600) if need be and takes an exclusive lock without
  // waiting. Error: kLocked.
  virtual Result<std::unique_ptr<FileLock>> Lock(std::string_view name) = 0;
  // Overwrites the file's bytes in place and syncs them (for key erasure).
  // kInvalidArgument unless `bytes` is exactly as long as the file: a shorter
  // overwrite would leave key bytes behind.
  virtual Status Overwrite(std::string_view name, Bytes bytes) = 0;
};

class FileSystem {
 public:
  virtual ~FileSystem() = default;
  // `path` is the user's own: links in it are followed.
  virtual Result<std::unique_ptr<Directory>> OpenDirectory(
      std::string_view path) = 0;
  // Makes the directory, syncs its parent, opens it. Error: kAlreadyExists.
  virtual Result<std::unique_ptr<Directory>> CreateDirectory(
      std::string_view path, std::uint32_t mode) = 0;
  virtual Result<FileInfo> Info(std::string_view path) = 0;
};

// The real one. Stateless; lives as long as the process.
FileSystem& PosixFileSystem();

// Reads a whole file of at most `limit_bytes`; kDamaged when it is longer.
Result<ByteVector> ReadWholeFile(const Directory& directory,
                                 std::string_view name,
                                 std::uint64_t limit_bytes);

// Ends the name of a file that WriteFileDurably() has not finished; after a
// crash one may be left, and readers pass over it.
inline constexpr std::string_view kTemporaryFileSuffix = ".tmp";

// `name` appears whole or not at all, and durably: write a temporary file,
// fdatasync, rename, fsync the directory. The caller's lock keeps a second
// writer of this name out. After an error the old file or the new one is
// there, whole.
Status WriteFileDurably(Directory& directory, std::string_view name,
                        Bytes bytes, std::uint32_t mode);

// As above, but refuses to replace: kAlreadyExists when `name` is there.
Status CreateFileDurably(Directory& directory, std::string_view name,
                         Bytes bytes, std::uint32_t mode);

}  // namespace authseal

#endif  // AUTHSEAL_IO_FILE_SYSTEM_H_
