#include "lib/query/archive_scan.h"

#include <algorithm>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lib/archive/rotation_note.h"
#include "lib/note/signed_note_signer.h"
#include "tests/unit/query/archive_scan_fixture.h"

namespace authseal {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

TEST_F(ArchiveScanTest, HandsOnEveryRecordInOrderOnAnyNumberOfThreads) {
  for (const unsigned threads : {0U, 1U, 4U, 64U}) {
    const Scanned scanned =
        Scan(files_, {.pin = archive_.pin(), .threads = threads});
    EXPECT_EQ(FindingLines(scanned.report), "");
    EXPECT_EQ(scanned.records, archive_.records());
    EXPECT_TRUE(std::is_sorted(scanned.order.begin(), scanned.order.end()));
    EXPECT_EQ(scanned.order.size(), 48U);
    EXPECT_EQ(scanned.report.sealed_records, 39U);
    EXPECT_EQ(scanned.report.unsealed_records, 12U);
    EXPECT_EQ(scanned.report.segments_total, 4U);
    EXPECT_EQ(scanned.report.blocks_read, scanned.report.blocks_total);
  }
}

TEST_F(ArchiveScanTest, LeavesOutTheOpenSegmentWhenAsked) {
  const Scanned scanned = Scan(
      files_, {.pin = archive_.pin(), .include_unsealed = false, .threads = 1});
  EXPECT_EQ(scanned.records, Without(39, 999));
}

TEST_F(ArchiveScanTest, ReadsOnlyBlocksThatHoldWantedRecords) {
  const Scanned scanned =
      Scan(files_, {.pin = archive_.pin(), .records = {15, 17}});
  EXPECT_EQ(scanned.report.blocks_read, 2U);  // 13..16 and 16..17
  EXPECT_EQ(scanned.order, (std::vector<std::uint64_t>{13, 14, 15, 16}));
}

TEST_F(ArchiveScanTest, StopsWhenTheConsumerHasEnough) {
  MemoryFileSystem file_system = FileSystemOf(files_);
  const auto archive = ArchiveReader::Open(file_system, "A");
  ASSERT_TRUE(archive.has_value());
  class Nothing : public BlockEvaluator {
    std::unique_ptr<BlockResult> Evaluate(const ScannedBlock&) override {
      return std::make_unique<BlockResult>();
    }
  };
  int taken = 0;
  const auto report = ScanArchive(
      *archive, {.pin = archive_.pin(), .threads = 3},
      [] { return std::make_unique<Nothing>(); },
      [&taken](std::unique_ptr<BlockResult>) -> Result<bool> {
        return ++taken < 2;
      });
  ASSERT_TRUE(report.has_value());
  EXPECT_EQ(taken, 2);
  EXPECT_TRUE(report->stopped);
}

TEST_F(ArchiveScanTest, NeverHandsOnADamagedBlock) {
  const SegmentMap map = MapOf(files_, kSecond);
  FlipByte(kSecond, map.blocks[1].data.end_bytes() - 6);
  const Scanned scanned = ScanFiles();
  EXPECT_EQ(FindingLines(scanned.report),
            std::string("stored-hash-mismatch ") + kSecond + " 16..17\n");
  EXPECT_EQ(scanned.records, Without(16, 17));
}

// Whatever single byte changes, what is handed on is what was put in, and what
// is missing has a finding.
TEST_F(ArchiveScanTest, AnyFlippedByteOfASegmentIsAFindingOrDoesNotMatter) {
  const ByteVector sound = files_.at(kSecond);
  const std::uint64_t seek_table_begin =
      MapOf(files_, kSecond).seek_table->offset_bytes;
  for (std::size_t at = 0; at < sound.size(); at += 3) {
    files_.at(kSecond) = sound;
    FlipByte(kSecond, at);
    const Scanned scanned = ScanFiles();
    for (const auto& [number, text] : scanned.records) {
      ASSERT_EQ(text, archive_.records().at(number)) << at;
    }
    ASSERT_TRUE(std::is_sorted(scanned.order.begin(), scanned.order.end()));
    ASSERT_EQ(scanned.order.size(), scanned.records.size());
    for (const auto& [number, text] : Without(13, 26)) {
      ASSERT_TRUE(scanned.records.contains(number)) << at << " " << number;
    }
    if (at < seek_table_begin) {
      ASSERT_FALSE(scanned.report.findings.empty()) << at;
    } else {
      ASSERT_EQ(scanned.records, archive_.records()) << at;
    }
  }
}

// Commit signatures vouch for nothing beside a seal: a replaced commit has one.
TEST_F(ArchiveScanTest, ADamagedHeaderHidesWhatDoesNotLeadToTheSeal) {
  const SegmentMap map = MapOf(files_, kSecond);
  // Within the header's fields: it no longer decodes, or is not the one named.
  FlipByte(kSecond, map.blocks[2].header.offset_bytes + 8);
  const Scanned scanned = ScanFiles();
  EXPECT_THAT(FindingLines(scanned.report),
              StartsWith(std::string("chain-broken ") + kSecond));
  EXPECT_FALSE(scanned.records.contains(13));
  EXPECT_FALSE(scanned.records.contains(17));
  for (const auto& [number, text] : Without(13, 21)) {
    EXPECT_TRUE(scanned.records.contains(number)) << number;
  }
}

// Cut off behind any seal, a checkpoint that stayed tells, also where nothing
// near the end is wanted and where the reader stops early.
TEST_F(ArchiveScanTest, ACutEndShowsWhereACheckpointIsLeft) {
  files_.erase(kOpen);
  const std::vector<std::pair<const char*, std::string>> cuts = {
      {kThird, "26"}, {kSecond, "13"}, {kFirst, "0"}};
  for (const auto& [path, end] : cuts) {
    files_.erase(path);
    const std::string finding =
        "rollback checkpoints/000000000039.note " + end + "..39\n";
    EXPECT_EQ(FindingLines(ScanFiles().report), finding) << path;
    const Scanned some =
        Scan(files_, {.pin = archive_.pin(), .records = {0, 2}});
    EXPECT_EQ(FindingLines(some.report), finding) << path;
  }
  files_.erase("checkpoints/000000000039.note");
  EXPECT_EQ(FindingLines(ScanFiles().report),
            "rollback checkpoints/000000000026.note 0..26\n");
}

TEST_F(ArchiveScanTest, ACutEndIsToldByNoNoteThatNobodySigned) {
  files_.erase(kOpen);
  files_.erase(kThird);
  files_.at("checkpoints/000000000039.note").at(20) ^= 1;
  EXPECT_EQ(FindingLines(ScanFiles().report),
            "checkpoint-invalid checkpoints/000000000039.note\n");
}

NamedSigner IdentityOf(TestArchive& archive) {
  const auto file = archive.file_system().ReadFile("A.keys/identity.key");
  auto signer = ParseSigningKey(AsText(Bytes(*file).first(file->size() - 1)));
  return std::move(*signer);
}

TEST_F(ArchiveScanTest, ARotationOverAnotherTreeIsAFinding) {
  const std::string path = "checkpoints/000000000052.rotation";
  const NamedSigner from = IdentityOf(archive_.archive());
  archive_.archive().RotateIdentity();
  const NamedSigner to = IdentityOf(archive_.archive());
  files_ = archive_.Files();
  EXPECT_EQ(FindingLines(ScanFiles().report), "");
  auto rotation =
      *ParseRotationText(ParseSignedNote(AsText(files_.at(path)))->text);
  rotation.root.bytes[0] ^= 1;
  const std::string text = FormatRotationText(rotation);
  const std::string note =
      *SignNote(text, from.name, from.signer) +
      SignNote(text, to.name, to.signer)->substr(text.size() + 1);
  files_.at(path) = ByteVector(note.begin(), note.end());
  EXPECT_EQ(FindingLines(ScanFiles().report), "root-mismatch " + path + "\n");
}

TEST_F(ArchiveScanTest, ASegmentInAnothersPlaceIsNotHandedOn) {
  files_.at(kThird) = files_.at(kSecond);
  const Scanned scanned = ScanFiles();
  EXPECT_FALSE(scanned.report.findings.empty());
  EXPECT_EQ(scanned.records.count(27), 0U);
  EXPECT_EQ(scanned.order.size(), scanned.records.size());
  for (const auto& [number, text] : scanned.records) {
    EXPECT_EQ(text, archive_.records().at(number));
  }
}

TEST_F(ArchiveScanTest, ACutSegmentGivesAFinding) {
  files_.at(kSecond).resize(files_.at(kSecond).size() / 2);
  const Scanned scanned =
      Scan(files_, {.pin = archive_.pin(), .known = {KnownAt(39)}});
  EXPECT_EQ(FindingLines(scanned.report),
            std::string("seal-missing ") + kSecond + "\n");
  EXPECT_EQ(scanned.records, Without(13, 26));
}

TEST_F(ArchiveScanTest, AnotherPinHandsOnNothing) {
  const RecordedArchive other;
  Pin wrong_genesis = archive_.pin();
  wrong_genesis.genesis->bytes[0] ^= 1;
  for (const auto& [pin, name] :
       {std::pair(other.pin(), "key-changed"),
        std::pair(wrong_genesis, "genesis-mismatch")}) {
    const Scanned scanned = Scan(files_, {.pin = pin});
    EXPECT_THAT(FindingLines(scanned.report), HasSubstr(name));
    EXPECT_THAT(scanned.records, IsEmpty());
  }
}

TEST_F(ArchiveScanTest, AnotherArchivesSegmentsAreNotHandedOn) {
  RecordedArchive other;
  FillSegments(other);
  const ArchiveFiles foreign = other.Files();
  files_.at(kSecond) = foreign.at(kSecond);
  files_.at(kOpen) = foreign.at(kOpen);
  const Scanned scanned =
      Scan(files_, {.pin = archive_.pin(), .known = {KnownAt(39)}});
  EXPECT_THAT(FindingLines(scanned.report),
              HasSubstr(std::string("seal-invalid ") + kSecond));
  EXPECT_THAT(FindingLines(scanned.report), HasSubstr(kOpen));
  Records expected = Without(13, 26);
  expected.erase(expected.lower_bound(39), expected.end());
  EXPECT_EQ(scanned.records, expected);
}

TEST_F(ArchiveScanTest, ATornTailOfTheOpenSegmentIsIgnoredSilently) {
  const SegmentMap map = MapOf(files_, kOpen);
  const ByteVector sound = files_.at(kOpen);
  // Cut anywhere in the last commit: blocks 3 and 4.
  for (std::uint64_t size_bytes = map.blocks[3].data.offset_bytes + 1;
       size_bytes < sound.size(); size_bytes += 7) {
    files_.at(kOpen) = sound;
    files_.at(kOpen).resize(size_bytes);
    const Scanned scanned = ScanFiles();
    ASSERT_EQ(FindingLines(scanned.report), "") << size_bytes;
    ASSERT_EQ(scanned.records, Without(47, 999)) << size_bytes;
  }
}

TEST_F(ArchiveScanTest, ATornFirstCommitIsIgnoredSilently) {
  const SegmentMap map = MapOf(files_, kOpen);
  for (const std::uint64_t size_bytes :
       {std::uint64_t{0}, std::uint64_t{5}, map.blocks[0].header.end_bytes(),
        map.blocks[1].data.end_bytes()}) {
    ArchiveFiles sound = files_;
    files_.at(kOpen).resize(size_bytes);
    const Scanned scanned = ScanFiles();
    files_ = sound;
    EXPECT_EQ(FindingLines(scanned.report), "") << size_bytes;
    EXPECT_EQ(scanned.records, Without(39, 999)) << size_bytes;
  }
}

TEST_F(ArchiveScanTest, DamageInFrontOfASignedCommitIsAFinding) {
  const SegmentMap map = MapOf(files_, kOpen);
  const ByteVector sound = files_.at(kOpen);
  for (std::uint64_t at = 0; at < map.blocks[3].data.offset_bytes; at += 5) {
    files_.at(kOpen) = sound;
    FlipByte(kOpen, at);
    const Scanned scanned = ScanFiles();
    ASSERT_FALSE(scanned.report.findings.empty()) << at;
    for (const auto& [number, text] : scanned.records) {
      ASSERT_EQ(text, archive_.records().at(number)) << at;
    }
  }
}

TEST_F(ArchiveScanTest, AForgedCommitIsAFinding) {
  const SegmentMap map = MapOf(files_, kOpen);
  FlipByte(kOpen, map.blocks.back().header.end_bytes() - 1);  // its signature
  const Scanned scanned = ScanFiles();
  EXPECT_EQ(FindingLines(scanned.report),
            std::string("header-signature-invalid ") + kOpen + "\n");
  EXPECT_EQ(scanned.records, Without(47, 999));
}

}  // namespace
}  // namespace authseal
