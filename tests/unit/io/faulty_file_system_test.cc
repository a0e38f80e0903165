#include "tests/support/faulty_file_system.h"

#include <string>

#include <gtest/gtest.h>

#include "tests/support/memory_file_system.h"

namespace authseal {
namespace {

using Counts = FaultPlan::Counts;
using Effect = FaultPlan::Effect;

class Faulty : public ::testing::Test {
 protected:
  Faulty() : faulty_(memory_) { root_ = *faulty_.OpenDirectory("/"); }

  std::unique_ptr<WritableFile> Create(std::string_view name) {
    return *root_->OpenWrite(name, OpenMode::kCreateExclusive, 0600);
  }
  std::string TextOf(std::string_view name) const {
    return std::string(AsText(*memory_.ReadFile(name)));
  }

  MemoryFileSystem memory_;
  FaultyFileSystem faulty_;
  std::unique_ptr<Directory> root_;
};

TEST_F(Faulty, FailsTheChosenOperationOnceWithTheChosenError) {
  const auto file = Create("a");
  faulty_.SetPlan(
      {.fail_at = 2,
       .error = Error{ErrorCode::kTemporary, "no descriptors left"}});
  EXPECT_TRUE(file->Append(AsBytes("1")).has_value());
  EXPECT_FALSE(faulty_.has_failed());
  const Status failed = file->Append(AsBytes("2"));
  ASSERT_FALSE(failed.has_value());
  EXPECT_EQ(failed.error().code, ErrorCode::kTemporary);
  EXPECT_EQ(failed.error().message, "no descriptors left");
  EXPECT_TRUE(faulty_.has_failed());
  EXPECT_TRUE(file->Append(AsBytes("3")).has_value());
  EXPECT_EQ(TextOf("a"), "13");
  EXPECT_EQ(faulty_.operation_count(), 3U);
}

TEST_F(Faulty, CountsAcrossAllHandles) {
  const auto first = Create("a");
  const auto second = Create("b");
  faulty_.SetPlan({.fail_at = 3});
  EXPECT_TRUE(first->Append(AsBytes("1")).has_value());
  EXPECT_TRUE(second->Append(AsBytes("2")).has_value());
  EXPECT_FALSE(root_->Sync().has_value());
  EXPECT_EQ(
      faulty_.operation_log(),
      (std::vector<std::string>{"append a", "append b", "sync-directory "}));
}

TEST_F(Faulty, StickyFaultsLetNothingMoreThrough) {
  const auto file = Create("a");
  faulty_.SetPlan(
      {.fail_at = 1, .sticky = true, .effect = Effect::kDoneAnyway});
  EXPECT_FALSE(file->Append(AsBytes("1")).has_value());
  EXPECT_FALSE(file->Append(AsBytes("2")).has_value());
  EXPECT_FALSE(root_->Remove("a").has_value());
  EXPECT_FALSE(root_->MakeDirectory("d", 0700).has_value());
  EXPECT_FALSE(root_->Lock("lock").has_value());
  EXPECT_EQ(TextOf("a"), "1") << "only the planned one has an effect";
  EXPECT_EQ(memory_.ListPaths(), std::vector<std::string>{"a"});
}

TEST_F(Faulty, HalfWrittenMeansTheFirstHalf) {
  const auto file = Create("a");
  faulty_.SetPlan({.fail_at = 1, .effect = Effect::kHalfWritten});
  EXPECT_FALSE(file->Append(AsBytes("123456")).has_value());
  EXPECT_EQ(TextOf("a"), "123");
  EXPECT_EQ(file->size_bytes(), 3U);
  EXPECT_TRUE(file->Truncate(0).has_value());
  EXPECT_EQ(TextOf("a"), "");

  ASSERT_TRUE(memory_.WriteFile("key", AsBytes("secret")));
  faulty_.SetPlan({.fail_at = 1, .effect = Effect::kHalfWritten});
  EXPECT_FALSE(root_->Overwrite("key", AsBytes("000000")).has_value());
  EXPECT_EQ(TextOf("key"), "000ret");

  faulty_.SetPlan({.fail_at = 1, .effect = Effect::kHalfWritten});
  EXPECT_FALSE(root_->Remove("key").has_value());
  EXPECT_EQ(TextOf("key"), "000ret");
}

TEST_F(Faulty, AFileWhoseSyncFailedIsNotWrittenAgain) {
  const auto file = Create("a");
  faulty_.SetPlan({.fail_at = 1});
  EXPECT_FALSE(file->SyncData().has_value());
  EXPECT_FALSE(file->SyncData().has_value()) << "the second may not lie";
  EXPECT_FALSE(file->Append(AsBytes("x")).has_value());
  EXPECT_FALSE(file->Truncate(0).has_value());
  EXPECT_FALSE(file->SetMode(0440).has_value());
  EXPECT_EQ(TextOf("a"), "");
}

TEST_F(Faulty, CanFailReadingInstead) {
  ASSERT_TRUE(memory_.WriteFile("a", AsBytes("text")));
  const auto file = root_->OpenRead("a");
  faulty_.SetPlan({.fail_at = 2, .counts = Counts::kReading});
  EXPECT_TRUE(root_->MakeDirectory("d", 0700).has_value());
  EXPECT_EQ(faulty_.operation_count(), 0U) << "a change is no read";
  ByteVector out(4);
  EXPECT_TRUE((*file)->ReadAt(0, out).has_value());
  EXPECT_FALSE((*file)->ReadAt(0, out).has_value());
  EXPECT_TRUE((*file)->ReadAt(0, out).has_value());
  EXPECT_EQ(faulty_.operation_count(), 3U);
}

}  // namespace
}  // namespace authseal
