// The signer: from a request, an identity key and a memory to a signed note,
// or to findings and no note. The memory is durable before the note exists for
// anybody else.
#ifndef AUTHSEAL_SIGNING_SIGNER_H_
#define AUTHSEAL_SIGNING_SIGNER_H_

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/result.h"
#include "lib/base/types.h"
#include "lib/note/signed_note_signer.h"
#include "lib/signing/signer_store.h"
#include "lib/signing/signing_point.h"
#include "lib/verify/finding.h"
#include "lib/verify/known_reopening.h"

namespace authseal {

enum class UnknownLog {
  kRefuse,
  kFromItsBeginning,  // a new archive, or every seal since epoch 0
  kTrust,             // whatever the request begins at
};

// A seal that the identity key made, since the epoch's own key was lost.
struct ReopenedSeal {
  std::uint64_t epoch = 0;
  Hash statement;  // SHA-256 of the reopen record
};

struct SigningOutcome {
  std::vector<Finding> findings;  // not signed, when there is one
  std::string note;               // the response: archive.note or a checkpoint
  Hash genesis;
  std::string origin;
  bool new_log = false;                // archive.note was signed
  std::optional<SigningPoint> before;  // what was signed last; none: first time
  SigningPoint from;                   // where the request began
  SigningPoint after;                  // what is signed now
  std::optional<UnixNanos> sealed_first;  // of the seals that are new
  std::optional<UnixNanos> sealed_last;
  bool trusted_unseen = false;  // began at a point that nothing vouches for
  std::optional<Hash> other_log_of_key;  // signed with this key too
  std::vector<ReopenedSeal> reopened;    // of the seals that are new
};

// Errors: kInvalidArgument (a log the store does not know, or a request that
// begins behind what was signed, or shows a reopened epoch that is not one of
// `accepted`), kKey (rotated away), kDamaged and kNewerVersion (the request, or
// a memory file), kIo.
Result<SigningOutcome> SignRequest(
    std::string_view request, const NamedSigner& identity, SignerStore& store,
    UnknownLog unknown, std::span<const KnownReopening> accepted = {});

}  // namespace authseal

#endif  // AUTHSEAL_SIGNING_SIGNER_H_
