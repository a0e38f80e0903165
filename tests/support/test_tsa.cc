#include "tests/support/test_tsa.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <string_view>

#include <openssl/cms.h>
#include <openssl/ess.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/ts.h>
#include <openssl/x509v3.h>

namespace authseal {

struct TestIdentity::Parts {
  EVP_PKEY* key = nullptr;
  X509* certificate = nullptr;
};

namespace {

// A fixture that cannot be made is a broken test.
void Must(bool done) {
  if (!done) {
    std::abort();
  }
}

void AddExtension(X509* certificate, int nid, const std::string& value) {
  X509_EXTENSION* const extension =
      X509V3_EXT_conf_nid(nullptr, nullptr, nid, value.c_str());
  Must(extension != nullptr);
  Must(X509_add_ext(certificate, extension, -1) == 1);
  X509_EXTENSION_free(extension);
}

void SetName(X509_NAME* name, const std::string& text) {
  Must(X509_NAME_add_entry_by_txt(
           name, "CN", MBSTRING_UTF8,
           reinterpret_cast<const unsigned char*>(text.data()),
           static_cast<int>(text.size()), -1, 0) == 1);
}

std::string DerOf(int size_bytes, unsigned char* der) {
  Must(size_bytes > 0);
  std::string bytes(reinterpret_cast<const char*>(der),
                    static_cast<std::size_t>(size_bytes));
  OPENSSL_free(der);
  return bytes;
}

TS_MSG_IMPRINT* MakeImprint(const TestReply& reply) {
  TS_MSG_IMPRINT* const imprint = TS_MSG_IMPRINT_new();
  X509_ALGOR* const algorithm = X509_ALGOR_new();
  const EVP_MD* const digest =
      EVP_get_digestbyname(reply.imprint_digest.c_str());
  X509_ALGOR_set0(algorithm, OBJ_nid2obj(EVP_MD_get_type(digest)), V_ASN1_NULL,
                  nullptr);
  TS_MSG_IMPRINT_set_algo(imprint, algorithm);
  ByteVector bytes(static_cast<std::size_t>(EVP_MD_get_size(digest)));
  std::copy_n(reply.imprint.bytes.begin(),
              std::min<std::size_t>(32, bytes.size()), bytes.begin());
  TS_MSG_IMPRINT_set_msg(imprint, bytes.data(), static_cast<int>(bytes.size()));
  X509_ALGOR_free(algorithm);
  return imprint;
}

void SetNonce(TS_TST_INFO* info, const std::string& hex) {
  BIGNUM* number = nullptr;
  Must(BN_hex2bn(&number, hex.c_str()) > 0);
  ASN1_INTEGER* const nonce = BN_to_ASN1_INTEGER(number, nullptr);
  TS_TST_INFO_set_nonce(info, nonce);
  ASN1_INTEGER_free(nonce);
  BN_free(number);
}

void SetOptionalParts(TS_TST_INFO* info, const TestReply& reply) {
  if (!reply.nonce_hex.empty()) {
    SetNonce(info, reply.nonce_hex);
  }
  if (reply.accuracy_seconds != 0) {
    TS_ACCURACY* const accuracy = TS_ACCURACY_new();
    ASN1_INTEGER* const seconds = ASN1_INTEGER_new();
    ASN1_INTEGER_set(seconds, reply.accuracy_seconds);
    TS_ACCURACY_set_seconds(accuracy, seconds);
    TS_TST_INFO_set_accuracy(info, accuracy);
    ASN1_INTEGER_free(seconds);
    TS_ACCURACY_free(accuracy);
  }
  if (reply.critical_extension) {
    X509_EXTENSION* const extension = X509V3_EXT_conf_nid(
        nullptr, nullptr, NID_netscape_comment, "critical,what");
    Must(extension != nullptr);
    Must(TS_TST_INFO_add_ext(info, extension, -1) != 0);
    X509_EXTENSION_free(extension);
  }
  if (!reply.tsa_name.empty()) {
    GENERAL_NAME* const name = GENERAL_NAME_new();
    X509_NAME* const subject = X509_NAME_new();
    SetName(subject, reply.tsa_name);
    GENERAL_NAME_set0_value(name, GEN_DIRNAME, subject);
    TS_TST_INFO_set_tsa(info, name);
    GENERAL_NAME_free(name);
  }
}

std::string MakeInfo(const TestReply& reply) {
  TS_TST_INFO* const info = TS_TST_INFO_new();
  TS_TST_INFO_set_version(info, reply.version);
  ASN1_OBJECT* const policy = OBJ_txt2obj(reply.policy.c_str(), 1);
  TS_TST_INFO_set_policy_id(info, policy);
  TS_MSG_IMPRINT* const imprint = MakeImprint(reply);
  TS_TST_INFO_set_msg_imprint(info, imprint);
  ASN1_INTEGER* const serial = ASN1_INTEGER_new();
  ASN1_INTEGER_set(serial, 77);
  TS_TST_INFO_set_serial(info, serial);
  ASN1_GENERALIZEDTIME* const time = ASN1_GENERALIZEDTIME_new();
  // As it stands: the test may want a bad one.
  ASN1_STRING_set(time, reply.time.data(), static_cast<int>(reply.time.size()));
  TS_TST_INFO_set_time(info, time);
  SetOptionalParts(info, reply);
  unsigned char* der = nullptr;
  const int size_bytes = i2d_TS_TST_INFO(info, &der);
  ASN1_GENERALIZEDTIME_free(time);
  ASN1_INTEGER_free(serial);
  TS_MSG_IMPRINT_free(imprint);
  ASN1_OBJECT_free(policy);
  TS_TST_INFO_free(info);
  return DerOf(size_bytes, der);
}

// The value of ESSCertIDv2 with SHA-256, the default, so its hash alone.
void AddSigningCertificate(CMS_SignerInfo* signer, X509* named) {
  std::array<unsigned char, 32> hash = {};
  unsigned size_bytes = 0;
  Must(X509_digest(named, EVP_sha256(), hash.data(), &size_bytes) == 1);
  std::string der = {0x30, 0x26, 0x30, 0x24, 0x30, 0x22, 0x04, 0x20};
  der.append(reinterpret_cast<const char*>(hash.data()), hash.size());
  Must(CMS_signed_add1_attr_by_NID(signer, NID_id_smime_aa_signingCertificateV2,
                                   V_ASN1_SEQUENCE, der.data(),
                                   static_cast<int>(der.size())) == 1);
}

PKCS7* MakeToken(const TestReply& reply, const TestIdentity& signer) {
  const std::string info = MakeInfo(reply);
  BIO* const content =
      BIO_new_mem_buf(info.data(), static_cast<int>(info.size()));
  constexpr unsigned kFlags =
      CMS_PARTIAL | CMS_BINARY | CMS_NOCERTS | CMS_NOSMIMECAP;
  CMS_ContentInfo* const cms =
      CMS_sign(nullptr, nullptr, nullptr, content, kFlags);
  Must(cms != nullptr);
  CMS_set1_eContentType(cms, OBJ_nid2obj(reply.signed_as_other_content
                                             ? NID_id_smime_ct_receipt
                                             : NID_id_smime_ct_TSTInfo));
  CMS_SignerInfo* const signer_info =
      CMS_add1_signer(cms, signer.parts().certificate, signer.parts().key,
                      EVP_get_digestbyname(reply.digest.c_str()), kFlags);
  Must(signer_info != nullptr);
  if (reply.with_signing_certificate) {
    AddSigningCertificate(signer_info, reply.named == nullptr
                                           ? signer.parts().certificate
                                           : reply.named->parts().certificate);
  }
  Must(CMS_final(cms, content, nullptr, kFlags) == 1);
  unsigned char* der = nullptr;
  const int size_bytes = i2d_CMS_ContentInfo(cms, &der);
  const std::string bytes = DerOf(size_bytes, der);
  CMS_ContentInfo_free(cms);
  BIO_free(content);
  const auto* at = reinterpret_cast<const unsigned char*>(bytes.data());
  PKCS7* const token = d2i_PKCS7(nullptr, &at, static_cast<long>(bytes.size()));
  Must(token != nullptr);
  token->d.sign->contents->type = OBJ_nid2obj(NID_id_smime_ct_TSTInfo);
  // One after the other, as CMS's own encoder, which sorts, would not.
  std::vector<const TestIdentity*> bag = reply.bag;
  if (bag.empty()) {
    bag.push_back(&signer);
  }
  for (const TestIdentity* const one : bag) {
    Must(PKCS7_add_certificate(token, one->parts().certificate) == 1);
  }
  return token;
}

}  // namespace

TestIdentity::TestIdentity(const Spec& spec, const TestIdentity* issuer)
    : parts_(std::make_unique<Parts>()) {
  parts_->key =
      spec.rsa_bits > 0 ? EVP_RSA_gen(spec.rsa_bits) : EVP_EC_gen("P-256");
  X509* const made = X509_new();
  parts_->certificate = made;
  X509_set_version(made, X509_VERSION_3);
  static long next_serial = 1000;
  ASN1_INTEGER_set(X509_get_serialNumber(made),
                   spec.serial != 0 ? spec.serial : ++next_serial);
  Must(ASN1_TIME_set_string(X509_getm_notBefore(made),
                            spec.not_before.c_str()) == 1);
  Must(ASN1_TIME_set_string(X509_getm_notAfter(made), spec.not_after.c_str()) ==
       1);
  SetName(X509_get_subject_name(made), spec.name);
  X509_set_issuer_name(
      made, X509_get_subject_name(
                issuer == nullptr ? made : issuer->parts().certificate));
  X509_set_pubkey(made, parts_->key);
  AddExtension(made, NID_basic_constraints,
               spec.is_ca ? "critical,CA:TRUE" : "critical,CA:FALSE");
  if (!spec.is_ca || spec.extended_key_usage != "critical,timeStamping") {
    if (!spec.extended_key_usage.empty()) {
      AddExtension(made, NID_ext_key_usage, spec.extended_key_usage);
    }
  }
  EVP_PKEY* const signing_key =
      issuer == nullptr ? parts_->key : issuer->parts().key;
  Must(X509_sign(made, signing_key, EVP_get_digestbyname(spec.digest.c_str())) >
       0);
}

TestIdentity::~TestIdentity() {
  if (parts_ != nullptr) {
    X509_free(parts_->certificate);
    EVP_PKEY_free(parts_->key);
  }
}

TestIdentity::TestIdentity(TestIdentity&&) noexcept = default;

std::string TestIdentity::Pem() const {
  BIO* const out = BIO_new(BIO_s_mem());
  PEM_write_bio_X509(out, parts_->certificate);
  char* data = nullptr;
  const long size_bytes = BIO_get_mem_data(out, &data);
  std::string pem(data, static_cast<std::size_t>(size_bytes));
  BIO_free(out);
  return pem;
}

ByteVector MakeTestReply(const TestReply& reply, const TestIdentity& signer) {
  TS_RESP* const made = TS_RESP_new();
  TS_STATUS_INFO* const status = TS_STATUS_INFO_new();
  TS_STATUS_INFO_set_status(status, static_cast<int>(reply.status));
  TS_RESP_set_status_info(made, status);
  if (reply.with_token) {
    PKCS7* const token = MakeToken(reply, signer);
    TS_RESP_set_tst_info(made, token, PKCS7_to_TS_TST_INFO(token));
  }
  unsigned char* der = nullptr;
  const int size_bytes = i2d_TS_RESP(made, &der);
  const std::string bytes = DerOf(size_bytes, der);
  TS_STATUS_INFO_free(status);
  TS_RESP_free(made);
  return {bytes.begin(), bytes.end()};
}

}  // namespace authseal
