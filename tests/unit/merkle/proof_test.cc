#include "lib/merkle/proof.h"

#include <gtest/gtest.h>

#include "lib/merkle/tree_hash.h"
#include "tests/unit/merkle/naive_tree.h"

namespace authseal {
namespace {

constexpr std::size_t kSizeMax = 64;

const std::vector<Hash>& AllLeaves() {
  static const std::vector<Hash> leaves = MakeLeaves(kSizeMax + 1);
  return leaves;
}

Leaves First(std::size_t n) {
  return Leaves(AllLeaves()).first(n);
}

// Each proof with one hash changed, dropped, doubled, or two swapped, and with
// one more at either end.
std::vector<std::vector<Hash>> Mutations(const std::vector<Hash>& proof) {
  std::vector<std::vector<Hash>> mutated;
  const auto add = [&mutated, &proof](auto change) {
    mutated.push_back(proof);
    change(mutated.back());
  };
  for (std::size_t i = 0; i < proof.size(); ++i) {
    const auto at = static_cast<std::ptrdiff_t>(i);
    add([i](auto& p) { p[i].bytes[i % 32] ^= 1; });
    add([at](auto& p) { p.erase(p.begin() + at); });
    add([at, i](auto& p) { p.insert(p.begin() + at, Hash(p[i])); });
    if (i + 1 < proof.size()) {
      add([i](auto& p) { std::swap(p[i], p[i + 1]); });
    }
  }
  add([](auto& p) { p.push_back(EmptyRoot()); });
  add([](auto& p) { p.insert(p.begin(), EmptyRoot()); });
  return mutated;
}

TEST(InclusionProof, IsTheOneOfTheDefinitionAndVerifies) {
  for (std::size_t size = 1; size <= kSizeMax; ++size) {
    const Hash root = NaiveRoot(First(size));
    for (std::size_t index = 0; index < size; ++index) {
      const auto proof =
          BuildInclusionProof(index, size, SubtreeHashesOf(First(size)));
      ASSERT_TRUE(proof.has_value());
      ASSERT_EQ(*proof, NaivePath(index, First(size))) << index << "/" << size;
      EXPECT_TRUE(
          VerifyInclusion(index, size, AllLeaves()[index], *proof, root));
    }
  }
}

TEST(InclusionProof, IsRefusedWhenAnythingIsChanged) {
  for (std::size_t size = 1; size <= kSizeMax; ++size) {
    const Hash root = NaiveRoot(First(size));
    for (std::size_t index = 0; index < size; ++index) {
      const std::vector<Hash> proof = NaivePath(index, First(size));
      const Hash& leaf = AllLeaves()[index];
      for (const std::vector<Hash>& mutated : Mutations(proof)) {
        EXPECT_FALSE(VerifyInclusion(index, size, leaf, mutated, root));
      }
      EXPECT_FALSE(
          VerifyInclusion(index, size, AllLeaves()[index + 1], proof, root));
      EXPECT_FALSE(VerifyInclusion(index, size, leaf, proof, EmptyRoot()));
      for (std::size_t other = 0; other <= size + 1; ++other) {
        if (other != index) {
          EXPECT_FALSE(VerifyInclusion(other, size, leaf, proof, root))
              << index << " as " << other << " of " << size;
        }
      }
    }
  }
}

TEST(InclusionProof, IsRefusedOutsideTheTree) {
  const Hash leaf = LeafHash({});
  EXPECT_FALSE(VerifyInclusion(0, 0, leaf, {}, leaf));
  EXPECT_FALSE(VerifyInclusion(0, 0, leaf, {}, EmptyRoot()));
  EXPECT_FALSE(VerifyInclusion(1, 1, leaf, {}, leaf));
  EXPECT_FALSE(VerifyInclusion(~0ull, 1, leaf, {}, leaf));
  EXPECT_FALSE(VerifyInclusion(~0ull, ~0ull, leaf, {}, leaf));
  EXPECT_TRUE(VerifyInclusion(0, 1, leaf, {}, leaf));
}

TEST(InclusionProof, HasAtMost63HashesWhateverTheSize) {
  const Hash leaf = LeafHash({});
  for (std::size_t count = 0; count <= 70; ++count) {
    const std::vector<Hash> proof(count, leaf);
    Hash root = leaf;
    for (const Hash& sibling : proof) {
      root = NodeHash(root, sibling);
    }
    EXPECT_EQ(VerifyInclusion(0, kTreeSizeMax, leaf, proof, root),
              count == kProofHashesMax);
    EXPECT_FALSE(VerifyInclusion(0, kTreeSizeMax + 1, leaf, proof, root));
    EXPECT_FALSE(VerifyInclusion(0, ~0ull, leaf, proof, root));
  }
}

// Hash chains that end in the root claimed, and still prove nothing: the shape
// of the tree alone refuses them.
TEST(InclusionProof, IsRefusedForAChainThatIsNoPathOfTheTree) {
  const Hash leaf = LeafHash({});
  const Hash other = LeafHash(AsBytes("other"));
  const std::vector<Hash> one = {other};
  EXPECT_FALSE(VerifyInclusion(1, 1, leaf, one, NodeHash(other, leaf)));
  EXPECT_FALSE(VerifyInclusion(0, 1, leaf, one, NodeHash(leaf, other)));
  EXPECT_FALSE(VerifyInclusion(0, 1, leaf, one, NodeHash(other, leaf)));
  for (std::size_t size = 1; size <= 16; ++size) {
    const Hash root = NaiveRoot(First(size));
    for (std::size_t index = 0; index < size; ++index) {
      std::vector<Hash> longer = NaivePath(index, First(size));
      longer.push_back(other);
      for (const Hash& claimed :
           {NodeHash(other, root), NodeHash(root, other)}) {
        EXPECT_FALSE(
            VerifyInclusion(index, size, AllLeaves()[index], longer, claimed));
      }
    }
  }
}

TEST(InclusionProof, IsNotBuiltOutsideTheTree) {
  const SubtreeHash hashes = SubtreeHashesOf(First(4));
  for (const auto& [index, size] :
       std::vector<std::pair<std::uint64_t, std::uint64_t>>{
           {0, 0}, {4, 4}, {5, 4}, {0, kTreeSizeMax + 1}, {~0ull, ~0ull}}) {
    const auto proof = BuildInclusionProof(index, size, hashes);
    ASSERT_FALSE(proof.has_value());
    EXPECT_EQ(proof.error().code, ErrorCode::kInvalidArgument);
  }
}

TEST(InclusionProof, PassesOnWhatTheHashesReport) {
  const auto unreadable = [](const Subtree&) -> Result<Hash> {
    return Error{ErrorCode::kIo, "unreadable"};
  };
  const auto inclusion = BuildInclusionProof(1, 5, unreadable);
  ASSERT_FALSE(inclusion.has_value());
  EXPECT_EQ(inclusion.error().code, ErrorCode::kIo);
  const auto consistency = BuildConsistencyProof(3, 5, unreadable);
  ASSERT_FALSE(consistency.has_value());
  EXPECT_EQ(consistency.error().code, ErrorCode::kIo);
}

TEST(ConsistencyProof, IsTheOneOfTheDefinitionAndVerifies) {
  for (std::size_t n = 1; n <= kSizeMax; ++n) {
    for (std::size_t m = 1; m <= n; ++m) {
      const auto proof = BuildConsistencyProof(m, n, SubtreeHashesOf(First(n)));
      ASSERT_TRUE(proof.has_value());
      ASSERT_EQ(*proof, NaiveSubtreeProof(0, m, First(n))) << m << " " << n;
      EXPECT_TRUE(VerifyConsistency(m, n, *proof, NaiveRoot(First(m)),
                                    NaiveRoot(First(n))));
    }
  }
}

TEST(ConsistencyProof, IsRefusedWhenAnythingIsChanged) {
  for (std::size_t n = 1; n <= kSizeMax; ++n) {
    const Hash new_root = NaiveRoot(First(n));
    for (std::size_t m = 1; m <= n; ++m) {
      const Hash old_root = NaiveRoot(First(m));
      const std::vector<Hash> proof = NaiveSubtreeProof(0, m, First(n));
      for (const std::vector<Hash>& mutated : Mutations(proof)) {
        EXPECT_FALSE(VerifyConsistency(m, n, mutated, old_root, new_root));
      }
      EXPECT_FALSE(VerifyConsistency(m, n, proof, EmptyRoot(), new_root));
      EXPECT_FALSE(VerifyConsistency(m, n, proof, old_root, EmptyRoot()));
      if (m < n) {
        EXPECT_FALSE(VerifyConsistency(m, n, proof, new_root, old_root));
        EXPECT_FALSE(VerifyConsistency(m, n, {}, old_root, new_root));
        EXPECT_FALSE(VerifyConsistency(m, n, {}, old_root, old_root));
        EXPECT_FALSE(VerifyConsistency(n, m, proof, new_root, old_root));
      }
      for (std::size_t other = 0; other <= n; ++other) {
        if (other != m) {
          EXPECT_FALSE(VerifyConsistency(other, n, proof, old_root, new_root))
              << m << " as " << other << " to " << n;
        }
      }
    }
  }
}

TEST(ConsistencyProof, IsRefusedForAChainThatIsNoPathOfTheTree) {
  const Hash other = LeafHash(AsBytes("other"));
  for (std::size_t n = 2; n <= 16; ++n) {
    const Hash new_root = NaiveRoot(First(n));
    for (std::size_t m = 1; m < n; ++m) {
      const Hash old_root = NaiveRoot(First(m));
      std::vector<Hash> longer = NaiveSubtreeProof(0, m, First(n));
      longer.push_back(other);
      for (const Hash& old_claimed : {old_root, NodeHash(other, old_root)}) {
        for (const Hash& new_claimed :
             {NodeHash(other, new_root), NodeHash(new_root, other)}) {
          EXPECT_FALSE(
              VerifyConsistency(m, n, longer, old_claimed, new_claimed));
        }
      }
    }
  }
}

TEST(ConsistencyProof, SaysNothingAboutTheEmptyTree) {
  const Hash root = LeafHash({});
  EXPECT_FALSE(VerifyConsistency(0, 0, {}, EmptyRoot(), EmptyRoot()));
  EXPECT_FALSE(VerifyConsistency(0, 1, {}, EmptyRoot(), root));
  EXPECT_TRUE(VerifyConsistency(1, 1, {}, root, root));
  EXPECT_FALSE(VerifyConsistency(1, 1, {}, root, EmptyRoot()));
}

TEST(ConsistencyProof, WorksUpToTheLargestTree) {
  const Hash leaf = LeafHash({});
  const std::vector<Hash> proof(63, leaf);
  Hash root = leaf;
  for (const Hash& sibling : proof) {
    root = NodeHash(root, sibling);
  }
  EXPECT_TRUE(VerifyConsistency(1, kTreeSizeMax, proof, leaf, root));
  EXPECT_FALSE(VerifyConsistency(1, kTreeSizeMax + 1, proof, leaf, root));
  EXPECT_FALSE(VerifyConsistency(~0ull - 1, ~0ull, proof, leaf, root));
}

TEST(ConsistencyProof, IsNotBuiltForImpossibleSizes) {
  const SubtreeHash hashes = SubtreeHashesOf(First(4));
  for (const auto& [m, n] :
       std::vector<std::pair<std::uint64_t, std::uint64_t>>{
           {0, 0}, {0, 4}, {4, 3}, {1, kTreeSizeMax + 1}}) {
    const auto proof = BuildConsistencyProof(m, n, hashes);
    ASSERT_FALSE(proof.has_value());
    EXPECT_EQ(proof.error().code, ErrorCode::kInvalidArgument);
  }
}

}  // namespace
}  // namespace authseal
