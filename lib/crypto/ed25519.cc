#include "lib/crypto/ed25519.h"

#include <algorithm>
#include <memory>
#include <new>

#include <openssl/err.h>
#include <openssl/evp.h>

namespace authseal {
namespace {

struct FreeKey {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
struct FreeContext {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

// The y coordinates, little-endian with the sign bit cleared, of the eight
// points whose order divides the cofactor 8, in all spellings below 2^255:
// y = 0 (order 4), 1 (order 1), the two roots of order 8, p - 1 (order 2), and
// p and p + 1, which are 0 and 1 once more. Both signs of x are covered by
// ignoring the sign bit. Derivation and list: Chalkias, Garillot, Nikolaenko,
// "Taming the many EdDSAs" (2020), table 1; the same 14 encodings are listed
// with the Ed25519 vectors of C2SP's CCTV.
constexpr std::uint8_t kSmallOrderY[7][32] = {
    {0x00},
    {0x01},
    {0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4,
     0x89, 0xf2, 0xef, 0x98, 0xf0, 0xd5, 0xdf, 0xac, 0x05, 0xd3, 0xc6,
     0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53, 0xfc, 0x05},
    {0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b,
     0x76, 0x0d, 0x10, 0x67, 0x0f, 0x2a, 0x20, 0x53, 0xfa, 0x2c, 0x39,
     0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac, 0x03, 0x7a},
    {0xec, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
     0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
     0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f},
    {0xed, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
     0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
     0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f},
    {0xee, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
     0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
     0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f},
};

bool HasSmallOrder(const Ed25519PublicKey& key) {
  auto y = key.bytes;
  y[31] &= 0x7f;
  return std::any_of(std::begin(kSmallOrderY), std::end(kSmallOrderY),
                     [&y](const std::uint8_t(&small)[32]) {
                       return std::equal(y.begin(), y.end(), small);
                     });
}

}  // namespace

bool VerifyEd25519(const Ed25519PublicKey& key, Bytes message,
                   const Ed25519Signature& signature) {
  if (HasSmallOrder(key)) {
    return false;
  }
  const std::unique_ptr<EVP_PKEY, FreeKey> point(EVP_PKEY_new_raw_public_key(
      EVP_PKEY_ED25519, nullptr, key.bytes.data(), key.bytes.size()));
  const std::unique_ptr<EVP_MD_CTX, FreeContext> context(EVP_MD_CTX_new());
  // The point is decoded by the last call only: what fails before is memory,
  // and no lack of memory may be told as a bad signature.
  if (point == nullptr || context == nullptr ||
      EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr,
                           point.get()) != 1) {
    throw std::bad_alloc();
  }
  ERR_clear_error();
  const bool verified = EVP_DigestVerify(context.get(), signature.bytes.data(),
                                         signature.bytes.size(), message.data(),
                                         message.size()) == 1;
  if (!verified &&
      ERR_GET_REASON(ERR_peek_last_error()) == ERR_R_MALLOC_FAILURE) {
    throw std::bad_alloc();
  }
  return verified;
}

}  // namespace authseal
