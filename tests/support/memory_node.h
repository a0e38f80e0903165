// The nodes of MemoryFileSystem, each with what a power cut would leave of it.
#ifndef AUTHSEAL_TESTS_SUPPORT_MEMORY_NODE_H_
#define AUTHSEAL_TESTS_SUPPORT_MEMORY_NODE_H_

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/bytes.h"
#include "lib/io/file_system.h"

namespace authseal {

// What survives a power cut of the things that were not synced.
struct CrashPolicy {
  enum class Names {
    kDropUnsynced,
    kKeepUnsynced,
    kKeepPrefix,  // the first few changes of each directory, by seed
  };
  enum class Data {
    kDropUnsynced,
    kKeepUnsynced,
    kTornAppend,   // a prefix of what was appended, by seed
    kZeroedAppend  // the new size, but zeros where the new bytes belong
  };
  Names names = Names::kDropUnsynced;
  Data data = Data::kDropUnsynced;
  std::uint64_t seed = 0;
};

struct MemoryNode;
using MemoryNodePointer = std::shared_ptr<MemoryNode>;
using MemoryEntries = std::map<std::string, MemoryNodePointer, std::less<>>;

// One change of a directory; a rename is one change and so survives as a
// whole or not at all.
struct NameChange {
  enum class Kind {
    kSet,
    kRemove,
    kRename
  };
  Kind kind = Kind::kSet;
  std::string name;
  std::string new_name = {};
  MemoryNodePointer node = nullptr;
};

struct MemoryNode {
  FileInfo::Type type = FileInfo::Type::kRegular;
  std::uint32_t mode = 0;
  std::uint32_t owner_uid = 0;

  // Of a regular file.
  ByteVector bytes = {};
  ByteVector durable_bytes = {};
  std::size_t unchanged_bytes = 0;  // of `bytes`, since the last sync
  bool is_locked = false;

  // Of a directory.
  MemoryEntries entries = {};
  MemoryEntries durable_entries = {};
  std::vector<NameChange> unsynced_changes = {};

  FileInfo Info() const;
  void Append(Bytes added);
  void Truncate(std::size_t size_bytes);
  void Replace(Bytes content);
  void SyncData();
  void Change(NameChange change);
  void SyncNames();
};

// A file system's root, and the lock every access to its nodes takes.
struct MemoryTree {
  std::mutex mutex;
  MemoryNodePointer root;
};

MemoryNodePointer MakeMemoryNode(FileInfo::Type type, std::uint32_t mode);

// A copy of `node` and all below it as a power cut leaves them; in the copy
// everything is durable and nothing locked.
MemoryNodePointer CopyAfterCrash(const MemoryNode& node,
                                 const CrashPolicy& policy,
                                 std::mt19937_64& random);

}  // namespace authseal

#endif  // AUTHSEAL_TESTS_SUPPORT_MEMORY_NODE_H_
