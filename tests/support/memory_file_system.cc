#include "tests/support/memory_file_system.h"

#include <algorithm>
#include <utility>

#include "tests/support/memory_handles.h"

namespace authseal {
namespace {

std::vector<std::string> SplitPath(std::string_view path) {
  std::vector<std::string> parts;
  while (!path.empty()) {
    const std::size_t end = std::min(path.find('/'), path.size());
    const std::string_view part = path.substr(0, end);
    if (!part.empty() && part != ".") {
      parts.emplace_back(part);
    }
    path.remove_prefix(std::min(end + 1, path.size()));
  }
  return parts;
}

MemoryNodePointer Walk(MemoryNodePointer node,
                       const std::vector<std::string>& parts) {
  for (const std::string& part : parts) {
    const auto entry = node->entries.find(part);
    if (entry == node->entries.end()) {
      return nullptr;
    }
    node = entry->second;
  }
  return node;
}

// The directory that `path` is in, and its last part.
struct Place {
  MemoryNodePointer parent;
  std::string name;
};

std::optional<Place> FindPlace(const MemoryTree& tree, std::string_view path) {
  std::vector<std::string> parts = SplitPath(path);
  if (parts.empty()) {
    return std::nullopt;
  }
  std::string name = std::move(parts.back());
  parts.pop_back();
  MemoryNodePointer parent = Walk(tree.root, parts);
  if (parent == nullptr || parent->type != FileInfo::Type::kDirectory) {
    return std::nullopt;
  }
  return Place{std::move(parent), std::move(name)};
}

void CollectPaths(const MemoryNode& directory, const std::string& prefix,
                  std::vector<std::string>& paths) {
  for (const auto& [name, node] : directory.entries) {
    paths.push_back(prefix + name);
    CollectPaths(*node, prefix + name + "/", paths);
  }
}

Error NoSuchPath(std::string_view path) {
  return Error{ErrorCode::kNotFound,
               std::string(path) + ": no such file or directory"};
}

}  // namespace

MemoryFileSystem::MemoryFileSystem()
    : MemoryFileSystem(MakeMemoryNode(FileInfo::Type::kDirectory, 0755)) {}

MemoryFileSystem::MemoryFileSystem(MemoryNodePointer root)
    : tree_(std::make_shared<MemoryTree>()) {
  tree_->root = std::move(root);
}

Result<std::unique_ptr<Directory>> MemoryFileSystem::OpenDirectory(
    std::string_view path) {
  const std::lock_guard lock(tree_->mutex);
  MemoryNodePointer node = Walk(tree_->root, SplitPath(path));
  if (node == nullptr) {
    return NoSuchPath(path);
  }
  if (node->type != FileInfo::Type::kDirectory) {
    return Error{ErrorCode::kInvalidArgument,
                 std::string(path) + ": not a directory"};
  }
  return {std::make_unique<MemoryDirectory>(tree_, std::move(node))};
}

Result<std::unique_ptr<Directory>> MemoryFileSystem::CreateDirectory(
    std::string_view path, std::uint32_t mode) {
  std::optional<Place> place;
  {
    const std::lock_guard lock(tree_->mutex);
    if (SplitPath(path).empty()) {
      return Error{ErrorCode::kAlreadyExists,
                   std::string(path) + ": file exists"};
    }
    place = FindPlace(*tree_, path);
  }
  if (!place.has_value()) {
    return NoSuchPath(path);
  }
  MemoryDirectory parent(tree_, std::move(place->parent));
  TRY(parent.MakeDirectory(place->name, mode));
  TRY(parent.Sync());
  return parent.OpenDirectory(place->name);
}

Result<FileInfo> MemoryFileSystem::Info(std::string_view path) {
  const std::lock_guard lock(tree_->mutex);
  const MemoryNodePointer node = Walk(tree_->root, SplitPath(path));
  if (node == nullptr) {
    return NoSuchPath(path);
  }
  return node->Info();
}

MemoryFileSystem MemoryFileSystem::CrashCopy(const CrashPolicy& policy) const {
  const std::lock_guard lock(tree_->mutex);
  std::mt19937_64 random(policy.seed);
  return MemoryFileSystem(CopyAfterCrash(*tree_->root, policy, random));
}

std::optional<ByteVector> MemoryFileSystem::ReadFile(
    std::string_view path) const {
  const std::lock_guard lock(tree_->mutex);
  const MemoryNodePointer node = Walk(tree_->root, SplitPath(path));
  if (node == nullptr || node->type != FileInfo::Type::kRegular) {
    return std::nullopt;
  }
  return node->bytes;
}

bool MemoryFileSystem::WriteFile(std::string_view path, Bytes bytes) {
  const std::lock_guard lock(tree_->mutex);
  const std::optional<Place> place = FindPlace(*tree_, path);
  if (!place.has_value()) {
    return false;
  }
  MemoryNodePointer& node = place->parent->entries[place->name];
  if (node == nullptr) {
    node = MakeMemoryNode(FileInfo::Type::kRegular, 0600);
  }
  node->Replace(bytes);
  node->SyncData();
  place->parent->SyncNames();
  return true;
}

bool MemoryFileSystem::RemovePath(std::string_view path) {
  const std::lock_guard lock(tree_->mutex);
  const std::optional<Place> place = FindPlace(*tree_, path);
  if (!place.has_value() || place->parent->entries.erase(place->name) == 0) {
    return false;
  }
  place->parent->SyncNames();
  return true;
}

bool MemoryFileSystem::SetMode(std::string_view path, std::uint32_t mode) {
  const std::lock_guard lock(tree_->mutex);
  const MemoryNodePointer node = Walk(tree_->root, SplitPath(path));
  if (node == nullptr) {
    return false;
  }
  node->mode = mode;
  return true;
}

bool MemoryFileSystem::SetOwner(std::string_view path,
                                std::uint32_t owner_uid) {
  const std::lock_guard lock(tree_->mutex);
  const MemoryNodePointer node = Walk(tree_->root, SplitPath(path));
  if (node == nullptr) {
    return false;
  }
  node->owner_uid = owner_uid;
  return true;
}

bool MemoryFileSystem::AddSpecialFile(std::string_view path) {
  const std::lock_guard lock(tree_->mutex);
  const std::optional<Place> place = FindPlace(*tree_, path);
  if (!place.has_value()) {
    return false;
  }
  place->parent->entries.insert_or_assign(
      place->name, MakeMemoryNode(FileInfo::Type::kOther, 0777));
  place->parent->SyncNames();
  return true;
}

std::vector<std::string> MemoryFileSystem::ListPaths() const {
  const std::lock_guard lock(tree_->mutex);
  std::vector<std::string> paths;
  CollectPaths(*tree_->root, "", paths);
  std::sort(paths.begin(), paths.end());
  return paths;
}

}  // namespace authseal
