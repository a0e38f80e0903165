#include "lib/merkle/subtree_proof.h"

#include <gtest/gtest.h>

#include "lib/merkle/proof.h"
#include "lib/merkle/tree_hash.h"
#include "tests/unit/merkle/naive_tree.h"

namespace authseal {
namespace {

constexpr std::size_t kSizeMax = 34;

const std::vector<Hash>& AllLeaves() {
  static const std::vector<Hash> leaves = MakeLeaves(kSizeMax);
  return leaves;
}

Leaves Part(std::size_t start, std::size_t end) {
  return Leaves(AllLeaves()).subspan(start, end - start);
}

TEST(Subtree, IsValidWhereItIsAlignedToItsOwnHeight) {
  const auto valid = [](std::uint64_t start, std::uint64_t end) {
    return IsValidSubtree(start, end);
  };
  EXPECT_TRUE(valid(0, 0) && valid(3, 3) && valid(0, 5) && valid(4, 7));
  EXPECT_TRUE(valid(7, 8) && valid(0, ~0ull) && valid(8, 16));
  EXPECT_TRUE(valid(kTreeSizeMax, ~0ull));
  EXPECT_FALSE(valid(1, 0) || valid(1, 3) || valid(2, 5) || valid(4, 9));
  EXPECT_FALSE(valid(1, kTreeSizeMax + 2) || valid(1, ~0ull));
}

TEST(SubtreeInclusion, VerifiesEveryLeafOfEverySubtree) {
  for (std::size_t start = 0; start < kSizeMax; ++start) {
    for (std::size_t end = start + 1; end <= kSizeMax; ++end) {
      const Hash root = NaiveRoot(Part(start, end));
      for (std::size_t index = start; index < end; ++index) {
        const auto proof = NaivePath(index - start, Part(start, end));
        const Hash& leaf = AllLeaves()[index];
        EXPECT_EQ(VerifySubtreeInclusion(index, start, end, leaf, proof, root),
                  IsValidSubtree(start, end));
        EXPECT_FALSE(VerifySubtreeInclusion(index + (end - start), start, end,
                                            leaf, proof, root));
        EXPECT_FALSE(VerifySubtreeInclusion(index - start - 1, start, end, leaf,
                                            proof, root));
      }
    }
  }
}

TEST(SubtreeConsistency, VerifiesEverySubtreeOfEveryTree) {
  for (std::size_t size = 1; size <= kSizeMax; ++size) {
    const Hash root = NaiveRoot(Part(0, size));
    for (std::size_t start = 0; start < size; ++start) {
      for (std::size_t end = start + 1; end <= size; ++end) {
        if (!IsValidSubtree(start, end)) {
          EXPECT_FALSE(
              VerifySubtreeConsistency(start, end, size, {}, root, root));
          continue;
        }
        const Hash part = NaiveRoot(Part(start, end));
        const auto proof = NaiveSubtreeProof(start, end, Part(0, size));
        ASSERT_TRUE(
            VerifySubtreeConsistency(start, end, size, proof, part, root))
            << start << " " << end << " " << size;
        for (std::size_t i = 0; i < proof.size(); ++i) {
          auto changed = proof;
          changed[i].bytes[0] ^= 1;
          ASSERT_FALSE(
              VerifySubtreeConsistency(start, end, size, changed, part, root));
          auto dropped = proof;
          dropped.erase(dropped.begin() + static_cast<std::ptrdiff_t>(i));
          ASSERT_FALSE(
              VerifySubtreeConsistency(start, end, size, dropped, part, root));
        }
        auto longer = proof;
        longer.push_back(part);
        EXPECT_FALSE(
            VerifySubtreeConsistency(start, end, size, longer, part, root));
        EXPECT_FALSE(VerifySubtreeConsistency(start, end, size, proof,
                                              EmptyRoot(), root));
        EXPECT_FALSE(VerifySubtreeConsistency(start, end, size, proof, part,
                                              EmptyRoot()));
      }
    }
  }
}

// Two implementations of one thing, written differently on purpose.
TEST(SubtreeConsistency, AgreesWithConsistencyWhereTheSubtreeIsAPrefix) {
  for (std::size_t n = 1; n <= kSizeMax; ++n) {
    for (std::size_t m = 1; m <= n; ++m) {
      const auto good = NaiveSubtreeProof(0, m, Part(0, n));
      const Hash new_root = NaiveRoot(Part(0, n));
      for (std::size_t claimed = 1; claimed <= n; ++claimed) {
        const Hash old_root = NaiveRoot(Part(0, claimed));
        EXPECT_EQ(
            VerifyConsistency(claimed, n, good, old_root, new_root),
            VerifySubtreeConsistency(0, claimed, n, good, old_root, new_root))
            << claimed << " " << n;
      }
    }
  }
}

TEST(SubtreeConsistency, TakesTheEmptySubtreeWithoutAProof) {
  const Hash root = NaiveRoot(Part(0, 3));
  EXPECT_TRUE(VerifySubtreeConsistency(2, 2, 3, {}, EmptyRoot(), root));
  EXPECT_FALSE(VerifySubtreeConsistency(4, 4, 3, {}, EmptyRoot(), root));
  EXPECT_FALSE(VerifySubtreeConsistency(2, 2, 3, {}, root, root));
  EXPECT_FALSE(VerifySubtreeConsistency(2, 2, 3, {{root}}, EmptyRoot(), root));
}

TEST(SubtreeConsistency, IsRefusedForImpossibleSizes) {
  const Hash root = LeafHash({});
  EXPECT_FALSE(VerifySubtreeConsistency(0, 2, 1, {}, root, root));
  EXPECT_FALSE(VerifySubtreeConsistency(1, 0, 1, {}, root, root));
  EXPECT_FALSE(VerifySubtreeConsistency(0, ~0ull, ~0ull, {}, root, root));
  EXPECT_FALSE(
      VerifySubtreeConsistency(~0ull, ~0ull, 5, {}, EmptyRoot(), root));
}

}  // namespace
}  // namespace authseal
