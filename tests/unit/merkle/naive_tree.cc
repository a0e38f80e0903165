#include "tests/unit/merkle/naive_tree.h"

#include <string>

#include "lib/merkle/tree_hash.h"

namespace authseal {
namespace {

// The largest power of two below n; n > 1.
std::size_t SplitSize(std::size_t n) {
  std::size_t k = 1;
  while (2 * k < n) {
    k *= 2;
  }
  return k;
}

std::vector<Hash> Followed(std::vector<Hash> proof, const Hash& last) {
  proof.push_back(last);
  return proof;
}

}  // namespace

std::vector<Hash> MakeLeaves(std::size_t count) {
  std::vector<Hash> leaves(count);
  for (std::size_t i = 0; i < count; ++i) {
    leaves[i] = LeafHash(AsBytes("record " + std::to_string(i)));
  }
  return leaves;
}

Hash NaiveRoot(Leaves leaves) {
  if (leaves.empty()) {
    return EmptyRoot();
  }
  if (leaves.size() == 1) {
    return leaves[0];
  }
  const std::size_t k = SplitSize(leaves.size());
  return NodeHash(NaiveRoot(leaves.first(k)), NaiveRoot(leaves.subspan(k)));
}

std::vector<Hash> NaivePath(std::size_t index, Leaves leaves) {
  if (leaves.size() == 1) {
    return {};
  }
  const std::size_t k = SplitSize(leaves.size());
  return index < k ? Followed(NaivePath(index, leaves.first(k)),
                              NaiveRoot(leaves.subspan(k)))
                   : Followed(NaivePath(index - k, leaves.subspan(k)),
                              NaiveRoot(leaves.first(k)));
}

std::vector<Hash> NaiveSubtreeProof(std::size_t start, std::size_t end,
                                    Leaves leaves, bool known) {
  if (start == 0 && end == leaves.size()) {
    return known ? std::vector<Hash>{} : std::vector<Hash>{NaiveRoot(leaves)};
  }
  const std::size_t k = SplitSize(leaves.size());
  if (end <= k) {
    return Followed(NaiveSubtreeProof(start, end, leaves.first(k), known),
                    NaiveRoot(leaves.subspan(k)));
  }
  if (k <= start) {
    return Followed(
        NaiveSubtreeProof(start - k, end - k, leaves.subspan(k), known),
        NaiveRoot(leaves.first(k)));
  }
  return Followed(NaiveSubtreeProof(0, end - k, leaves.subspan(k), false),
                  NaiveRoot(leaves.first(k)));
}

SubtreeHash SubtreeHashesOf(Leaves leaves) {
  return [leaves](const Subtree& subtree) -> Result<Hash> {
    const std::uint64_t size = std::uint64_t{1} << subtree.level;
    if (subtree.first % size != 0 || subtree.first + size > leaves.size()) {
      return Error{ErrorCode::kInternal, "asked for no complete subtree"};
    }
    return NaiveRoot(leaves.subspan(subtree.first, size));
  };
}

}  // namespace authseal
