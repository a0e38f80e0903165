// The host's side: a request from what an archive has sealed.
#ifndef AUTHSEAL_SIGNING_REQUEST_MAKER_H_
#define AUTHSEAL_SIGNING_REQUEST_MAKER_H_

#include <cstdint>
#include <optional>

#include "lib/archive/archive_reader.h"
#include "lib/base/result.h"
#include "lib/signing/signing_request.h"

namespace authseal {

struct MadeRequest {
  SigningRequest request;
  std::uint64_t seals_left_out = 0;  // more than one request holds
};

// Of the seals behind `from`, a tree size: 0 or the end of a sealed segment;
// by default that of the newest checkpoint that is published here. Reads
// footers and headers only, and checks that the request holds together, so
// that a signer is not asked for what it must refuse. Errors: kDamaged,
// kInvalidArgument (nothing is sealed, or no such size), kIo.
Result<MadeRequest> MakeSigningRequest(const ArchiveReader& archive,
                                       std::optional<std::uint64_t> from);

}  // namespace authseal

#endif  // AUTHSEAL_SIGNING_REQUEST_MAKER_H_
