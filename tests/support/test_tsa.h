// A timestamping authority of the test's own, which also signs what no honest
// one would: its certificates and tokens are made field by field.
#ifndef AUTHSEAL_TESTS_SUPPORT_TEST_TSA_H_
#define AUTHSEAL_TESTS_SUPPORT_TEST_TSA_H_

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "lib/base/bytes.h"

namespace authseal {

// A certificate with its key. Owns both.
class TestIdentity {
 public:
  struct Spec {
    std::string name = "tsa.example";
    std::string not_before = "20250101000000Z";
    std::string not_after = "20351231235959Z";
    std::string extended_key_usage = "critical,timeStamping";
    bool is_ca = false;
    std::string digest = "SHA256";
    unsigned rsa_bits = 0;  // 0: an EC P-256 key
    long serial = 0;        // 0: one of its own
  };
  // Without an issuer it is self-signed.
  TestIdentity(const Spec& spec, const TestIdentity* issuer);
  ~TestIdentity();
  TestIdentity(TestIdentity&&) noexcept;

  std::string Pem() const;

  struct Parts;
  const Parts& parts() const { return *parts_; }

 private:
  std::unique_ptr<Parts> parts_;
};

// What a reply says, and how it is signed.
struct TestReply {
  Hash imprint;
  std::string time = "20260301120000Z";
  std::string nonce_hex = "0123456789ABCDEF";  // empty: none
  std::string policy = "1.3.6.1.4.1.99999.1";
  std::string imprint_digest = "SHA256";
  int accuracy_seconds = 0;
  bool critical_extension = false;
  bool signed_as_other_content = false;  // says the signed content-type
  long version = 1;
  long status = 0;
  bool with_token = true;
  bool with_signing_certificate = true;  // the ESSCertIDv2 attribute
  const TestIdentity* named = nullptr;   // in it; else the signer
  std::string tsa_name = {};             // common name in the token; none
  std::string digest = "SHA256";
  // The bag in this order; empty: the signer alone.
  std::vector<const TestIdentity*> bag = {};
};

// The DER of the reply, signed by `signer`.
ByteVector MakeTestReply(const TestReply& reply, const TestIdentity& signer);

}  // namespace authseal

#endif  // AUTHSEAL_TESTS_SUPPORT_TEST_TSA_H_
