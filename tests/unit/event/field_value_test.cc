#include "lib/event/field_value.h"

#include <string>

#include <gtest/gtest.h>

#include "tests/unit/event/test_mapper.h"

namespace authseal {
namespace {

TEST(AbsentSpelling, IsWhatProvidersWriteForNothing) {
  for (const char* text :
       {"", "null", "NULL", "N/A", "n/a", "unknown", "Unknown", "-",
        "<unknown>", "none", "None", "255.255.255.255"}) {
    EXPECT_TRUE(IsAbsentSpelling(text)) << text;
  }
  for (const char* text : {"0", "false", "nul", "nonee", "--", "unknown ",
                           "255.255.255.254", "nobody"}) {
    EXPECT_FALSE(IsAbsentSpelling(text)) << text;
  }
}

struct ScopeCase {
  const char* json;
  const char* sorted;
};

class ScopesTest : public testing::TestWithParam<ScopeCase> {};

TEST_P(ScopesTest, AreASortedSet) {
  const Event event =
      EventOf(std::string(R"({"client_id":"c","event":"e","scope":)") +
              GetParam().json + "}");
  std::string joined;
  for (const std::string& scope : event.scopes) {
    joined += (joined.empty() ? "" : " ") + scope;
  }
  EXPECT_EQ(joined, GetParam().sorted);
}

INSTANTIATE_TEST_SUITE_P(
    Spellings, ScopesTest,
    testing::Values(ScopeCase{R"("openid profile email")",
                              "email openid profile"},
                    ScopeCase{R"("b, a, b")", "a b"},
                    ScopeCase{R"(["b","a c"])", "a b c"},
                    ScopeCase{R"("[\"User.Read\",\"a\"]")", "User.Read a"},
                    ScopeCase{R"([])", ""}, ScopeCase{R"("")", ""},
                    ScopeCase{R"("N/A")", ""}, ScopeCase{R"(null)", ""},
                    ScopeCase{R"([1,null,{"x":1},"a"])", "1 a"},
                    ScopeCase{R"("  a\t\n a ")", "a"}));

TEST(Fingerprint, BaseSixtyFourOfADigestBecomesOurForm) {
  EXPECT_EQ(NormalFingerprint("l4q/mZnBHhCoEqslbnTousw/LhjZ30seQHDJ0ZujyKk="),
            "sha256:"
            "978abf9999c11e10a812ab256e74e8bacc3f2e18d9df4b1e4070c9d19ba3c8a9");
  EXPECT_EQ(NormalFingerprint("Vrn5NhR8HxEJSUwFYfoTNA"),
            "Vrn5NhR8HxEJSUwFYfoTNA");
}

TEST(Fingerprint, OfAnIdThatIsOneIsTakenOver) {
  const std::string digest = "sha256:" + std::string(64, 'a');
  const Event event =
      EventOf(R"({"evt":"access_token.saved","time":1,"token":{"jti":")" +
              digest + R"(","clientId":"c"}})");
  EXPECT_EQ(event.token.id, digest);
  EXPECT_EQ(event.token.fingerprint, digest);
}

TEST(Fingerprint, ALiveTokenIsNeverTakenForOne) {
  const Event event = EventOf(
      R"({"client_id":"c","event":"token","access_token":"live-token"})");
  EXPECT_EQ(event.token.fingerprint, "");
  EXPECT_EQ(event.token.id, "");
}

TEST(Fields, TheFirstPlaceWithAValueCounts) {
  EXPECT_EQ(EventOf(R"({"jti":"j","client_id":"N/A","clientId":"c"})").client,
            "c");
  EXPECT_EQ(EventOf(R"({"jti":"j","client_id":null,"azp":"c"})").client, "c");
  EXPECT_EQ(EventOf(R"({"jti":"j","client_id":{},"azp":7})").client, "7");
}

TEST(Fields, AnAudienceListIsJoined) {
  EXPECT_EQ(EventOf(R"({"client_id":"c","aud":["a","b"]})").audience, "a b");
}

TEST(Fields, NumbersAboveTwoToThe53StayAsWritten) {
  EXPECT_EQ(EventOf(R"({"jti":9007199254740993,"client_id":"c"})").token.id,
            "9007199254740993");
}

TEST(Fields, EscapesAreUndone) {
  EXPECT_EQ(EventOf(R"({"client_id":"a\"b\u00e4"})").client, "a\"b\xC3\xA4");
}

TEST(FieldValue, AFingerprintIsItsSchemeAnd64SmallHexDigits) {
  const std::string good = "sha256:" + std::string(24, '0') +
                           "123456789abcdef" + std::string(25, 'f');
  ASSERT_EQ(good.size(), 71u);
  EXPECT_TRUE(IsFingerprint(good));
  EXPECT_FALSE(IsFingerprint(good + "0"));
  EXPECT_FALSE(IsFingerprint(std::string_view(good).substr(1)));
  for (std::size_t at = 0; at < good.size(); ++at) {
    for (int byte = 0; byte < 256; ++byte) {
      std::string text = good;
      text[at] = static_cast<char>(byte);
      const bool is_hex =
          (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'f');
      ASSERT_EQ(IsFingerprint(text), at < 7 ? text == good : is_hex) << text;
    }
  }
}

}  // namespace
}  // namespace authseal
