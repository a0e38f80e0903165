// SHA-256 by OpenSSL: where the machine has no SHA instructions that we use,
// and what the tests compare the others with. Private to lib/crypto.
#ifndef AUTHSEAL_CRYPTO_SHA256_OPENSSL_H_
#define AUTHSEAL_CRYPTO_SHA256_OPENSSL_H_

#include <span>

#include "lib/base/bytes.h"

struct evp_md_ctx_st;

namespace authseal {

class OpenSslSha256 {
 public:
  OpenSslSha256();
  ~OpenSslSha256();
  OpenSslSha256(const OpenSslSha256&) = delete;
  OpenSslSha256& operator=(const OpenSslSha256&) = delete;

  void Update(Bytes bytes);
  Hash Finish();  // and starts afresh

 private:
  void Start();
  evp_md_ctx_st* context_;
};

// As Sha256Prefixed and Sha256NodePairs.
void OpenSslSha256Prefixed(std::uint8_t prefix, std::span<const Bytes> messages,
                           std::span<Hash> out);
void OpenSslSha256NodePairs(std::span<const Hash> pairs, std::span<Hash> out);

}  // namespace authseal

#endif  // AUTHSEAL_CRYPTO_SHA256_OPENSSL_H_
