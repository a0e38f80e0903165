// Whether an authority that the verifier trusts signed a reply.
#include <new>

#include "lib/crypto/openssl_object.h"
#include "lib/crypto/timestamp_token.h"

namespace authseal {
namespace {

using StorePtr = std::unique_ptr<X509_STORE, OpenSslFree<X509_STORE_free>>;
using VerifyContextPtr =
    std::unique_ptr<TS_VERIFY_CTX, OpenSslFree<TS_VERIFY_CTX_free>>;

// OpenSSL's security level: 112 bits, so neither SHA-1 nor RSA below 2048.
constexpr int kAuthLevel = 2;

Error Damaged(std::string text) {
  return {ErrorCode::kDamaged, std::move(text)};
}

// The authorities, at the time that the reply states.
StorePtr MakeStore(const STACK_OF(X509) * authorities, UnixNanos time) {
  StorePtr store(X509_STORE_new());
  CheckAllocated(store.get());
  for (int i = 0; i < sk_X509_num(authorities); ++i) {
    if (X509_STORE_add_cert(store.get(), sk_X509_value(authorities, i)) != 1) {
      throw std::bad_alloc();
    }
  }
  X509_VERIFY_PARAM* const parameters = X509_STORE_get0_param(store.get());
  X509_VERIFY_PARAM_set_time(parameters,
                             static_cast<time_t>(time.value / kNanosPerSecond));
  X509_VERIFY_PARAM_set_auth_level(parameters, kAuthLevel);
  return store;
}

// RFC 3161, 2.3: a key for timestamps and nothing else. OpenSSL's own check
// passes over usages that it does not know.
Status CheckSigner(X509* signer) {
  int critical = 0;
  const ExtendedKeyUsagePtr usage(static_cast<EXTENDED_KEY_USAGE*>(
      X509_get_ext_d2i(signer, NID_ext_key_usage, &critical, nullptr)));
  if (usage == nullptr || critical != 1 ||
      sk_ASN1_OBJECT_num(usage.get()) != 1 ||
      OBJ_obj2nid(sk_ASN1_OBJECT_value(usage.get(), 0)) != NID_time_stamp) {
    return Damaged(
        "the signer's certificate is not for timestamps alone (its extended "
        "key usage must be critical and timeStamping)");
  }
  if (X509_check_ca(signer) != 0) {
    return Damaged("the signer's certificate is one of an authority");
  }
  return Ok();
}

}  // namespace

Status TimestampReply::Verify(const TimestampAuthorities& authorities) const {
  const OpenSslErrors errors;
  StorePtr store =
      MakeStore(authorities.certificates().stack.get(), statement_.time);
  const VerifyContextPtr context(TS_VERIFY_CTX_new());
  CheckAllocated(context.get());
  TS_VERIFY_CTX_set_store(context.get(), store.release());  // owns it now
  // SIGNATURE: the chain of the certificate that signed, by issuer and serial
  // number, to the store, for the purpose of timestamps; then its ESSCertID,
  // then the signature. SIGNER: the TSA's name, where stated, is the
  // certificate's. Imprint and nonce are CheckIsFor()'s.
  TS_VERIFY_CTX_set_flags(context.get(),
                          TS_VFY_VERSION | TS_VFY_SIGNATURE | TS_VFY_SIGNER);
  if (TS_RESP_verify_token(context.get(), token_->signed_data()) != 1) {
    return Damaged(errors.Text());
  }
  // The same certificate: found in the same way, in the same token.
  return CheckSigner(token_->signer());
}

}  // namespace authseal
