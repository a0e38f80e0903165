// Ed25519 signing (RFC 8032). Not part of the verify core.
#ifndef AUTHSEAL_CRYPTO_ED25519_SIGNER_H_
#define AUTHSEAL_CRYPTO_ED25519_SIGNER_H_

#include "lib/base/result.h"
#include "lib/crypto/ed25519.h"
#include "lib/crypto/secret.h"

namespace authseal {

// A key pair made from its 32-byte seed. Movable. Sign() is const and may run
// in parallel; the same message always gives the same bytes.
class Ed25519Signer {
 public:
  static Result<Ed25519Signer> FromSeed(Secret seed);  // 32 bytes
  static Result<Ed25519Signer> Generate();             // from the kernel

  const Ed25519PublicKey& public_key() const { return public_key_; }
  Bytes seed() const { return seed_.view(); }
  Result<Ed25519Signature> Sign(Bytes message) const;

 private:
  Ed25519Signer() = default;
  Secret seed_;
  Ed25519PublicKey public_key_;
};

// Fills `out` from the kernel's generator. Error: kTemporary.
Status RandomBytes(MutableBytes out);

}  // namespace authseal

#endif  // AUTHSEAL_CRYPTO_ED25519_SIGNER_H_
