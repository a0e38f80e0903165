// What a reader knows of an archive between two segments, going back to the
// pin.
#ifndef AUTHSEAL_QUERY_DESCENT_H_
#define AUTHSEAL_QUERY_DESCENT_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "lib/merkle/compact_range.h"
#include "lib/verify/pin_check.h"
#include "lib/verify/report.h"
#include "lib/verify/seal_check.h"

namespace authseal {

// What is carried from one segment to the next.
struct Descent {
  PinnedArchive archive;
  // Key of the next segment's epoch; empty behind damage.
  std::optional<Ed25519PublicKey> epoch_key;
  TrustRoot root = TrustRoot::kPin;  // of the key
  std::uint64_t epoch = 0;
  std::uint64_t next_record = 0;
  bool place_lost = false;  // next_record is not known behind a damaged seal
  // What the next segment's first header names; empty behind a damaged footer.
  std::optional<Hash> previous;
  std::vector<ReopenedEpoch> reopened;  // so far; without their statements
  // Roots from elsewhere, which prove what the identity key alone cannot.
  std::vector<KnownCheckpoint> known;
  std::optional<std::vector<CompactRange>> known_ends;  // made when needed
  // Records that only the identity key vouches for are believed as well.
  bool believes_vouched = false;
};

}  // namespace authseal

#endif  // AUTHSEAL_QUERY_DESCENT_H_
