#include "lib/merkle/proof.h"

#include <algorithm>
#include <bit>
#include <string>

#include "lib/merkle/tree_hash.h"

namespace authseal {
namespace {

// The way up from leaf `index` in a tree of `size` leaves: on the lower
// `inner` levels it has a sibling on either side; above it runs along the
// right border, where only `border` siblings on the left exist.
struct PathShape {
  std::size_t inner = 0;
  std::size_t border = 0;
};

// index < size <= kTreeSizeMax, so inner <= 63.
PathShape ShapeOf(std::uint64_t index, std::uint64_t size) {
  const auto inner =
      static_cast<std::size_t>(std::bit_width(index ^ (size - 1)));
  return {.inner = inner,
          .border = static_cast<std::size_t>(std::popcount(index >> inner))};
}

Hash FoldLeft(Hash hash, std::span<const Hash> left_siblings) {
  for (const Hash& sibling : left_siblings) {
    hash = NodeHash(sibling, hash);
  }
  return hash;
}

// Bit i of `path` says whether the way goes up from a right child.
Hash FoldBothSides(Hash hash, std::span<const Hash> siblings,
                   std::uint64_t path) {
  for (std::size_t i = 0; i < siblings.size(); ++i) {
    hash = (path >> i & 1) == 1 ? NodeHash(siblings[i], hash)
                                : NodeHash(hash, siblings[i]);
  }
  return hash;
}

// As above, without what lies right of the way: the older, smaller tree.
Hash FoldLeftSides(Hash hash, std::span<const Hash> siblings,
                   std::uint64_t path) {
  for (std::size_t i = 0; i < siblings.size(); ++i) {
    if ((path >> i & 1) == 1) {
      hash = NodeHash(siblings[i], hash);
    }
  }
  return hash;
}

// The hash of leaves [first, end) as one tree: `first` is a multiple of the
// smallest power of two that holds them, so their compact range folds to it.
Result<Hash> RangeHash(std::uint64_t first, std::uint64_t end,
                       const SubtreeHash& hashes) {
  const std::vector<Subtree> subtrees = CompactRangeSubtrees(first, end);
  TRY_ASSIGN(Hash root, hashes(subtrees.back()));
  for (std::size_t i = subtrees.size() - 1; i > 0; --i) {
    TRY_ASSIGN(const Hash left, hashes(subtrees[i - 1]));
    root = NodeHash(left, root);
  }
  return root;
}

// Where [first, end), of at least two leaves, splits: after the largest power
// of two below its size.
std::uint64_t SplitOf(std::uint64_t first, std::uint64_t end) {
  return first + std::bit_floor(end - first - 1);
}

}  // namespace

bool VerifyInclusion(std::uint64_t index, std::uint64_t size, const Hash& leaf,
                     std::span<const Hash> proof, const Hash& root) {
  if (index >= size || size > kTreeSizeMax) {
    return false;
  }
  const PathShape shape = ShapeOf(index, size);
  if (proof.size() != shape.inner + shape.border) {
    return false;
  }
  const Hash inner = FoldBothSides(leaf, proof.first(shape.inner), index);
  return FoldLeft(inner, proof.subspan(shape.inner)) == root;
}

bool VerifyConsistency(std::uint64_t old_size, std::uint64_t new_size,
                       std::span<const Hash> proof, const Hash& old_root,
                       const Hash& new_root) {
  if (old_size == 0 || old_size > new_size || new_size > kTreeSizeMax) {
    return false;
  }
  if (old_size == new_size) {
    return proof.empty() && old_root == new_root;
  }
  // The way up from the old tree's last leaf, but begun at the root of the
  // complete subtree it is the last leaf of: what is below cannot change.
  const PathShape shape = ShapeOf(old_size - 1, new_size);
  const auto skipped = static_cast<std::size_t>(std::countr_zero(old_size));
  const std::uint64_t path = (old_size - 1) >> skipped;
  Hash seed = old_root;  // when the old tree is that subtree itself
  if (!std::has_single_bit(old_size)) {
    if (proof.empty()) {
      return false;
    }
    seed = proof.front();
    proof = proof.subspan(1);
  }
  const std::size_t inner = shape.inner - skipped;  // skipped < shape.inner
  if (proof.size() != inner + shape.border) {
    return false;
  }
  const std::span<const Hash> border = proof.subspan(inner);
  return FoldLeft(FoldLeftSides(seed, proof.first(inner), path), border) ==
             old_root &&
         FoldLeft(FoldBothSides(seed, proof.first(inner), path), border) ==
             new_root;
}

Result<std::vector<Hash>> BuildInclusionProof(std::uint64_t index,
                                              std::uint64_t size,
                                              const SubtreeHash& hashes) {
  if (index >= size || size > kTreeSizeMax) {
    return Error{ErrorCode::kInvalidArgument,
                 "no record " + std::to_string(index) + " in a tree of " +
                     std::to_string(size)};
  }
  std::vector<Hash> proof;  // root to leaf, turned round at the end
  std::uint64_t first = 0;
  std::uint64_t end = size;
  while (end - first > 1) {
    const std::uint64_t split = SplitOf(first, end);
    const bool goes_left = index < split;
    TRY_ASSIGN(const Hash sibling, goes_left ? RangeHash(split, end, hashes)
                                             : RangeHash(first, split, hashes));
    proof.push_back(sibling);
    (goes_left ? end : first) = split;
  }
  std::reverse(proof.begin(), proof.end());
  return proof;
}

Result<std::vector<Hash>> BuildConsistencyProof(std::uint64_t old_size,
                                                std::uint64_t new_size,
                                                const SubtreeHash& hashes) {
  if (old_size == 0 || old_size > new_size || new_size > kTreeSizeMax) {
    return Error{ErrorCode::kInvalidArgument,
                 "no consistency between trees of " + std::to_string(old_size) +
                     " and " + std::to_string(new_size)};
  }
  std::vector<Hash> proof;  // root to leaf, turned round at the end
  std::uint64_t first = 0;
  std::uint64_t end = new_size;
  while (end != old_size) {
    const std::uint64_t split = SplitOf(first, end);
    const bool goes_left = old_size <= split;
    TRY_ASSIGN(const Hash sibling, goes_left ? RangeHash(split, end, hashes)
                                             : RangeHash(first, split, hashes));
    proof.push_back(sibling);
    (goes_left ? end : first) = split;
  }
  // Left out where it is the old tree as a whole: the verifier has its root.
  if (first != 0) {
    TRY_ASSIGN(const Hash seed, RangeHash(first, end, hashes));
    proof.push_back(seed);
  }
  std::reverse(proof.begin(), proof.end());
  return proof;
}

}  // namespace authseal
