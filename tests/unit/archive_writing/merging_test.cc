#include "lib/archive/merging.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lib/archive/archive_writer.h"
#include "lib/archive/format.h"
#include "tests/support/manual_clock.h"
#include "tests/support/memory_file_system.h"
#include "tests/unit/archive_writing/archive_fixture.h"

namespace authseal {
namespace {

using ::testing::ElementsAre;

TEST(JoinSources, JoinsWhatGoesOnAndNothingElse) {
  std::vector<SourceRange> sources;
  JoinSources(sources, {MakeSource("a", 0, 10, 2)}, 0);
  JoinSources(sources, {MakeSource("a", 10, 30, 3)}, 2);  // goes on
  ASSERT_EQ(sources.size(), 1u);
  SourceRange expected = MakeSource("a", 10, 30, 5);
  expected.begin_bytes = 0;
  EXPECT_EQ(sources[0], expected);

  JoinSources(sources, {MakeSource("a", 31, 40, 1)}, 5);  // a gap in bytes
  EXPECT_EQ(sources.size(), 2u);
  JoinSources(sources, {MakeSource("b", 40, 50, 1)}, 6);  // another source
  EXPECT_EQ(sources.size(), 3u);
  JoinSources(sources, {MakeSource("b", 50, 60, 1)}, 8);  // a gap in records
  EXPECT_EQ(sources.size(), 4u);
  JoinSources(sources, {MakeSource("b", 0, 5, 1)}, 9);  // begun anew
  EXPECT_EQ(sources.size(), 5u);
  EXPECT_EQ(sources[4].first, 9u);
}

TEST(IsWorthMerging, AsksForSeveralSmallBlocks) {
  SegmentProgress progress;
  EXPECT_FALSE(IsWorthMerging(progress, 100));
  progress.block_count = 1;
  progress.content_size_bytes = 1;
  EXPECT_FALSE(IsWorthMerging(progress, 100));
  progress.block_count = 2;
  progress.content_size_bytes = 199;
  EXPECT_TRUE(IsWorthMerging(progress, 100));
  progress.content_size_bytes = 200;
  EXPECT_FALSE(IsWorthMerging(progress, 100));
  EXPECT_FALSE(IsWorthMerging(progress, 0));
}

class MergingTest : public ::testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(InitTestArchive(files_)); }
  ArchiveWriter OpenWriter(ArchiveWriter::Options options = {}) {
    return *OpenTestArchive(files_, clock_, options);
  }
  CheckedArchive Check() {
    auto checked = ReadAndCheck(files_);
    EXPECT_TRUE(checked.has_value())
        << (checked.has_value() ? "" : checked.error().message);
    return checked.has_value() ? *std::move(checked) : CheckedArchive();
  }

  MemoryFileSystem files_;
  ManualClock clock_;
};

TEST_F(MergingTest, KeepsRecordsRootsAndSums) {
  std::vector<std::string> records;
  CheckedArchive unmerged;
  {
    ArchiveWriter writer = OpenWriter({.merge_below_bytes = 0});
    for (int i = 0; i < 40; ++i) {
      records.push_back("record " + std::to_string(i));
      const auto begin = static_cast<std::uint64_t>(i);
      ASSERT_TRUE(CommitRecords(writer, {records.back()},
                                {MakeSource("s", begin, begin + 1, 1)}));
    }
    ASSERT_TRUE(writer.Close());
    unmerged = Check();
  }
  ArchiveWriter writer = OpenWriter();
  const auto sealed = writer.Seal();
  ASSERT_TRUE(sealed.has_value()) << sealed.error().message;
  const CheckedArchive merged = Check();
  EXPECT_EQ(merged.delivered(), records);
  ASSERT_EQ(merged.headers.size(), 2u) << "one block, and the seal";
  const BlockHeader& block = merged.headers[0];
  EXPECT_EQ(block.scrubbed_count, 40u);
  EXPECT_EQ(block.ingest_first, unmerged.headers.front().ingest_first);
  EXPECT_EQ(block.ingest_last, unmerged.headers.back().ingest_last);
  SourceRange joined = MakeSource("s", 39, 40, 40);
  joined.begin_bytes = 0;
  EXPECT_THAT(block.sources, ElementsAre(joined));
  EXPECT_EQ(sealed->footer.start.end(), 0u);
  EXPECT_FALSE(files_.Info("A/segments/000000000000.jsonl.zst.open.tmp"));
}

TEST_F(MergingTest, MakesBlocksOfAboutTheTargetSize) {
  ArchiveWriter writer = OpenWriter();
  const std::string record(100'000, 'r');
  std::vector<std::string> records;
  for (int i = 0; i < 45; ++i) {
    records.push_back(record + std::to_string(i));
    ASSERT_TRUE(CommitRecords(writer, {records.back()}));
  }
  ASSERT_TRUE(writer.Seal().has_value());
  const CheckedArchive checked = Check();
  EXPECT_EQ(checked.delivered(), records);
  EXPECT_EQ(checked.headers.size(), 6u);  // 10 + 10 + 10 + 10 + 5, seal
  for (const BlockHeader& header : checked.headers) {
    EXPECT_LE(header.content_size_bytes, kBlockContentSizeBytesTarget);
  }
}

TEST_F(MergingTest, MoreThanOneCommitOfMergedBlocksIsSignedInBetween) {
  ArchiveWriter writer = OpenWriter({.merge_below_bytes = 700'000});
  // Each pair of blocks is too large for one: nothing joins, all are written.
  const std::string record(600'000, 'r');
  for (int i = 0; i < 35; ++i) {
    ASSERT_TRUE(CommitRecords(writer, {record}));
  }
  ASSERT_TRUE(writer.Seal().has_value());
  const CheckedArchive checked = Check();  // at most 15 unsigned in a row
  EXPECT_EQ(checked.headers.size(), 36u);
  EXPECT_FALSE(checked.headers[0].signature.has_value());
  EXPECT_TRUE(checked.headers[15].signature.has_value());
}

TEST_F(MergingTest, LeavesLargeBlocksAlone) {
  ArchiveWriter writer = OpenWriter({.merge_below_bytes = 10});
  ASSERT_TRUE(CommitRecords(writer, {"a record of more than ten bytes"}));
  ASSERT_TRUE(CommitRecords(writer, {"another of more than ten bytes"}));
  ASSERT_TRUE(writer.Seal().has_value());
  EXPECT_EQ(Check().headers.size(), 3u);
}

TEST_F(MergingTest, DamageStopsItWithNothingChanged) {
  const std::string name = "A/segments/000000000000.jsonl.zst.open";
  ArchiveWriter writer = OpenWriter();
  ASSERT_TRUE(CommitRecords(writer, {"0"}));
  ASSERT_TRUE(CommitRecords(writer, {"1"}));
  ByteVector bytes = *files_.ReadFile(name);
  bytes[bytes.size() * 2 / 3] ^= 1;
  ASSERT_TRUE(files_.WriteFile(name, bytes));
  const auto key = files_.ReadFile("A.keys/epoch.key");
  const auto sealed = writer.Seal();
  ASSERT_FALSE(sealed.has_value());
  EXPECT_EQ(sealed.error().code, ErrorCode::kDamaged);
  EXPECT_EQ(files_.ReadFile(name), bytes);
  EXPECT_EQ(files_.ReadFile("A.keys/epoch.key"), key);
  EXPECT_FALSE(files_.Info("A.keys/seal.tail").has_value());
  // No writer goes on, also when the damage is where a crash could have been.
  { const ArchiveWriter gone = std::move(writer); }
  const auto again = OpenTestArchive(files_, clock_);
  ASSERT_FALSE(again.has_value());
  EXPECT_EQ(again.error().code, ErrorCode::kDamaged);
  EXPECT_EQ(files_.ReadFile(name), bytes);
}

}  // namespace
}  // namespace authseal
