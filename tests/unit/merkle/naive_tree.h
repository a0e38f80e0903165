// The recursive definitions of RFC 6962, section 2.1, and of the Merkle tree
// certificates draft, word by word: slow, and hard to get wrong.
#ifndef AUTHSEAL_TESTS_UNIT_MERKLE_NAIVE_TREE_H_
#define AUTHSEAL_TESTS_UNIT_MERKLE_NAIVE_TREE_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "lib/base/bytes.h"
#include "lib/merkle/proof.h"

namespace authseal {

using Leaves = std::span<const Hash>;

// LeafHash("record 0"), LeafHash("record 1"), …
std::vector<Hash> MakeLeaves(std::size_t count);

Hash NaiveRoot(Leaves leaves);
std::vector<Hash> NaivePath(std::size_t index, Leaves leaves);
// SUBTREE_SUBPROOF; PROOF(m, D[n]) is the case [0, m).
std::vector<Hash> NaiveSubtreeProof(std::size_t start, std::size_t end,
                                    Leaves leaves, bool known = true);

// Hashes of complete subtrees, as BuildInclusionProof asks for them.
SubtreeHash SubtreeHashesOf(Leaves leaves);

}  // namespace authseal

#endif  // AUTHSEAL_TESTS_UNIT_MERKLE_NAIVE_TREE_H_
