#include "lib/crypto/openssl_object.h"

#include <array>
#include <new>

#include <openssl/err.h>

namespace authseal {

OpenSslErrors::OpenSslErrors() {
  ERR_clear_error();
}

OpenSslErrors::~OpenSslErrors() {
  ERR_clear_error();
}

std::string OpenSslErrors::Text() const {
  const char* data = nullptr;
  int flags = 0;
  const unsigned long code =
      ERR_peek_last_error_all(nullptr, nullptr, nullptr, &data, &flags);
  if (code == 0) {
    return "no reason given";
  }
  if (ERR_GET_REASON(code) == ERR_R_MALLOC_FAILURE) {
    throw std::bad_alloc();
  }
  const char* const reason = ERR_reason_error_string(code);
  std::string text = reason == nullptr ? "unknown reason" : reason;
  if (data != nullptr && (flags & ERR_TXT_STRING) != 0 && *data != '\0') {
    text += ": " + std::string(data);
  }
  return text;
}

void CheckAllocated(const void* object) {
  if (object == nullptr) {
    throw std::bad_alloc();
  }
}

std::string ObjectText(const ASN1_OBJECT* object) {
  std::array<char, 256> text = {};
  OBJ_obj2txt(text.data(), static_cast<int>(text.size()), object, 1);
  return text.data();
}

std::string IntegerText(const ASN1_INTEGER* integer) {
  const BignumPtr number(ASN1_INTEGER_to_BN(integer, nullptr));
  CheckAllocated(number.get());
  char* const digits = BN_bn2hex(number.get());
  CheckAllocated(digits);
  std::string text = digits;
  OPENSSL_free(digits);
  return text;
}

std::string NameText(const X509_NAME* name) {
  const BioPtr out(BIO_new(BIO_s_mem()));
  CheckAllocated(out.get());
  // UTF-8 stays as it is: whoever shows it escapes it.
  X509_NAME_print_ex(out.get(), name, 0,
                     XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB);
  char* data = nullptr;
  const long size_bytes = BIO_get_mem_data(out.get(), &data);
  return {data, static_cast<std::size_t>(size_bytes < 0 ? 0 : size_bytes)};
}

}  // namespace authseal
