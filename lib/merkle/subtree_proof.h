// Proofs about a subtree: the leaves [start, end) of a log taken as a tree of
// their own (draft-ietf-plants-merkle-tree-certs, "Subtrees"). What mirrors
// and cosigners of subtrees exchange; not needed to verify an archive.
//
// A subtree is valid when start <= end and start is a multiple of the smallest
// power of two >= end - start; the empty one is valid anywhere.
#ifndef AUTHSEAL_MERKLE_SUBTREE_PROOF_H_
#define AUTHSEAL_MERKLE_SUBTREE_PROOF_H_

#include <cstdint>
#include <span>

#include "lib/base/bytes.h"

namespace authseal {

bool IsValidSubtree(std::uint64_t start, std::uint64_t end);

// True exactly when `proof` (leaf sibling first) leads from `leaf`, number
// `index` of the log, to `subtree_root`. An empty subtree holds no leaf.
bool VerifySubtreeInclusion(std::uint64_t index, std::uint64_t start,
                            std::uint64_t end, const Hash& leaf,
                            std::span<const Hash> proof,
                            const Hash& subtree_root);

// True exactly when the tree of `size` leaves holds that subtree. The empty
// subtree is in every tree that is long enough, whatever its root.
bool VerifySubtreeConsistency(std::uint64_t start, std::uint64_t end,
                              std::uint64_t size, std::span<const Hash> proof,
                              const Hash& subtree_root, const Hash& root);

}  // namespace authseal

#endif  // AUTHSEAL_MERKLE_SUBTREE_PROOF_H_
