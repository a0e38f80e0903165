// Inclusion and consistency proofs, RFC 6962 section 2.1.1 and 2.1.2 (RFC 9162
// 2.1.3 and 2.1.4). Verifying takes values only; building takes a function
// that knows the hashes of complete subtrees.
#ifndef AUTHSEAL_MERKLE_PROOF_H_
#define AUTHSEAL_MERKLE_PROOF_H_

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "lib/base/bytes.h"
#include "lib/base/result.h"
#include "lib/merkle/compact_range.h"

namespace authseal {

inline constexpr std::size_t kProofHashesMax = 63;

// True exactly when `proof` (leaf sibling first) leads from `leaf` at `index`
// to `root` of a tree of `size` leaves. Too few or too many hashes: false.
bool VerifyInclusion(std::uint64_t index, std::uint64_t size, const Hash& leaf,
                     std::span<const Hash> proof, const Hash& root);

// True exactly when the tree of `new_size` extends that of `old_size`. Equal
// sizes: an empty proof and equal roots. old_size 0: false (nothing is said).
bool VerifyConsistency(std::uint64_t old_size, std::uint64_t new_size,
                       std::span<const Hash> proof, const Hash& old_root,
                       const Hash& new_root);

// The hash of a complete subtree of the tree.
using SubtreeHash = std::function<Result<Hash>(const Subtree&)>;

// Errors: what `hashes` returns; kInvalidArgument when index >= size.
Result<std::vector<Hash>> BuildInclusionProof(std::uint64_t index,
                                              std::uint64_t size,
                                              const SubtreeHash& hashes);
// Errors as above; kInvalidArgument unless 0 < old_size <= new_size.
Result<std::vector<Hash>> BuildConsistencyProof(std::uint64_t old_size,
                                                std::uint64_t new_size,
                                                const SubtreeHash& hashes);

}  // namespace authseal

#endif  // AUTHSEAL_MERKLE_PROOF_H_
