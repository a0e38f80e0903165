#include "lib/archive/archive_writer.h"

#include <array>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lib/archive/format.h"
#include "tests/support/faulty_file_system.h"
#include "tests/support/manual_clock.h"
#include "tests/support/memory_file_system.h"
#include "tests/unit/archive_writing/archive_fixture.h"

namespace authseal {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class ArchiveWriterTest : public ::testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(InitTestArchive(files_)); }

  ArchiveWriter OpenWriter() {
    auto writer = OpenTestArchive(files_, clock_);
    EXPECT_TRUE(writer.has_value())
        << (writer.has_value() ? "" : writer.error().message);
    return *std::move(writer);
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

TEST_F(ArchiveWriterTest, BeginsAtRecordZeroOfEpochZero) {
  const ArchiveWriter writer = OpenWriter();
  EXPECT_EQ(writer.next_record(), 0u);
  EXPECT_EQ(writer.epoch(), 0u);
  EXPECT_EQ(writer.segment_block_count(), 0u);
  EXPECT_FALSE(writer.segment_begin_time().has_value());
  EXPECT_EQ(writer.note().origin, kTestOrigin);
  EXPECT_THAT(Check().records, IsEmpty());
}

TEST_F(ArchiveWriterTest, CommittedRecordsAreThereForReaders) {
  ArchiveWriter writer = OpenWriter();
  ASSERT_TRUE(CommitRecords(writer, {R"({"a":1})", R"({"b":2})"}));
  ASSERT_TRUE(CommitRecords(writer, {R"({"c":3})"}));
  EXPECT_EQ(writer.next_record(), 3u);
  EXPECT_EQ(writer.segment_block_count(), 2u);
  EXPECT_EQ(writer.segment_content_size_bytes(), 24u);
  EXPECT_EQ(writer.segment_begin_time(), UnixNanos{1'000});
  EXPECT_THAT(Check().records,
              ElementsAre(R"({"a":1})", R"({"b":2})", R"({"c":3})"));
}

TEST_F(ArchiveWriterTest, SignsTheLastHeaderOfACommitAlone) {
  ArchiveWriter writer = OpenWriter();
  std::vector<EncodedBlock> blocks;
  for (std::uint64_t i = 0; i < kCommitBlocksMax; ++i) {
    blocks.push_back(MakeBlock(i, {std::to_string(i)}));
  }
  const auto stored_bytes = writer.Commit(blocks);
  ASSERT_TRUE(stored_bytes.has_value());
  EXPECT_EQ(*stored_bytes,
            files_.ReadFile("A/segments/000000000000.jsonl.zst.open")->size());
  const CheckedArchive checked = Check();
  ASSERT_EQ(checked.headers.size(), kCommitBlocksMax);
  for (std::size_t i = 0; i < kCommitBlocksMax; ++i) {
    EXPECT_EQ(checked.headers[i].signature.has_value(),
              i + 1 == kCommitBlocksMax);
  }
}

TEST_F(ArchiveWriterTest, RefusesWrongCommitsAndGoesOn) {
  ArchiveWriter writer = OpenWriter();
  ASSERT_TRUE(CommitRecords(writer, {"0", "1"}));
  std::vector<EncodedBlock> none;
  std::vector<EncodedBlock> gap = {MakeBlock(3, {"x"})};
  std::vector<EncodedBlock> repeat = {MakeBlock(1, {"x"})};
  std::vector<EncodedBlock> hole_inside = {MakeBlock(2, {"x"}),
                                           MakeBlock(4, {"y"})};
  std::vector<EncodedBlock> many;
  for (std::uint64_t i = 0; i <= kCommitBlocksMax; ++i) {
    many.push_back(MakeBlock(2 + i, {"x"}));
  }
  // A range of the right length in the wrong place of the tree.
  std::vector<EncodedBlock> other_range = {MakeBlock(2, {"x", "y"})};
  other_range[0].header.range_hashes =
      MakeBlock(1, {"x", "y"}).header.range_hashes;
  std::vector<EncodedBlock> other_frame = {MakeBlock(2, {"x"})};
  other_frame[0].frame.push_back(0);
  for (std::vector<EncodedBlock>* blocks :
       {&none, &gap, &repeat, &hole_inside, &many, &other_range,
        &other_frame}) {
    const auto stored_bytes = writer.Commit(*blocks);
    ASSERT_FALSE(stored_bytes.has_value());
    EXPECT_EQ(stored_bytes.error().code, ErrorCode::kInvalidArgument);
  }
  ASSERT_TRUE(CommitRecords(writer, {"2"}));
  EXPECT_THAT(Check().records, ElementsAre("0", "1", "2"));
}

TEST_F(ArchiveWriterTest, GoesOnAfterACleanEnd) {
  {
    ArchiveWriter writer = OpenWriter();
    ASSERT_TRUE(CommitRecords(writer, {"0"}));
    ASSERT_TRUE(writer.Close());
  }
  const auto before = files_.ReadFile("A/segments/000000000000.jsonl.zst.open");
  ArchiveWriter writer = OpenWriter();
  EXPECT_FALSE(writer.recovery().rewritten);
  EXPECT_EQ(writer.next_record(), 1u);
  EXPECT_EQ(writer.segment_block_count(), 1u);
  EXPECT_EQ(writer.segment_begin_time(), UnixNanos{1'000});
  ASSERT_TRUE(CommitRecords(writer, {"1"}));
  EXPECT_THAT(Check().records, ElementsAre("0", "1"));
  // The mark of the clean end is gone: this writer may not end in order.
  EXPECT_FALSE(files_.ReadFile("A.keys/clean").has_value());
}

TEST_F(ArchiveWriterTest, CopiesTheOpenSegmentAfterAnUncleanEnd) {
  {
    ArchiveWriter writer = OpenWriter();
    ASSERT_TRUE(CommitRecords(writer, {"0"}));
  }
  ArchiveWriter writer = OpenWriter();
  EXPECT_TRUE(writer.recovery().rewritten);
  EXPECT_EQ(writer.recovery().torn_bytes, 0u);
  ASSERT_TRUE(CommitRecords(writer, {"1"}));
  EXPECT_THAT(Check().records, ElementsAre("0", "1"));
}

TEST_F(ArchiveWriterTest, KeepsASecondWriterOut) {
  const ArchiveWriter writer = OpenWriter();
  const auto second = OpenTestArchive(files_, clock_);
  ASSERT_FALSE(second.has_value());
  EXPECT_EQ(second.error().code, ErrorCode::kLocked);
  EXPECT_FALSE(second.error().hint.empty());
}

TEST_F(ArchiveWriterTest, GivesTheLockBackWhenClosed) {
  ArchiveWriter writer = OpenWriter();
  ASSERT_TRUE(writer.Close());
  EXPECT_TRUE(OpenTestArchive(files_, clock_).has_value());
  const auto late = CommitRecords(writer, {"0"});
  EXPECT_FALSE(late.has_value());
}

TEST_F(ArchiveWriterTest, NothingThereIsNoArchive) {
  MemoryFileSystem empty;
  ASSERT_TRUE(KeyStore::Create(empty, kTestKeys).has_value());
  ASSERT_TRUE(empty.CreateDirectory(kTestArchive, 0750).has_value());
  const auto writer = OpenTestArchive(empty, clock_);
  ASSERT_FALSE(writer.has_value());
  EXPECT_EQ(writer.error().code, ErrorCode::kNotArchive);
}

TEST_F(ArchiveWriterTest, RefusesTheKeysOfAnotherArchive) {
  ASSERT_TRUE(InitArchive(files_, "B", "B.keys", kTestOrigin).has_value());
  for (const bool with_identity : {true, false}) {
    if (!with_identity) {
      ASSERT_TRUE(files_.RemovePath("B.keys/identity.key"));
    }
    auto keys = KeyStore::Open(files_, "B.keys");
    ASSERT_TRUE(keys.has_value());
    const auto writer =
        ArchiveWriter::Open(files_, clock_, kTestArchive, *std::move(keys), {});
    ASSERT_FALSE(writer.has_value());
    EXPECT_EQ(writer.error().code, ErrorCode::kKey);
    EXPECT_THAT(writer.error().hint, HasSubstr("--keys"));
  }
}

// What is left by each way in which an append can fail.
TEST(ArchiveWriterFault, AFailedAppendIsTakenBack) {
  for (const FaultPlan::Effect effect :
       {FaultPlan::Effect::kNothing, FaultPlan::Effect::kHalfWritten,
        FaultPlan::Effect::kDoneAnyway}) {
    for (const bool first_commit : {true, false}) {
      MemoryFileSystem memory;
      FaultyFileSystem files(memory);
      ManualClock clock;
      ASSERT_TRUE(InitTestArchive(files));
      auto writer = OpenTestArchive(files, clock);
      ASSERT_TRUE(writer.has_value());
      std::vector<std::string> acknowledged;
      if (!first_commit) {
        ASSERT_TRUE(CommitRecords(*writer, {"0"}));
        acknowledged.emplace_back("0");
      }
      // The first commit creates its file before it appends.
      files.SetPlan({.fail_at = first_commit ? 2u : 1u,
                     .effect = effect,
                     .error = {ErrorCode::kIo, "no space left on device"}});
      const Status failed = CommitRecords(*writer, {"lost"});
      ASSERT_FALSE(failed.has_value());
      EXPECT_EQ(failed.error().code, ErrorCode::kIo);
      EXPECT_TRUE(files.has_failed());
      // Readers see a whole archive at once, without recovery.
      const auto checked = ReadAndCheck(memory);
      ASSERT_TRUE(checked.has_value()) << checked.error().message;
      EXPECT_EQ(checked->records, acknowledged);
      // And the writer stays dead.
      const Status again = CommitRecords(*writer, {"more"});
      ASSERT_FALSE(again.has_value());
      EXPECT_EQ(again.error().message, failed.error().message);
      EXPECT_FALSE(writer->Seal().has_value());
      EXPECT_FALSE(writer->Close().has_value());
    }
  }
}

TEST(ArchiveWriterFault, AFailedSyncEndsTheWriterAndItsFile) {
  MemoryFileSystem memory;
  FaultyFileSystem files(memory);
  ManualClock clock;
  ASSERT_TRUE(InitTestArchive(files));
  {
    auto writer = OpenTestArchive(files, clock);
    ASSERT_TRUE(writer.has_value());
    ASSERT_TRUE(CommitRecords(*writer, {"0"}));
    files.SetPlan({.fail_at = 2});  // append, sync
    ASSERT_FALSE(CommitRecords(*writer, {"1"}).has_value());
    const auto count = files.operation_count();
    EXPECT_FALSE(CommitRecords(*writer, {"2"}).has_value());
    EXPECT_FALSE(writer->Seal().has_value());
    EXPECT_EQ(files.operation_count(), count) << "the file was written again";
  }
  files.SetPlan({});
  const auto writer = OpenTestArchive(files, clock);
  ASSERT_TRUE(writer.has_value()) << writer.error().message;
  EXPECT_TRUE(writer->recovery().rewritten);
  const auto checked = ReadAndCheck(memory);
  ASSERT_TRUE(checked.has_value()) << checked.error().message;
  EXPECT_EQ(checked->records.front(), "0");
}

}  // namespace
}  // namespace authseal
