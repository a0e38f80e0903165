// Whether a request goes on from what the signer signed last.
#ifndef AUTHSEAL_SIGNING_MEMORY_CHECK_H_
#define AUTHSEAL_SIGNING_MEMORY_CHECK_H_

#include <optional>

#include "lib/base/result.h"
#include "lib/signing/signing_request.h"
#include "lib/verify/finding.h"

namespace authseal {

// `last`: where the log stood when this signer signed last. The request must
// pass through it: rollback when it ends before, fork when it passes by,
// epoch-key-mismatch when only the key differs there. Error kInvalidArgument
// when it begins behind it: then it says nothing about it, and another one is
// wanted.
Result<std::optional<Finding>> CheckAgainstMemory(const SigningRequest& request,
                                                  const SigningPoint& last);

}  // namespace authseal

#endif  // AUTHSEAL_SIGNING_MEMORY_CHECK_H_
