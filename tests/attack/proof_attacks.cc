#include <algorithm>
#include <random>
#include <utility>

#include "lib/base/check.h"
#include "lib/merkle/compact_range.h"
#include "lib/merkle/proof.h"
#include "lib/merkle/tree_hash.h"
#include "tests/attack/bundle_attacks.h"

namespace authseal {
namespace {

constexpr std::uint64_t kTreeSizeMax = 200;

// One tree, and its roots at each size.
struct Tree {
  std::vector<Hash> leaves;
  std::vector<Hash> roots;

  Result<std::vector<Hash>> Inclusion(std::uint64_t index,
                                      std::uint64_t size) const {
    return BuildInclusionProof(index, size, Subtrees());
  }
  Result<std::vector<Hash>> Consistency(std::uint64_t old_size,
                                        std::uint64_t new_size) const {
    return BuildConsistencyProof(old_size, new_size, Subtrees());
  }

 private:
  SubtreeHash Subtrees() const {
    return [this](const Subtree& subtree) -> Result<Hash> {
      const std::uint64_t size = std::uint64_t{1} << subtree.level;
      return CompactRange::FromLeaves(
                 0, std::span(leaves).subspan(subtree.first, size))
          .Root();
    };
  }
};

Tree MakeTree() {
  Tree tree;
  CompactRange range;
  tree.roots.push_back(range.Root());
  for (std::uint64_t i = 0; i < kTreeSizeMax; ++i) {
    tree.leaves.push_back(LeafHash(AsBytes(std::to_string(i))));
    range.Append(tree.leaves.back());
    tree.roots.push_back(range.Root());
  }
  return tree;
}

// A claim with its proof: that a leaf is in a tree, or that one tree begins
// another.
struct Claim {
  bool inclusion = true;
  std::uint64_t small = 0;  // index, or old size
  std::uint64_t size = 1;
  Hash leaf;  // or old root
  Hash root;
  std::vector<Hash> proof;

  bool Accepted() const {
    return inclusion ? VerifyInclusion(small, size, leaf, proof, root)
                     : VerifyConsistency(small, size, proof, leaf, root);
  }
  bool operator==(const Claim&) const = default;
};

Claim SoundClaim(const Tree& tree, std::mt19937_64& random) {
  Claim claim;
  claim.inclusion = random() % 2 == 0;
  claim.size = 2 + random() % (kTreeSizeMax - 1);
  claim.root = tree.roots[claim.size];
  if (claim.inclusion) {
    claim.small = random() % claim.size;
    claim.leaf = tree.leaves[claim.small];
    claim.proof = *tree.Inclusion(claim.small, claim.size);
  } else {
    claim.small = 1 + random() % (claim.size - 1);
    claim.leaf = tree.roots[claim.small];
    claim.proof = *tree.Consistency(claim.small, claim.size);
  }
  return claim;
}

void FlipBit(Hash& hash, std::mt19937_64& random) {
  hash.bytes[random() % hash.bytes.size()] ^=
      static_cast<std::uint8_t>(1u << (random() % 8));
}

// What is claimed no longer holds, or its proof is not the one it has.
void Mutate(const Tree& tree, std::mt19937_64& random, Claim& claim) {
  std::vector<Hash>& proof = claim.proof;
  const std::size_t at = proof.empty() ? 0 : random() % proof.size();
  const auto place = proof.begin() + static_cast<std::ptrdiff_t>(at);
  switch (random() % 10) {
    case 0:
      FlipBit(claim.leaf, random);
      break;
    case 1:
      FlipBit(claim.root, random);
      break;
    case 2:
      if (!proof.empty()) {
        FlipBit(*place, random);
      }
      break;
    case 3:
      if (!proof.empty()) {
        proof.erase(place);
      }
      break;
    case 4:
      proof.insert(place, tree.leaves[random() % kTreeSizeMax]);
      break;
    case 5:
      if (!proof.empty()) {
        std::swap(*place, proof[random() % proof.size()]);
      }
      break;
    case 6:
      proof.clear();
      break;
    case 7:  // the root or a leaf of another place
      claim.leaf = claim.inclusion ? tree.leaves[random() % kTreeSizeMax]
                                   : tree.roots[random() % kTreeSizeMax];
      break;
    case 8:
      claim.root = tree.roots[random() % kTreeSizeMax];
      break;
    default:
      claim.small = random() % (kTreeSizeMax + 1);
      break;
  }
}

// The mutated claim is true after all.
bool Holds(const Tree& tree, const Claim& claim) {
  if (claim.root != tree.roots[claim.size]) {
    return false;
  }
  return claim.inclusion ? claim.small < claim.size &&
                               claim.leaf == tree.leaves[claim.small]
                         : claim.small <= claim.size &&
                               claim.leaf == tree.roots[claim.small];
}

}  // namespace

std::vector<AttackClass> ProofAttacks(std::uint64_t seed, std::uint64_t count) {
  const auto tree = std::make_shared<const Tree>(MakeTree());
  return {{"proofs: changed at random", count, 100,
           [tree, seed](std::uint64_t number, JudgeScope) -> Judgement {
             std::mt19937_64 random(seed * 1'000'003 + number);
             const Claim sound = SoundClaim(*tree, random);
             AUTHSEAL_CHECK(sound.Accepted());
             Claim claim = sound;
             for (std::uint64_t i = 0; i <= number % 3; ++i) {
               Mutate(*tree, random, claim);
             }
             if (!claim.Accepted()) {
               return {
                   claim == sound ? Outcome::kUndetected : Outcome::kDetected,
                   ""};
             }
             if (claim == sound || Holds(*tree, claim)) {
               return {};
             }
             return {Outcome::kUndetected, "a false claim is accepted"};
           }}};
}

}  // namespace authseal
