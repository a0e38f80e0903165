// The complete subtrees inside one block, so that the proofs of its records
// cost one hash a node and not one hash a leaf.
#ifndef AUTHSEAL_EXPORT_BLOCK_TREE_H_
#define AUTHSEAL_EXPORT_BLOCK_TREE_H_

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "lib/base/bytes.h"
#include "lib/merkle/compact_range.h"

namespace authseal {

class BlockTree {
 public:
  // Of leaves [first, first + leaves.size()).
  BlockTree(std::uint64_t first, std::span<const Hash> leaves);

  // Empty for a subtree that is not wholly inside the block.
  std::optional<Hash> Find(const Subtree& subtree) const;

 private:
  struct Level {
    std::uint64_t first = 0;  // number of the first subtree of this size
    std::vector<Hash> hashes;
  };
  std::vector<Level> levels_;
};

}  // namespace authseal

#endif  // AUTHSEAL_EXPORT_BLOCK_TREE_H_
