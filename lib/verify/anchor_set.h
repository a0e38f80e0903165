// Roots that the identity key has signed for some size: the archive's own
// checkpoints and those the verifier brought from elsewhere. What the tree
// gives is compared with them.
#ifndef AUTHSEAL_VERIFY_ANCHOR_SET_H_
#define AUTHSEAL_VERIFY_ANCHOR_SET_H_

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/bytes.h"
#include "lib/base/types.h"
#include "lib/verify/finding_list.h"
#include "lib/verify/report.h"

namespace authseal {

struct Anchor {
  enum class State {
    kOpen,          // nothing to compare with was met yet
    kConfirmed,     // the tree gives this root
    kContradicted,  // it gives another one
    kUncheckable,   // damage or missing records prevent the comparison
  };
  std::uint64_t size = 0;
  Hash root;
  std::string source;  // the file, or where the verifier has it from
  // Place among VerifyOptions::known; empty for the archive's own.
  std::optional<std::size_t> known = {};
  State state = State::kOpen;
  bool witnessed = false;  // the quorum of the verifier's policy cosigned it

  // Known otherwise than by the word of the identity key.
  bool is_from_outside() const { return known.has_value() || witnessed; }
};

class AnchorSet {
 public:
  void Add(Anchor anchor);  // any order, before the first use
  // One of another origin is a finding: origin-changed.
  void AddKnown(std::span<const KnownCheckpoint> known, std::string_view origin,
                FindingList& findings);

  std::span<Anchor> At(std::uint64_t size);
  // Sizes that the verifier brought and that lie strictly inside.
  std::vector<std::uint64_t> KnownInside(const RecordRange& records) const;
  // Those of [first, end] that are still open become uncheckable.
  void GiveUp(const RecordRange& records);

  std::span<const Anchor> all() const { return anchors_; }
  std::span<Anchor> all() { return anchors_; }
  // The greatest size of the archive's own confirmed ones; 0 without.
  std::uint64_t confirmed_size() const;

 private:
  std::vector<Anchor> anchors_;  // by size
};

// root-mismatch for the archive's own checkpoint, fork for a known one.
Finding ContradictionFinding(const Anchor& anchor);

// What is left at the end: rollback, for an anchor beyond `sealed_size` or one
// that is no seal's end; and what contradicts the tree of no records.
void ReportOpenAnchors(AnchorSet& anchors, std::uint64_t sealed_size,
                       FindingList& findings);

std::vector<KnownCheckpointResult> KnownResults(
    const AnchorSet& anchors, std::span<const KnownCheckpoint> known);

}  // namespace authseal

#endif  // AUTHSEAL_VERIFY_ANCHOR_SET_H_
