// ArchiveWriter::LastPosition.
#include <string>

#include <gtest/gtest.h>

#include "lib/archive/archive_writer.h"
#include "tests/support/faulty_file_system.h"
#include "tests/support/manual_clock.h"
#include "tests/support/memory_file_system.h"
#include "tests/unit/archive_writing/archive_fixture.h"

namespace authseal {
namespace {

class SourcePositionsTest : public ::testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(InitTestArchive(memory_)); }
  ArchiveWriter OpenWriter() { return *OpenTestArchive(files_, clock_, {}); }
  static std::uint64_t EndOf(ArchiveWriter& writer, std::string_view source) {
    const auto position = writer.LastPosition(source);
    EXPECT_TRUE(position.has_value());
    return position->has_value() ? (*position)->end_bytes : 0;
  }

  MemoryFileSystem memory_;
  FaultyFileSystem files_{memory_};
  ManualClock clock_;
};

TEST_F(SourcePositionsTest, AnUnknownSourceHasNone) {
  ArchiveWriter writer = OpenWriter();
  EXPECT_FALSE(writer.LastPosition("s")->has_value());
}

TEST_F(SourcePositionsTest, TheNewestBlockCounts) {
  ArchiveWriter writer = OpenWriter();
  ASSERT_TRUE(CommitRecords(writer, {"0"}, {MakeSource("s", 0, 100, 1)}));
  EXPECT_EQ(EndOf(writer, "s"), 100u);
  ASSERT_TRUE(CommitRecords(writer, {"1"}, {MakeSource("s", 100, 150, 1)}));
  EXPECT_EQ(EndOf(writer, "s"), 150u);
  // Begun anew: further back is where it is now.
  ASSERT_TRUE(CommitRecords(writer, {"2"}, {MakeSource("s", 0, 7, 1)}));
  EXPECT_EQ(EndOf(writer, "s"), 7u);
  EXPECT_EQ((*writer.LastPosition("s"))->tail_hash,
            MakeSource("s", 0, 7, 1).tail_hash);
}

TEST_F(SourcePositionsTest, WithinABlockTheLastRangeCounts) {
  SourceRange second = MakeSource("s", 0, 5, 1);
  second.first = 1;
  {
    ArchiveWriter writer = OpenWriter();
    ASSERT_TRUE(CommitRecords(writer, {"0", "1"},
                              {MakeSource("s", 10, 20, 1), second}));
    EXPECT_EQ(EndOf(writer, "s"), 5u);
    ASSERT_TRUE(writer.Close());
  }
  ArchiveWriter writer = OpenWriter();
  EXPECT_EQ(EndOf(writer, "s"), 5u);
}

TEST_F(SourcePositionsTest, AreFoundAcrossSegmentsAndMerges) {
  {
    ArchiveWriter writer = OpenWriter();
    ASSERT_TRUE(CommitRecords(writer, {"0"}, {MakeSource("old", 0, 11, 1)}));
    ASSERT_TRUE(CommitRecords(writer, {"1"}, {MakeSource("old", 11, 22, 1)}));
    ASSERT_TRUE(writer.Seal().has_value());
    ASSERT_TRUE(CommitRecords(writer, {"2"}, {MakeSource("new", 0, 33, 1)}));
    ASSERT_TRUE(writer.Seal().has_value());
    ASSERT_TRUE(CommitRecords(writer, {"3"}, {MakeSource("open", 0, 44, 1)}));
    ASSERT_TRUE(writer.Close());
  }
  ArchiveWriter writer = OpenWriter();
  EXPECT_EQ(EndOf(writer, "old"), 22u);
  EXPECT_EQ(EndOf(writer, "new"), 33u);
  EXPECT_EQ(EndOf(writer, "open"), 44u);
  EXPECT_FALSE(writer.LastPosition("none")->has_value());
  ASSERT_TRUE(CommitRecords(writer, {"4"}, {MakeSource("old", 22, 55, 1)}));
  EXPECT_EQ(EndOf(writer, "old"), 55u);
}

TEST_F(SourcePositionsTest, HeadersAreReadOnce) {
  {
    ArchiveWriter writer = OpenWriter();
    for (int i = 0; i < 5; ++i) {
      ASSERT_TRUE(CommitRecords(writer, {"x"}, {MakeSource("s", 0, 1, 1)}));
      ASSERT_TRUE(writer.Seal().has_value());
    }
  }
  ArchiveWriter writer = OpenWriter();
  files_.SetPlan({.counts = FaultPlan::Counts::kReading});
  EXPECT_FALSE(writer.LastPosition("none")->has_value());
  EXPECT_GT(files_.operation_count(), 5u);
  files_.SetPlan({.counts = FaultPlan::Counts::kReading});
  EXPECT_FALSE(writer.LastPosition("none")->has_value());
  EXPECT_EQ(EndOf(writer, "s"), 1u);
  EXPECT_EQ(files_.operation_count(), 0u);
}

}  // namespace
}  // namespace authseal
