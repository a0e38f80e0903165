// The compact range of leaves [begin, end): the hashes of the maximal complete
// subtrees of the one archive-wide tree that cover exactly those leaves, left
// to right. Adjacent ranges merge, so the tree is built from blocks alone.
//
// For [0, n) these are the 1-bits of n from the highest; the root is their
// fold from the right (RFC 6962, section 2.1).
//
// Leaf numbers go up to kTreeSizeMax (2^63). FromHashes refuses more; whoever
// appends keeps to it, else the range is meaningless, though nothing worse.
#ifndef AUTHSEAL_MERKLE_COMPACT_RANGE_H_
#define AUTHSEAL_MERKLE_COMPACT_RANGE_H_

#include <cstdint>
#include <span>
#include <vector>

#include "lib/base/bytes.h"
#include "lib/base/result.h"

namespace authseal {

class CompactRange {
 public:
  // The empty range [begin, begin).
  explicit CompactRange(std::uint64_t begin = 0) : begin_(begin), end_(begin) {}

  // From stored hashes; kDamaged when their number is not the one that
  // [begin, end) has, or end < begin.
  static Result<CompactRange> FromHashes(std::uint64_t begin, std::uint64_t end,
                                         std::span<const Hash> hashes);
  // Of leaves [begin, begin + leaves.size()); hashes level by level in bulk.
  static CompactRange FromLeaves(std::uint64_t begin,
                                 std::span<const Hash> leaves);

  void Append(const Hash& leaf);
  // Appends a range that begins where this one ends; kInvalidArgument else.
  Status Append(const CompactRange& next);

  std::uint64_t begin() const { return begin_; }
  std::uint64_t end() const { return end_; }
  const std::vector<Hash>& hashes() const { return hashes_; }

  // Only for ranges that begin at 0. The root of the tree of end() leaves.
  Hash Root() const;

  bool operator==(const CompactRange&) const = default;

 private:
  void AppendSubtree(Hash hash, int level);

  std::uint64_t begin_;
  std::uint64_t end_;
  std::vector<Hash> hashes_;
};

// How many hashes the compact range of [begin, end) has (at most 126); 0 when
// end <= begin.
std::size_t CompactRangeSize(std::uint64_t begin, std::uint64_t end);

// One maximal complete subtree: leaves [first, first + 2^level).
struct Subtree {
  std::uint64_t first = 0;
  int level = 0;
  bool operator==(const Subtree&) const = default;
};
// Those of [begin, end), left to right: what each hash stands for.
std::vector<Subtree> CompactRangeSubtrees(std::uint64_t begin,
                                          std::uint64_t end);

}  // namespace authseal

#endif  // AUTHSEAL_MERKLE_COMPACT_RANGE_H_
