// MemoryFileSystem forgets in a power cut what a disk may forget, and nothing
// else: the crash tests elsewhere are worth what this file shows.
#include <set>
#include <string>

#include <gtest/gtest.h>

#include "tests/support/memory_file_system.h"

namespace authseal {
namespace {

using Names = CrashPolicy::Names;
using Data = CrashPolicy::Data;

class MemoryCrash : public ::testing::Test {
 protected:
  MemoryCrash() { root_ = *memory_.OpenDirectory("/"); }

  std::unique_ptr<WritableFile> Create(std::string_view name) {
    return *root_->OpenWrite(name, OpenMode::kCreateExclusive, 0600);
  }
  // The text after a crash; "(none)" when the file is not there.
  std::string After(std::string_view name, const CrashPolicy& policy) const {
    const auto bytes = memory_.CrashCopy(policy).ReadFile(name);
    return bytes.has_value() ? std::string(AsText(*bytes)) : "(none)";
  }

  MemoryFileSystem memory_;
  std::unique_ptr<Directory> root_;
};

constexpr CrashPolicy kDropAll = {};
constexpr CrashPolicy kKeepAll = {.names = Names::kKeepUnsynced,
                                  .data = Data::kKeepUnsynced};

TEST_F(MemoryCrash, AFileNeedsBothItsBytesAndItsNameSynced) {
  const auto file = Create("a");
  ASSERT_TRUE(file->Append(AsBytes("text")).has_value());
  EXPECT_EQ(After("a", kDropAll), "(none)");
  EXPECT_EQ(After("a", kKeepAll), "text");
  EXPECT_EQ(After("a", {.names = Names::kKeepUnsynced}), "");

  ASSERT_TRUE(file->SyncData().has_value());
  EXPECT_EQ(After("a", kDropAll), "(none)");
  EXPECT_EQ(After("a", {.names = Names::kKeepUnsynced}), "text");

  ASSERT_TRUE(root_->Sync().has_value());
  EXPECT_EQ(After("a", kDropAll), "text");

  ASSERT_TRUE(file->Append(AsBytes(" and more")).has_value());
  EXPECT_EQ(After("a", kDropAll), "text");
  EXPECT_EQ(After("a", kKeepAll), "text and more");
}

TEST_F(MemoryCrash, ANameSyncDoesNotSyncBytes) {
  const auto file = Create("a");
  ASSERT_TRUE(file->Append(AsBytes("text")).has_value());
  ASSERT_TRUE(root_->Sync().has_value());
  EXPECT_EQ(After("a", kDropAll), "");
}

TEST_F(MemoryCrash, TornAppendsKeepEveryPrefixSoonerOrLater) {
  const auto file = Create("a");
  ASSERT_TRUE(root_->Sync().has_value());
  ASSERT_TRUE(file->Append(AsBytes("ab")).has_value());
  ASSERT_TRUE(file->SyncData().has_value());
  ASSERT_TRUE(file->Append(AsBytes("cd")).has_value());
  std::set<std::string> seen;
  for (std::uint64_t seed = 0; seed < 64; ++seed) {
    const CrashPolicy policy = {.data = Data::kTornAppend, .seed = seed};
    seen.insert(After("a", policy));
    EXPECT_EQ(After("a", policy), After("a", policy)) << "a seed is a state";
  }
  EXPECT_EQ(seen, (std::set<std::string>{"ab", "abc", "abcd"}));
}

TEST_F(MemoryCrash, ZeroedAppendsHaveTheSizeWithoutTheBytes) {
  const auto file = Create("a");
  ASSERT_TRUE(root_->Sync().has_value());
  ASSERT_TRUE(file->Append(AsBytes("ab")).has_value());
  ASSERT_TRUE(file->SyncData().has_value());
  ASSERT_TRUE(file->Append(AsBytes("cd")).has_value());
  EXPECT_EQ(After("a", {.data = Data::kZeroedAppend}),
            std::string("ab\0\0", 4));
}

TEST_F(MemoryCrash, AnUnsyncedCutComesBack) {
  const auto file = Create("a");
  ASSERT_TRUE(root_->Sync().has_value());
  ASSERT_TRUE(file->Append(AsBytes("abcdef")).has_value());
  ASSERT_TRUE(file->SyncData().has_value());
  ASSERT_TRUE(file->Truncate(2).has_value());
  ASSERT_TRUE(file->Append(AsBytes("XY")).has_value());
  EXPECT_EQ(After("a", kDropAll), "abcdef");
  EXPECT_EQ(After("a", kKeepAll), "abXY");
  std::set<std::string> seen;
  for (std::uint64_t seed = 0; seed < 32; ++seed) {
    seen.insert(After("a", {.data = Data::kTornAppend, .seed = seed}));
  }
  EXPECT_EQ(seen, (std::set<std::string>{"abcdef", "abXY"}));
  ASSERT_TRUE(file->SyncData().has_value());
  EXPECT_EQ(After("a", kDropAll), "abXY");
}

TEST_F(MemoryCrash, AnUnsyncedRemovalComesBack) {
  ASSERT_TRUE(memory_.WriteFile("key", AsBytes("secret")));
  ASSERT_TRUE(root_->Remove("key").has_value());
  EXPECT_FALSE(memory_.ReadFile("key").has_value());
  EXPECT_EQ(After("key", kDropAll), "secret");
  EXPECT_EQ(After("key", kKeepAll), "(none)");
  ASSERT_TRUE(root_->Sync().has_value());
  EXPECT_EQ(After("key", kDropAll), "(none)");
}

TEST_F(MemoryCrash, OverwritingIsDurableAtOnce) {
  ASSERT_TRUE(memory_.WriteFile("key", AsBytes("secret")));
  ASSERT_TRUE(root_->Overwrite("key", AsBytes("000000")).has_value());
  EXPECT_EQ(After("key", kDropAll), "000000");
}

TEST_F(MemoryCrash, RenamesSurviveAsAWholeAndInOrder) {
  ASSERT_TRUE(memory_.WriteFile("a", AsBytes("1")));
  ASSERT_TRUE(memory_.WriteFile("b", AsBytes("2")));
  ASSERT_TRUE(root_->Rename("a", "c").has_value());
  ASSERT_TRUE(root_->Remove("b").has_value());
  std::set<std::string> seen;
  for (std::uint64_t seed = 0; seed < 64; ++seed) {
    std::string listing;
    for (const std::string& path :
         memory_.CrashCopy({.names = Names::kKeepPrefix, .seed = seed})
             .ListPaths()) {
      listing += path;
    }
    seen.insert(listing);
  }
  EXPECT_EQ(seen, (std::set<std::string>{"ab", "bc", "c"}));
}

TEST_F(MemoryCrash, ANewDirectoryNeedsItsParentSynced) {
  ASSERT_TRUE(root_->MakeDirectory("d", 0700).has_value());
  const auto inner = root_->OpenDirectory("d");
  ASSERT_TRUE(CreateFileDurably(**inner, "f", AsBytes("x"), 0600).has_value());
  EXPECT_TRUE(memory_.CrashCopy(kDropAll).ListPaths().empty());
  ASSERT_TRUE(root_->Sync().has_value());
  EXPECT_EQ(After("d/f", kDropAll), "x");
  ASSERT_TRUE(memory_.CreateDirectory("e", 0700).has_value());
  EXPECT_TRUE(memory_.CrashCopy(kDropAll).Info("e").has_value());
}

TEST_F(MemoryCrash, TheCopyStandsAlone) {
  ASSERT_TRUE(memory_.WriteFile("a", AsBytes("1")));
  const auto lock = root_->Lock("lock");
  ASSERT_TRUE(root_->Sync().has_value());
  MemoryFileSystem copy = memory_.CrashCopy(kDropAll);
  EXPECT_TRUE((*copy.OpenDirectory("/"))->Lock("lock").has_value())
      << "no lock outlives the power";
  ASSERT_TRUE(memory_.WriteFile("a", AsBytes("2")));
  EXPECT_EQ(AsText(*copy.ReadFile("a")), "1");
  ASSERT_TRUE(copy.RemovePath("a"));
  EXPECT_EQ(AsText(*memory_.ReadFile("a")), "2");
  EXPECT_EQ(AsText(*copy.CrashCopy(kDropAll).ReadFile("lock")), "");
}

TEST_F(MemoryCrash, DirectAccessRefusesWhatIsNotThere) {
  EXPECT_FALSE(memory_.WriteFile("no/such", AsBytes("x")));
  EXPECT_FALSE(memory_.RemovePath("no"));
  EXPECT_FALSE(memory_.SetMode("no", 0600));
  EXPECT_FALSE(memory_.SetOwner("no", 1));
  EXPECT_FALSE(memory_.ReadFile("no").has_value());
  ASSERT_TRUE(memory_.WriteFile("key", AsBytes("x")));
  EXPECT_TRUE(memory_.SetMode("key", 0644));
  EXPECT_TRUE(memory_.SetOwner("key", 12));
  EXPECT_EQ(memory_.Info("key")->mode, 0644U);
  EXPECT_EQ(root_->Info("key")->owner_uid, 12U);
}

}  // namespace
}  // namespace authseal
