#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "lib/io/file_system.h"
#include "tests/support/faulty_file_system.h"
#include "tests/support/memory_file_system.h"

namespace authseal {
namespace {

class WholeFile : public ::testing::Test {
 protected:
  WholeFile() { root_ = *memory_.OpenDirectory("/"); }

  std::string TextOf(std::string_view name) const {
    const auto bytes = memory_.ReadFile(name);
    return bytes.has_value() ? std::string(AsText(*bytes)) : "(none)";
  }

  MemoryFileSystem memory_;
  std::unique_ptr<Directory> root_;
};

TEST_F(WholeFile, ReadsUpToTheLimitAndNotAByteMore) {
  // Sizes around the first read of the implementation.
  for (const std::size_t size : {0U, 1U, 4095U, 4096U, 4097U, 100'000U}) {
    const std::string text(size, 'x');
    ASSERT_TRUE(memory_.WriteFile("a", AsBytes(text)));
    const auto whole = ReadWholeFile(*root_, "a", size);
    ASSERT_TRUE(whole.has_value()) << size;
    EXPECT_EQ(AsText(*whole), text);
    EXPECT_TRUE(ReadWholeFile(*root_, "a", UINT64_MAX).has_value());
    if (size > 0) {
      const auto refused = ReadWholeFile(*root_, "a", size - 1);
      ASSERT_FALSE(refused.has_value());
      EXPECT_EQ(refused.error().code, ErrorCode::kDamaged);
    }
  }
  EXPECT_EQ(ReadWholeFile(*root_, "b", 1).error().code, ErrorCode::kNotFound);
}

// Claims to be small, then goes on: as a file that grows, or one in /proc.
class GrowingDirectory : public Directory {
 public:
  explicit GrowingDirectory(std::uint64_t size_bytes)
      : size_bytes_(size_bytes) {}

  Result<std::unique_ptr<ReadableFile>> OpenRead(
      std::string_view) const override {
    return {std::make_unique<File>(size_bytes_)};
  }
  Result<std::unique_ptr<WritableFile>> OpenWrite(std::string_view, OpenMode,
                                                  std::uint32_t) override {
    return Refused();
  }
  Result<std::unique_ptr<Directory>> OpenDirectory(
      std::string_view) const override {
    return Refused();
  }
  Status MakeDirectory(std::string_view, std::uint32_t) override {
    return Refused();
  }
  Status Rename(std::string_view, std::string_view) override {
    return Refused();
  }
  Status Remove(std::string_view) override { return Refused(); }
  Result<std::vector<std::string>> List() const override { return Refused(); }
  Result<FileInfo> Info(std::string_view) const override { return Refused(); }
  Result<FileInfo> SelfInfo() const override { return Refused(); }
  Status Sync() override { return Refused(); }
  Result<std::unique_ptr<FileLock>> Lock(std::string_view) override {
    return Refused();
  }
  Status Overwrite(std::string_view, Bytes) override { return Refused(); }

 private:
  class File : public ReadableFile {
   public:
    explicit File(std::uint64_t size_bytes) : size_bytes_(size_bytes) {}
    Result<std::size_t> ReadAt(std::uint64_t offset_bytes,
                               MutableBytes out) const override {
      std::size_t count = 0;
      while (count < out.size() && offset_bytes + count < size_bytes_) {
        out[count++] = 'g';
      }
      return count;
    }
    Result<FileInfo> Info() const override { return FileInfo{}; }
    Status DropCache() const override { return Ok(); }

   private:
    std::uint64_t size_bytes_;
  };

  static Error Refused() { return {ErrorCode::kInternal, "not expected"}; }

  std::uint64_t size_bytes_;
};

TEST_F(WholeFile, FollowsAFileThatGrowsWhileItIsRead) {
  constexpr std::uint64_t kLimitBytes = 20'000;
  for (const std::uint64_t size : {1U, 4096U, 8192U, 19'999U, 20'000U}) {
    const auto whole = ReadWholeFile(GrowingDirectory(size), "a", kLimitBytes);
    ASSERT_TRUE(whole.has_value()) << size;
    EXPECT_EQ(whole->size(), size);
  }
  for (const std::uint64_t size : {std::uint64_t{20'001}, UINT64_MAX / 2}) {
    const auto whole = ReadWholeFile(GrowingDirectory(size), "a", kLimitBytes);
    ASSERT_FALSE(whole.has_value());
    EXPECT_EQ(whole.error().code, ErrorCode::kDamaged);
  }
}

TEST_F(WholeFile, WritingReplacesAndLeavesNothingBeside) {
  ASSERT_TRUE(WriteFileDurably(*root_, "a", AsBytes("one"), 0640).has_value());
  EXPECT_EQ(TextOf("a"), "one");
  EXPECT_EQ(memory_.Info("a")->mode, 0640U);
  ASSERT_TRUE(WriteFileDurably(*root_, "a", AsBytes("2"), 0600).has_value());
  EXPECT_EQ(TextOf("a"), "2");
  EXPECT_EQ(memory_.Info("a")->mode, 0600U);
  ASSERT_TRUE(WriteFileDurably(*root_, "a", {}, 0600).has_value());
  EXPECT_EQ(TextOf("a"), "");
  EXPECT_EQ(memory_.ListPaths(), std::vector<std::string>{"a"});
}

TEST_F(WholeFile, WritingRemovesWhatACrashLeft) {
  ASSERT_TRUE(memory_.WriteFile("a.tmp", AsBytes("left by a crash")));
  ASSERT_TRUE(WriteFileDurably(*root_, "a", AsBytes("new"), 0600).has_value());
  EXPECT_EQ(TextOf("a"), "new");
  EXPECT_EQ(memory_.ListPaths(), std::vector<std::string>{"a"});
}

TEST_F(WholeFile, WritingDoesNotGoThroughALinkLeftInItsWay) {
  ASSERT_TRUE(memory_.AddSpecialFile("a.tmp"));
  ASSERT_TRUE(WriteFileDurably(*root_, "a", AsBytes("new"), 0600).has_value());
  EXPECT_EQ(TextOf("a"), "new");
  EXPECT_EQ(memory_.ListPaths(), std::vector<std::string>{"a"});
}

// A writer that starts clears temporary files away, also those that another
// process is just making.
TEST_F(WholeFile, WritingSurvivesThatItsTemporaryIsClearedAway) {
  for (int times = 1; times <= 3; ++times) {
    int left = times;
    FaultPlan plan;
    plan.before_each = [&](const std::string& operation) {
      if (operation == "rename a.tmp" && left-- > 0) {
        ASSERT_TRUE(root_->Remove("a.tmp").has_value());
      }
    };
    FaultyFileSystem files(memory_, plan);
    const auto root = *files.OpenDirectory("/");
    const Status status = WriteFileDurably(*root, "a", AsBytes("new"), 0600);
    EXPECT_EQ(status.has_value(), times < 3);  // bounded
    EXPECT_EQ(TextOf("a"), "new");
    EXPECT_EQ(memory_.ListPaths(), std::vector<std::string>{"a"});
  }
}

TEST_F(WholeFile, WritingSurvivesThatAnotherClearsWhatACrashLeft) {
  ASSERT_TRUE(memory_.WriteFile("a.tmp", AsBytes("left by a crash")));
  FaultPlan plan;
  plan.before_each = [&](const std::string& operation) {
    if (operation == "remove a.tmp") {
      ASSERT_TRUE(root_->Remove("a.tmp").has_value());
    }
  };
  FaultyFileSystem files(memory_, plan);
  const auto root = *files.OpenDirectory("/");
  ASSERT_TRUE(WriteFileDurably(*root, "a", AsBytes("new"), 0600).has_value());
  EXPECT_EQ(TextOf("a"), "new");
}

TEST_F(WholeFile, CreatingRefusesToReplace) {
  ASSERT_TRUE(CreateFileDurably(*root_, "a", AsBytes("one"), 0600).has_value());
  const Status again = CreateFileDurably(*root_, "a", AsBytes("two"), 0600);
  ASSERT_FALSE(again.has_value());
  EXPECT_EQ(again.error().code, ErrorCode::kAlreadyExists);
  EXPECT_EQ(TextOf("a"), "one");
  EXPECT_EQ(memory_.ListPaths(), std::vector<std::string>{"a"});
}

}  // namespace
}  // namespace authseal
