#include "tests/support/memory_node.h"

#include <algorithm>
#include <unistd.h>
#include <utility>

namespace authseal {
namespace {

void Apply(const NameChange& change, MemoryEntries& entries) {
  switch (change.kind) {
    case NameChange::Kind::kSet:
      entries.insert_or_assign(change.name, change.node);
      return;
    case NameChange::Kind::kRemove:
      entries.erase(change.name);
      return;
    case NameChange::Kind::kRename:
      entries.erase(change.name);
      entries.insert_or_assign(change.new_name, change.node);
      return;
  }
}

// 0 to `largest`, evenly enough; the standard distributions differ between
// libraries and would make seeds worthless.
std::size_t Choose(std::size_t largest, std::mt19937_64& random) {
  return static_cast<std::size_t>(random() % (largest + 1));
}

ByteVector BytesAfterCrash(const MemoryNode& node, const CrashPolicy& policy,
                           std::mt19937_64& random) {
  const ByteVector& durable = node.durable_bytes;
  if (policy.data == CrashPolicy::Data::kDropUnsynced) {
    return durable;
  }
  if (policy.data == CrashPolicy::Data::kKeepUnsynced) {
    return node.bytes;
  }
  const bool was_only_appended = node.unchanged_bytes == durable.size();
  if (!was_only_appended) {  // cut or overwritten: before or after
    return Choose(1, random) == 0 ? durable : node.bytes;
  }
  ByteVector bytes = node.bytes;
  if (policy.data == CrashPolicy::Data::kZeroedAppend) {
    std::fill(bytes.begin() + static_cast<std::ptrdiff_t>(durable.size()),
              bytes.end(), std::uint8_t{0});
  } else {
    bytes.resize(durable.size() +
                 Choose(bytes.size() - durable.size(), random));
  }
  return bytes;
}

MemoryEntries NamesAfterCrash(const MemoryNode& node, const CrashPolicy& policy,
                              std::mt19937_64& random) {
  switch (policy.names) {
    case CrashPolicy::Names::kDropUnsynced:
      return node.durable_entries;
    case CrashPolicy::Names::kKeepUnsynced:
      return node.entries;
    case CrashPolicy::Names::kKeepPrefix:
      break;
  }
  MemoryEntries entries = node.durable_entries;
  const std::size_t kept = Choose(node.unsynced_changes.size(), random);
  for (std::size_t i = 0; i < kept; ++i) {
    Apply(node.unsynced_changes[i], entries);
  }
  return entries;
}

}  // namespace

FileInfo MemoryNode::Info() const {
  return FileInfo{.type = type,
                  .size_bytes = bytes.size(),
                  .mode = mode,
                  .owner_uid = owner_uid};
}

void MemoryNode::Append(Bytes added) {
  bytes.insert(bytes.end(), added.begin(), added.end());
}

void MemoryNode::Truncate(std::size_t size_bytes) {
  bytes.resize(size_bytes);
  unchanged_bytes = std::min(unchanged_bytes, size_bytes);
}

void MemoryNode::Replace(Bytes content) {
  bytes.assign(content.begin(), content.end());
  unchanged_bytes = 0;
}

void MemoryNode::SyncData() {
  durable_bytes.resize(unchanged_bytes);
  durable_bytes.insert(
      durable_bytes.end(),
      bytes.begin() + static_cast<std::ptrdiff_t>(unchanged_bytes),
      bytes.end());
  unchanged_bytes = bytes.size();
}

void MemoryNode::Change(NameChange change) {
  Apply(change, entries);
  unsynced_changes.push_back(std::move(change));
}

void MemoryNode::SyncNames() {
  durable_entries = entries;
  unsynced_changes.clear();
}

MemoryNodePointer MakeMemoryNode(FileInfo::Type type, std::uint32_t mode) {
  auto node = std::make_shared<MemoryNode>();
  node->type = type;
  node->mode = mode;
  node->owner_uid = ::geteuid();  // as a file that was just created
  return node;
}

MemoryNodePointer CopyAfterCrash(const MemoryNode& node,
                                 const CrashPolicy& policy,
                                 std::mt19937_64& random) {
  MemoryNodePointer copy = MakeMemoryNode(node.type, node.mode);
  copy->owner_uid = node.owner_uid;
  copy->bytes = BytesAfterCrash(node, policy, random);
  copy->SyncData();
  for (const auto& [name, child] : NamesAfterCrash(node, policy, random)) {
    copy->entries.emplace(name, CopyAfterCrash(*child, policy, random));
  }
  copy->SyncNames();
  return copy;
}

}  // namespace authseal
