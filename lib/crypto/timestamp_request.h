// RFC 3161 requests: what a timestamping authority (TSA) is asked to sign.
// Part of the verify core: nothing here signs.
#ifndef AUTHSEAL_CRYPTO_TIMESTAMP_REQUEST_H_
#define AUTHSEAL_CRYPTO_TIMESTAMP_REQUEST_H_

#include <cstdint>
#include <string>

#include "lib/base/bytes.h"
#include "lib/base/result.h"

namespace authseal {

// Of a request or a reply, as they are stored and as they are received.
inline constexpr std::uint64_t kTimestampSizeBytesMax = 64u << 10;

// What TSAs commonly take.
inline constexpr std::size_t kTimestampNonceSizeBytes = 8;

struct TimestampRequest {
  Hash imprint;       // SHA-256 of what is stamped
  std::string nonce;  // the number in hexadecimal digits; never empty
};

// The DER of a request for version 1, SHA-256, no policy, the TSA's
// certificate in the reply. `nonce` comes from a random source.
ByteVector EncodeTimestampRequest(const Hash& imprint, Bytes nonce);

// A request such as the one above; a policy may be in it. Error: kDamaged.
Result<TimestampRequest> DecodeTimestampRequest(Bytes der);

}  // namespace authseal

#endif  // AUTHSEAL_CRYPTO_TIMESTAMP_REQUEST_H_
