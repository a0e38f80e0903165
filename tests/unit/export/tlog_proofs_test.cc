#include "lib/export/tlog_proofs.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lib/base/encoding.h"
#include "lib/merkle/proof.h"
#include "lib/merkle/tree_hash.h"
#include "tests/support/faulty_file_system.h"
#include "tests/unit/export/export_fixture.h"

namespace authseal {
namespace {

using ::testing::StartsWith;

Result<BundleResult> ExportProofs(FileSystem& files, const Pin& pin,
                                  const EventFilter& filter = {}) {
  TRY_ASSIGN(const ArchiveReader archive, ArchiveReader::Open(files, "A"));
  TRY_ASSIGN(const EventMapper mapper, EventMapper::Create({}));
  return WriteTlogProofs(files, archive, mapper, filter,
                         {.pin = pin, .out_path = std::string(kOut)});
}

// Verifies one exported record by the text alone.
void ExpectProven(const MemoryFileSystem& files, std::uint64_t number) {
  const std::string stem = std::string(kOut) + "/" + ZeroPadded(number, 12);
  const auto record = files.ReadFile(stem + ".json");
  const auto proof_file = files.ReadFile(stem + ".tlog-proof");
  ASSERT_TRUE(record && proof_file) << number;
  const std::string text(AsText(*proof_file));
  const std::string head =
      "c2sp.org/tlog-proof@v1\nindex " + std::to_string(number) + "\n";
  ASSERT_THAT(text, StartsWith(head));
  std::size_t at = head.size();
  std::vector<Hash> proof;
  while (text[at] != '\n') {
    const std::size_t end = text.find('\n', at);
    const auto hash = Base64DecodeHash(text.substr(at, end - at));
    ASSERT_TRUE(hash.has_value());
    proof.push_back(*hash);
    at = end + 1;
  }
  const auto note = ParseSignedNote(text.substr(at + 1));
  ASSERT_TRUE(note.has_value());
  const auto checkpoint = ParseCheckpointText(note->text);
  ASSERT_TRUE(checkpoint.has_value());
  EXPECT_TRUE(VerifyInclusion(number, checkpoint->size, LeafHash(*record),
                              proof, checkpoint->root))
      << number;
}

TEST(FormatTlogProof, IsThatOfTheSpecification) {
  Hash hash;
  hash.bytes[0] = 1;
  EXPECT_EQ(FormatTlogProof(0, {}, "note\n"),
            "c2sp.org/tlog-proof@v1\nindex 0\n\nnote\n");
  EXPECT_EQ(FormatTlogProof(12, std::vector<Hash>{hash}, "note\n"),
            "c2sp.org/tlog-proof@v1\nindex 12\n"
            "AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n\nnote\n");
}

TEST(WriteTlogProofs, ProvesEachRecordByItself) {
  TestArchive archive;
  CommitNumbered(archive, 11, 3);
  archive.Seal();
  CommitNumbered(archive, 9, 4);
  archive.Seal();
  CommitNumbered(archive, 2, 2);
  MemoryFileSystem& files = archive.file_system();
  const auto result = ExportProofs(files, archive.pin());
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(result->records, 22u);
  EXPECT_EQ(result->unsealed_skipped, 2u);
  EXPECT_EQ(result->withheld, 0u);
  for (std::uint64_t number = 0; number < 22; ++number) {
    ExpectProven(files, number);
  }
}

TEST(WriteTlogProofs, TakesWhatTheFilterTakes) {
  TestArchive archive;
  CommitNumbered(archive, 11, 3);
  archive.Seal();
  MemoryFileSystem& files = archive.file_system();
  const auto result = ExportProofs(files, archive.pin(), UserIs("u1"));
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(result->records, 4u);
  EXPECT_EQ(result->withheld, 8u);
  ExpectProven(files, 4);
  EXPECT_FALSE(files.Info(std::string(kOut) + "/000000000011.json"));
}

TEST(WriteTlogProofs, LeavesNothingOrEverythingOnAFailingDisk) {
  TestArchive archive;
  CommitNumbered(archive, 3, 2);
  archive.Seal();
  MemoryFileSystem& files = archive.file_system();
  FaultyFileSystem faulty(files);
  for (const auto effect :
       {FaultPlan::Effect::kNothing, FaultPlan::Effect::kDoneAnyway,
        FaultPlan::Effect::kHalfWritten}) {
    for (std::uint64_t n = 1;; ++n) {
      faulty.SetPlan({.fail_at = n, .effect = effect});
      const auto result = ExportProofs(faulty, archive.pin());
      if (result.has_value()) {
        EXPECT_GT(n, 10u);
        ASSERT_FALSE(faulty.has_failed());
        files.RemovePath(kOut);
        break;
      }
      EXPECT_EQ(result.error().code, ErrorCode::kIo) << n;
      EXPECT_FALSE(files.Info(kOut)) << n;
      files.RemovePath(std::string(kOut) + ".partial");
    }
  }
}

}  // namespace
}  // namespace authseal
