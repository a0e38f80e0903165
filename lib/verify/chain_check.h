// The chain of header hashes within a segment: which headers are what somebody
// signed, and where a link does not hold.
#ifndef AUTHSEAL_VERIFY_CHAIN_CHECK_H_
#define AUTHSEAL_VERIFY_CHAIN_CHECK_H_

#include <optional>
#include <span>

#include "lib/base/bytes.h"
#include "lib/verify/block_sequence.h"

namespace authseal {

// Whether a commit's own signature binds its header. It does where there is no
// seal. Beside a seal it does not: a commit that a power cut took and another
// one replaced was signed too, and is not what was sealed.
enum class CommitSignatures {
  kBind,
  kIgnored
};

// Sets BlockSummary::bound, from the last block to the first: a header is
// bound by its own valid signature, if those count, or when the bound one
// behind it names its hash. `last` is the hash that a trusted footer names. A
// header that is bound already (the seal block's, through the tree) stays so.
void BindHeaders(std::span<BlockSummary> blocks,
                 const std::optional<Hash>& last, CommitSignatures commits);

struct ChainEnds {
  std::optional<Hash> before;  // what the first header must name, if known
  std::optional<Hash> last;    // what the footer names, unless it is forged
};
// Adds chain-broken to the sequence's findings. The block that is blamed is
// the one that is not bound.
void CheckChain(const ChainEnds& ends, BlockSequence& sequence);

}  // namespace authseal

#endif  // AUTHSEAL_VERIFY_CHAIN_CHECK_H_
