// Seals, from outside: what a reader finds, what is left of the keys.
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lib/archive/archive_writer.h"
#include "lib/archive/layout.h"
#include "tests/support/faulty_file_system.h"
#include "tests/support/manual_clock.h"
#include "tests/support/memory_file_system.h"
#include "tests/unit/archive_writing/archive_fixture.h"

namespace authseal {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// An index that lists record sizes.
class SizeIndexer : public SegmentIndexer {
 public:
  void BeginSegment() override { index_ = {.kind = 7, .bytes = {}}; }
  Status AddBlock(const BlockHeader&,
                  const std::vector<std::string_view>& records) override {
    for (const std::string_view record : records) {
      index_.bytes.push_back(static_cast<std::uint8_t>(record.size()));
    }
    return Ok();
  }
  Result<Index> Finish() override { return index_; }

 private:
  Index index_;
};

class SealingTest : public ::testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(InitTestArchive(files_)); }

  ArchiveWriter OpenWriter(ArchiveWriter::Options options = {}) {
    auto writer = OpenTestArchive(files_, clock_, options);
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

TEST_F(SealingTest, SealsTheOpenSegmentAndPublishes) {
  ArchiveWriter writer = OpenWriter();
  ASSERT_TRUE(CommitRecords(writer, {"0", "1"}));
  const auto old_key = files_.ReadFile("A.keys/epoch.key");
  const auto sealed = writer.Seal();
  ASSERT_TRUE(sealed.has_value()) << sealed.error().message;
  EXPECT_EQ(sealed->segment_name, "000000000000.jsonl.zst");
  EXPECT_EQ(sealed->footer.records(), (RecordRange{0, 3}));
  EXPECT_EQ(sealed->footer.seal_time, clock_.Now());
  EXPECT_EQ(writer.next_record(), 3u);
  EXPECT_EQ(writer.epoch(), 1u);
  EXPECT_EQ(writer.segment_block_count(), 0u);

  const CheckedArchive checked = Check();
  EXPECT_THAT(checked.delivered(), ElementsAre("0", "1"));
  ASSERT_EQ(checked.footers.size(), 1u);
  EXPECT_EQ(checked.footers[0], sealed->footer);
  EXPECT_EQ(checked.root, sealed->root);
  EXPECT_THAT(checked.checkpoints, ElementsAre(3u));
  ASSERT_TRUE(sealed->checkpoint.has_value());
  EXPECT_EQ(sealed->checkpoint->root, checked.root);

  EXPECT_NE(files_.ReadFile("A.keys/epoch.key"), old_key);
  EXPECT_FALSE(files_.ReadFile("A.keys/epoch.next").has_value());
  EXPECT_FALSE(files_.ReadFile("A.keys/seal.intent").has_value());
  EXPECT_FALSE(files_.ReadFile("A.keys/seal.tail").has_value());
  EXPECT_EQ(files_.Info("A/segments/000000000000.jsonl.zst")->mode, 0440u);
  EXPECT_EQ(files_.Info("A/checkpoints/000000000003.note")->mode, 0440u);
}

TEST_F(SealingTest, ChainsSegmentsAndWritersTogether) {
  for (int epoch = 0; epoch < 3; ++epoch) {
    ArchiveWriter writer = OpenWriter();
    EXPECT_EQ(writer.epoch(), static_cast<std::uint64_t>(epoch));
    ASSERT_TRUE(CommitRecords(writer, {"x" + std::to_string(epoch)}));
    ASSERT_TRUE(writer.Seal().has_value());
    ASSERT_TRUE(CommitRecords(writer, {"y" + std::to_string(epoch)}));
    ASSERT_TRUE(writer.Close());
  }
  const CheckedArchive checked = Check();
  EXPECT_THAT(checked.delivered(),
              ElementsAre("x0", "y0", "x1", "y1", "x2", "y2"));
  EXPECT_EQ(checked.footers.size(), 3u);
  EXPECT_EQ(checked.checkpoints.size(), 3u);
}

TEST_F(SealingTest, AnEmptySealStillAdvancesTheTree) {
  ArchiveWriter writer = OpenWriter();
  ASSERT_TRUE(writer.Seal().has_value());
  ASSERT_TRUE(writer.Seal().has_value());
  const CheckedArchive checked = Check();
  EXPECT_THAT(checked.delivered(), IsEmpty());
  EXPECT_EQ(checked.sealed_end, 2u);
  EXPECT_EQ(checked.footers.size(), 2u);
  EXPECT_THAT(checked.checkpoints, ElementsAre(1u, 2u));
}

TEST_F(SealingTest, WithoutTheIdentityKeyNothingIsPublishedUntilItIsBack) {
  const auto identity = files_.ReadFile("A.keys/identity.key");
  ASSERT_TRUE(files_.RemovePath("A.keys/identity.key"));
  {
    ArchiveWriter writer = OpenWriter();
    for (int seal = 0; seal < 2; ++seal) {
      const auto sealed = writer.Seal();
      ASSERT_TRUE(sealed.has_value());
      EXPECT_FALSE(sealed->checkpoint.has_value());
    }
    const auto published = writer.Publish();
    ASSERT_TRUE(published.has_value());
    EXPECT_FALSE(published->has_value());
  }
  ASSERT_TRUE(files_.WriteFile("A.keys/identity.key", *identity));
  ArchiveWriter writer = OpenWriter();
  const auto published = writer.Publish();
  ASSERT_TRUE(published.has_value() && published->has_value());
  EXPECT_EQ((*published)->size, 2u);
  EXPECT_FALSE(writer.Publish()->has_value()) << "published twice";
  EXPECT_THAT(Check().checkpoints, ElementsAre(2u)) << "the newest only";
}

TEST_F(SealingTest, RefusesToReplaceAnotherCheckpoint) {
  ArchiveWriter writer = OpenWriter();
  ASSERT_TRUE(files_.WriteFile("A/checkpoints/000000000001.note",
                               AsBytes("something else\n")));
  const auto sealed = writer.Seal();
  ASSERT_FALSE(sealed.has_value());
  EXPECT_EQ(sealed.error().code, ErrorCode::kDamaged);
  EXPECT_THAT(sealed.error().message, HasSubstr("sealed"));
  EXPECT_EQ(files_.ReadFile("A/checkpoints/000000000001.note")->size(), 15u);
}

TEST_F(SealingTest, WritesTheIndexAndBindsItToTheSeal) {
  SizeIndexer indexer;
  ArchiveWriter writer = OpenWriter({.indexer = &indexer});
  ASSERT_TRUE(CommitRecords(writer, {"a", "bb"}));
  ASSERT_TRUE(CommitRecords(writer, {"ccc"}));
  ASSERT_TRUE(writer.Seal().has_value());
  ASSERT_TRUE(writer.Seal().has_value());  // an empty index is one too
  EXPECT_EQ(files_.ReadFile("A/segments/000000000000.idx"),
            (ByteVector{1, 2, 3}));
  const CheckedArchive checked = Check();
  EXPECT_EQ(checked.footers[0].index_kind, 7);
  EXPECT_EQ(checked.footers[1].index_size_bytes, 0u);
}

TEST_F(SealingTest, AnIndexLeftBehindGoesWhenTheSealHasNone) {
  ASSERT_TRUE(files_.WriteFile("A/segments/000000000000.idx", AsBytes("old")));
  ArchiveWriter writer = OpenWriter();
  ASSERT_TRUE(writer.Seal().has_value());
  EXPECT_FALSE(files_.ReadFile("A/segments/000000000000.idx").has_value());
  Check();
}

// Any byte of the open segment that is not what was written stops the seal:
// nothing is published and the key stays.
TEST_F(SealingTest, WhatDoesNotReadBackIsNotSealed) {
  const std::string name = "A/segments/000000000000.jsonl.zst.open";
  std::size_t size_bytes = 0;
  {
    ArchiveWriter writer = OpenWriter();
    ASSERT_TRUE(CommitRecords(writer, {"0", "1"}));
    ASSERT_TRUE(CommitRecords(writer, {"2"}));
    ASSERT_TRUE(writer.Close());
    size_bytes = files_.ReadFile(name)->size();
  }
  for (std::size_t offset = 0; offset < size_bytes; ++offset) {
    MemoryFileSystem copy = files_.CrashCopy({});
    auto writer = OpenTestArchive(copy, clock_, {.merge_below_bytes = 0});
    ASSERT_TRUE(writer.has_value());
    const auto key = copy.ReadFile("A.keys/epoch.key");
    ByteVector bytes = *copy.ReadFile(name);
    bytes[offset] ^= 0x10;
    ASSERT_TRUE(copy.WriteFile(name, bytes));
    const auto sealed = writer->Seal();
    ASSERT_FALSE(sealed.has_value()) << "byte " << offset;
    EXPECT_EQ(sealed.error().code, ErrorCode::kDamaged);
    EXPECT_THAT(sealed.error().message, HasSubstr("seal-readback-mismatch"));
    EXPECT_FALSE(copy.Info("A/segments/000000000000.jsonl.zst").has_value());
    EXPECT_FALSE(copy.Info("A/checkpoints/000000000004.note").has_value());
    EXPECT_EQ(copy.ReadFile("A.keys/epoch.key"), key);
    // Nor does the next writer cut the damage away as if it were torn.
    writer = Error();
    writer = OpenTestArchive(copy, clock_);
    ASSERT_FALSE(writer.has_value()) << "byte " << offset;
    EXPECT_EQ(writer.error().code, ErrorCode::kDamaged);
    EXPECT_EQ(copy.ReadFile(name), bytes);
  }
}

class FailingIndexer : public SegmentIndexer {
 public:
  void BeginSegment() override {}
  Status AddBlock(const BlockHeader&,
                  const std::vector<std::string_view>&) override {
    return Error{ErrorCode::kInvalidArgument, "cannot index this"};
  }
  Result<Index> Finish() override { return Index(); }
};

TEST_F(SealingTest, AfterASealHasBegunEveryErrorEndsTheWriter) {
  FailingIndexer indexer;
  {
    ArchiveWriter writer = OpenWriter({.indexer = &indexer});
    ASSERT_TRUE(CommitRecords(writer, {"0"}));
    ASSERT_FALSE(writer.Seal().has_value());
    EXPECT_FALSE(CommitRecords(writer, {"1"})) << "behind what is being sealed";
  }
  ArchiveWriter writer = OpenWriter();
  EXPECT_TRUE(writer.recovery().seal_completed);
  EXPECT_THAT(Check().delivered(), ElementsAre("0"));
}

TEST_F(SealingTest, AppendedAndCutBytesAreNotSealedEither) {
  const std::string name = "A/segments/000000000000.jsonl.zst.open";
  for (const int change : {+1, -1}) {
    MemoryFileSystem copy = files_.CrashCopy({});
    auto writer = OpenTestArchive(copy, clock_);
    ASSERT_TRUE(CommitRecords(*writer, {"0"}));
    ByteVector bytes = *copy.ReadFile(name);
    bytes.resize(bytes.size() + static_cast<std::size_t>(change));
    ASSERT_TRUE(copy.WriteFile(name, bytes));
    EXPECT_FALSE(writer->Seal().has_value());
    EXPECT_FALSE(copy.Info("A/segments/000000000000.jsonl.zst").has_value());
  }
}

// The one that asks and a writer that starts, at every moment of either.
TEST_F(SealingTest, ASealRequestedWhileAWriterStartsIsHeard) {
  static_cast<void>(OpenWriter());
  auto other = KeyStore::Open(files_, kTestKeys);
  ASSERT_TRUE(other->RequestSeal());
  EXPECT_TRUE(*OpenWriter().SealRequested());
  ASSERT_TRUE(other->ClearSealRequest());
  FaultPlan plan;
  std::uint64_t starts = 0;
  plan.before_each = [&](const std::string&) {
    ++starts;
    static_cast<void>(OpenWriter());
  };
  FaultyFileSystem watched(files_, plan);
  auto asking = KeyStore::Open(watched, kTestKeys);
  const Status asked = asking->RequestSeal();
  EXPECT_TRUE(asked.has_value());
  EXPECT_GE(starts, 3U);
  EXPECT_TRUE(*OpenWriter().SealRequested());
}

TEST_F(SealingTest, AWriterStartsWhileAnotherNamesItsFile) {
  static_cast<void>(OpenWriter());
  const std::string made = "A/checkpoints/000000000001.cosig";
  ASSERT_TRUE(files_.WriteFile(made + ".tmp", AsBytes("x")));
  FaultPlan plan;
  plan.before_each = [&](const std::string& operation) {
    if (operation.starts_with("remove ") && operation.ends_with(".cosig.tmp")) {
      auto checkpoints = files_.OpenDirectory("A/checkpoints");
      ASSERT_TRUE((*checkpoints)
                      ->Rename("000000000001.cosig.tmp", "000000000001.cosig")
                      .has_value());
    }
  };
  FaultyFileSystem watched(files_, plan);
  EXPECT_TRUE(OpenTestArchive(watched, clock_).has_value());
  EXPECT_TRUE(files_.Info(made).has_value());
}

TEST_F(SealingTest, SealRequestsComeAndGo) {
  ArchiveWriter writer = OpenWriter();
  EXPECT_FALSE(*writer.SealRequested());
  auto other = KeyStore::Open(files_, kTestKeys);
  ASSERT_TRUE(other->RequestSeal());
  ASSERT_TRUE(other->RequestSeal());
  EXPECT_TRUE(*writer.SealRequested());
  ASSERT_TRUE(writer.ClearSealRequest());
  ASSERT_TRUE(writer.ClearSealRequest());
  EXPECT_FALSE(*writer.SealRequested());
}

}  // namespace
}  // namespace authseal
