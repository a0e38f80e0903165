// What stands behind the public timestamp types. Private to lib/crypto.
#ifndef AUTHSEAL_CRYPTO_TIMESTAMP_TOKEN_H_
#define AUTHSEAL_CRYPTO_TIMESTAMP_TOKEN_H_

#include "lib/crypto/openssl_object.h"
#include "lib/crypto/timestamp_authorities.h"
#include "lib/crypto/timestamp_reply.h"

namespace authseal {

struct TimestampAuthorities::Certificates {
  CertificateStackPtr stack;
};

struct TimestampReply::Token {
  std::unique_ptr<TS_RESP, OpenSslFree<TS_RESP_free>> reply;

  PKCS7* signed_data() const { return TS_RESP_get_token(reply.get()); }
  TS_TST_INFO* info() const { return TS_RESP_get_tst_info(reply.get()); }
  // The certificate inside that the one signature names by issuer and serial
  // number; null when there is none. Never the first one of the bag as such.
  X509* signer() const;
};

}  // namespace authseal

#endif  // AUTHSEAL_CRYPTO_TIMESTAMP_TOKEN_H_
