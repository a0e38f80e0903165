// A file system in memory: fast, open to tampering, and with a power switch.
//
// It knows what a power cut would leave: a file's bytes are durable after
// SyncData(), a directory's names after Sync(). CrashCopy() gives the state
// after the cut, as a file system of its own; the original goes on unharmed.
// With FaultyFileSystem failing from operation n on, every moment of a program
// can be cut.
//
// Paths are split at '/'; a leading '/' changes nothing and "." is skipped.
// Permission bits are kept and reported but keep nobody out. Threads: all
// calls may run in parallel, also those on files and directories.
#ifndef AUTHSEAL_TESTS_SUPPORT_MEMORY_FILE_SYSTEM_H_
#define AUTHSEAL_TESTS_SUPPORT_MEMORY_FILE_SYSTEM_H_

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/io/file_system.h"
#include "tests/support/memory_node.h"

namespace authseal {

class MemoryFileSystem : public FileSystem {
 public:
  MemoryFileSystem();

  Result<std::unique_ptr<Directory>> OpenDirectory(
      std::string_view path) override;
  Result<std::unique_ptr<Directory>> CreateDirectory(
      std::string_view path, std::uint32_t mode) override;
  Result<FileInfo> Info(std::string_view path) override;

  MemoryFileSystem CrashCopy(const CrashPolicy& policy) const;

  // Direct access, past all handles and syncs. What these change is durable
  // at once. They return false (or nothing) when the path, or the directory
  // it is in, does not exist.
  std::optional<ByteVector> ReadFile(std::string_view path) const;
  bool WriteFile(std::string_view path, Bytes bytes);  // creates, 0600
  bool RemovePath(std::string_view path);  // a directory with all in it
  bool SetMode(std::string_view path, std::uint32_t mode);
  bool SetOwner(std::string_view path, std::uint32_t owner_uid);
  // A symbolic link, device or FIFO: all are refused alike.
  bool AddSpecialFile(std::string_view path);
  // "A", "A/archive.note", …: files and directories, sorted by byte value.
  std::vector<std::string> ListPaths() const;

 private:
  explicit MemoryFileSystem(MemoryNodePointer root);

  std::shared_ptr<MemoryTree> tree_;
};

}  // namespace authseal

#endif  // AUTHSEAL_TESTS_SUPPORT_MEMORY_FILE_SYSTEM_H_
