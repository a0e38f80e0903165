#include "lib/witness/consistency_source.h"

#include <gtest/gtest.h>

#include "lib/merkle/proof.h"
#include "lib/merkle/tree_hash.h"
#include "tests/unit/verify/test_archive.h"

namespace authseal {
namespace {

// Seals of several block sizes; the records of each are numbered on.
void FillUneven(TestArchive& archive) {
  for (const int blocks : {1, 3, 2, 7, 1}) {
    std::vector<std::vector<std::string>> commit;
    for (int i = 0; i < blocks; ++i) {
      commit.emplace_back(static_cast<std::size_t>(1 + i * i % 5),
                          "{\"a\":" + std::to_string(i) + "}");
    }
    archive.Commit(commit);
    archive.Seal();
  }
}

struct Opened {
  ArchiveReader archive;
  ArchiveListing listing;
  std::vector<Checkpoint> checkpoints;
};

Opened Open(FileSystem& files) {
  auto archive = ArchiveReader::Open(files, "A");
  EXPECT_TRUE(archive.has_value());
  auto listing = archive->List();
  EXPECT_TRUE(listing.has_value());
  Opened opened{*std::move(archive), *std::move(listing), {}};
  for (const std::uint64_t size : opened.listing.checkpoints) {
    const auto note = opened.archive.ReadCheckpoint(size);
    const auto parsed = ParseSignedNote(*note);
    opened.checkpoints.push_back(*ParseCheckpointText(parsed->text));
  }
  return opened;
}

TEST(ConsistencySource, ProvesEachCheckpointFromEachBefore) {
  TestArchive archive;
  FillUneven(archive);
  const Opened opened = Open(archive.file_system());
  ASSERT_EQ(opened.checkpoints.size(), 5u);
  for (const Checkpoint& old : opened.checkpoints) {
    for (const Checkpoint& next : opened.checkpoints) {
      if (old.size > next.size) {
        continue;
      }
      const auto proof =
          ProveConsistency(opened.archive, opened.listing, old.size, next);
      ASSERT_TRUE(proof.has_value()) << proof.error().message;
      EXPECT_TRUE(
          VerifyConsistency(old.size, next.size, *proof, old.root, next.root));
    }
  }
}

TEST(ConsistencySource, ProvesNothingFromNothing) {
  TestArchive archive;
  FillUneven(archive);
  const Opened opened = Open(archive.file_system());
  const auto proof = ProveConsistency(opened.archive, opened.listing, 0,
                                      opened.checkpoints.back());
  ASSERT_TRUE(proof.has_value());
  EXPECT_TRUE(proof->empty());
}

TEST(ConsistencySource, WhereNoSealEndsThereIsNoProof) {
  TestArchive archive;
  FillUneven(archive);
  const Opened opened = Open(archive.file_system());
  const Checkpoint& last = opened.checkpoints.back();
  std::size_t refused = 0;
  for (std::uint64_t size = 1; size < last.size; ++size) {
    const auto proof =
        ProveConsistency(opened.archive, opened.listing, size, last);
    if (!proof.has_value()) {
      EXPECT_EQ(proof.error().code, ErrorCode::kNotFound);
      ++refused;
    }
  }
  EXPECT_EQ(refused, last.size - 1 - 4);
  EXPECT_EQ(
      ProveConsistency(opened.archive, opened.listing, last.size + 1, last)
          .error()
          .code,
      ErrorCode::kInvalidArgument);
}

// A proof that does not lead to the checkpoint is not given away.
TEST(ConsistencySource, ChecksWhatItProves) {
  TestArchive archive;
  FillUneven(archive);
  const Opened opened = Open(archive.file_system());
  Checkpoint other = opened.checkpoints.back();
  other.root.bytes[0] ^= 1;
  const auto proof = ProveConsistency(opened.archive, opened.listing,
                                      opened.checkpoints[1].size, other);
  ASSERT_FALSE(proof.has_value());
  EXPECT_EQ(proof.error().code, ErrorCode::kDamaged);
}

TEST(ConsistencySource, DamageIsAnErrorAndNoCrash) {
  TestArchive archive;
  FillUneven(archive);
  const ArchiveFiles files = archive.Files();
  const Opened whole = Open(archive.file_system());
  const Checkpoint next = whole.checkpoints.back();
  const std::uint64_t old_size = whole.checkpoints[2].size;
  for (const auto& [path, bytes] : files) {
    if (!path.starts_with("segments/")) {
      continue;
    }
    for (std::size_t i = 0; i < bytes.size(); i += 7) {
      ArchiveFiles changed = files;
      changed[path][i] ^= 0x20;
      MemoryFileSystem file_system = FileSystemOf(changed);
      const Opened opened = Open(file_system);
      const auto proof =
          ProveConsistency(opened.archive, opened.listing, old_size, next);
      if (proof.has_value()) {
        EXPECT_TRUE(VerifyConsistency(old_size, next.size, *proof,
                                      whole.checkpoints[2].root, next.root))
            << path << " " << i;
      }
    }
  }
}

}  // namespace
}  // namespace authseal
