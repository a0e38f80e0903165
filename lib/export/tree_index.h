// What is needed of an archive's tree to prove any record of it: the compact
// ranges of all its blocks, about a dozen hashes a block.
//
// Enough, because a subtree that a proof needs is inside the record's own
// block, or is a maximal one of another block, or is made of such.
#ifndef AUTHSEAL_EXPORT_TREE_INDEX_H_
#define AUTHSEAL_EXPORT_TREE_INDEX_H_

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "lib/archive/archive_reader.h"
#include "lib/base/result.h"
#include "lib/export/block_tree.h"
#include "lib/merkle/compact_range.h"
#include "lib/note/checkpoint.h"
#include "lib/verify/report.h"

namespace authseal {

// A sealed epoch below the checkpoint.
struct EpochSeal {
  RecordRange records;
  std::string seal_record;
};

struct TreeIndex {
  Checkpoint checkpoint;          // the newest that verifies under the pin
  std::string checkpoint_note;    // its bytes
  std::string rotation_notes;     // of the identity key, by size; often none
  std::vector<Subtree> subtrees;  // of [0, checkpoint.size), left to right
  std::vector<Hash> hashes;       // of them
  std::vector<EpochSeal> epochs;
  std::vector<ReopenedEpoch> reopened;

  // Reads the newest checkpoint and all headers below it, and checks that
  // they lead to its root. Errors: kDamaged (they do not, with a hint to
  // verify), kNotFound (no checkpoint), kIo.
  static Result<TreeIndex> Read(const ArchiveReader& archive, const Pin& pin);
};

// Proofs in checkpoint.size, for one thread; borrows the index.
class Prover {
 public:
  explicit Prover(const TreeIndex& index) : index_(index) {}

  // The inclusion proof of `record`. `block` is the tree of its block; a
  // block of one record needs none.
  Result<std::vector<Hash>> Prove(std::uint64_t record, const BlockTree* block);

  // From one size to another; both are ends of stored subtrees.
  Result<std::vector<Hash>> ProveConsistency(std::uint64_t old_size,
                                             std::uint64_t new_size);

 private:
  Result<Hash> Find(const Subtree& subtree, const BlockTree* block);
  Result<Hash> FindStored(const Subtree& subtree);

  const TreeIndex& index_;
  // Nodes above the stored ones, made once: by first leaf, by level.
  std::unordered_map<std::uint64_t, std::unordered_map<int, Hash>> made_;
};

}  // namespace authseal

#endif  // AUTHSEAL_EXPORT_TREE_INDEX_H_
