// HMAC-SHA-256 (RFC 2104, FIPS 198-1): under a key that stays secret. Not part
// of the verify core.
#ifndef AUTHSEAL_CRYPTO_HMAC_SHA256_H_
#define AUTHSEAL_CRYPTO_HMAC_SHA256_H_

#include "lib/base/bytes.h"
#include "lib/base/result.h"
#include "lib/crypto/secret.h"

namespace authseal {

// Error: kTemporary (no memory).
Result<Hash> HmacSha256(Bytes key, Bytes message);

// The same as a key of its own: 32 bytes that follow from `key` and `purpose`,
// and say nothing of `key`.
Result<Secret> DeriveKey(Bytes key, Bytes purpose);

// Without telling by its time how much of them is equal.
bool EqualInConstantTime(const Hash& left, const Hash& right);

}  // namespace authseal

#endif  // AUTHSEAL_CRYPTO_HMAC_SHA256_H_
