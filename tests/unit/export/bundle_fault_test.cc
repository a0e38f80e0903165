// What must leave no bundle: damage, a place that is taken, a disk that fails.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/faulty_file_system.h"
#include "tests/unit/export/export_fixture.h"

namespace authseal {
namespace {

using ::testing::HasSubstr;

constexpr std::string_view kFirstSegment = "A/segments/000000000000.jsonl.zst";

void FillTwoSegments(TestArchive& archive) {
  for (int segment = 0; segment < 2; ++segment) {
    CommitNumbered(archive, 6, 3);
    archive.Seal();
  }
}

// One flip at a time, everywhere in a segment that is exported.
TEST(WriteBundleOfADamagedArchive, WritesNothing) {
  TestArchive archive;
  FillTwoSegments(archive);
  MemoryFileSystem& files = archive.file_system();
  const ByteVector whole = *files.ReadFile(kFirstSegment);
  // Behind the footer is the seek table, which only finds things.
  for (std::size_t at = 0; at + 300 < whole.size(); at += 7) {
    ByteVector bytes = whole;
    bytes[at] ^= 0x10;
    ASSERT_TRUE(files.WriteFile(kFirstSegment, bytes));
    const auto result = Export(archive);
    ASSERT_FALSE(result) << "byte " << at << " of " << whole.size();
    EXPECT_EQ(result.error().code, ErrorCode::kDamaged) << at;
    EXPECT_THAT(result.error().hint, HasSubstr("authseal verify"));
    ASSERT_FALSE(files.Info(kOut)) << at;
  }
  // And it works again, whatever the attempts left.
  ASSERT_TRUE(files.WriteFile(kFirstSegment, whole));
  const auto result = Export(archive);
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(VerdictOf(files, archive.pin()), "verified");
}

TEST(WriteBundleOfADamagedArchive, SaysSoWhenASegmentIsMissing) {
  TestArchive archive;
  FillTwoSegments(archive);
  ASSERT_TRUE(archive.file_system().RemovePath(kFirstSegment));
  const auto result = Export(archive);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::kDamaged);
  EXPECT_FALSE(archive.file_system().Info(kOut));
}

TEST(WriteBundle, NeverReplacesWhatIsThere) {
  TestArchive archive;
  FillTwoSegments(archive);
  ASSERT_TRUE(Export(archive));
  const auto paths = archive.file_system().ListPaths();
  const auto again = Export(archive);
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, ErrorCode::kAlreadyExists);
  EXPECT_EQ(archive.file_system().ListPaths(), paths);
}

// It would be an unexpected file there.
TEST(WriteBundle, RefusesAPlaceInsideTheArchive) {
  TestArchive archive;
  FillTwoSegments(archive);
  const auto paths = archive.file_system().ListPaths();
  const auto result = Export(archive, {.out = "A/out"});
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(archive.file_system().ListPaths(), paths);
}

TEST(WriteBundle, RefusesWhatACrashLeft) {
  TestArchive archive;
  FillTwoSegments(archive);
  MemoryFileSystem& files = archive.file_system();
  ASSERT_TRUE(files.CreateDirectory("out.partial", 0755));
  ASSERT_TRUE(files.WriteFile("out.partial/README.txt", AsBytes("x")));
  const auto result = Export(archive);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::kAlreadyExists);
  EXPECT_THAT(result.error().message, HasSubstr("out.partial"));
  EXPECT_FALSE(files.Info(kOut));
}

struct Fault {
  FaultPlan::Counts counts;
  FaultPlan::Effect effect;
};

// Each operation fails once. Then either nothing is there, or (where the
// failure did not matter) everything.
class WriteBundleOnAFailingDisk : public ::testing::TestWithParam<Fault> {};

TEST_P(WriteBundleOnAFailingDisk, LeavesNothingOrEverything) {
  TestArchive archive;
  FillTwoSegments(archive);
  MemoryFileSystem& files = archive.file_system();
  FaultyFileSystem faulty(files);
  FaultPlan plan{.counts = GetParam().counts, .effect = GetParam().effect};
  faulty.SetPlan(plan);
  ASSERT_TRUE(Export(faulty, archive.pin()));
  const std::uint64_t operations = faulty.operation_count();
  ASSERT_GT(operations, 20u);
  for (std::uint64_t n = 1; n <= operations; ++n) {
    SCOPED_TRACE("operation " + std::to_string(n));
    files.RemovePath(kOut);
    files.RemovePath("out.partial");
    plan.fail_at = n;
    faulty.SetPlan(plan);
    const auto result = Export(faulty, archive.pin());
    ASSERT_TRUE(faulty.has_failed());
    if (result) {
      EXPECT_EQ(VerdictOf(files, archive.pin()), "verified");
      continue;
    }
    EXPECT_FALSE(files.Info(kOut)) << result.error().message;
  }
}

INSTANTIATE_TEST_SUITE_P(
    Faults, WriteBundleOnAFailingDisk,
    ::testing::Values(
        Fault{FaultPlan::Counts::kMutating, FaultPlan::Effect::kNothing},
        Fault{FaultPlan::Counts::kMutating, FaultPlan::Effect::kDoneAnyway},
        Fault{FaultPlan::Counts::kMutating, FaultPlan::Effect::kHalfWritten},
        Fault{FaultPlan::Counts::kReading, FaultPlan::Effect::kNothing}));

// A power cut at any moment: the bundle is whole under its name, or absent.
TEST(WriteBundle, IsWholeOrAbsentAfterAPowerCut) {
  TestArchive archive;
  FillTwoSegments(archive);
  FaultyFileSystem faulty(archive.file_system());
  FaultPlan plan;
  ASSERT_TRUE(Export(faulty, archive.pin()));
  const std::uint64_t operations = faulty.operation_count();
  plan.sticky = true;
  for (std::uint64_t n = 1; n <= operations + 1; ++n) {
    SCOPED_TRACE("operation " + std::to_string(n));
    archive.file_system().RemovePath(kOut);
    archive.file_system().RemovePath("out.partial");
    plan.fail_at = n;
    faulty.SetPlan(plan);
    const auto result = Export(faulty, archive.pin());
    for (const auto names : {CrashPolicy::Names::kDropUnsynced,
                             CrashPolicy::Names::kKeepUnsynced}) {
      CrashPolicy policy;
      policy.names = names;
      MemoryFileSystem after = archive.file_system().CrashCopy(policy);
      if (result || after.Info(kOut)) {
        EXPECT_EQ(VerdictOf(after, archive.pin()), "verified");
      }
    }
  }
}

}  // namespace
}  // namespace authseal
