// Which records a verifier may rely on, whatever else is damaged. See
// authseal-format(5), end of VERIFICATION.
#ifndef AUTHSEAL_VERIFY_TRUST_H_
#define AUTHSEAL_VERIFY_TRUST_H_

#include <optional>
#include <span>
#include <vector>

#include "lib/base/types.h"
#include "lib/merkle/compact_range.h"
#include "lib/verify/block_sequence.h"

namespace authseal {

// `start` followed by `part`; empty unless one continues the other.
std::optional<CompactRange> Join(const std::optional<CompactRange>& start,
                                 const std::optional<CompactRange>& part);

// The records of blocks whose header is bound and whose content matches it.
std::vector<RecordRange> RecordsOfBoundBlocks(
    std::span<const BlockSummary> blocks);

// Adds up trustworthy ranges in order. A checkpoint speaks about everything
// before its end: ranges are held back until one confirms them or the end is
// reached, and a contradicted checkpoint takes back those held.
class TrustLedger {
 public:
  void Add(std::span<const RecordRange> ranges);
  void Confirm();
  void Contradict();
  // In order, disjoint, not adjacent.
  std::vector<RecordRange> Take() &&;

 private:
  std::vector<RecordRange> confirmed_;
  std::vector<RecordRange> held_;
};

}  // namespace authseal

#endif  // AUTHSEAL_VERIFY_TRUST_H_
