// Requests and replies of RFC 3161, and what a hostile one may try.
#include <functional>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/err.h>

#include "lib/base/time.h"
#include "lib/crypto/sha256.h"
#include "lib/crypto/timestamp_reply.h"
#include "lib/crypto/timestamp_request.h"
#include "tests/support/test_tsa.h"

namespace authseal {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::string_view kNote = "log.example.org\n12\nroot\n";

TestIdentity::Spec CaSpec(const std::string& name) {
  TestIdentity::Spec spec;
  spec.name = name;
  spec.is_ca = true;
  return spec;
}

class TimestampTest : public ::testing::Test {
 protected:
  TestReply Good() const {
    TestReply reply;
    reply.imprint = Sha256Of(AsBytes(kNote));
    return reply;
  }
  // "" when the authority counts, else why not; "decode: …" before that.
  std::string Judge(const ByteVector& der) const {
    const auto reply = TimestampReply::Decode(der);
    if (!reply.has_value()) {
      EXPECT_EQ(reply.error().code, ErrorCode::kDamaged);
      return "decode: " + reply.error().message;
    }
    Status verified = reply->Verify(authorities_);
    return verified.has_value() ? "" : verified.error().message;
  }
  std::string Judge(const TestReply& reply) const {
    return Judge(MakeTestReply(reply, tsa_));
  }
  // Of a reply like the good one, by a signer of the CA with another spec.
  std::string JudgeSigner(const TestIdentity::Spec& spec) const {
    return Judge(MakeTestReply(Good(), TestIdentity(spec, &ca_)));
  }

  TestIdentity ca_{CaSpec("ca.example"), nullptr};
  TestIdentity tsa_{TestIdentity::Spec(), &ca_};
  TestIdentity other_ca_{CaSpec("other.example"), nullptr};
  TimestampAuthorities authorities_ = *TimestampAuthorities::FromPem(ca_.Pem());
};

TEST(TimestampRequest, SaysWhatItWasMadeOf) {
  const Hash imprint = Sha256Of(AsBytes(kNote));
  const ByteVector nonce = {0xfe, 2, 3, 4, 5, 6, 7, 8};
  const ByteVector der = EncodeTimestampRequest(imprint, nonce);
  const auto request = DecodeTimestampRequest(der);
  ASSERT_TRUE(request.has_value()) << request.error().message;
  EXPECT_EQ(request->imprint, imprint);
  EXPECT_EQ(request->nonce, "FE02030405060708");
  // version 1, SHA-256, nonce, certReq TRUE at the end.
  EXPECT_EQ(der.size(), 70u);
  EXPECT_EQ(ByteVector(der.end() - 3, der.end()), (ByteVector{1, 1, 0xff}));
}

TEST(TimestampRequest, RefusesWhatIsNone) {
  ByteVector der = EncodeTimestampRequest(Hash{}, ByteVector{1});
  for (std::size_t size = 0; size < der.size(); ++size) {
    EXPECT_FALSE(DecodeTimestampRequest(Bytes(der).first(size)).has_value());
  }
  der.push_back(0);
  EXPECT_THAT(DecodeTimestampRequest(der).error().message,
              HasSubstr("stand behind"));
  EXPECT_THAT(
      DecodeTimestampRequest(ByteVector(kTimestampSizeBytesMax + 1, 0x30))
          .error()
          .message,
      HasSubstr("longer"));
}

TEST_F(TimestampTest, AcceptsAReplyOfATrustedAuthority) {
  TestReply good = Good();
  good.accuracy_seconds = 2;
  good.time = "20260301120000.25Z";
  const auto reply = TimestampReply::Decode(MakeTestReply(good, tsa_));
  ASSERT_TRUE(reply.has_value()) << reply.error().message;
  EXPECT_EQ(FormatRfc3339(reply->statement().time), "2026-03-01T12:00:00.250Z");
  EXPECT_EQ(FormatRfc3339(reply->statement().no_later_than()),
            "2026-03-01T12:00:02.250Z");
  EXPECT_EQ(reply->statement().policy, "1.3.6.1.4.1.99999.1");
  EXPECT_EQ(reply->statement().serial, "4D");
  EXPECT_EQ(reply->tsa(), "CN=tsa.example");
  const Status verified = reply->Verify(authorities_);
  EXPECT_TRUE(verified.has_value()) << Status(verified).error().message;
  good.tsa_name = "tsa.example";
  EXPECT_EQ(Judge(good), "");
}

TEST_F(TimestampTest, BelongsToItsBytesAndItsRequest) {
  const Hash imprint = Sha256Of(AsBytes(kNote));
  const auto reply = TimestampReply::Decode(MakeTestReply(Good(), tsa_));
  ASSERT_TRUE(reply.has_value());
  const auto request = DecodeTimestampRequest(EncodeTimestampRequest(
      imprint, ByteVector{0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef}));
  EXPECT_TRUE(reply->CheckIsFor(imprint, std::nullopt).has_value());
  EXPECT_TRUE(reply->CheckIsFor(imprint, *request).has_value());
  EXPECT_FALSE(reply->CheckIsFor(Hash{}, std::nullopt).has_value());
  const auto other_nonce =
      DecodeTimestampRequest(EncodeTimestampRequest(imprint, ByteVector{7}));
  EXPECT_FALSE(reply->CheckIsFor(imprint, *other_nonce).has_value());
  TestReply without = Good();
  without.nonce_hex = "";
  const auto bare = TimestampReply::Decode(MakeTestReply(without, tsa_));
  EXPECT_FALSE(bare->CheckIsFor(imprint, *request).has_value());
}

TEST_F(TimestampTest, RefusesWhatIsNoWholeGrantedReply) {
  struct Case {
    std::string what;
    std::function<void(TestReply&)> change;
    std::string said;
  };
  const std::vector<Case> cases = {
      {"rejected", [](TestReply& r) { r.status = 2, r.with_token = false; },
       "did not grant a timestamp (status 2)"},
      {"SHA-1 imprint", [](TestReply& r) { r.imprint_digest = "SHA1"; },
       "not about a SHA-256"},
      {"critical extension", [](TestReply& r) { r.critical_extension = true; },
       "critical extension"},
      {"version 2", [](TestReply& r) { r.version = 2; }, "version 1"},
      {"no time", [](TestReply& r) { r.time = "20261301120000Z"; }, "its time"},
      {"local time", [](TestReply& r) { r.time = "20260301120000"; },
       "its time"},
      {"time with a zone", [](TestReply& r) { r.time = "20260301120000+0100"; },
       "its time"},
      {"time of other digits",
       [](TestReply& r) { r.time = "2026030112000-1Z"; }, "its time"},
      {"empty fraction", [](TestReply& r) { r.time = "20260301120000.Z"; },
       "its time"},
      {"before 1970", [](TestReply& r) { r.time = "19690301120000Z"; },
       "before 1970"},
      {"accuracy of a year",
       [](TestReply& r) { r.accuracy_seconds = 31'536'000; }, "accuracy"},
      {"signed as something else",
       [](TestReply& r) { r.signed_as_other_content = true; },
       "what kind of content"},
      {"SHA-1 signature", [](TestReply& r) { r.digest = "SHA1"; }, "too weak"},
  };
  for (const Case& c : cases) {
    TestReply reply = Good();
    c.change(reply);
    EXPECT_THAT(Judge(reply), HasSubstr("decode: ")) << c.what;
    EXPECT_THAT(Judge(reply), HasSubstr(c.said)) << c.what;
  }
}

TEST_F(TimestampTest, RefusesSignersThatAreNotFitToStamp) {
  using Spec = TestIdentity::Spec;
  struct Case {
    std::string what;
    std::function<void(Spec&)> change;
  };
  const std::vector<Case> cases = {
      {"no EKU", [](Spec& s) { s.extended_key_usage = ""; }},
      {"another EKU",
       [](Spec& s) { s.extended_key_usage = "critical,codeSigning"; }},
      {"not critical", [](Spec& s) { s.extended_key_usage = "timeStamping"; }},
      {"one EKU more",
       [](Spec& s) {
         s.extended_key_usage = "critical,timeStamping,codeSigning";
       }},
      // OpenSSL alone passes over it: the usage has no name.
      {"an unknown EKU more",
       [](Spec& s) {
         s.extended_key_usage = "critical,timeStamping,1.2.3.4.5";
       }},
      {"expired", [](Spec& s) { s.not_after = "20260301115959Z"; }},
      {"not yet valid", [](Spec& s) { s.not_before = "20260301120001Z"; }},
      {"signed with SHA-1", [](Spec& s) { s.digest = "SHA1"; }},
      {"RSA of 1024 bits", [](Spec& s) { s.rsa_bits = 1024; }},
  };
  for (const Case& c : cases) {
    Spec spec;
    c.change(spec);
    EXPECT_NE(JudgeSigner(spec), "") << c.what;
    EXPECT_THAT(JudgeSigner(spec), Not(HasSubstr("decode: "))) << c.what;
  }
  Spec authority;
  authority.is_ca = true;
  authority.extended_key_usage = "critical, timeStamping";
  EXPECT_THAT(JudgeSigner(authority), HasSubstr("one of an authority"));
  EXPECT_EQ(JudgeSigner(Spec()), "");
}

TEST_F(TimestampTest, CountsValidityAtTheStatedTimeNotToday) {
  TestIdentity::Spec past;
  past.not_before = "20100101000000Z";
  past.not_after = "20110101000000Z";
  TestIdentity::Spec past_ca = CaSpec("past.example");
  past_ca.not_before = past.not_before;
  past_ca.not_after = past.not_after;
  const TestIdentity ca(past_ca, nullptr);
  const TestIdentity tsa(past, &ca);
  TestReply reply = Good();
  reply.time = "20100601000000Z";
  const auto authorities = TimestampAuthorities::FromPem(ca.Pem());
  const auto decoded = TimestampReply::Decode(MakeTestReply(reply, tsa));
  ASSERT_TRUE(decoded.has_value()) << decoded.error().message;
  EXPECT_TRUE(decoded->Verify(*authorities).has_value());
  // Its CA had expired by then.
  reply.time = "20120601000000Z";
  past.not_after = "20350101000000Z";
  const auto late =
      TimestampReply::Decode(MakeTestReply(reply, TestIdentity(past, &ca)));
  Status expired = late->Verify(*authorities);
  ASSERT_FALSE(expired.has_value());
  EXPECT_THAT(expired.error().message, HasSubstr("expired"));
}

TEST_F(TimestampTest, RefusesOtherAuthorities) {
  const TestIdentity foreign(TestIdentity::Spec(), &other_ca_);
  EXPECT_NE(Judge(MakeTestReply(Good(), foreign)), "");
  TestReply with_its_ca = Good();
  with_its_ca.bag = {&foreign, &other_ca_};
  EXPECT_NE(Judge(MakeTestReply(with_its_ca, foreign)), "");
  const TestIdentity alone(TestIdentity::Spec(), nullptr);
  EXPECT_NE(Judge(MakeTestReply(Good(), alone)), "");
  TestReply misnamed = Good();
  misnamed.tsa_name = "another.example";
  EXPECT_NE(Judge(misnamed), "");
}

// CVE-2026-39984: whatever stands first in the bag says nothing about who
// signed.
TEST_F(TimestampTest, TakesNoCertificateForItsPlaceInTheBag) {
  // A certificate of the same CA, for TLS, signs; the TSA's stands first.
  TestIdentity::Spec web;
  web.name = "web.example";
  web.extended_key_usage = "serverAuth";
  const TestIdentity thief(web, &ca_);
  TestReply reply = Good();
  for (const TestIdentity* named :
       std::initializer_list<const TestIdentity*>{&tsa_, &thief}) {
    for (const auto& bag : std::vector<std::vector<const TestIdentity*>>{
             {&tsa_, &thief}, {&thief, &tsa_}, {&tsa_, &thief, &ca_}}) {
      reply.bag = bag;
      reply.named = named;
      EXPECT_NE(Judge(MakeTestReply(reply, thief)), "");
    }
  }
  // A forged certificate in front of an honest reply: it did not sign.
  const TestIdentity forged(TestIdentity::Spec(), nullptr);
  TestReply honest = Good();
  honest.bag = {&forged, &tsa_};
  EXPECT_EQ(Judge(MakeTestReply(honest, tsa_)), "");
  // Nor is it one of another kind that did.
  honest.bag = {&thief, &ca_, &tsa_};
  EXPECT_EQ(Judge(MakeTestReply(honest, tsa_)), "");
  // The TSA's is the only fit one, stands first, and did not sign.
  TestIdentity::Spec wide;
  wide.extended_key_usage = "critical,timeStamping,1.2.3.4.5";
  const TestIdentity unfit(wide, &ca_);
  TestReply borrowed = Good();
  borrowed.bag = {&tsa_, &unfit};
  EXPECT_THAT(Judge(MakeTestReply(borrowed, unfit)),
              HasSubstr("not for timestamps alone"));
  // The forger signs, with a copy of the TSA's issuer and serial number.
  TestIdentity::Spec copied;
  copied.serial = 424242;
  const TestIdentity real(copied, &ca_);
  TestIdentity::Spec fake_ca = CaSpec("ca.example");
  const TestIdentity forger_ca(fake_ca, nullptr);
  const TestIdentity forger(copied, &forger_ca);
  for (const auto& bag : std::vector<std::vector<const TestIdentity*>>{
           {&forger, &real}, {&real, &forger}, {&forger, &real, &ca_}}) {
    TestReply stolen = Good();
    stolen.bag = bag;
    for (const TestIdentity* named : {&real, &forger}) {
      stolen.named = named;
      EXPECT_NE(Judge(MakeTestReply(stolen, forger)), "");
    }
  }
}

TEST_F(TimestampTest, NeedsTheSignerNamedInTheSignedAttributes) {
  TestReply reply = Good();
  reply.with_signing_certificate = false;
  EXPECT_NE(Judge(reply), "");
  const TestIdentity twin(TestIdentity::Spec(), &ca_);
  reply = Good();
  reply.named = &twin;
  reply.bag = {&tsa_, &twin};
  EXPECT_NE(Judge(reply), "");
}

TEST_F(TimestampTest, NeedsTheSignersCertificateInside) {
  TestReply reply = Good();
  reply.bag = {&ca_};
  EXPECT_THAT(Judge(reply), HasSubstr("decode: the certificate that signed"));
}

// Either it is refused, or it still says the same under the same authority.
TEST_F(TimestampTest, NoChangedBitMakesItSaySomethingElse) {
  const ByteVector good = MakeTestReply(Good(), tsa_);
  const auto original = TimestampReply::Decode(good);
  ASSERT_EQ(Judge(good), "");
  std::size_t accepted = 0;
  for (std::size_t bit = 0; bit < good.size() * 8; ++bit) {
    ByteVector changed = good;
    changed[bit / 8] ^= static_cast<std::uint8_t>(1u << (bit % 8));
    const auto reply = TimestampReply::Decode(changed);
    if (!reply.has_value() || !reply->Verify(authorities_).has_value()) {
      continue;
    }
    ++accepted;
    EXPECT_EQ(reply->statement().imprint, original->statement().imprint);
    EXPECT_EQ(reply->statement().time, original->statement().time);
    EXPECT_EQ(reply->statement().nonce, original->statement().nonce);
    EXPECT_EQ(reply->statement().policy, original->statement().policy);
  }
  // What CMS leaves unsigned: granted or grantedWithMods, version numbers, the
  // name of the signature's algorithm, the case of letters in the issuer's
  // name, some tags.
  EXPECT_LT(accepted, 128u);
}

TEST_F(TimestampTest, RefusesEveryOtherLength) {
  ByteVector good = MakeTestReply(Good(), tsa_);
  for (std::size_t size = 0; size < good.size(); ++size) {
    EXPECT_FALSE(TimestampReply::Decode(Bytes(good).first(size)).has_value());
  }
  good.push_back(0);
  EXPECT_THAT(Judge(good), HasSubstr("bytes stand behind"));
  good.resize(kTimestampSizeBytesMax + 1);
  EXPECT_THAT(Judge(good), HasSubstr("longer than 64 KiB"));
}

TEST_F(TimestampTest, LeavesNoErrorBehindInOpenSsl) {
  ERR_clear_error();
  EXPECT_NE(Judge(ByteVector{0x30, 0x01}), "");
  EXPECT_EQ(ERR_peek_error(), 0u);
  EXPECT_NE(Judge(MakeTestReply(
                Good(), TestIdentity(TestIdentity::Spec(), &other_ca_))),
            "");
  EXPECT_EQ(ERR_peek_error(), 0u);
  EXPECT_FALSE(TimestampAuthorities::FromPem("none").has_value());
  EXPECT_EQ(ERR_peek_error(), 0u);
}

TEST(TimestampAuthorities, ReadsPemAndNothingElse) {
  const TestIdentity ca(CaSpec("ca.example"), nullptr);
  const std::string pem = ca.Pem();
  EXPECT_TRUE(TimestampAuthorities::FromPem("words\n" + pem + pem).has_value());
  for (const std::string& text :
       {std::string(), std::string("words"), pem.substr(0, pem.size() / 2),
        pem +
            "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"}) {
    const auto none = TimestampAuthorities::FromPem(text);
    ASSERT_FALSE(none.has_value()) << text;
    EXPECT_EQ(none.error().code, ErrorCode::kInvalidArgument);
  }
}

}  // namespace
}  // namespace authseal
