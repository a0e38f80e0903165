// Open directories and files of MemoryFileSystem.
#ifndef AUTHSEAL_TESTS_SUPPORT_MEMORY_HANDLES_H_
#define AUTHSEAL_TESTS_SUPPORT_MEMORY_HANDLES_H_

#include <memory>
#include <string>
#include <vector>

#include "lib/io/file_system.h"
#include "tests/support/memory_node.h"

namespace authseal {

class MemoryDirectory : public Directory {
 public:
  MemoryDirectory(std::shared_ptr<MemoryTree> tree, MemoryNodePointer node)
      : tree_(std::move(tree)), node_(std::move(node)) {}

  Result<std::unique_ptr<ReadableFile>> OpenRead(
      std::string_view name) const override;
  Result<std::unique_ptr<WritableFile>> OpenWrite(std::string_view name,
                                                  OpenMode open_mode,
                                                  std::uint32_t mode) override;
  Result<std::unique_ptr<Directory>> OpenDirectory(
      std::string_view name) const override;
  Status MakeDirectory(std::string_view name, std::uint32_t mode) override;
  Status Rename(std::string_view from, std::string_view to) override;
  Status Remove(std::string_view name) override;
  Result<std::vector<std::string>> List() const override;
  Result<FileInfo> Info(std::string_view name) const override;
  Result<FileInfo> SelfInfo() const override;
  Status Sync() override;
  Result<std::unique_ptr<FileLock>> Lock(std::string_view name) override;
  Status Overwrite(std::string_view name, Bytes bytes) override;

 private:
  // These expect the tree's lock to be held.
  Result<MemoryNodePointer> Find(std::string_view name) const;
  Result<MemoryNodePointer> FindRegular(std::string_view name) const;
  Result<MemoryNodePointer> Create(std::string_view name, FileInfo::Type type,
                                   std::uint32_t mode);

  std::shared_ptr<MemoryTree> tree_;
  MemoryNodePointer node_;
};

}  // namespace authseal

#endif  // AUTHSEAL_TESTS_SUPPORT_MEMORY_HANDLES_H_
