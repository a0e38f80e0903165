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
#include "lib/verify/seal_check.h"

namespace authseal {

// `start` followed by `part`; empty unless one continues the other.
std::optional<CompactRange> Join(const std::optional<CompactRange>& start,
                                 const std::optional<CompactRange>& part);

// The records of blocks whose header is bound and whose content matches it.
std::vector<RecordRange> RecordsOfBoundBlocks(
    std::span<const BlockSummary> blocks);

// Both in order, disjoint, not adjacent.
struct TrustedRecords {
  std::vector<RecordRange> trustworthy;
  std::vector<RecordRange> vouched;  // by the identity key alone
};

// Where the last one ends; 0 without.
std::uint64_t EndOf(std::span<const RecordRange> ranges);

// What one segment adds.
struct SegmentTrust {
  std::vector<RecordRange> records;
  TrustRoot root = TrustRoot::kPin;
  // They are the whole segment, and its end in the tree follows from them.
  bool by_tree = false;
  // They follow the segment before in one tree.
  bool continues = false;
};

// Adds up trustworthy ranges in order. A checkpoint speaks about everything
// before its end: ranges are held back until one confirms them or the end is
// reached, and a contradicted checkpoint takes back those held. One from
// outside, at a segment's end, also confirms what only the identity key
// vouched for, as far back as the tree is of one piece.
class TrustLedger {
 public:
  void Add(SegmentTrust segment);
  void Confirm();
  void ConfirmFromOutside();
  void Contradict();
  TrustedRecords Take() &&;

 private:
  std::vector<SegmentTrust> confirmed_;
  std::vector<SegmentTrust> held_;
};

}  // namespace authseal

#endif  // AUTHSEAL_VERIFY_TRUST_H_
