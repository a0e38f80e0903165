#include "lib/crypto/hmac_sha256.h"

#include <limits>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

namespace authseal {
namespace {

// OpenSSL clears what it keeps of the key.
Status Mac(Bytes key, Bytes message, std::uint8_t* out) {
  constexpr auto kKeySizeBytesMax =
      static_cast<std::size_t>(std::numeric_limits<int>::max());
  unsigned size_bytes = 0;
  const bool done =
      key.size() <= kKeySizeBytesMax &&
      HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
           message.data(), message.size(), out, &size_bytes) != nullptr;
  return done && size_bytes == Hash::kSizeBytes
             ? Ok()
             : Status(Error{ErrorCode::kTemporary, "cannot compute a MAC",
                            "free some memory and try again"});
}

}  // namespace

Result<Hash> HmacSha256(Bytes key, Bytes message) {
  Hash mac;
  TRY(Mac(key, message, mac.bytes.data()));
  return mac;
}

Result<Secret> DeriveKey(Bytes key, Bytes purpose) {
  Secret derived(Hash::kSizeBytes);
  TRY(Mac(key, purpose, derived.span().data()));
  return derived;
}

bool EqualInConstantTime(const Hash& left, const Hash& right) {
  return CRYPTO_memcmp(left.bytes.data(), right.bytes.data(),
                       Hash::kSizeBytes) == 0;
}

}  // namespace authseal
