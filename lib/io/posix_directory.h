// An open directory. For lib/io alone.
#ifndef AUTHSEAL_IO_POSIX_DIRECTORY_H_
#define AUTHSEAL_IO_POSIX_DIRECTORY_H_

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "lib/io/file_system.h"
#include "lib/io/posix_descriptor.h"

namespace authseal {

class PosixDirectory : public Directory {
 public:
  explicit PosixDirectory(Descriptor descriptor)
      : descriptor_(std::move(descriptor)) {}

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
  Result<std::vector<DirectoryEntry>> ListEntries() const override;
  Result<FileInfo> Info(std::string_view name) const override;
  Result<FileInfo> SelfInfo() const override;
  Status Sync() override;
  Result<std::unique_ptr<FileLock>> Lock(std::string_view name) override;
  Status Overwrite(std::string_view name, Bytes bytes) override;

 private:
  // By name; none for a type that the file system does not tell here.
  struct Listed {
    std::string name;
    std::optional<FileInfo::Type> type;
  };
  Result<std::vector<Listed>> ReadEntries() const;
  Result<Descriptor> CreateExclusive(std::string_view name, std::uint32_t mode);
  Result<Descriptor> OpenOrCreateLockFile(std::string_view name);

  Descriptor descriptor_;
};

}  // namespace authseal

#endif  // AUTHSEAL_IO_POSIX_DIRECTORY_H_
