#include "tests/support/memory_handles.h"

#include <algorithm>
#include <utility>

#include "lib/io/file_name.h"

namespace authseal {
namespace {

Error NameError(ErrorCode code, std::string_view name, std::string_view what) {
  return Error{code, std::string(name) + ": " + std::string(what)};
}

class MemoryReadableFile : public ReadableFile {
 public:
  MemoryReadableFile(std::shared_ptr<MemoryTree> tree, MemoryNodePointer node)
      : tree_(std::move(tree)), node_(std::move(node)) {}

  Result<std::size_t> ReadAt(std::uint64_t offset_bytes,
                             MutableBytes out) const override {
    const std::lock_guard lock(tree_->mutex);
    const ByteVector& bytes = node_->bytes;
    if (offset_bytes >= bytes.size()) {
      return std::size_t{0};
    }
    const Bytes source =
        Bytes(bytes).subspan(static_cast<std::size_t>(offset_bytes));
    const std::size_t count = std::min(out.size(), source.size());
    std::copy_n(source.begin(), count, out.begin());
    return count;
  }

  Result<FileInfo> Info() const override {
    const std::lock_guard lock(tree_->mutex);
    return node_->Info();
  }

  Status DropCache() const override { return Ok(); }

 private:
  std::shared_ptr<MemoryTree> tree_;
  MemoryNodePointer node_;
};

class MemoryWritableFile : public WritableFile {
 public:
  MemoryWritableFile(std::shared_ptr<MemoryTree> tree, MemoryNodePointer node)
      : tree_(std::move(tree)), node_(std::move(node)) {}

  Status Append(Bytes bytes) override {
    const std::lock_guard lock(tree_->mutex);
    node_->Append(bytes);
    return Ok();
  }

  Status SyncData() override {
    const std::lock_guard lock(tree_->mutex);
    node_->SyncData();
    return Ok();
  }

  Status Truncate(std::uint64_t size_bytes) override {
    const std::lock_guard lock(tree_->mutex);
    if (size_bytes > node_->bytes.size()) {
      return Error{ErrorCode::kInvalidArgument,
                   "truncate would make the file longer"};
    }
    node_->Truncate(static_cast<std::size_t>(size_bytes));
    return Ok();
  }

  Status SetMode(std::uint32_t mode) override {
    const std::lock_guard lock(tree_->mutex);
    node_->mode = mode;
    return Ok();
  }

  std::uint64_t size_bytes() const override {
    const std::lock_guard lock(tree_->mutex);
    return node_->bytes.size();
  }

 private:
  std::shared_ptr<MemoryTree> tree_;
  MemoryNodePointer node_;
};

class MemoryFileLock : public FileLock {
 public:
  MemoryFileLock(std::shared_ptr<MemoryTree> tree, MemoryNodePointer node)
      : tree_(std::move(tree)), node_(std::move(node)) {}
  MemoryFileLock(const MemoryFileLock&) = delete;
  MemoryFileLock& operator=(const MemoryFileLock&) = delete;
  ~MemoryFileLock() override {
    const std::lock_guard lock(tree_->mutex);
    node_->is_locked = false;
  }

 private:
  std::shared_ptr<MemoryTree> tree_;
  MemoryNodePointer node_;
};

}  // namespace

Result<MemoryNodePointer> MemoryDirectory::Find(std::string_view name) const {
  TRY(CheckFileName(name));
  const auto entry = node_->entries.find(name);
  if (entry == node_->entries.end()) {
    return NameError(ErrorCode::kNotFound, name, "no such file or directory");
  }
  return entry->second;
}

Result<MemoryNodePointer> MemoryDirectory::FindRegular(
    std::string_view name) const {
  TRY_ASSIGN(MemoryNodePointer node, Find(name));
  if (node->type != FileInfo::Type::kRegular) {
    return NameError(ErrorCode::kInvalidArgument, name, "not a regular file");
  }
  return node;
}

Result<MemoryNodePointer> MemoryDirectory::Create(std::string_view name,
                                                  FileInfo::Type type,
                                                  std::uint32_t mode) {
  TRY(CheckFileName(name));
  if (node_->entries.find(name) != node_->entries.end()) {
    return NameError(ErrorCode::kAlreadyExists, name, "file exists");
  }
  MemoryNodePointer node = MakeMemoryNode(type, mode);
  node_->Change({.kind = NameChange::Kind::kSet,
                 .name = std::string(name),
                 .node = node});
  return node;
}

Result<std::unique_ptr<ReadableFile>> MemoryDirectory::OpenRead(
    std::string_view name) const {
  const std::lock_guard lock(tree_->mutex);
  TRY_ASSIGN(MemoryNodePointer node, FindRegular(name));
  return {std::make_unique<MemoryReadableFile>(tree_, std::move(node))};
}

Result<std::unique_ptr<WritableFile>> MemoryDirectory::OpenWrite(
    std::string_view name, OpenMode open_mode, std::uint32_t mode) {
  const std::lock_guard lock(tree_->mutex);
  TRY_ASSIGN(MemoryNodePointer node,
             open_mode == OpenMode::kCreateExclusive
                 ? Create(name, FileInfo::Type::kRegular, mode)
                 : FindRegular(name));
  return {std::make_unique<MemoryWritableFile>(tree_, std::move(node))};
}

Result<std::unique_ptr<Directory>> MemoryDirectory::OpenDirectory(
    std::string_view name) const {
  const std::lock_guard lock(tree_->mutex);
  TRY_ASSIGN(MemoryNodePointer node, Find(name));
  if (node->type != FileInfo::Type::kDirectory) {
    return NameError(ErrorCode::kInvalidArgument, name, "not a directory");
  }
  return {std::make_unique<MemoryDirectory>(tree_, std::move(node))};
}

Status MemoryDirectory::MakeDirectory(std::string_view name,
                                      std::uint32_t mode) {
  const std::lock_guard lock(tree_->mutex);
  TRY(Create(name, FileInfo::Type::kDirectory, mode));
  return Ok();
}

Status MemoryDirectory::Rename(std::string_view from, std::string_view to) {
  const std::lock_guard lock(tree_->mutex);
  TRY_ASSIGN(MemoryNodePointer node, Find(from));
  const Result<MemoryNodePointer> replaced = Find(to);
  if (!replaced.has_value() && replaced.error().code != ErrorCode::kNotFound) {
    return replaced.error();
  }
  if (replaced.has_value() &&
      (node->type == FileInfo::Type::kDirectory ||
       (*replaced)->type == FileInfo::Type::kDirectory)) {
    return NameError(ErrorCode::kInvalidArgument, to,
                     "a directory is not replaced");
  }
  if (from != to) {
    node_->Change({.kind = NameChange::Kind::kRename,
                   .name = std::string(from),
                   .new_name = std::string(to),
                   .node = node});
  }
  return Ok();
}

Status MemoryDirectory::Remove(std::string_view name) {
  const std::lock_guard lock(tree_->mutex);
  TRY_ASSIGN(const MemoryNodePointer node, Find(name));
  if (node->type == FileInfo::Type::kDirectory) {
    return NameError(ErrorCode::kInvalidArgument, name, "is a directory");
  }
  node_->Change({.kind = NameChange::Kind::kRemove, .name = std::string(name)});
  return Ok();
}

Result<std::vector<std::string>> MemoryDirectory::List() const {
  const std::lock_guard lock(tree_->mutex);
  std::vector<std::string> names;
  for (const auto& [name, node] : node_->entries) {
    names.push_back(name);
  }
  return names;
}

Result<FileInfo> MemoryDirectory::Info(std::string_view name) const {
  const std::lock_guard lock(tree_->mutex);
  TRY_ASSIGN(const MemoryNodePointer node, Find(name));
  return node->Info();
}

Result<FileInfo> MemoryDirectory::SelfInfo() const {
  const std::lock_guard lock(tree_->mutex);
  return node_->Info();
}

Status MemoryDirectory::Sync() {
  const std::lock_guard lock(tree_->mutex);
  node_->SyncNames();
  return Ok();
}

Result<std::unique_ptr<FileLock>> MemoryDirectory::Lock(std::string_view name) {
  constexpr std::uint32_t kLockFileMode = 0600;
  const std::lock_guard lock(tree_->mutex);
  Result<MemoryNodePointer> node = FindRegular(name);
  if (!node.has_value() && node.error().code == ErrorCode::kNotFound) {
    node = Create(name, FileInfo::Type::kRegular, kLockFileMode);
  }
  if (!node.has_value()) {
    return std::move(node).error();
  }
  if ((*node)->is_locked) {
    return NameError(ErrorCode::kLocked, name, "is held by another");
  }
  (*node)->is_locked = true;
  return {std::make_unique<MemoryFileLock>(tree_, *std::move(node))};
}

Status MemoryDirectory::Overwrite(std::string_view name, Bytes bytes) {
  const std::lock_guard lock(tree_->mutex);
  TRY_ASSIGN(const MemoryNodePointer node, FindRegular(name));
  if (bytes.size() != node->bytes.size()) {
    return NameError(ErrorCode::kInvalidArgument, name,
                     "overwritten with another number of bytes");
  }
  node->Replace(bytes);
  node->SyncData();
  return Ok();
}

}  // namespace authseal
