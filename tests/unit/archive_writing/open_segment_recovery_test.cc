// Opening an archive whose open segment a crash, or somebody, has changed.
#include <algorithm>
#include <functional>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lib/archive/archive_writer.h"
#include "lib/archive/segment_reader.h"
#include "tests/support/manual_clock.h"
#include "tests/support/memory_file_system.h"
#include "tests/unit/archive_writing/archive_fixture.h"

namespace authseal {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr std::string_view kOpenName = "A/segments/000000000000.jsonl.zst.open";

class OpenSegmentRecoveryTest : public ::testing::Test {
 protected:
  // Three commits: of one block, of three, of one.
  void SetUp() override {
    ASSERT_TRUE(InitTestArchive(files_));
    auto writer = OpenTestArchive(files_, clock_);
    ASSERT_TRUE(CommitRecords(*writer, {"0"}));
    ends_.push_back(Bytes_().size());
    std::vector<EncodedBlock> blocks;
    for (std::uint64_t record = 1; record <= 3; ++record) {
      blocks.push_back(MakeBlock(record, {std::to_string(record)}));
      block_sizes_.push_back(blocks.back().frame.size());
    }
    ASSERT_TRUE(writer->Commit(blocks).has_value());
    ends_.push_back(Bytes_().size());
    ASSERT_TRUE(CommitRecords(*writer, {"4"}));
    ends_.push_back(Bytes_().size());
  }

  ByteVector Bytes_() const { return *files_.ReadFile(kOpenName); }

  // Records after recovery of an open segment of `bytes`; empty and the error
  // when it is refused. What is refused must stay as it was.
  Result<std::vector<std::string>> RecordsOf(const ByteVector& bytes) {
    MemoryFileSystem copy = files_.CrashCopy({});
    EXPECT_TRUE(copy.WriteFile(kOpenName, bytes));
    const auto paths = copy.ListPaths();
    auto writer = OpenTestArchive(copy, clock_);
    if (!writer.has_value()) {
      EXPECT_EQ(copy.ReadFile(kOpenName), bytes);
      EXPECT_EQ(copy.ListPaths(), paths);
      return std::move(writer).error();
    }
    report_ = writer->recovery();
    salvaged_ = report_.salvage_path.empty()
                    ? std::nullopt
                    : copy.ReadFile("A/" + report_.salvage_path);
    TRY(CommitRecords(*writer, {"new"}));
    TRY_ASSIGN(CheckedArchive checked, ReadAndCheck(copy));
    EXPECT_EQ(checked.records.back(), "new");
    checked.records.pop_back();
    return checked.records;
  }

  MemoryFileSystem files_;
  ManualClock clock_;
  std::vector<std::size_t> ends_;  // of the commits
  std::vector<std::size_t> block_sizes_;
  RecoveryReport report_;
  std::optional<ByteVector> salvaged_;
};

TEST_F(OpenSegmentRecoveryTest, CutAnywhereItKeepsTheWholeCommits) {
  const std::vector<std::string> all = {"0", "1", "2", "3", "4"};
  const std::vector<std::size_t> counts = {1, 4, 5};
  const ByteVector whole = Bytes_();
  for (std::size_t size = 0; size <= whole.size(); ++size) {
    const ByteVector cut(whole.begin(),
                         whole.begin() + static_cast<std::ptrdiff_t>(size));
    std::size_t records = 0;
    std::size_t valid = 0;
    for (std::size_t i = 0; i < ends_.size() && ends_[i] <= size; ++i) {
      records = counts[i];
      valid = ends_[i];
    }
    const auto kept = RecordsOf(cut);
    ASSERT_TRUE(kept.has_value()) << size << ": " << kept.error().message;
    EXPECT_EQ(*kept, std::vector<std::string>(
                         all.begin(),
                         all.begin() + static_cast<std::ptrdiff_t>(records)))
        << size;
    EXPECT_EQ(report_.torn_bytes, size - valid);
    if (size > valid) {
      ASSERT_TRUE(salvaged_.has_value()) << size;
      EXPECT_TRUE(std::equal(salvaged_->begin(), salvaged_->end(),
                             cut.begin() + static_cast<std::ptrdiff_t>(valid),
                             cut.end()));
    }
  }
}

TEST_F(OpenSegmentRecoveryTest, DamageBeforeALaterCommitStopsEveryWriter) {
  const ByteVector whole = Bytes_();
  for (std::size_t offset = 0; offset < ends_[1]; ++offset) {
    ByteVector bytes = whole;
    bytes[offset] ^= 0x40;
    const auto kept = RecordsOf(bytes);
    ASSERT_FALSE(kept.has_value()) << "byte " << offset;
    EXPECT_EQ(kept.error().code, ErrorCode::kDamaged);
    EXPECT_THAT(kept.error().message, HasSubstr("before a later valid commit"));
  }
}

TEST_F(OpenSegmentRecoveryTest, DamageInTheLastCommitIsATornTail) {
  const ByteVector whole = Bytes_();
  for (std::size_t offset = ends_[1]; offset < whole.size(); ++offset) {
    ByteVector bytes = whole;
    bytes[offset] ^= 0x40;
    const auto kept = RecordsOf(bytes);
    ASSERT_TRUE(kept.has_value()) << "byte " << offset;
    EXPECT_THAT(*kept, ElementsAre("0", "1", "2", "3"));
    EXPECT_EQ(report_.torn_bytes, whole.size() - ends_[1]);
  }
}

// A disk that kept the headers of the last append and lost its data, before
// the writer acknowledged anything.
TEST_F(OpenSegmentRecoveryTest, ALastCommitWithoutItsDataIsATornTail) {
  ByteVector bytes = Bytes_();
  bytes.resize(ends_[1]);
  for (std::size_t i = 0; i < block_sizes_[0]; ++i) {
    bytes[ends_[0] + i] = 0;
  }
  const auto kept = RecordsOf(bytes);
  ASSERT_TRUE(kept.has_value()) << kept.error().message;
  EXPECT_THAT(*kept, ElementsAre("0"));
  EXPECT_EQ(report_.torn_bytes, ends_[1] - ends_[0]);
}

TEST_F(OpenSegmentRecoveryTest, MissingBytesBeforeALaterCommitAreDamage) {
  for (const std::size_t removed : {std::size_t{1}, ends_[1] - ends_[0]}) {
    ByteVector bytes = Bytes_();
    const auto begin = bytes.begin() + static_cast<std::ptrdiff_t>(ends_[0]);
    bytes.erase(begin, begin + static_cast<std::ptrdiff_t>(removed));
    const auto kept = RecordsOf(bytes);
    ASSERT_FALSE(kept.has_value()) << removed;
    EXPECT_EQ(kept.error().code, ErrorCode::kDamaged);
  }
}

TEST_F(OpenSegmentRecoveryTest, ACopyOfAnOldCommitBehindIsCutAsTorn) {
  ByteVector bytes = Bytes_();
  const ByteVector first(bytes.begin(),
                         bytes.begin() + static_cast<std::ptrdiff_t>(ends_[0]));
  bytes.insert(bytes.end(), first.begin(), first.end());
  const auto kept = RecordsOf(bytes);
  ASSERT_TRUE(kept.has_value());
  EXPECT_EQ(kept->size(), 5u);
  EXPECT_EQ(salvaged_, first);
}

TEST_F(OpenSegmentRecoveryTest, GarbageBehindIsCutHoweverItLooks) {
  const ByteVector whole = Bytes_();
  // Zeros; frame magics without end; a header's start that promises too much.
  const ByteVector starts = {0x50, 0x2A, 0x4D, 0x18, 0xFF, 0xFF,
                             0xFF, 0xFF, 'A',  'S',  'B',  '1'};
  std::vector<ByteVector> garbage = {ByteVector(100'000, 0),
                                     ByteVector(1, 0x28)};
  garbage.emplace_back();
  for (int i = 0; i < 200'000; ++i) {
    garbage.back().insert(garbage.back().end(), starts.begin(), starts.end());
  }
  for (const ByteVector& tail : garbage) {
    ByteVector bytes = whole;
    bytes.insert(bytes.end(), tail.begin(), tail.end());
    const auto kept = RecordsOf(bytes);
    ASSERT_TRUE(kept.has_value());
    EXPECT_EQ(kept->size(), 5u);
    EXPECT_EQ(salvaged_, tail);
  }
}

TEST_F(OpenSegmentRecoveryTest, AHeaderFarBehindIsFoundAcrossReadWindows) {
  ByteVector bytes = Bytes_();
  const ByteVector last(bytes.begin() + static_cast<std::ptrdiff_t>(ends_[1]),
                        bytes.end());
  // So that the header's first bytes lie on both sides of a window's end.
  for (std::size_t shift = 0; shift < 16; ++shift) {
    ByteVector spread(bytes.begin(),
                      bytes.begin() + static_cast<std::ptrdiff_t>(ends_[0]));
    spread.resize(ends_[0] + (1u << 20) - 40 + shift, 'x');
    spread.insert(spread.end(), last.begin(), last.end());
    const auto kept = RecordsOf(spread);
    ASSERT_FALSE(kept.has_value()) << shift;
    EXPECT_EQ(kept.error().code, ErrorCode::kDamaged);
  }
}

TEST_F(OpenSegmentRecoveryTest, AfterACleanEndNothingIsTorn) {
  {
    auto writer = OpenTestArchive(files_, clock_);
    ASSERT_TRUE(writer.has_value() && writer->Close().has_value());
  }
  ByteVector bytes = Bytes_();
  bytes.back() ^= 1;  // in the last signature
  for (int attempt = 0; attempt < 2; ++attempt) {
    const auto kept = RecordsOf(bytes);
    ASSERT_FALSE(kept.has_value());
    EXPECT_EQ(kept.error().code, ErrorCode::kDamaged);
  }
}

TEST_F(OpenSegmentRecoveryTest, SalvageKeepsDifferentTailsApart) {
  const ByteVector whole = Bytes_();
  for (int attempt = 0; attempt < 3; ++attempt) {
    ByteVector bytes = whole;
    bytes.push_back(static_cast<std::uint8_t>(attempt / 2));
    ASSERT_TRUE(files_.WriteFile(kOpenName, bytes));
    ASSERT_TRUE(OpenTestArchive(files_, clock_).has_value());
  }
  const auto paths = files_.ListPaths();
  EXPECT_EQ(std::count_if(paths.begin(), paths.end(),
                          [](const std::string& path) {
                            return path.starts_with("A/salvage/");
                          }),
            2)
      << "the same tail twice is one file";
}

TEST_F(OpenSegmentRecoveryTest, RemovesTemporaryFilesOfItsOwn) {
  ASSERT_TRUE(files_.WriteFile("A/segments/000000000000.jsonl.zst.open.tmp",
                               AsBytes("x")));
  ASSERT_TRUE(
      files_.WriteFile("A/checkpoints/000000000001.note.tmp", AsBytes("x")));
  ASSERT_TRUE(files_.WriteFile("A.keys/seal.intent.tmp", AsBytes("x")));
  ASSERT_TRUE(files_.WriteFile("A/checkpoints/foreign.tmp", AsBytes("x")));
  ASSERT_TRUE(OpenTestArchive(files_, clock_).has_value());
  std::vector<std::string> left;
  for (const std::string& path : files_.ListPaths()) {
    if (path.ends_with(".tmp")) {
      left.push_back(path);
    }
  }
  EXPECT_THAT(left, ElementsAre("A/checkpoints/foreign.tmp"));
}

TEST_F(OpenSegmentRecoveryTest, RefusesAGapBetweenSegments) {
  {
    auto writer = OpenTestArchive(files_, clock_);
    ASSERT_TRUE(writer->Seal().has_value());
    ASSERT_TRUE(writer->Seal().has_value());
    ASSERT_TRUE(CommitRecords(*writer, {"x"}));
  }
  for (const char* gone : {"A/segments/000000000000.jsonl.zst",
                           "A/segments/000000000006.jsonl.zst"}) {
    MemoryFileSystem copy = files_.CrashCopy({});
    ASSERT_TRUE(copy.RemovePath(gone));
    const auto writer = OpenTestArchive(copy, clock_);
    ASSERT_FALSE(writer.has_value()) << gone;
    EXPECT_EQ(writer.error().code, ErrorCode::kDamaged);
  }
}

TEST_F(OpenSegmentRecoveryTest, RefusesAChangedFooter) {
  {
    auto writer = OpenTestArchive(files_, clock_);
    ASSERT_TRUE(writer->Seal().has_value());
  }
  const std::string name = "A/segments/000000000000.jsonl.zst";
  const ByteVector sealed = *files_.ReadFile(name);
  auto segments = *files_.OpenDirectory("A/segments");
  const auto reader =
      SegmentReader::Open(*segments->OpenRead("000000000000.jsonl.zst"), true);
  ASSERT_TRUE(reader.has_value() && reader->map().footer.has_value());
  const ByteExtent footer = *reader->map().footer;
  for (std::uint64_t offset = footer.offset_bytes; offset < footer.end_bytes();
       ++offset) {
    MemoryFileSystem copy = files_.CrashCopy({});
    ByteVector bytes = sealed;
    bytes[offset] ^= 2;
    ASSERT_TRUE(copy.WriteFile(name, bytes));
    const auto writer = OpenTestArchive(copy, clock_);
    ASSERT_FALSE(writer.has_value()) << offset;
    EXPECT_EQ(writer.error().code, ErrorCode::kDamaged) << offset;
  }
}

}  // namespace
}  // namespace authseal
