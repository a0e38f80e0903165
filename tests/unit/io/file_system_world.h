// The implementations of FileSystem that the contract tests run through.
#ifndef AUTHSEAL_TESTS_UNIT_IO_FILE_SYSTEM_WORLD_H_
#define AUTHSEAL_TESTS_UNIT_IO_FILE_SYSTEM_WORLD_H_

#include <memory>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "lib/io/file_system.h"

namespace authseal {

// An empty directory "root" of some file system.
class FileSystemWorld {
 public:
  virtual ~FileSystemWorld() = default;
  virtual FileSystem& file_system() = 0;
  virtual std::string PathOf(std::string_view name) const = 0;
  // A symbolic link beside the files of the root, to an existing `target`.
  virtual void AddSymbolicLink(std::string_view name,
                               std::string_view target) = 0;
};

std::unique_ptr<FileSystemWorld> MakeWorld(std::string_view kind);

class FileSystemContract : public ::testing::TestWithParam<std::string> {
 protected:
  FileSystemContract();

  FileSystem& file_system() { return world_->file_system(); }
  std::string PathOf(std::string_view name) const {
    return world_->PathOf(name);
  }
  void AddFile(std::string_view name, std::string_view text);
  std::string TextOf(std::string_view name) const;

  std::unique_ptr<FileSystemWorld> world_;
  std::unique_ptr<Directory> root_;
};

}  // namespace authseal

#endif  // AUTHSEAL_TESTS_UNIT_IO_FILE_SYSTEM_WORLD_H_
