#include "tests/unit/io/file_system_world.h"

#include <filesystem>

#include "tests/support/faulty_file_system.h"
#include "tests/support/memory_file_system.h"
#include "tests/support/temporary_directory.h"

namespace authseal {
namespace {

class PosixWorld : public FileSystemWorld {
 public:
  FileSystem& file_system() override { return PosixFileSystem(); }
  std::string PathOf(std::string_view name) const override {
    return directory_.PathOf(name);
  }
  void AddSymbolicLink(std::string_view name,
                       std::string_view target) override {
    std::filesystem::create_symlink(target, PathOf(name));
  }

 private:
  TemporaryDirectory directory_;
};

class MemoryWorld : public FileSystemWorld {
 public:
  MemoryWorld() { EXPECT_TRUE(memory_.CreateDirectory("root", 0700)); }

  FileSystem& file_system() override { return memory_; }
  std::string PathOf(std::string_view name) const override {
    return "root/" + std::string(name);
  }
  void AddSymbolicLink(std::string_view name,
                       std::string_view /*target*/) override {
    EXPECT_TRUE(memory_.AddSpecialFile(PathOf(name)));
  }

 private:
  MemoryFileSystem memory_;
};

// Without a fault, a FaultyFileSystem must not be noticed.
class FaultlessWorld : public MemoryWorld {
 public:
  FileSystem& file_system() override { return faulty_; }

 private:
  FaultyFileSystem faulty_{MemoryWorld::file_system()};
};

}  // namespace

std::unique_ptr<FileSystemWorld> MakeWorld(std::string_view kind) {
  if (kind == "Posix") {
    return std::make_unique<PosixWorld>();
  }
  if (kind == "Memory") {
    return std::make_unique<MemoryWorld>();
  }
  return std::make_unique<FaultlessWorld>();
}

FileSystemContract::FileSystemContract() : world_(MakeWorld(GetParam())) {
  root_ = *file_system().OpenDirectory(PathOf(""));
}

void FileSystemContract::AddFile(std::string_view name, std::string_view text) {
  auto file = root_->OpenWrite(name, OpenMode::kCreateExclusive, 0600);
  ASSERT_TRUE(file.has_value()) << file.error().message;
  ASSERT_TRUE((*file)->Append(AsBytes(text)).has_value());
}

std::string FileSystemContract::TextOf(std::string_view name) const {
  const auto bytes = ReadWholeFile(*root_, name, 1 << 20);
  EXPECT_TRUE(bytes.has_value()) << name;
  return bytes.has_value() ? std::string(AsText(*bytes)) : "";
}

}  // namespace authseal
