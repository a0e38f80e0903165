// Whether a request holds together: each seal signed by the epoch key that the
// one before it named, each tree grown from the one before it.
#ifndef AUTHSEAL_SIGNING_CHAIN_CHECK_H_
#define AUTHSEAL_SIGNING_CHAIN_CHECK_H_

#include <optional>

#include "lib/archive/archive_note.h"
#include "lib/base/bytes.h"
#include "lib/signing/signing_request.h"
#include "lib/verify/finding.h"

namespace authseal {

// The first thing that does not hold; empty when all does. A chain that begins
// behind the archive's beginning is checked from `from` on, which is believed
// here and compared with the signer's memory elsewhere.
std::optional<Finding> CheckSealChain(const SigningRequest& request,
                                      const ArchiveNote& note,
                                      const Hash& genesis);

}  // namespace authseal

#endif  // AUTHSEAL_SIGNING_CHAIN_CHECK_H_
