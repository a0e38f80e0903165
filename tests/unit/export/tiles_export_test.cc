#include "lib/export/tiles_export.h"

#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/faulty_file_system.h"
#include "tests/unit/export/export_fixture.h"

namespace authseal {
namespace {

using ::testing::HasSubstr;

Result<TilesResult> ExportTilesTo(FileSystem& files, const Pin& pin,
                                  const std::string& out = std::string(kOut),
                                  unsigned threads = 1) {
  TRY_ASSIGN(const ArchiveReader archive, ArchiveReader::Open(files, "A"));
  return WriteTiles(files, archive,
                    {.pin = pin, .out_path = out, .threads = threads});
}

using Files = std::map<std::string, ByteVector>;

Files FilesBelow(const MemoryFileSystem& files, const std::string& path) {
  Files found;
  for (const std::string& name : files.ListPaths()) {
    const auto bytes = files.ReadFile(name);
    if (bytes && name.rfind(path + "/", 0) == 0 &&
        name.find(".tmp") == std::string::npos) {
      found[name.substr(path.size() + 1)] = *bytes;
    }
  }
  return found;
}

std::vector<CrashPolicy> CrashPolicies() {
  using Names = CrashPolicy::Names;
  using Data = CrashPolicy::Data;
  return {{Names::kDropUnsynced, Data::kDropUnsynced},
          {Names::kKeepUnsynced, Data::kDropUnsynced},
          {Names::kKeepUnsynced, Data::kZeroedAppend},
          {Names::kKeepPrefix, Data::kTornAppend, 7}};
}

// 300 records, so two tiles and two bundles, and a level above.
class TilesExportTest : public ::testing::Test {
 protected:
  TilesExportTest() {
    CommitNumbered(archive_, 200, 40);
    archive_.Seal();
    CommitNumbered(archive_, 98, 7);
    archive_.Seal();
    EXPECT_TRUE(ExportTilesTo(files(), archive_.pin(), "whole"));
    whole_ = FilesBelow(files(), "whole");
  }
  MemoryFileSystem& files() { return archive_.file_system(); }

  TestArchive archive_;
  Files whole_;
};

TEST_F(TilesExportTest, HasEveryRecordAndTheCheckpoint) {
  EXPECT_EQ(whole_.size(), 6u);
  EXPECT_EQ(whole_.at("checkpoint"),
            *files().ReadFile("A/checkpoints/000000000300.note"));
  const std::string first(AsText(whole_.at("tile/entries/000")));
  EXPECT_EQ(first.substr(0, 21),
            std::string("\0\x13", 2) + "{\"n\":0,\"user\":\"u0\"}");
  EXPECT_THAT(first, HasSubstr("{\"authseal\":{\"seal\":"));
}

TEST_F(TilesExportTest, IsTheSameFromAnyNumberOfThreads) {
  const auto result = ExportTilesTo(files(), archive_.pin(), "out", 4);
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(result->tree_size, 300u);
  EXPECT_EQ(result->tiles, 3u);
  EXPECT_EQ(result->bundles, 2u);
  EXPECT_EQ(FilesBelow(files(), "out"), whole_);
}

// Each operation fails once. What is there then is no log, and the next run
// makes it whole, whatever was left.
TEST_F(TilesExportTest, IsGoneOnWithAfterAnyFailure) {
  FaultyFileSystem faulty(files());
  for (const auto effect :
       {FaultPlan::Effect::kNothing, FaultPlan::Effect::kDoneAnyway,
        FaultPlan::Effect::kHalfWritten}) {
    for (std::uint64_t n = 1;; ++n) {
      faulty.SetPlan({.fail_at = n, .effect = effect});
      const auto result = ExportTilesTo(faulty, archive_.pin());
      if (result.has_value()) {
        EXPECT_GT(n, 30u);
        EXPECT_FALSE(faulty.has_failed());
        files().RemovePath(kOut);
        break;
      }
      EXPECT_EQ(result.error().code, ErrorCode::kIo) << n;
      const Files there = FilesBelow(files(), std::string(kOut));
      if (there.count("checkpoint") != 0) {
        EXPECT_EQ(there, whole_) << n;
      }
      const auto again = ExportTilesTo(files(), archive_.pin());
      ASSERT_TRUE(again) << n << ": " << again.error().message;
      EXPECT_EQ(FilesBelow(files(), std::string(kOut)), whole_) << n;
      files().RemovePath(kOut);
    }
  }
}

// The power fails at each operation, and what was not synced is lost.
TEST_F(TilesExportTest, HasNoCheckpointBeforeAllIsDurable) {
  FaultyFileSystem faulty(files());
  for (std::uint64_t n = 1;; ++n) {
    faulty.SetPlan({.fail_at = n, .sticky = true});
    const bool done = ExportTilesTo(faulty, archive_.pin()).has_value();
    for (const CrashPolicy& policy : CrashPolicies()) {
      MemoryFileSystem crashed = files().CrashCopy(policy);
      const Files there = FilesBelow(crashed, std::string(kOut));
      if (done || there.count("checkpoint") != 0) {
        EXPECT_EQ(there, whole_) << n;
      }
      const auto again = ExportTilesTo(crashed, archive_.pin());
      ASSERT_TRUE(again) << n << ": " << again.error().message;
      EXPECT_EQ(FilesBelow(crashed, std::string(kOut)), whole_) << n;
    }
    files().RemovePath(kOut);
    if (done) {
      EXPECT_GT(n, 30u);
      break;
    }
  }
}

TEST_F(TilesExportTest, DamageAnywhereLeavesNoCheckpoint) {
  const std::string segment = "A/segments/000000000000.jsonl.zst";
  const ByteVector sound = *files().ReadFile(segment);
  // Behind the footer is the seek table, which only finds things.
  for (std::size_t at = 0; at + 300 < sound.size(); at += 23) {
    ByteVector bytes = sound;
    bytes[at] ^= 0x10;
    ASSERT_TRUE(files().WriteFile(segment, bytes));
    const auto result = ExportTilesTo(files(), archive_.pin());
    ASSERT_FALSE(result) << at;
    EXPECT_EQ(result.error().code, ErrorCode::kDamaged) << at;
    EXPECT_FALSE(files().Info("out/checkpoint")) << at;
  }
  ASSERT_TRUE(files().WriteFile(segment, sound));
  ASSERT_TRUE(ExportTilesTo(files(), archive_.pin()));
  EXPECT_EQ(FilesBelow(files(), "out"), whole_);
}

}  // namespace
}  // namespace authseal
