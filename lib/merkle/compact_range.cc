#include "lib/merkle/compact_range.h"

#include <algorithm>
#include <bit>
#include <string>

#include "lib/base/check.h"
#include "lib/crypto/sha256.h"
#include "lib/merkle/tree_hash.h"

namespace authseal {
namespace {

// The level of the maximal complete subtree that begins at `first` and ends at
// `end` or before: bounded by how `first` is aligned and by what is left.
int LevelAt(std::uint64_t first, std::uint64_t end) {
  const int by_room = static_cast<int>(std::bit_width(end - first)) - 1;
  return std::min(by_room, std::countr_zero(first));
}

}  // namespace

std::size_t CompactRangeSize(std::uint64_t begin, std::uint64_t end) {
  std::size_t count = 0;
  while (begin < end) {
    begin += std::uint64_t{1} << LevelAt(begin, end);
    ++count;
  }
  return count;
}

std::vector<Subtree> CompactRangeSubtrees(std::uint64_t begin,
                                          std::uint64_t end) {
  std::vector<Subtree> subtrees;
  while (begin < end) {
    subtrees.push_back({.first = begin, .level = LevelAt(begin, end)});
    begin += std::uint64_t{1} << subtrees.back().level;
  }
  return subtrees;
}

Result<CompactRange> CompactRange::FromHashes(std::uint64_t begin,
                                              std::uint64_t end,
                                              std::span<const Hash> hashes) {
  if (end < begin || end > kTreeSizeMax) {
    return Error{ErrorCode::kDamaged,
                 "no range of leaves: " + std::to_string(begin) + " to " +
                     std::to_string(end)};
  }
  const std::size_t expected = CompactRangeSize(begin, end);
  if (hashes.size() != expected) {
    return Error{ErrorCode::kDamaged,
                 "a compact range with " + std::to_string(hashes.size()) +
                     " hashes in place of " + std::to_string(expected)};
  }
  CompactRange range(begin);
  range.end_ = end;
  range.hashes_.assign(hashes.begin(), hashes.end());
  return range;
}

CompactRange CompactRange::FromLeaves(std::uint64_t begin,
                                      std::span<const Hash> leaves) {
  CompactRange range(begin);
  range.end_ = begin + leaves.size();

  std::vector<Hash> above(leaves.size() / 2);
  std::span<const Hash> nodes = leaves;  // one level, left to right
  std::uint64_t first = begin;           // the first one's place on its level
  std::vector<Hash> right_to_left;       // what stays alone at the right edge
  while (!nodes.empty()) {
    // A node whose sibling is outside the range is maximal: at the left edge
    // a right child, at the right edge a left one.
    if (first % 2 == 1) {
      range.hashes_.push_back(nodes.front());
      nodes = nodes.subspan(1);
      ++first;
    }
    if (nodes.size() % 2 == 1) {
      right_to_left.push_back(nodes.back());
      nodes = nodes.first(nodes.size() - 1);
    }
    const std::span<Hash> parents = std::span(above).first(nodes.size() / 2);
    Sha256NodePairs(nodes, parents);
    nodes = parents;
    first /= 2;
  }
  range.hashes_.insert(range.hashes_.end(), right_to_left.rbegin(),
                       right_to_left.rend());
  return range;
}

void CompactRange::AppendSubtree(Hash hash, int level) {
  const std::uint64_t end = end_ + (std::uint64_t{1} << level);
  std::uint64_t first = end_;
  // While the subtree is a right child and its sibling is within the range,
  // that sibling is the last hash: both become their parent.
  while (level < 63 && (first >> level & 1) == 1 &&
         first - (std::uint64_t{1} << level) >= begin_) {
    hash = NodeHash(hashes_.back(), hash);
    hashes_.pop_back();
    first -= std::uint64_t{1} << level;
    ++level;
  }
  hashes_.push_back(hash);
  end_ = end;
}

void CompactRange::Append(const Hash& leaf) {
  AppendSubtree(leaf, 0);
}

Status CompactRange::Append(const CompactRange& next) {
  if (next.begin_ != end_) {
    return Error{ErrorCode::kInvalidArgument,
                 "a range that begins at " + std::to_string(next.begin_) +
                     " does not follow one that ends at " +
                     std::to_string(end_)};
  }
  std::uint64_t first = next.begin_;
  for (const Hash& hash : next.hashes_) {
    const int level = LevelAt(first, next.end_);
    AppendSubtree(hash, level);
    first += std::uint64_t{1} << level;
  }
  return Ok();
}

Hash CompactRange::Root() const {
  AUTHSEAL_CHECK(begin_ == 0);
  if (hashes_.empty()) {
    return EmptyRoot();
  }
  Hash root = hashes_.back();
  for (std::size_t i = hashes_.size() - 1; i > 0; --i) {
    root = NodeHash(hashes_[i - 1], root);
  }
  return root;
}

}  // namespace authseal
