#include "lib/merkle/compact_range.h"

#include <gtest/gtest.h>

#include "lib/merkle/tree_hash.h"
#include "tests/unit/merkle/naive_tree.h"

namespace authseal {
namespace {

constexpr std::size_t kLeavesMax = 256;

const std::vector<Hash>& AllLeaves() {
  static const std::vector<Hash> leaves = MakeLeaves(kLeavesMax);
  return leaves;
}

CompactRange Of(std::size_t begin, std::size_t end) {
  return CompactRange::FromLeaves(
      begin, std::span(AllLeaves()).subspan(begin, end - begin));
}

TEST(CompactRange, HasTheRootOfTheDefinitionForEverySize) {
  CompactRange grown;
  for (std::size_t n = 0; n <= kLeavesMax; ++n) {
    const Hash expected = NaiveRoot(std::span(AllLeaves()).first(n));
    EXPECT_EQ(Of(0, n).Root(), expected) << n;
    EXPECT_EQ(grown.Root(), expected) << n;
    EXPECT_EQ(grown, Of(0, n)) << n;
    if (n < kLeavesMax) {
      grown.Append(AllLeaves()[n]);
    }
  }
}

TEST(CompactRange, HasTheHashesOfItsSubtreesWhereverItBegins) {
  for (std::size_t begin = 0; begin <= 70; ++begin) {
    CompactRange grown(begin);
    for (std::size_t end = begin; end <= 140; ++end) {
      const CompactRange range = Of(begin, end);
      const auto subtrees = CompactRangeSubtrees(begin, end);
      ASSERT_EQ(range.hashes().size(), subtrees.size());
      ASSERT_EQ(CompactRangeSize(begin, end), subtrees.size());
      std::uint64_t next = begin;
      for (std::size_t i = 0; i < subtrees.size(); ++i) {
        const std::size_t size = std::size_t{1} << subtrees[i].level;
        ASSERT_EQ(subtrees[i].first, next);
        ASSERT_EQ(subtrees[i].first % size, 0u);
        // Maximal: the parent is not within the range.
        const std::uint64_t parent = next / (2 * size) * (2 * size);
        ASSERT_TRUE(parent < begin || parent + 2 * size > end);
        ASSERT_EQ(range.hashes()[i],
                  NaiveRoot(std::span(AllLeaves()).subspan(next, size)));
        next += size;
      }
      ASSERT_EQ(next, end);
      ASSERT_EQ(grown, range) << begin << " " << end;
      grown.Append(AllLeaves()[end]);
    }
  }
}

TEST(CompactRange, MergesAtEverySplit) {
  for (std::size_t n = 0; n <= kLeavesMax; n += n < 70 ? 1 : 31) {
    for (std::size_t split = 0; split <= n; ++split) {
      CompactRange left = Of(0, split);
      ASSERT_TRUE(left.Append(Of(split, n)).has_value());
      ASSERT_EQ(left, Of(0, n)) << split << " of " << n;
    }
  }
}

TEST(CompactRange, MergesAssociatively) {
  constexpr std::size_t kEnd = 41;
  for (std::size_t a = 0; a <= kEnd; ++a) {
    for (std::size_t b = a; b <= kEnd; ++b) {
      for (std::size_t c = b; c <= kEnd; c += 3) {
        CompactRange left_first = Of(a, b);
        ASSERT_TRUE(left_first.Append(Of(b, c)).has_value());
        ASSERT_EQ(left_first, Of(a, c));
        ASSERT_TRUE(left_first.Append(Of(c, kEnd)).has_value());
        CompactRange right_first = Of(b, c);
        ASSERT_TRUE(right_first.Append(Of(c, kEnd)).has_value());
        CompactRange all = Of(a, b);
        ASSERT_TRUE(all.Append(right_first).has_value());
        ASSERT_EQ(all, left_first) << a << " " << b << " " << c;
      }
    }
  }
}

TEST(CompactRange, RefusesToAppendWhatDoesNotFollow) {
  CompactRange range = Of(0, 5);
  for (const std::size_t begin : {0u, 4u, 6u}) {
    const Status appended = range.Append(Of(begin, 9));
    ASSERT_FALSE(appended.has_value()) << begin;
    EXPECT_EQ(appended.error().code, ErrorCode::kInvalidArgument);
  }
  EXPECT_EQ(range, Of(0, 5));
}

TEST(CompactRange, ComesBackFromItsHashes) {
  for (std::size_t begin = 0; begin <= 20; ++begin) {
    for (std::size_t end = begin; end <= 40; ++end) {
      const CompactRange range = Of(begin, end);
      const auto back = CompactRange::FromHashes(begin, end, range.hashes());
      ASSERT_TRUE(back.has_value());
      EXPECT_EQ(*back, range);
    }
  }
}

TEST(CompactRange, RefusesAWrongNumberOfHashes) {
  const std::vector<Hash> hashes(200);
  for (std::uint64_t end : {0ull, 1ull, 5ull, 8ull, 255ull, 1ull << 62}) {
    for (std::size_t count = 0; count <= hashes.size(); ++count) {
      const auto range =
          CompactRange::FromHashes(0, end, std::span(hashes).first(count));
      EXPECT_EQ(range.has_value(), count == CompactRangeSize(0, end));
      if (!range.has_value()) {
        EXPECT_EQ(range.error().code, ErrorCode::kDamaged);
      }
    }
  }
}

TEST(CompactRange, RefusesRangesThatAreNone) {
  EXPECT_FALSE(CompactRange::FromHashes(5, 4, {}).has_value());
  EXPECT_FALSE(CompactRange::FromHashes(~0ull, 0, {}).has_value());
  const std::vector<Hash> hashes(64);
  EXPECT_FALSE(
      CompactRange::FromHashes(0, kTreeSizeMax + 1, std::span(hashes).first(2))
          .has_value());
  EXPECT_FALSE(CompactRange::FromHashes(0, ~0ull, hashes).has_value());
}

TEST(CompactRange, WorksUpToTheLargestTree) {
  EXPECT_EQ(CompactRangeSize(0, kTreeSizeMax), 1u);
  EXPECT_EQ(CompactRangeSize(0, kTreeSizeMax - 1), 63u);
  EXPECT_EQ(CompactRangeSize(1, kTreeSizeMax), 63u);
  EXPECT_EQ(CompactRangeSize(1, kTreeSizeMax - 1), 124u);
  EXPECT_EQ(CompactRangeSubtrees(0, kTreeSizeMax),
            (std::vector<Subtree>{{.first = 0, .level = 63}}));
  const std::vector<Hash> hashes(63, EmptyRoot());
  auto range = CompactRange::FromHashes(0, kTreeSizeMax - 1, hashes);
  ASSERT_TRUE(range.has_value());
  range->Append(EmptyRoot());  // closes every subtree
  EXPECT_EQ(range->end(), kTreeSizeMax);
  EXPECT_EQ(range->hashes().size(), 1u);
}

TEST(CompactRange, IsEmptyWhereItBegins) {
  const CompactRange range(7);
  EXPECT_EQ(range.begin(), 7u);
  EXPECT_EQ(range.end(), 7u);
  EXPECT_TRUE(range.hashes().empty());
  EXPECT_EQ(CompactRangeSize(9, 3), 0u);
}

TEST(CompactRangeDeathTest, HasNoRootWhenItDoesNotBeginAtZero) {
  EXPECT_DEATH(static_cast<void>(Of(1, 2).Root()), "");
}

}  // namespace
}  // namespace authseal
