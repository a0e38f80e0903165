// Whether a request holds together: each seal signed by the epoch key that the
// one before it named, or, where it reopens, by the identity key; each tree
// grown from the one before it, and each rotation in it.
#ifndef AUTHSEAL_SIGNING_CHAIN_CHECK_H_
#define AUTHSEAL_SIGNING_CHAIN_CHECK_H_

#include <optional>

#include "lib/archive/archive_note.h"
#include "lib/archive/identity_chain.h"
#include "lib/base/bytes.h"
#include "lib/signing/signing_request.h"
#include "lib/verify/finding.h"

namespace authseal {

// The first thing that does not hold; empty when all does. A chain that begins
// behind the archive's beginning is checked from `from` on, which is believed
// here and compared with the signer's memory elsewhere. `identities`: as the
// rotations of the request link them; null where no identity key is known: then
// rotations, and whose statement reopens an epoch, go unchecked.
std::optional<Finding> CheckSealChain(const SigningRequest& request,
                                      const ArchiveNote& note,
                                      const Hash& genesis,
                                      const IdentityChain* identities);

}  // namespace authseal

#endif  // AUTHSEAL_SIGNING_CHAIN_CHECK_H_
