#include "lib/crypto/timestamp_request.h"

#include <algorithm>
#include <memory>
#include <new>
#include <optional>

#include "lib/crypto/openssl_object.h"
#include "lib/crypto/timestamp_imprint.h"

namespace authseal {
namespace {

using RequestPtr = std::unique_ptr<TS_REQ, OpenSslFree<TS_REQ_free>>;
using ImprintPtr =
    std::unique_ptr<TS_MSG_IMPRINT, OpenSslFree<TS_MSG_IMPRINT_free>>;
using AlgorithmPtr = std::unique_ptr<X509_ALGOR, OpenSslFree<X509_ALGOR_free>>;

Error Damaged(std::string_view what) {
  return {ErrorCode::kDamaged, std::string(what)};
}

// Building a request fails for lack of memory alone.
void Check(bool done) {
  if (!done) {
    throw std::bad_alloc();
  }
}

void SetImprint(TS_REQ* request, Hash imprint) {
  const ImprintPtr message(TS_MSG_IMPRINT_new());
  const AlgorithmPtr algorithm(X509_ALGOR_new());
  CheckAllocated(message.get());
  CheckAllocated(algorithm.get());
  Check(X509_ALGOR_set0(algorithm.get(), OBJ_nid2obj(NID_sha256), V_ASN1_NULL,
                        nullptr) == 1);
  Check(TS_MSG_IMPRINT_set_algo(message.get(), algorithm.get()) == 1);
  Check(TS_MSG_IMPRINT_set_msg(message.get(), imprint.bytes.data(),
                               static_cast<int>(imprint.bytes.size())) == 1);
  Check(TS_REQ_set_msg_imprint(request, message.get()) == 1);
}

void SetNonce(TS_REQ* request, Bytes nonce) {
  const BignumPtr number(
      BN_bin2bn(nonce.data(), static_cast<int>(nonce.size()), nullptr));
  CheckAllocated(number.get());
  const IntegerPtr integer(BN_to_ASN1_INTEGER(number.get(), nullptr));
  CheckAllocated(integer.get());
  Check(TS_REQ_set_nonce(request, integer.get()) == 1);
}

}  // namespace

std::optional<Hash> Sha256Imprint(TS_MSG_IMPRINT* imprint) {
  const ASN1_OBJECT* algorithm = nullptr;
  int parameter = V_ASN1_UNDEF;
  X509_ALGOR_get0(&algorithm, &parameter, nullptr,
                  TS_MSG_IMPRINT_get_algo(imprint));
  const ASN1_OCTET_STRING* const digest = TS_MSG_IMPRINT_get_msg(imprint);
  Hash hash;
  if (OBJ_obj2nid(algorithm) != NID_sha256 ||
      (parameter != V_ASN1_UNDEF && parameter != V_ASN1_NULL) ||
      ASN1_STRING_length(digest) != static_cast<int>(hash.bytes.size())) {
    return std::nullopt;
  }
  std::copy_n(ASN1_STRING_get0_data(digest), hash.bytes.size(),
              hash.bytes.begin());
  return hash;
}

ByteVector EncodeTimestampRequest(const Hash& imprint, Bytes nonce) {
  const OpenSslErrors errors;
  const RequestPtr request(TS_REQ_new());
  CheckAllocated(request.get());
  Check(TS_REQ_set_version(request.get(), 1) == 1);
  SetImprint(request.get(), imprint);
  SetNonce(request.get(), nonce);
  Check(TS_REQ_set_cert_req(request.get(), 1) == 1);
  unsigned char* der = nullptr;
  const int size_bytes = i2d_TS_REQ(request.get(), &der);
  Check(size_bytes > 0);
  ByteVector encoded(der, der + size_bytes);
  OPENSSL_free(der);
  return encoded;
}

Result<TimestampRequest> DecodeTimestampRequest(Bytes der) {
  if (der.size() > kTimestampSizeBytesMax) {
    return Damaged("the request is longer than 64 KiB");
  }
  const OpenSslErrors errors;
  const unsigned char* at = der.data();
  const RequestPtr request(
      d2i_TS_REQ(nullptr, &at, static_cast<long>(der.size())));
  if (request == nullptr) {
    return Damaged("it is no RFC 3161 request: " + errors.Text());
  }
  if (at != der.data() + der.size()) {
    return Damaged("bytes stand behind the request");
  }
  const auto imprint = Sha256Imprint(TS_REQ_get_msg_imprint(request.get()));
  if (TS_REQ_get_version(request.get()) != 1 || !imprint.has_value()) {
    return Damaged("the request is not for a SHA-256 digest, or not version 1");
  }
  const ASN1_INTEGER* const nonce = TS_REQ_get_nonce(request.get());
  if (nonce == nullptr) {
    return Damaged("the request has no nonce");
  }
  return TimestampRequest{*imprint, IntegerText(nonce)};
}

}  // namespace authseal
