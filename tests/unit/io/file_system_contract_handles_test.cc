// What every open file and lock promises.
#include <atomic>
#include <limits>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "tests/unit/io/file_system_world.h"

namespace authseal {
namespace {

class FileContract : public FileSystemContract {};

template <typename T>
ErrorCode CodeOf(const Result<T>& result) {
  EXPECT_FALSE(result.has_value());
  return result.has_value() ? ErrorCode::kInternal : result.error().code;
}

TEST_P(FileContract, ExclusiveCreationMeetsAnExistingFileOnce) {
  AddFile("a", "first");
  EXPECT_EQ(CodeOf(root_->OpenWrite("a", OpenMode::kCreateExclusive, 0600)),
            ErrorCode::kAlreadyExists);
  EXPECT_EQ(TextOf("a"), "first");
}

TEST_P(FileContract, AppendingGoesOnWhereTheFileEnds) {
  EXPECT_EQ(CodeOf(root_->OpenWrite("a", OpenMode::kAppendExisting, 0600)),
            ErrorCode::kNotFound);
  AddFile("a", "one");
  const auto file = root_->OpenWrite("a", OpenMode::kAppendExisting, 0600);
  ASSERT_TRUE(file.has_value());
  EXPECT_EQ((*file)->size_bytes(), 3U);
  EXPECT_TRUE((*file)->Append(AsBytes("two")).has_value());
  EXPECT_TRUE((*file)->Append({}).has_value());
  EXPECT_TRUE((*file)->SyncData().has_value());
  EXPECT_EQ((*file)->size_bytes(), 6U);
  EXPECT_EQ(TextOf("a"), "onetwo");
}

TEST_P(FileContract, TruncatingCutsAndAppendingGoesOnThere) {
  const auto file = root_->OpenWrite("a", OpenMode::kCreateExclusive, 0600);
  ASSERT_TRUE((*file)->Append(AsBytes("0123456789")).has_value());
  EXPECT_TRUE((*file)->Truncate(4).has_value());
  EXPECT_EQ((*file)->size_bytes(), 4U);
  EXPECT_TRUE((*file)->Append(AsBytes("x")).has_value());
  EXPECT_EQ(TextOf("a"), "0123x");
  EXPECT_TRUE((*file)->Truncate(5).has_value());
  EXPECT_EQ(CodeOf((*file)->Truncate(6)), ErrorCode::kInvalidArgument);
  EXPECT_EQ(
      CodeOf((*file)->Truncate(std::numeric_limits<std::uint64_t>::max())),
      ErrorCode::kInvalidArgument);
  EXPECT_EQ(TextOf("a"), "0123x");
}

TEST_P(FileContract, ReadsAtAnyOffsetAndCountsWhatThereIs) {
  AddFile("a", "0123456789");
  const auto file = root_->OpenRead("a");
  ASSERT_TRUE(file.has_value());
  constexpr auto kMax = std::numeric_limits<std::uint64_t>::max();
  const struct {
    std::uint64_t offset_bytes;
    std::size_t want_bytes;
    std::string_view text;
  } kCases[] = {{0, 10, "0123456789"}, {0, 3, "012"},        {7, 3, "789"},
                {7, 100, "789"},       {9, 1, "9"},          {10, 5, ""},
                {11, 5, ""},           {0, 0, ""},           {kMax, 5, ""},
                {kMax / 2, 5, ""},     {kMax / 2 - 2, 5, ""}};
  for (const auto& c : kCases) {
    ByteVector out(c.want_bytes, '?');
    const auto count = (*file)->ReadAt(c.offset_bytes, out);
    ASSERT_TRUE(count.has_value()) << c.offset_bytes;
    EXPECT_EQ(AsText(Bytes(out).first(*count)), c.text);
  }
  EXPECT_TRUE((*file)->DropCache().has_value());
  ByteVector again(10);
  EXPECT_EQ(*(*file)->ReadAt(0, again), 10U);
  EXPECT_EQ(AsText(again), "0123456789");
}

TEST_P(FileContract, ReadersSeeWhatIsAppendedLater) {
  AddFile("a", "one");
  const auto reader = root_->OpenRead("a");
  const auto writer = root_->OpenWrite("a", OpenMode::kAppendExisting, 0600);
  ASSERT_TRUE((*writer)->Append(AsBytes("two")).has_value());
  EXPECT_EQ((*reader)->Info()->size_bytes, 6U);
}

TEST_P(FileContract, ModesAreExactlyTheOnesAskedFor) {
  for (const std::uint32_t mode : {0600U, 0640U, 0644U, 0666U, 0440U, 0400U}) {
    const std::string name = "f" + std::to_string(mode);
    const auto file = root_->OpenWrite(name, OpenMode::kCreateExclusive, mode);
    ASSERT_TRUE(file.has_value());
    EXPECT_TRUE((*file)->Append(AsBytes("x")).has_value());
    EXPECT_EQ(root_->Info(name)->mode, mode);
    EXPECT_TRUE((*file)->SetMode(0440).has_value());
    EXPECT_EQ(root_->Info(name)->mode, 0440U);
  }
  for (const std::uint32_t mode : {0700U, 0750U, 0755U, 0777U}) {
    const std::string name = "d" + std::to_string(mode);
    ASSERT_TRUE(root_->MakeDirectory(name, mode).has_value());
    EXPECT_EQ(root_->Info(name)->mode, mode);
  }
  ASSERT_TRUE(WriteFileDurably(*root_, "durable", {}, 0444).has_value());
  EXPECT_EQ(root_->Info("durable")->mode, 0444U);
}

TEST_P(FileContract, ALockKeepsTheNextOneOutUntilItIsGone) {
  auto first = root_->Lock("lock");
  ASSERT_TRUE(first.has_value());
  EXPECT_EQ(root_->Info("lock")->mode, 0600U);
  EXPECT_EQ(CodeOf(root_->Lock("lock")), ErrorCode::kLocked);
  const auto elsewhere = file_system().OpenDirectory(PathOf(""));
  EXPECT_EQ(CodeOf((*elsewhere)->Lock("lock")), ErrorCode::kLocked);
  EXPECT_TRUE(root_->Lock("another").has_value());
  first->reset();
  EXPECT_TRUE(root_->Lock("lock").has_value());
  EXPECT_TRUE(root_->Lock("lock").has_value()) << "the last one was dropped";
}

TEST_P(FileContract, ALockFileIsCreatedOnceAndKeepsItsBytes) {
  AddFile("lock", "pid 12");
  { const auto held = root_->Lock("lock"); }
  EXPECT_EQ(TextOf("lock"), "pid 12");
  ASSERT_TRUE(root_->MakeDirectory("directory", 0700).has_value());
  EXPECT_EQ(CodeOf(root_->Lock("directory")), ErrorCode::kInvalidArgument);
}

TEST_P(FileContract, OverwritingReplacesEveryByteAndNeverTheSize) {
  AddFile("key", "secret");
  EXPECT_EQ(CodeOf(root_->Overwrite("key", AsBytes("00000"))),
            ErrorCode::kInvalidArgument);
  EXPECT_EQ(CodeOf(root_->Overwrite("key", AsBytes("0000000"))),
            ErrorCode::kInvalidArgument);
  EXPECT_EQ(TextOf("key"), "secret");
  EXPECT_TRUE(root_->Overwrite("key", AsBytes("000000")).has_value());
  EXPECT_EQ(TextOf("key"), "000000");
  EXPECT_EQ(CodeOf(root_->Overwrite("missing", AsBytes("0"))),
            ErrorCode::kNotFound);
  EXPECT_EQ(CodeOf(root_->Info("missing")), ErrorCode::kNotFound);
}

TEST_P(FileContract, ConstCallsOnOneObjectRunInParallel) {
  const std::string text(100'000, 'x');
  AddFile("a", text);
  AddFile("b", "");
  const auto file = root_->OpenRead("a");
  std::atomic<int> failures = 0;
  const auto work = [&] {
    for (int i = 0; i < 50; ++i) {
      ByteVector out(text.size());
      const auto count = (*file)->ReadAt(0, out);
      const auto names = root_->List();
      if (!count.has_value() || AsText(out) != text || !names.has_value() ||
          names->size() != 2) {
        ++failures;
      }
    }
  };
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back(work);
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  EXPECT_EQ(failures, 0);
}

INSTANTIATE_TEST_SUITE_P(, FileContract,
                         ::testing::Values("Posix", "Memory", "Faultless"),
                         [](const auto& param) { return param.param; });

}  // namespace
}  // namespace authseal
