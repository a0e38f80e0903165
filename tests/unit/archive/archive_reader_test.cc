#include "lib/archive/archive_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/faulty_file_system.h"
#include "tests/support/memory_file_system.h"
#include "tests/unit/archive/sample_segment.h"

namespace authseal {
namespace {

using ::testing::ElementsAre;

constexpr std::string_view kNoteText =
    "authseal archive v1\n"
    "origin example.org\n"
    "leaf plain\n"
    "nonce AAECAwQFBgcICQoLDA0ODw==\n"
    "epoch-key AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n";

class ArchiveReaderTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(files_.CreateDirectory("A", 0700).has_value());
    ASSERT_TRUE(files_.CreateDirectory("A/segments", 0700).has_value());
    ASSERT_TRUE(files_.CreateDirectory("A/checkpoints", 0700).has_value());
    SignedNote note;
    note.text = kNoteText;
    note.signatures.push_back({"example.org", 1, ByteVector(64, 7)});
    Put("A/archive.note", FormatSignedNote(note));
  }

  void Put(std::string_view path, std::string_view text = "x") {
    ASSERT_TRUE(files_.WriteFile(path, AsBytes(text))) << path;
  }
  ArchiveReader Open() {
    auto reader = ArchiveReader::Open(files_, "A");
    EXPECT_TRUE(reader.has_value()) << reader.error().message;
    return *std::move(reader);
  }
  ErrorCode CodeOfOpen(std::string_view path = "A") {
    const auto reader = ArchiveReader::Open(files_, path);
    EXPECT_FALSE(reader.has_value());
    return reader.has_value() ? ErrorCode::kInternal : reader.error().code;
  }

  MemoryFileSystem files_;
};

TEST_F(ArchiveReaderTest, ReadsTheNote) {
  const ArchiveReader reader = Open();
  EXPECT_EQ(reader.note().origin, "example.org");
  EXPECT_EQ(reader.genesis(), Genesis(kNoteText));
  EXPECT_EQ(reader.signed_note().text, kNoteText);
  EXPECT_EQ(reader.path(), "A");
}

TEST_F(ArchiveReaderTest, TellsWhatIsNoArchive) {
  EXPECT_EQ(CodeOfOpen("B"), ErrorCode::kNotArchive);
  EXPECT_EQ(CodeOfOpen("A/archive.note"), ErrorCode::kNotArchive);
  ASSERT_TRUE(files_.RemovePath("A/archive.note"));
  EXPECT_EQ(CodeOfOpen(), ErrorCode::kNotArchive);
}

TEST_F(ArchiveReaderTest, TellsANewerVersionHoweverItGoesOn) {
  Put("A/archive.note", "authseal archive v2\nunsigned, binary \x01\n");
  EXPECT_EQ(CodeOfOpen(), ErrorCode::kNewerVersion);
}

TEST_F(ArchiveReaderTest, RefusesADamagedNote) {
  for (const std::string& text :
       {std::string(), std::string("hello\n"), std::string(kNoteText),
        std::string(kNoteText) + std::string(100'000, '\n')}) {
    Put("A/archive.note", text);
    EXPECT_EQ(CodeOfOpen(), ErrorCode::kDamaged);
  }
}

TEST_F(ArchiveReaderTest, CallsAMissingDirectoryDamage) {
  ASSERT_TRUE(files_.RemovePath("A/segments"));
  EXPECT_EQ(CodeOfOpen(), ErrorCode::kDamaged);
  Put("A/segments", "a file in its place");
  EXPECT_EQ(CodeOfOpen(), ErrorCode::kDamaged);
}

TEST_F(ArchiveReaderTest, ListsEverythingInOrder) {
  Put("A/segments/000000000009.jsonl.zst.open");
  Put("A/segments/000000000004.jsonl.zst");
  Put("A/segments/000000000000.jsonl.zst");
  Put("A/segments/000000000000.idx");
  Put("A/segments/000000000009.idx.tmp");
  Put("A/checkpoints/000000000009.note");
  Put("A/checkpoints/000000000004.note");
  Put("A/checkpoints/000000000004.tsr");
  Put("A/checkpoints/000000000012.note.tmp");
  ASSERT_TRUE(files_.CreateDirectory("A/salvage", 0700).has_value());
  const auto listing = Open().List();
  ASSERT_TRUE(listing.has_value());
  ASSERT_EQ(listing->segments.size(), 3u);
  EXPECT_EQ(listing->segments[0].first_record, 0u);
  EXPECT_EQ(listing->segments[1].first_record, 4u);
  EXPECT_TRUE(listing->segments[1].sealed);
  EXPECT_EQ(listing->segments[2].first_record, 9u);
  EXPECT_FALSE(listing->segments[2].sealed);
  EXPECT_THAT(listing->indexes, ElementsAre(0));
  EXPECT_THAT(listing->checkpoints, ElementsAre(4, 9));
  ASSERT_EQ(listing->checkpoint_extras.size(), 1u);
  EXPECT_EQ(listing->checkpoint_extras[0].kind,
            CheckpointFileKind::kTimestampReply);
  EXPECT_TRUE(listing->salvage_present);
  EXPECT_THAT(listing->unexpected, ElementsAre());
}

TEST_F(ArchiveReaderTest, NamesWhatHasNoPlace) {
  Put("A/notes.txt");
  Put("A/segments/000000000000.jsonl.zst");
  Put("A/segments/000000000000.jsonl.zst.bak");
  ASSERT_TRUE(files_.AddSpecialFile("A/segments/000000000004.jsonl.zst"));
  ASSERT_TRUE(files_.CreateDirectory("A/checkpoints/000000000001.note", 0700)
                  .has_value());
  Put("A/checkpoints/1.note");
  const auto listing = Open().List();
  ASSERT_TRUE(listing.has_value());
  EXPECT_THAT(listing->unexpected,
              ElementsAre("checkpoints/000000000001.note", "checkpoints/1.note",
                          "notes.txt", "segments/000000000000.jsonl.zst.bak",
                          "segments/000000000004.jsonl.zst"));
  EXPECT_EQ(listing->segments.size(), 1u);
  EXPECT_TRUE(listing->checkpoints.empty());
}

TEST_F(ArchiveReaderTest, KeepsOneOpenSegmentOnly) {
  Put("A/segments/000000000000.jsonl.zst.open");
  Put("A/segments/000000000004.jsonl.zst");
  Put("A/segments/000000000009.jsonl.zst");
  Put("A/segments/000000000009.jsonl.zst.open");
  const auto listing = Open().List();
  ASSERT_TRUE(listing.has_value());
  ASSERT_EQ(listing->segments.size(), 2u);
  EXPECT_TRUE(listing->segments[0].sealed && listing->segments[1].sealed);
  EXPECT_THAT(listing->unexpected,
              ElementsAre("segments/000000000000.jsonl.zst.open",
                          "segments/000000000009.jsonl.zst.open"));
}

TEST_F(ArchiveReaderTest, FollowsASegmentThatWasSealedMeanwhile) {
  const SampleSegment sealed = MakeSegment(2, true);
  Put("A/segments/000000000000.jsonl.zst.open",
      AsText(MakeSegment(2, false).bytes));
  const ArchiveReader reader = Open();
  const auto listing = reader.List();
  ASSERT_TRUE(listing.has_value());
  ASSERT_TRUE(files_.RemovePath("A/segments/000000000000.jsonl.zst.open"));
  Put("A/segments/000000000000.jsonl.zst", AsText(sealed.bytes));
  const auto segment = reader.OpenSegment(listing->segments[0]);
  ASSERT_TRUE(segment.has_value());
  EXPECT_TRUE(segment->sealed());
  EXPECT_TRUE(segment->map().by_seek_table);
  ASSERT_TRUE(files_.RemovePath("A/segments/000000000000.jsonl.zst"));
  const auto gone = reader.OpenSegment(listing->segments[0]);
  ASSERT_FALSE(gone.has_value());
  EXPECT_EQ(gone.error().code, ErrorCode::kNotFound);
}

TEST_F(ArchiveReaderTest, ReadsIndexAndCheckpointWithinLimits) {
  Put("A/segments/000000000000.idx", "12345");
  Put("A/checkpoints/000000000004.note", "text");
  const ArchiveReader reader = Open();
  const auto index = reader.ReadIndex(0, 5);
  ASSERT_TRUE(index.has_value());
  EXPECT_EQ(AsText(*index), "12345");
  EXPECT_FALSE(reader.ReadIndex(0, 4).has_value());
  const auto checkpoint = reader.ReadCheckpoint(4);
  ASSERT_TRUE(checkpoint.has_value());
  EXPECT_EQ(*checkpoint, "text");
  Put("A/checkpoints/000000000004.note", std::string(65537, 'x'));
  EXPECT_FALSE(reader.ReadCheckpoint(4).has_value());
  EXPECT_FALSE(reader.ReadCheckpoint(5).has_value());
}

// A read that fails is an error, never a shorter listing or another verdict.
TEST_F(ArchiveReaderTest, ReportsEveryFailedReadAsSuch) {
  Put("A/segments/000000000000.jsonl.zst", AsText(MakeSegment(2, true).bytes));
  Put("A/checkpoints/000000000004.note");
  FaultyFileSystem faulty(files_);
  const auto run = [&]() -> Status {
    TRY_ASSIGN(const ArchiveReader reader, ArchiveReader::Open(faulty, "A"));
    TRY_ASSIGN(const ArchiveListing listing, reader.List());
    TRY(reader.OpenSegment(listing.segments.at(0)));
    return Ok();
  };
  FaultPlan plan;
  plan.counts = FaultPlan::Counts::kReading;
  faulty.SetPlan(plan);
  ASSERT_TRUE(run().has_value());
  const std::uint64_t operations = faulty.operation_count();
  ASSERT_GT(operations, 5u);
  for (plan.fail_at = 1; plan.fail_at <= operations; ++plan.fail_at) {
    faulty.SetPlan(plan);
    const Status status = run();
    ASSERT_FALSE(status.has_value()) << plan.fail_at;
    EXPECT_EQ(status.error().code, ErrorCode::kIo);
  }
}

}  // namespace
}  // namespace authseal
