// Sound archives, and what is said about them beside the verdict.
#include "lib/verify/archive_verifier.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/verify/test_archive.h"

namespace authseal {
namespace {

using ::testing::ElementsAre;

class ArchiveVerifierTest
    : public ::testing::TestWithParam<std::pair<VerifyDepth, unsigned>> {};

TEST_P(ArchiveVerifierTest, FindsNothingInASoundArchive) {
  TestArchive archive("log.example.org", 5000);
  FillSample(archive);
  VerifyOptions options;
  options.pin = archive.pin();
  options.depth = GetParam().first;
  options.threads = GetParam().second;
  const auto report = Verify(archive.Files(), options);
  ASSERT_TRUE(report.has_value()) << report.error().message;
  EXPECT_TRUE(report->verified()) << Describe(*report);
  EXPECT_EQ(report->tree_size, 20u);
  EXPECT_EQ(report->unsealed_records, 8u);
  EXPECT_EQ(report->checkpoint_size, 20u);
  EXPECT_EQ(report->epochs, 3u);
  EXPECT_EQ(report->segments.total, 3u);
  EXPECT_EQ(report->segments.ok, 3u);
  EXPECT_EQ(report->records.total, 28u);
  EXPECT_EQ(report->records.ok, 28u);
  EXPECT_THAT(report->trustworthy, ElementsAre(RecordRange{0, 28}));
  EXPECT_EQ(NoteNames(*report), "");
  EXPECT_EQ(report->origin, "log.example.org");
}

INSTANTIATE_TEST_SUITE_P(DepthsAndThreads, ArchiveVerifierTest,
                         ::testing::Values(std::pair(VerifyDepth::kFull, 1u),
                                           std::pair(VerifyDepth::kFull, 3u),
                                           std::pair(VerifyDepth::kQuick, 1u),
                                           std::pair(VerifyDepth::kQuick, 2u)));

}  // namespace
}  // namespace authseal
