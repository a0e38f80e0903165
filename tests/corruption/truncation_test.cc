// Files cut short, and files with something behind them.
#include <gtest/gtest.h>

#include "tests/corruption/attack.h"

namespace authseal {
namespace {

class Truncation : public ::testing::Test {
 protected:
  Truncation() : archive_("log.example.org", 300) {
    FillSample(archive_);
    files_ = archive_.Files();
    oracle_.emplace(files_);
  }

  void ExpectFound(const ArchiveFiles& changed, const std::string& path,
                   const std::string& names, const std::string& what) {
    for (const VerifyDepth depth : {VerifyDepth::kFull, VerifyDepth::kQuick}) {
      const auto report = Verify(changed, archive_.pin(), depth);
      ASSERT_EQ(Misjudged(report, path, names), "") << path << ", " << what;
      ASSERT_EQ(oracle_->WronglyTrusted(*report, changed), "") << what;
    }
  }

  // A step that hits every position of a frame's fields in the long run.
  std::size_t Step() const { return Exhaustive() ? 1 : 3; }

  TestArchive archive_;
  ArchiveFiles files_;
  std::optional<RecordOracle> oracle_;
};

TEST_F(Truncation, OfSealedSegmentsIsFoundAtEachLength) {
  // The last sealed segment takes the size of the tree with it.
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"segments/000000000000.jsonl.zst", kSegmentDamage},
      {"segments/000000000011.jsonl.zst", kSegmentDamage + " rollback"}};
  for (const auto& [path, names] : cases) {
    for (std::size_t size = 0; size < files_[path].size(); size += Step()) {
      ArchiveFiles changed = files_;
      changed[path].resize(size);
      ExpectFound(changed, path, names, "cut to " + std::to_string(size));
    }
  }
}

TEST_F(Truncation, OfAWholeBlocksEndKeepsTheBlocksBefore) {
  const std::string path = "segments/000000000011.jsonl.zst";
  ArchiveFiles changed = files_;
  changed[path].resize(changed[path].size() - 1);
  const auto report = Verify(changed, archive_.pin());
  ASSERT_TRUE(report.has_value());
  // All data is there, and so is the footer.
  EXPECT_EQ(TrustedCount(*report), 28u) << Describe(*report);
  EXPECT_EQ(FindingNames(*report), "trailing-bytes seek-table-mismatch");
}

TEST_F(Truncation, OfTheOpenSegmentIsFewerRecordsAndATornTail) {
  const std::string path = "segments/000000000020.jsonl.zst.open";
  std::uint64_t records = 0;
  for (std::size_t size = 0; size <= files_[path].size(); ++size) {
    ArchiveFiles changed = files_;
    changed[path].resize(size);
    const auto report = Verify(changed, archive_.pin());
    ASSERT_TRUE(report.has_value());
    ASSERT_TRUE(report->verified()) << size << "\n" << Describe(*report);
    ASSERT_GE(report->unsealed_records, records);
    const bool torn = NoteNames(*report) == "torn-tail";
    const bool at_commit = report->unsealed_records > records || size == 0;
    ASSERT_EQ(torn, !at_commit) << size;
    ASSERT_EQ(oracle_->WronglyTrusted(*report, changed), "");
    records = report->unsealed_records;
  }
  EXPECT_EQ(records, 8u);
}

TEST_F(Truncation, OfSmallFilesIsFoundAtEachLength) {
  for (const auto& [path, names] :
       std::vector<std::pair<std::string, std::string>>{
           {"archive.note", "key-changed genesis-mismatch origin-changed"},
           {"checkpoints/000000000011.note", "checkpoint-invalid"},
           {"segments/000000000000.idx", "index-mismatch"}}) {
    for (std::size_t size = 0; size < files_[path].size(); size += Step()) {
      ArchiveFiles changed = files_;
      changed[path].resize(size);
      ExpectFound(changed, path, names, "cut to " + std::to_string(size));
    }
  }
}

TEST_F(Truncation, BytesBehindAnySealedFileAreFound) {
  const auto& table = files_["segments/000000000000.jsonl.zst"];
  const std::vector<ByteVector> tails = {
      {0},
      {'\n'},
      ByteVector(8, 0),
      ByteVector(64, 0xFF),
      // An empty skippable frame, and one of ours.
      {0x50, 0x2A, 0x4D, 0x18, 0, 0, 0, 0},
      {0x5F, 0x2A, 0x4D, 0x18, 0, 0, 0, 0},
      // Another seek table, that of the segment itself.
      ByteVector(table.end() - 40, table.end()),
      // A whole segment, its own.
      table};
  for (const auto& [path, bytes] : files_) {
    if (path.ends_with(".open")) {
      continue;
    }
    for (const ByteVector& tail : tails) {
      ArchiveFiles changed = files_;
      changed[path].insert(changed[path].end(), tail.begin(), tail.end());
      ExpectFound(changed, path,
                  kSegmentDamage +
                      " key-changed genesis-mismatch checkpoint-invalid "
                      "index-mismatch",
                  std::to_string(tail.size()) + " bytes behind");
    }
  }
}

TEST_F(Truncation, BytesBehindTheOpenSegmentAreATornTail) {
  const std::string path = "segments/000000000020.jsonl.zst.open";
  const ByteVector open = files_[path];
  for (const ByteVector& tail :
       {ByteVector{0}, ByteVector(5000, 0),
        // The beginning of a block, as a write under way leaves it.
        ByteVector(open.begin(), open.begin() + 40)}) {
    ArchiveFiles changed = files_;
    changed[path].insert(changed[path].end(), tail.begin(), tail.end());
    const auto report = Verify(changed, archive_.pin());
    ASSERT_TRUE(report.has_value());
    EXPECT_TRUE(report->verified()) << Describe(*report);
    EXPECT_EQ(NoteNames(*report), "torn-tail");
    EXPECT_EQ(report->unsealed_records, 8u);
  }
}

TEST_F(Truncation, BlocksRepeatedBehindTheOpenSegmentAreFound) {
  const std::string path = "segments/000000000020.jsonl.zst.open";
  ArchiveFiles changed = files_;
  const ByteVector open = files_[path];
  changed[path].insert(changed[path].end(), open.begin(), open.end());
  ExpectFound(changed, path, kSegmentDamage, "repeated");
}

TEST_F(Truncation, ZeroedSectorsAreFound) {
  constexpr std::size_t kSectorSizeBytes = 64;
  for (const std::string path :
       {"segments/000000000000.jsonl.zst", "segments/000000000011.jsonl.zst"}) {
    for (std::size_t at = 0; at < files_[path].size(); at += kSectorSizeBytes) {
      ArchiveFiles changed = files_;
      const std::size_t end =
          std::min(at + kSectorSizeBytes, changed[path].size());
      std::fill(changed[path].begin() + static_cast<std::ptrdiff_t>(at),
                changed[path].begin() + static_cast<std::ptrdiff_t>(end), 0);
      ExpectFound(changed, path,
                  kSegmentDamage + " epoch-key-mismatch rollback",
                  "zeros at " + std::to_string(at));
    }
  }
}

}  // namespace
}  // namespace authseal
