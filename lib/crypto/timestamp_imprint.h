// The hash that a request asks for and a reply is about. Private to
// lib/crypto.
#ifndef AUTHSEAL_CRYPTO_TIMESTAMP_IMPRINT_H_
#define AUTHSEAL_CRYPTO_TIMESTAMP_IMPRINT_H_

#include <optional>

#include <openssl/ts.h>

#include "lib/base/bytes.h"

namespace authseal {

// Empty unless it is a SHA-256 digest.
std::optional<Hash> Sha256Imprint(TS_MSG_IMPRINT* imprint);

}  // namespace authseal

#endif  // AUTHSEAL_CRYPTO_TIMESTAMP_IMPRINT_H_
