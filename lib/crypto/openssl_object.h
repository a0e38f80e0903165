// OpenSSL objects with an owner, and its error queue with an end. Private to
// lib/crypto.
#ifndef AUTHSEAL_CRYPTO_OPENSSL_OBJECT_H_
#define AUTHSEAL_CRYPTO_OPENSSL_OBJECT_H_

#include <memory>
#include <string>

#include <openssl/asn1.h>
#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/pkcs7.h>
#include <openssl/ts.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include "lib/base/bytes.h"

namespace authseal {

template <auto kFree>
struct OpenSslFree {
  template <typename T>
  void operator()(T* object) const {
    kFree(object);
  }
};

// A stack that owns its certificates, and one that only borrows them.
inline void FreeCertificates(STACK_OF(X509) * stack) {
  sk_X509_pop_free(stack, X509_free);
}
inline void FreeBorrowedCertificates(STACK_OF(X509) * stack) {
  sk_X509_free(stack);
}

using BioPtr = std::unique_ptr<BIO, OpenSslFree<BIO_free>>;
using BignumPtr = std::unique_ptr<BIGNUM, OpenSslFree<BN_free>>;
using IntegerPtr =
    std::unique_ptr<ASN1_INTEGER, OpenSslFree<ASN1_INTEGER_free>>;
using CertificatePtr = std::unique_ptr<X509, OpenSslFree<X509_free>>;
using CertificateStackPtr =
    std::unique_ptr<STACK_OF(X509), OpenSslFree<FreeCertificates>>;
using BorrowedCertificatesPtr =
    std::unique_ptr<STACK_OF(X509), OpenSslFree<FreeBorrowedCertificates>>;
using ExtendedKeyUsagePtr =
    std::unique_ptr<EXTENDED_KEY_USAGE, OpenSslFree<EXTENDED_KEY_USAGE_free>>;

// OpenSSL's errors of one operation: none from before counts, and none is left
// for whoever calls OpenSSL next on this thread.
class OpenSslErrors {
 public:
  OpenSslErrors();
  ~OpenSslErrors();
  OpenSslErrors(const OpenSslErrors&) = delete;
  OpenSslErrors& operator=(const OpenSslErrors&) = delete;

  // What the last error says, for a message. Throws std::bad_alloc when it was
  // a lack of memory, which must not be told as a bad signature.
  std::string Text() const;
};

// `object`, or std::bad_alloc: OpenSSL's constructors fail only for memory.
void CheckAllocated(const void* object);

// Decimal dots, "1.2.840…"; of any length up to 255 characters.
std::string ObjectText(const ASN1_OBJECT* object);
// Hexadecimal digits, with a sign when negative.
std::string IntegerText(const ASN1_INTEGER* integer);
// A distinguished name as RFC 2253 writes it.
std::string NameText(const X509_NAME* name);

}  // namespace authseal

#endif  // AUTHSEAL_CRYPTO_OPENSSL_OBJECT_H_
