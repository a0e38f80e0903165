// What is checked, and what shows, when only what is new is read.
#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lib/archive/archive_reader.h"
#include "tests/corruption/attack.h"

namespace authseal {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class AfterCheckpoint : public ::testing::Test {
 protected:
  AfterCheckpoint() : archive_("log.example.org", 0) {}

  // Seals `count` segments of different shapes, and keeps each checkpoint.
  void Grow(int count) {
    for (int i = 0; i < count; ++i) {
      std::vector<std::vector<std::string>> blocks;
      for (int b = 0; b < i % 4; ++b) {
        blocks.emplace_back();
        for (int r = 0; r <= (i * 3 + b) % 5; ++r) {
          blocks.back().push_back("{\"n\":" + std::to_string(next_++) + "}");
        }
      }
      if (!blocks.empty()) {
        archive_.Commit(blocks);
      }
      archive_.Seal();
      const auto report = Verify(archive_.Files(), archive_.pin());
      ASSERT_TRUE(report.has_value() && report->verified());
      kept_.push_back({report->origin, report->tree_size, report->root});
    }
  }

  // The last of `kept` is the one after which everything is new.
  Result<VerifyReport> After(const ArchiveFiles& files,
                             const std::vector<Checkpoint>& kept,
                             VerifyDepth depth = VerifyDepth::kFull) {
    VerifyOptions options;
    options.pin = archive_.pin();
    options.depth = depth;
    for (const Checkpoint& checkpoint : kept) {
      options.known.push_back({"kept.note", checkpoint});
    }
    options.after = kept.size() - 1;
    return Verify(files, options);
  }
  std::string SegmentAt(std::size_t seal) const {
    return "segments/" +
           SealedSegmentName(seal == 0 ? 0 : kept_[seal - 1].size);
  }

  TestArchive archive_;
  std::vector<Checkpoint> kept_;
  std::uint64_t next_ = 0;
};

TEST_F(AfterCheckpoint, BeginsBehindEverySealWhateverItsPlaceInTheTree) {
  Grow(40);
  const ArchiveFiles files = archive_.Files();
  for (std::size_t i = 0; i < kept_.size(); ++i) {
    for (const VerifyDepth depth : {VerifyDepth::kFull, VerifyDepth::kQuick}) {
      const auto report = After(files, {kept_[i]}, depth);
      ASSERT_TRUE(report.has_value());
      EXPECT_TRUE(report->verified()) << i << "\n" << Describe(*report);
      EXPECT_EQ(report->skipped_records, kept_[i].size);
      EXPECT_EQ(report->skipped_segments, i + 1);
      EXPECT_EQ(report->segments.total, kept_.size() - i - 1);
      EXPECT_EQ(report->segments.ok, report->segments.total);
      EXPECT_EQ(report->records.total, kept_.back().size - kept_[i].size);
      EXPECT_EQ(report->records.ok, report->records.total);
      EXPECT_EQ(report->tree_size, kept_.back().size);
      EXPECT_EQ(report->root, kept_.back().root);
      EXPECT_EQ(report->checkpoint_size, kept_.back().size);
      EXPECT_EQ(report->epochs, kept_.size());
      EXPECT_NE(report->last_seal_time.value, 0);
      EXPECT_TRUE(report->known[0].consistent);
      EXPECT_THAT(report->not_checked, Contains(HasSubstr("were not read")));
    }
  }
}

TEST_F(AfterCheckpoint, SaysNothingOfWhatItDidNotRead) {
  Grow(5);
  archive_.Commit({{"{\"open\":1}"}});
  const auto report = After(archive_.Files(), {kept_[2]});
  ASSERT_TRUE(report.has_value());
  EXPECT_THAT(report->trustworthy,
              ElementsAre(RecordRange{kept_[2].size, kept_.back().size + 1}));
  EXPECT_EQ(report->unsealed_records, 1u);
  const auto nothing_new = After(archive_.Files(), {kept_.back()});
  ASSERT_TRUE(nothing_new.has_value());
  EXPECT_TRUE(nothing_new->verified());
  EXPECT_EQ(nothing_new->records.total, 1u);
}

TEST_F(AfterCheckpoint, DamageBeforeItDoesNotShowAndDamageBehindItDoes) {
  Grow(8);
  const ArchiveFiles sound = archive_.Files();
  for (std::size_t i = 0; i < kept_.size(); ++i) {
    ArchiveFiles files = sound;
    ByteVector& bytes = files.at(SegmentAt(i));
    bytes.assign(bytes.size(), 'x');
    const auto report = After(files, {kept_[4]});
    ASSERT_TRUE(report.has_value());
    // Of the segment that ends there, headers and footer are needed.
    EXPECT_EQ(report->verified(), i < 4) << i;
    EXPECT_FALSE(Verify(files, archive_.pin())->verified());
  }
}

TEST_F(AfterCheckpoint, EachChangeOfTheFooterBeforeItIsFound) {
  Grow(5);
  const ArchiveFiles sound = archive_.Files();
  const std::string file = SegmentAt(2);
  MemoryFileSystem file_system = FileSystemOf(sound);
  const auto archive = ArchiveReader::Open(file_system, "A");
  ASSERT_TRUE(archive.has_value());
  const auto segment =
      archive->OpenSegment({kept_[1].size, true, file.substr(9)});
  ASSERT_TRUE(segment.has_value() && segment->map().footer.has_value());
  const ByteExtent footer = *segment->map().footer;
  for (std::uint64_t at = footer.offset_bytes; at < footer.end_bytes(); ++at) {
    for (const std::uint8_t bit : {std::uint8_t{1}, std::uint8_t{128}}) {
      ArchiveFiles files = sound;
      files.at(file)[at] ^= bit;
      const auto report = After(files, {kept_[2]});
      ASSERT_TRUE(report.has_value());
      EXPECT_FALSE(report->verified()) << at - footer.offset_bytes;
    }
  }
}

// Nothing stands behind it whose chain would tell: only that the seal record
// is in the checkpoint's tree.
TEST_F(AfterCheckpoint, AnExchangedNextKeyIsFoundThoughNothingIsSignedByIt) {
  Grow(6);
  const ArchiveFiles sound = archive_.Files();
  const std::string file = SegmentAt(5);
  MemoryFileSystem file_system = FileSystemOf(sound);
  const auto archive = ArchiveReader::Open(file_system, "A");
  ASSERT_TRUE(archive.has_value());
  const auto segment =
      archive->OpenSegment({kept_[4].size, true, file.substr(9)});
  ASSERT_TRUE(segment.has_value());
  ByteVector frame;
  const auto footer = segment->ReadFooter(frame);
  ASSERT_TRUE(footer.has_value());
  ByteVector bytes = sound.at(file);
  const auto key =
      std::search(bytes.begin(), bytes.end(), footer->next_key.bytes.begin(),
                  footer->next_key.bytes.end());
  ASSERT_NE(key, bytes.end());
  const auto at = static_cast<std::size_t>(key - bytes.begin());
  for (std::size_t i = 0; i < footer->next_key.bytes.size(); ++i) {
    ArchiveFiles files = sound;
    files.at(file)[at + i] ^= 0x20;
    const auto report = After(files, {kept_[5]});
    EXPECT_EQ(Misjudged(report, file, "seal-invalid"), "") << i;
    EXPECT_EQ(report->skipped_records, 0u);
  }
}

TEST_F(AfterCheckpoint, EveryChangedBitOfWhatIsNewIsFound) {
  Grow(4);
  const ArchiveFiles sound = archive_.Files();
  const std::string file = SegmentAt(3);
  for (std::size_t at = 0; at < sound.at(file).size(); ++at) {
    ArchiveFiles files = sound;
    files.at(file)[at] ^= static_cast<std::uint8_t>(1u << (at % 8));
    const auto report = After(files, {kept_[2]});
    ASSERT_TRUE(report.has_value());
    EXPECT_FALSE(report->verified()) << at;
  }
}

TEST_F(AfterCheckpoint, AForkOrARollbackIsFoundByReadingEverything) {
  Grow(6);
  const ArchiveFiles files = archive_.Files();
  Checkpoint forked = kept_[3];
  forked.root.bytes[0] ^= 1;
  auto report = After(files, {forked});
  EXPECT_EQ(Misjudged(report, "", "fork"), "");
  EXPECT_EQ(report->skipped_records, 0u);

  Checkpoint inside = kept_[3];
  inside.size -= 1;
  report = After(files, {inside});
  EXPECT_EQ(Misjudged(report, "", "fork"), "");
  EXPECT_EQ(report->skipped_records, 0u);
  EXPECT_THAT(report->not_checked, Contains(HasSubstr("nothing was left out")));

  Checkpoint beyond = kept_[5];
  beyond.size += 3;
  report = After(files, {beyond});
  EXPECT_EQ(Misjudged(report, "", "rollback"), "");
  EXPECT_EQ(report->skipped_records, 0u);
}

TEST_F(AfterCheckpoint, TheArchivesOwnCheckpointForThatSizeIsCompared) {
  Grow(4);
  ArchiveFiles files = archive_.Files();
  const std::string note = "checkpoints/" + CheckpointName(kept_[1].size);
  files.at(note) = files.at("checkpoints/" + CheckpointName(kept_[2].size));
  EXPECT_EQ(
      Misjudged(After(files, {kept_[1]}), note, "checkpoint-invalid rollback"),
      "");
}

TEST_F(AfterCheckpoint, AMissingSegmentShowsByItsName) {
  Grow(6);
  for (std::size_t i = 0; i < 6; ++i) {
    ArchiveFiles files = archive_.Files();
    files.erase(SegmentAt(i));
    const auto report = After(files, {kept_[3]});
    ASSERT_TRUE(report.has_value());
    EXPECT_FALSE(report->verified()) << i;
  }
}

TEST_F(AfterCheckpoint, EveryOlderCheckpointIsComparedOnTheWay) {
  Grow(6);
  const ArchiveFiles files = archive_.Files();
  auto report = After(files, {kept_[4], kept_[1], kept_[3]});
  ASSERT_TRUE(report.has_value());
  EXPECT_TRUE(report->verified());
  EXPECT_EQ(report->skipped_records, kept_[1].size);
  for (const KnownCheckpointResult& known : report->known) {
    EXPECT_TRUE(known.consistent);
  }
  Checkpoint forked = kept_[1];
  forked.root.bytes[0] ^= 1;
  report = After(files, {forked, kept_[3]});
  EXPECT_EQ(Misjudged(report, "", "fork"), "");
  // Of the very size where reading begins.
  report = After(files, {kept_[1], forked});
  EXPECT_EQ(Misjudged(report, "", "fork"), "");
  EXPECT_EQ(report->skipped_records, kept_[1].size);
  forked = kept_[2];
  forked.root.bytes[0] ^= 1;
  report = After(files, {kept_[1], forked, kept_[3]});
  EXPECT_EQ(Misjudged(report, "", "fork"), "");
}

TEST_F(AfterCheckpoint, ANoteThatIsNotThePinnedOneIsNotBuiltUpon) {
  Grow(3);
  VerifyOptions options;
  options.pin = archive_.pin();
  options.pin.genesis = TestArchive().pin().genesis;
  options.known.push_back({"kept.note", kept_[1]});
  options.after = 0;
  const auto report = Verify(archive_.Files(), options);
  EXPECT_EQ(Misjudged(report, "archive.note", "genesis-mismatch"), "");
  EXPECT_THAT(report->trustworthy, IsEmpty());
}

}  // namespace
}  // namespace authseal
