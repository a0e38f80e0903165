// Written from the recursive definition of SUBTREE_SUBPROOF, unrolled into one
// walk down and one back up. lib/merkle/proof.cc does the case start == 0 with
// the bits of the sizes alone; the tests hold the two against each other.
#include "lib/merkle/subtree_proof.h"

#include <bit>
#include <vector>

#include "lib/merkle/proof.h"
#include "lib/merkle/tree_hash.h"

namespace authseal {
namespace {

// What a hash of the proof is, seen from the node beside it.
enum class Sibling {
  kRight,        // later leaves, outside the subtree
  kLeftOutside,  // earlier leaves, before the subtree
  kLeftInside,   // a part of the subtree itself
};

struct Walk {
  std::vector<Sibling> siblings;  // root to seed
  bool seed_is_subtree = true;    // else the seed is the proof's first hash
};

// From [0, size) down to the node that the subtree's right end shares with the
// tree. Needs a valid, non-empty subtree within `size`.
Walk WalkDown(std::uint64_t start, std::uint64_t end, std::uint64_t size) {
  Walk walk;
  std::uint64_t first = 0;
  std::uint64_t last = size;
  while (first != start || last != end) {
    const std::uint64_t split = first + std::bit_floor(last - first - 1);
    if (end <= split) {
      walk.siblings.push_back(Sibling::kRight);
      last = split;
    } else if (split <= start) {
      walk.siblings.push_back(Sibling::kLeftOutside);
      first = split;
    } else {
      // The subtree begins where this node does: go on with its right part.
      walk.siblings.push_back(Sibling::kLeftInside);
      walk.seed_is_subtree = false;
      first = split;
      start = split;
    }
  }
  return walk;
}

}  // namespace

bool IsValidSubtree(std::uint64_t start, std::uint64_t end) {
  if (start >= end || start == 0) {
    return start <= end;
  }
  // Above 2^63 leaves no power of two is left that start could be a multiple
  // of; bit_ceil would overflow.
  return end - start <= kTreeSizeMax && start % std::bit_ceil(end - start) == 0;
}

bool VerifySubtreeInclusion(std::uint64_t index, std::uint64_t start,
                            std::uint64_t end, const Hash& leaf,
                            std::span<const Hash> proof,
                            const Hash& subtree_root) {
  return IsValidSubtree(start, end) && start <= index &&
         VerifyInclusion(index - start, end - start, leaf, proof, subtree_root);
}

bool VerifySubtreeConsistency(std::uint64_t start, std::uint64_t end,
                              std::uint64_t size, std::span<const Hash> proof,
                              const Hash& subtree_root, const Hash& root) {
  if (!IsValidSubtree(start, end) || end > size || size > kTreeSizeMax) {
    return false;
  }
  if (start == end) {
    return proof.empty() && subtree_root == EmptyRoot();
  }
  const Walk walk = WalkDown(start, end, size);
  const std::size_t seeds = walk.seed_is_subtree ? 0 : 1;
  if (proof.size() != walk.siblings.size() + seeds) {
    return false;
  }
  Hash of_subtree = walk.seed_is_subtree ? subtree_root : proof.front();
  Hash of_tree = of_subtree;
  for (std::size_t i = 0; i < walk.siblings.size(); ++i) {
    const Hash& hash = proof[seeds + i];
    switch (walk.siblings[walk.siblings.size() - 1 - i]) {
      case Sibling::kRight:
        of_tree = NodeHash(of_tree, hash);
        break;
      case Sibling::kLeftOutside:
        of_tree = NodeHash(hash, of_tree);
        break;
      case Sibling::kLeftInside:
        of_tree = NodeHash(hash, of_tree);
        of_subtree = NodeHash(hash, of_subtree);
        break;
    }
  }
  return of_subtree == subtree_root && of_tree == root;
}

}  // namespace authseal
