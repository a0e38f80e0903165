// How much of OpenSSL a process starts. A choice for main() alone: it holds for
// the whole process and cannot be taken back.
#ifndef AUTHSEAL_CRYPTO_OPENSSL_START_H_
#define AUTHSEAL_CRYPTO_OPENSSL_START_H_

namespace authseal {

// For a process that checks Ed25519 signatures and nothing else: neither
// openssl.cnf nor the names of all algorithms nor the texts of errors are
// loaded, and nothing is torn down at exit. Half a millisecond of a query.
// Before any other use of OpenSSL; reading certificates, passphrases or
// timestamps afterwards would fail.
//
// Source: OPENSSL_init_crypto(3).
void StartOpenSslForSignatures();

}  // namespace authseal

#endif  // AUTHSEAL_CRYPTO_OPENSSL_START_H_
