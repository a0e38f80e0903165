// Older copies, second histories, other identities.
#include <gtest/gtest.h>

#include "lib/merkle/tree_hash.h"
#include "tests/corruption/attack.h"

namespace authseal {
namespace {

class Rollback : public ::testing::Test {
 protected:
  Rollback() : archive_("log.example.org", 0) {}

  Checkpoint Kept(const Pin& pin) {
    const auto report = Verify(archive_.Files(), pin);
    EXPECT_TRUE(report.has_value() && report->verified());
    return {report->origin, report->tree_size, report->root};
  }
  Result<VerifyReport> VerifyKnowing(const ArchiveFiles& files,
                                     std::vector<Checkpoint> kept,
                                     VerifyDepth depth = VerifyDepth::kFull) {
    VerifyOptions options;
    options.pin = archive_.pin();
    options.depth = depth;
    for (Checkpoint& checkpoint : kept) {
      options.known.push_back({"kept.note", std::move(checkpoint)});
    }
    return Verify(files, options);
  }

  TestArchive archive_;
};

TEST_F(Rollback, AnOlderCopyIsFoundByAKeptCheckpoint) {
  FillSample(archive_);
  const ArchiveFiles old_copy = archive_.Files();
  archive_.Seal();
  const Checkpoint kept = Kept(archive_.pin());
  EXPECT_EQ(kept.size, 29u);
  for (const VerifyDepth depth : {VerifyDepth::kFull, VerifyDepth::kQuick}) {
    const auto report = VerifyKnowing(old_copy, {kept}, depth);
    EXPECT_EQ(Misjudged(report, "", "rollback"), "");
    EXPECT_FALSE(report->known[0].consistent);
    // Nothing contradicts what is left.
    EXPECT_EQ(TrustedCount(*report), 28u);
  }
}

TEST_F(Rollback, GrowthIsConsistentWithEachKeptCheckpoint) {
  std::vector<Checkpoint> kept;
  for (int i = 0; i < 5; ++i) {
    archive_.Commit({{"{\"n\":" + std::to_string(i) + "}", "{}"}});
    archive_.Seal();
    kept.push_back(Kept(archive_.pin()));
  }
  for (const VerifyDepth depth : {VerifyDepth::kFull, VerifyDepth::kQuick}) {
    const auto report = VerifyKnowing(archive_.Files(), kept, depth);
    ASSERT_TRUE(report.has_value());
    EXPECT_TRUE(report->verified()) << Describe(*report);
    for (const KnownCheckpointResult& known : report->known) {
      EXPECT_TRUE(known.consistent) << known.size;
    }
  }
}

TEST_F(Rollback, AKeptSizeInsideASegmentIsComparedToo) {
  FillSample(archive_);
  const ArchiveFiles files = archive_.Files();
  const RecordOracle oracle(files);
  CompactRange tree;
  for (std::uint64_t size = 1; size <= 20; ++size) {
    tree.Append(LeafHash(AsBytes(oracle.records()[size - 1])));
    for (const VerifyDepth depth : {VerifyDepth::kFull, VerifyDepth::kQuick}) {
      Checkpoint kept{"log.example.org", size, tree.Root()};
      const auto report = VerifyKnowing(files, {kept}, depth);
      ASSERT_TRUE(report.has_value());
      EXPECT_TRUE(report->verified()) << size << "\n" << Describe(*report);
      EXPECT_TRUE(report->known[0].consistent) << size;
      kept.root.bytes[7] ^= 1;
      const auto forked = VerifyKnowing(files, {kept}, depth);
      EXPECT_EQ(Misjudged(forked, "", "fork"), "") << size;
      EXPECT_FALSE(forked->known[0].consistent) << size;
    }
  }
}

TEST_F(Rollback, TheEmptyTreeIsInEveryArchive) {
  FillSample(archive_);
  const Checkpoint empty{"log.example.org", 0, EmptyRoot()};
  auto report = VerifyKnowing(archive_.Files(), {empty});
  ASSERT_TRUE(report.has_value());
  EXPECT_TRUE(report->verified() && report->known[0].consistent);
  report = VerifyKnowing(archive_.Files(), {{"log.example.org", 0, Hash{}}});
  EXPECT_EQ(Misjudged(report, "", "fork"), "");
}

TEST_F(Rollback, ACheckpointOfAnotherLogIsFound) {
  FillSample(archive_);
  Checkpoint kept = Kept(archive_.pin());
  kept.origin = "other.example.org";
  EXPECT_EQ(
      Misjudged(VerifyKnowing(archive_.Files(), {kept}), "", "origin-changed"),
      "");
}

TEST_F(Rollback, AnotherKeyOrGenesisIsFound) {
  FillSample(archive_);
  TestArchive other;
  Pin pin = archive_.pin();
  pin.key = other.pin().key;
  auto report = Verify(archive_.Files(), pin);
  EXPECT_EQ(Misjudged(report, "archive.note", "key-changed checkpoint-invalid"),
            "");
  EXPECT_TRUE(report->trustworthy.empty()) << Describe(*report);

  pin = archive_.pin();
  pin.genesis = other.pin().genesis;
  report = Verify(archive_.Files(), pin);
  EXPECT_EQ(Misjudged(report, "archive.note", "genesis-mismatch"), "");
  EXPECT_TRUE(report->trustworthy.empty()) << Describe(*report);

  pin = archive_.pin();
  pin.key = MakeVerificationKey("other.example.org", pin.key->key);
  report = Verify(archive_.Files(), pin);
  EXPECT_EQ(Misjudged(report, "archive.note",
                      "key-changed origin-changed checkpoint-invalid"),
            "");

  pin = archive_.pin();
  pin.genesis.reset();
  report = Verify(archive_.Files(), pin);
  ASSERT_TRUE(report.has_value());
  EXPECT_TRUE(report->verified());
  EXPECT_FALSE(report->not_checked.empty());
}

}  // namespace
}  // namespace authseal
