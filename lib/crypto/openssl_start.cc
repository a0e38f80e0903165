#include "lib/crypto/openssl_start.h"

#include <openssl/crypto.h>

namespace authseal {

void StartOpenSslForSignatures() {
  // Where it fails, what comes next starts OpenSSL as usual.
  static_cast<void>(OPENSSL_init_crypto(
      OPENSSL_INIT_NO_LOAD_CONFIG | OPENSSL_INIT_NO_LOAD_CRYPTO_STRINGS |
          OPENSSL_INIT_NO_ADD_ALL_CIPHERS | OPENSSL_INIT_NO_ADD_ALL_DIGESTS |
          OPENSSL_INIT_NO_ATEXIT,
      nullptr));
}

}  // namespace authseal
