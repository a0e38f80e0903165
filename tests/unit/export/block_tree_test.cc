#include "lib/export/block_tree.h"

#include <gtest/gtest.h>

#include "lib/merkle/tree_hash.h"
#include "tests/unit/merkle/naive_tree.h"

namespace authseal {
namespace {

// Every aligned subtree near a block: inside it the naive hash, else nothing.
TEST(BlockTree, KnowsExactlyTheSubtreesInsideItsBlock) {
  constexpr std::uint64_t kLeafCount = 40;
  const std::vector<Hash> leaves = MakeLeaves(kLeafCount);
  for (std::uint64_t first = 0; first < 20; ++first) {
    for (std::uint64_t count = 1; count <= 18; ++count) {
      const BlockTree tree(first, Leaves(leaves).subspan(first, count));
      for (int level = 0; level < 6; ++level) {
        const std::uint64_t size = std::uint64_t{1} << level;
        for (std::uint64_t at = 0; at + size <= kLeafCount; at += size) {
          const auto found = tree.Find({at, level});
          const bool inside = at >= first && at + size <= first + count;
          ASSERT_EQ(found.has_value(), inside)
              << first << '+' << count << ": " << at << '/' << level;
          if (inside) {
            ASSERT_EQ(*found, NaiveRoot(Leaves(leaves).subspan(at, size)));
          }
        }
      }
    }
  }
}

TEST(BlockTree, FindsNothingFarAway) {
  const std::vector<Hash> leaves = MakeLeaves(4);
  const BlockTree tree(8, leaves);
  EXPECT_FALSE(tree.Find({0, 63}));
  EXPECT_FALSE(tree.Find({std::uint64_t{1} << 62, 0}));
  EXPECT_TRUE(tree.Find({8, 2}));
}

}  // namespace
}  // namespace authseal
