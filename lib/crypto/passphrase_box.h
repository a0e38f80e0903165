// A secret under a passphrase: scrypt (RFC 7914) makes a key of it, and
// ChaCha20-Poly1305 (RFC 8439) keeps the secret. Not part of the verify core.
//
// The salt is fresh for every box, so each key is used once and the nonce is
// twelve zeros.
#ifndef AUTHSEAL_CRYPTO_PASSPHRASE_BOX_H_
#define AUTHSEAL_CRYPTO_PASSPHRASE_BOX_H_

#include <array>
#include <cstdint>

#include "lib/base/bytes.h"
#include "lib/base/result.h"
#include "lib/crypto/secret.h"

namespace authseal {

// Memory is 128 * 2^log2_n * r bytes: 128 MiB as it stands here.
struct ScryptCost {
  std::uint64_t log2_n = 17;
  std::uint64_t r = 8;
  std::uint64_t p = 1;
  bool operator==(const ScryptCost&) const = default;
};

// What a file asks for is refused (kKey) above 1 GiB of memory or four times
// that work, and where it is no scrypt at all.
Status CheckScryptCost(const ScryptCost& cost);

using ScryptSalt = std::array<std::uint8_t, 16>;

// 32 bytes. Errors: CheckScryptCost's; kTemporary when memory is short.
Result<Secret> DerivePassphraseKey(Bytes passphrase, const ScryptSalt& salt,
                                   const ScryptCost& cost);

inline constexpr std::size_t kBoxTagSizeBytes = 16;

// Ciphertext, then tag. `key` of 32 bytes, never used for a second box;
// `bound` is authenticated too.
Result<ByteVector> CloseBox(const Secret& key, Bytes plain, Bytes bound);
// Error kKey: wrong key, or other bytes than were made with it.
Result<Secret> OpenBox(const Secret& key, Bytes box, Bytes bound);

}  // namespace authseal

#endif  // AUTHSEAL_CRYPTO_PASSPHRASE_BOX_H_
