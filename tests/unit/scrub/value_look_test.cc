#include "lib/scrub/value_look.h"

#include <string>

#include <gtest/gtest.h>

#include "lib/scrub/edits.h"
#include "lib/scrub/secret_names.h"

namespace authseal {
namespace {

TEST(ValueLook, KnowsChanceFromWords) {
  for (const char* random :
       {"OJ0d2L-gDTvkmwEctP8d3XwtLD8Yu1qh", "9f86d081884c7d659a2feaa0c55ad015",
        "01ARZ3NDEKTSV4RRFFQ69G5FAV", "aBcDeFgHiJkLmNoPqRsTu",
        "SplxlOBeZQQYbYS6WxSbIA2fkX", "fake-auth-code-0123456789",
        "4/0AX4XfWh-k9FqvL2mN7pR"}) {
    EXPECT_TRUE(IsRandomLooking(random)) << random;
  }
  for (const char* plain :
       {"", "Ohio", "T1000I", "access_token_refreshed_refreshtoken",
        "InvalidParameterValueException", "12345678901234567890123",
        "OJ0d2L-gDTvkmwEctP8", "has 20 bytes and a space9a8",
        "WAITING_FOR_USER_APPROVAL_STEP_2", "/api/v2/clients/permissions",
        "urn:ietf:params:oauth:grant-type:a1b2c3d4e5",
        "com.example.app.v2.start", "2024-01-01T10-00-00Z-000",
        "....................", "ERR_AADSTS50076_STRONG_AUTH_REQUIRED"}) {
    EXPECT_FALSE(IsRandomLooking(plain)) << plain;
  }
}

TEST(ValueLook, KnowsMasks) {
  for (const char* masked :
       {"",
        "-",
        "*",
        "***",
        "****abcd",
        "***...xyz",
        "1*****1",
        "******VM-",
        "[FILTERED]",
        "[REDACTED]",
        "REDACTED",
        "redacted",
        "<hidden>",
        "***REDACTED***",
        "HIDDEN_DUE_TO_SECURITY_REASONS",
        "xxxxxxxx",
        "...",
        "null",
        "None",
        "N/A",
        "\xe2\x80\xa2\xe2\x80\xa2\xe2\x80\xa2",
        "Value is sensitive and has been redacted. To see the value …",
        "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a0"
        "8"}) {
    EXPECT_TRUE(IsMasked(masked)) << masked;
  }
  for (const char* open :
       {"a", "secret***password", "hunter2****", "abcde***", "****abcde",
        "redacted2", "xxxxy", "sha256:9f86", "sha256:zz", "nullnull",
        "\xff\xff",
        "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a0"
        "8x"}) {
    EXPECT_FALSE(IsMasked(open)) << open;
  }
}

TEST(SecretNames, CountWholeAndFolded) {
  for (const char* name : {"access_token", "accessToken", "ACCESS-TOKEN",
                           "Access Token", "_access_token", "a.access_token"}) {
    EXPECT_EQ(ClassifyName(name), NameClass::kToken) << name;
  }
  for (const char* name :
       {"", "_", "access_token_id", "my_access_token", "token_type", "tokens",
        "passwords_changed", "passwordId", "statusCode", "code_challenge",
        "cookie_consent", "secret_scanning", "authorization_url", "x.password",
        "ExchangeTokenBy.AuthorizationCode", "session_id", "keys"}) {
    const NameClass name_class = ClassifyName(name);
    EXPECT_TRUE(!IsAlwaysSecret(name_class) && !IsPerhapsSecret(name_class))
        << name;
  }
  EXPECT_EQ(ClassifyName("http.request.headers.Cookie"), NameClass::kCookie);
  EXPECT_EQ(ClassifyName(std::string(1000, 'a') + "n"), NameClass::kPlain);
  EXPECT_EQ(ClassifyParameter("user%5Bpassword%5D"), NameClass::kPassword);
  EXPECT_EQ(ClassifyParameter("]"), NameClass::kPlain);
}

TEST(Edits, OverlapsBecomeOneSoThatNoEndIsLeft) {
  ScrubEdits edits = {{5, 9, "B"}, {0, 6, "A"}, {12, 14, "D"}, {1, 2, "C"}};
  ResolveEdits(edits);
  std::string out;
  ApplyEdits("0123456789abcdef", edits, out);
  EXPECT_EQ(out, "A9abDef");
}

TEST(Layers, LeadBackToTheEncodedBytes) {
  const std::string encoded = R"(a\u0062\\\ud83d\ude00\ud800\qé)";
  const DecodedLayer layer = DecodeBackslashes(encoded);
  EXPECT_EQ(layer.text, "ab\\\xf0\x9f\x98\x80\xef\xbf\xbd\\qé");
  ASSERT_EQ(layer.offsets.size(), layer.text.size() + 1);
  EXPECT_EQ(layer.offsets.back(), encoded.size());
  ScrubEdits edits = {{1, 2, "\"x"}};
  MoveEditsOut(layer, 100, 0, edits);
  EXPECT_EQ(edits[0].begin, 101U);
  EXPECT_EQ(edits[0].end, 107U);
  EXPECT_EQ(edits[0].text, "\\\"x");
  EXPECT_EQ(DecodePercent("a%41%4%zz%").text, "aA%4%zz%");
  EXPECT_EQ(DecodeBackslashes("\\").text, "\\");
  EXPECT_EQ(DecodeBackslashes("\\u12").text, "\\u12");
}

}  // namespace
}  // namespace authseal
