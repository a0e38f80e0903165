// Ed25519 verification (RFC 8032). Part of the verify core: no signing here.
//
// RFC 8032 leaves room where encodings are odd, and verifiers differ there.
// Ours is the rule of OpenSSL 3.0, of Go and of ref10, with one addition:
//   - S not below the group order: refused;
//   - equation without cofactor, compared on bytes (R = SB - kA encoded): so a
//     non-canonical R, and a signature that holds only after multiplication by
//     the cofactor, are refused;
//   - A non-canonical or with a small-order component: accepted;
//   - A of small order, in any encoding (our addition): refused.
#ifndef AUTHSEAL_CRYPTO_ED25519_H_
#define AUTHSEAL_CRYPTO_ED25519_H_

#include <array>
#include <compare>
#include <cstdint>

#include "lib/base/bytes.h"

namespace authseal {

struct Ed25519PublicKey {
  std::array<std::uint8_t, 32> bytes = {};
  auto operator<=>(const Ed25519PublicKey&) const = default;
  Bytes view() const { return bytes; }
};

struct Ed25519Signature {
  std::array<std::uint8_t, 64> bytes = {};
  auto operator<=>(const Ed25519Signature&) const = default;
  Bytes view() const { return bytes; }
};

// False for a bad signature and for a key that is no point, or one of small
// order (such a key verifies signatures nobody made). Safe on many threads.
bool VerifyEd25519(const Ed25519PublicKey& key, Bytes message,
                   const Ed25519Signature& signature);

}  // namespace authseal

#endif  // AUTHSEAL_CRYPTO_ED25519_H_
