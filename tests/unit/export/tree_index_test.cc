#include "lib/export/tree_index.h"

#include <gtest/gtest.h>

#include "lib/merkle/proof.h"
#include "lib/merkle/tree_hash.h"
#include "tests/unit/archive_writing/archive_fixture.h"
#include "tests/unit/export/export_fixture.h"
#include "tests/unit/merkle/naive_tree.h"

namespace authseal {
namespace {

Result<TreeIndex> ReadIndex(TestArchive& archive, const Pin& pin) {
  TRY_ASSIGN(const ArchiveReader reader,
             ArchiveReader::Open(archive.file_system(), "A"));
  return TreeIndex::Read(reader, pin);
}

// Whatever the blocks are, each proof is the one of the recursive definition.
TEST(Prover, GivesTheProofsOfTheDefinition) {
  TestArchive archive;
  std::vector<Hash> leaves;
  for (const std::uint64_t block_records : {1u, 2u, 3u, 5u, 8u}) {
    CommitNumbered(archive, 13, block_records);
    archive.Seal();
  }
  // LeafHash of all records, as an independent reader has them.
  const Result<CheckedArchive> checked = ReadAndCheck(archive.file_system());
  ASSERT_TRUE(checked);
  for (const std::string& record : checked->records) {
    leaves.push_back(LeafHash(AsBytes(record)));
  }
  const Result<TreeIndex> index = ReadIndex(archive, archive.pin());
  ASSERT_TRUE(index) << index.error().message;
  ASSERT_EQ(index->checkpoint.size, leaves.size());
  ASSERT_EQ(index->epochs.size(), 5u);
  Prover prover(*index);
  for (const BlockHeader& header : checked->headers) {
    const RecordRange records = header.records();
    const BlockTree block(
        records.first, Leaves(leaves).subspan(records.first, records.count()));
    for (std::uint64_t n = records.first; n < records.end; ++n) {
      const auto proof = prover.Prove(n, &block);
      ASSERT_TRUE(proof) << proof.error().message;
      EXPECT_EQ(*proof, NaivePath(n, leaves)) << n;
    }
  }
  EXPECT_FALSE(prover.Prove(leaves.size(), nullptr));
}

// Inside a block of several records nothing is stored: an error, no guess.
TEST(Prover, NeedsTheBlockOfARecord) {
  TestArchive archive;
  CommitNumbered(archive, 8, 8);
  archive.Seal();
  const Result<TreeIndex> index = ReadIndex(archive, archive.pin());
  ASSERT_TRUE(index);
  Prover prover(*index);
  EXPECT_FALSE(prover.Prove(3, nullptr));
  EXPECT_TRUE(prover.Prove(8, nullptr));  // the seal record, a block of one
}

TEST(TreeIndex, NamesEachEpochsSealRecord) {
  TestArchive archive;
  CommitNumbered(archive, 4, 2);
  archive.Seal();
  archive.Seal();  // an empty segment, one record
  const Result<TreeIndex> index = ReadIndex(archive, archive.pin());
  ASSERT_TRUE(index);
  const Result<CheckedArchive> checked = ReadAndCheck(archive.file_system());
  ASSERT_TRUE(checked);
  ASSERT_EQ(index->epochs.size(), 2u);
  EXPECT_EQ(index->epochs[0].records, (RecordRange{0, 5}));
  EXPECT_EQ(index->epochs[0].seal_record, checked->records[4]);
  EXPECT_EQ(index->epochs[1].records, (RecordRange{5, 6}));
  EXPECT_EQ(index->epochs[1].seal_record, checked->records[5]);
}

TEST(TreeIndex, NeedsACheckpoint) {
  TestArchive archive;
  CommitNumbered(archive, 4, 2);
  const Result<TreeIndex> index = ReadIndex(archive, archive.pin());
  ASSERT_FALSE(index);
  EXPECT_EQ(index.error().code, ErrorCode::kNotFound);
  EXPECT_NE(index.error().hint.find("seal"), std::string::npos);
}

TEST(TreeIndex, StopsAtTheNewestCheckpoint) {
  TestArchive archive;
  CommitNumbered(archive, 4, 2);
  archive.Seal();
  archive.HideIdentity();
  CommitNumbered(archive, 4, 2);
  archive.Seal();
  CommitNumbered(archive, 4, 2);
  const Result<TreeIndex> index = ReadIndex(archive, archive.pin());
  ASSERT_TRUE(index);
  EXPECT_EQ(index->checkpoint.size, 5u);
  EXPECT_EQ(index->epochs.size(), 1u);
}

TEST(TreeIndex, RefusesAnotherKeyAndAnotherGenesis) {
  TestArchive archive;
  TestArchive other;
  CommitNumbered(archive, 4, 2);
  archive.Seal();
  Pin pin = archive.pin();
  pin.key = other.pin().key;
  Result<TreeIndex> index = ReadIndex(archive, pin);
  ASSERT_FALSE(index);
  EXPECT_EQ(index.error().code, ErrorCode::kDamaged);
  pin = archive.pin();
  pin.genesis = other.pin().genesis;
  index = ReadIndex(archive, pin);
  ASSERT_FALSE(index);
  EXPECT_EQ(index.error().code, ErrorCode::kDamaged);
}

// An older, valid checkpoint does not do when the newest is damaged.
TEST(TreeIndex, RefusesADamagedNewestCheckpoint) {
  TestArchive archive;
  CommitNumbered(archive, 4, 2);
  archive.Seal();
  archive.Seal();
  const std::string path = "A/checkpoints/000000000006.note";
  auto note = archive.file_system().ReadFile(path);
  ASSERT_TRUE(note);
  note->at(note->size() - 10) ^= 1;
  ASSERT_TRUE(archive.file_system().WriteFile(path, *note));
  const Result<TreeIndex> index = ReadIndex(archive, archive.pin());
  ASSERT_FALSE(index);
  EXPECT_EQ(index.error().code, ErrorCode::kDamaged);
}

}  // namespace
}  // namespace authseal
