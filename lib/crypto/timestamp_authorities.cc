#include "lib/crypto/timestamp_authorities.h"

#include <climits>
#include <string>

#include <openssl/err.h>
#include <openssl/pem.h>

#include "lib/crypto/openssl_object.h"
#include "lib/crypto/timestamp_token.h"

namespace authseal {

TimestampAuthorities::TimestampAuthorities()
    : certificates_(std::make_unique<Certificates>()) {}
TimestampAuthorities::~TimestampAuthorities() = default;
TimestampAuthorities::TimestampAuthorities(TimestampAuthorities&&) noexcept =
    default;
TimestampAuthorities& TimestampAuthorities::operator=(
    TimestampAuthorities&&) noexcept = default;

Result<TimestampAuthorities> TimestampAuthorities::FromPem(
    std::string_view pem) {
  if (pem.size() > INT_MAX) {
    return Error{ErrorCode::kInvalidArgument, "the file is too long"};
  }
  const OpenSslErrors errors;
  TimestampAuthorities made;
  CertificateStackPtr& stack = made.certificates_->stack;
  stack.reset(sk_X509_new_null());
  CheckAllocated(stack.get());
  const BioPtr in(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  CheckAllocated(in.get());
  while (true) {
    CertificatePtr certificate(
        PEM_read_bio_X509(in.get(), nullptr, nullptr, nullptr));
    if (certificate == nullptr) {
      break;
    }
    if (sk_X509_push(stack.get(), certificate.get()) == 0) {
      CheckAllocated(nullptr);
    }
    static_cast<void>(certificate.release());  // the stack's now
  }
  const unsigned long code = ERR_peek_last_error();
  const bool at_end = ERR_GET_LIB(code) == ERR_LIB_PEM &&
                      ERR_GET_REASON(code) == PEM_R_NO_START_LINE;
  if (!at_end) {
    return Error{ErrorCode::kInvalidArgument,
                 "a certificate cannot be read: " + errors.Text()};
  }
  if (sk_X509_num(stack.get()) == 0) {
    return Error{ErrorCode::kInvalidArgument, "there is no certificate in it"};
  }
  return made;
}

}  // namespace authseal
