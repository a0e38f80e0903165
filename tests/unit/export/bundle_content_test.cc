// What is in a bundle, and that it verifies.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lib/merkle/proof.h"
#include "lib/merkle/tree_hash.h"
#include "lib/verify/bundle_lines.h"
#include "tests/unit/archive_writing/archive_fixture.h"
#include "tests/unit/export/export_fixture.h"

namespace authseal {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

// Every line of records.jsonl against its line of proofs.jsonl.
void ExpectProofsVerify(const MemoryFileSystem& files,
                        const BundleResult& result) {
  const auto records = LinesOf(files, "out/data/records.jsonl");
  const auto proofs = LinesOf(files, "out/data/proofs.jsonl");
  ASSERT_EQ(records.size(), result.records);
  ASSERT_EQ(proofs.size(), result.records);
  for (std::size_t i = 0; i < records.size(); ++i) {
    const auto line = ParseProofLine(proofs[i]);
    ASSERT_TRUE(line) << proofs[i];
    EXPECT_EQ(line->leaf, LeafHash(AsBytes(records[i])));
    EXPECT_TRUE(VerifyInclusion(line->index, result.tree_size, line->leaf,
                                line->proof, result.root))
        << line->index;
  }
}

// Sizes around powers of two, whole in one segment or in several, in blocks
// of several sizes.
TEST(WriteBundle, ProvesEveryRecordOfTreesOfAnySize) {
  for (const std::uint64_t size :
       {1u, 2u, 3u, 4u, 6u, 7u, 8u, 14u, 15u, 16u, 30u, 33u}) {
    for (const std::uint64_t block_records : {1u, 3u, 8u}) {
      for (const std::uint64_t segments : {1u, 3u}) {
        SCOPED_TRACE(std::to_string(size) + " in blocks of " +
                     std::to_string(block_records) + ", segments " +
                     std::to_string(segments));
        TestArchive archive;
        for (std::uint64_t i = 0; i < segments; ++i) {
          CommitNumbered(archive, size, block_records);
          archive.Seal();
        }
        const auto result = Export(archive);
        ASSERT_TRUE(result) << result.error().message;
        EXPECT_EQ(result->records, (size + 1) * segments);
        EXPECT_EQ(result->withheld, 0u);
        ExpectProofsVerify(archive.file_system(), *result);
        EXPECT_EQ(VerdictOf(archive.file_system(), archive.pin()), "verified");
      }
    }
  }
}

TEST(WriteBundle, AccountsForEveryRecordWithoutAFilter) {
  TestArchive archive;
  FillSample(archive);
  const auto checked = ReadAndCheck(archive.file_system());
  ASSERT_TRUE(checked);
  const auto result = Export(archive);
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(result->records, 20u);
  EXPECT_EQ(result->withheld, 0u);
  EXPECT_EQ(result->unsealed_skipped, 8u);
  EXPECT_EQ(result->tree_size, 20u);
  const std::vector<std::string> sealed(checked->records.begin(),
                                        checked->records.begin() + 20);
  EXPECT_EQ(LinesOf(archive.file_system(), "out/data/records.jsonl"), sealed);
  const auto epochs = LinesOf(archive.file_system(), "out/data/epochs.txt");
  ASSERT_EQ(epochs.size(), 2u);
  EXPECT_THAT(epochs[0], ::testing::EndsWith(checked->records[10]));
  EXPECT_THAT(epochs[1], ::testing::EndsWith(checked->records[19]));
}

TEST(WriteBundle, TakesWhatTheFilterMatches) {
  TestArchive archive;
  CommitNumbered(archive, 9, 4);
  archive.Seal();
  CommitNumbered(archive, 2, 4);
  const auto result = Export(archive, {.filter = UserIs("u1")});
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(result->records, 3u);
  EXPECT_EQ(result->withheld, 7u);          // six, and the seal record
  EXPECT_EQ(result->unsealed_skipped, 1u);  // record 10
  EXPECT_THAT(LinesOf(archive.file_system(), "out/data/records.jsonl"),
              ElementsAre(R"({"n":1,"user":"u1"})", R"({"n":4,"user":"u1"})",
                          R"({"n":7,"user":"u1"})"));
  ExpectProofsVerify(archive.file_system(), *result);
  EXPECT_EQ(VerdictOf(archive.file_system(), archive.pin()), "verified");
  const auto facts = LinesOf(archive.file_system(), "out/data/export.json");
  ASSERT_EQ(facts.size(), 1u);
  EXPECT_THAT(facts[0], HasSubstr(R"("filter":["--test"])"));
  EXPECT_THAT(facts[0], HasSubstr(R"("first_record":0,"end_record":10)"));
  EXPECT_THAT(facts[0], HasSubstr(R"("records":3,"withheld":7)"));
  EXPECT_THAT(facts[0], HasSubstr(R"("exported_at":"2026-01-01T00:00:00)"));
}

// Epochs without a record in the bundle are not in epochs.txt.
TEST(WriteBundle, TakesARangeOfRecords) {
  TestArchive archive;
  for (int segment = 0; segment < 3; ++segment) {
    CommitNumbered(archive, 5, 2);
    archive.Seal();
  }
  EventFilter filter;
  filter.records = {7, 10};
  const auto result = Export(archive, {.filter = std::move(filter)});
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(result->records, 3u);
  EXPECT_EQ(result->withheld, 0u);
  EXPECT_EQ(LinesOf(archive.file_system(), "out/data/epochs.txt").size(), 1u);
  EXPECT_EQ(VerdictOf(archive.file_system(), archive.pin()), "verified");
}

TEST(WriteBundle, MayBeEmpty) {
  TestArchive archive;
  CommitNumbered(archive, 5, 2);
  archive.Seal();
  const auto result = Export(archive, {.filter = UserIs("nobody")});
  ASSERT_TRUE(result);
  EXPECT_EQ(result->records, 0u);
  EXPECT_EQ(result->withheld, 6u);
  EXPECT_EQ(VerdictOf(archive.file_system(), archive.pin()), "verified");
}

TEST(WriteBundle, LeavesOutWhatIsSealedAndNotPublished) {
  TestArchive archive;
  CommitNumbered(archive, 5, 2);
  archive.Seal();
  archive.HideIdentity();
  CommitNumbered(archive, 4, 2);
  archive.Seal();
  CommitNumbered(archive, 2, 2);
  const auto result = Export(archive);
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(result->tree_size, 6u);
  EXPECT_EQ(result->records, 6u);
  EXPECT_EQ(result->withheld, 0u);
  EXPECT_EQ(result->unsealed_skipped, 6u);  // its seal record is ours
  EXPECT_EQ(VerdictOf(archive.file_system(), archive.pin()), "verified");
}

TEST(WriteBundle, IsTheSameWithAnyNumberOfThreads) {
  TestArchive archive;
  for (int segment = 0; segment < 3; ++segment) {
    CommitNumbered(archive, 40, 3);
    archive.Seal();
  }
  ASSERT_TRUE(Export(archive));
  ASSERT_TRUE(Export(archive, {.out = "again", .threads = 4}));
  const MemoryFileSystem& files = archive.file_system();
  for (const std::string_view name :
       {"data/records.jsonl", "data/proofs.jsonl", "data/epochs.txt",
        "manifest-sha256.txt", "tagmanifest-sha256.txt"}) {
    const auto bytes = files.ReadFile("out/" + std::string(name));
    ASSERT_TRUE(bytes) << name;
    EXPECT_EQ(*bytes, files.ReadFile("again/" + std::string(name))) << name;
  }
}

TEST(WriteBundle, StatesSizeAndCountOfThePayload) {
  TestArchive archive;
  CommitNumbered(archive, 5, 2);
  archive.Seal();
  ASSERT_TRUE(Export(archive));
  const MemoryFileSystem& files = archive.file_system();
  std::uint64_t size_bytes = 0;
  std::uint64_t count = 0;
  for (const std::string& path : files.ListPaths()) {
    if (path.starts_with("out/data/")) {
      size_bytes += files.ReadFile(path)->size();
      ++count;
    }
  }
  EXPECT_THAT(LinesOf(files, "out/bag-info.txt"),
              Contains("Payload-Oxum: " + std::to_string(size_bytes) + "." +
                       std::to_string(count)));
  EXPECT_THAT(LinesOf(files, "out/bag-info.txt"),
              Contains("Bagging-Date: 2026-01-01"));
}

}  // namespace
}  // namespace authseal
