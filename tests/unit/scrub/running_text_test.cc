// Commands, Go's maps, sentences and URLs of other things than OAuth, as logs
// have them.
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "lib/json/document.h"
#include "lib/scrub/scrubber.h"

namespace authseal {
namespace {

std::string Text(const std::string& text) {
  Scrubber scrubber;
  std::string out;
  return scrubber.ScrubText(text, out) == 0 ? text : out;
}

std::string Json(const std::string& text) {
  JsonDocument document;
  EXPECT_EQ(document.Parse(text), JsonFault::kNone) << text;
  Scrubber scrubber;
  std::string out;
  return scrubber.ScrubJson(text, document, {}, out) == 0 ? text : out;
}

TEST(RunningText, IsScrubbedWhereItHoldsSecretsAndNowhereElse) {
  struct Case {
    std::string in;
    std::string out;
  };
  const std::vector<Case> cases = {
      {"GET /issues?state=open&code=404&pin=123",
       "GET /issues?state=open&code=404&pin=redacted"},
      {"GET /cb?state=opened1&code=600&session=Closed",
       "GET /cb?state=redacted&code=redacted&session=Closed"},
      {"map[client_secret:s3cret scope:openid]",
       "map[client_secret:redacted scope:openid]"},
      {"map[Cookie:[a=s3cret; b=c2] Authorization:[FILTERED] Host:[x]]",
       "map[Cookie:[a=redacted; b=redacted] Authorization:[FILTERED] "
       "Host:[x]]"},
      {"curl -u web:s3cret -d x=y", "curl -u web:redacted -d x=y"},
      {"curl -s --user 'web:s3 cret' x", "curl -s --user 'web:redacted' x"},
      {"chown -u bob:staff; docker run -u 1000:1000 x",
       "chown -u bob:staff; docker run -u 1000:1000 x"},
      {"state: open, session: closed, code: 404, token: expired",
       "state: open, session: closed, code: 404, token: expired"},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(Text(c.in), c.out);
    EXPECT_EQ(Text(c.out), c.out);
  }
}

// "invalid code: …" and "refresh token: …" of prose.
TEST(RunningText, FindsRandomValuesBehindNamesThatMeanOtherThingsInText) {
  const std::string random = "tdbmF4RPAfqoQB7xoFcSvTAxRzmaZsV2GenF";
  for (const std::string name :
       {"code", "refresh token", "invalid nonce", "map[token", "assertion"}) {
    const std::string out = Text(name + ": " + random + " not known");
    EXPECT_EQ(out.find(random), std::string::npos) << out;
    EXPECT_TRUE(out.starts_with(name + ": sha256:")) << out;
  }
  EXPECT_EQ(Text("The refresh token '" + random + "' is malformed"),
            "The refresh token '" + Text("token: " + random).substr(7) +
                "' is malformed");
  EXPECT_EQ(Text("the access token is " + random + ".").find(random),
            std::string::npos);
  EXPECT_EQ(Json(R"({"token":{"value":")" + random + R"("}})").find(random),
            std::string::npos);
  for (const std::string kept :
       {"Revoked token 08a5019c-17e1-4977-8f42-65a12843ea02 of bob",
        "the token is not valid", "error code AADSTS50126 for bob",
        "status code 404 of request tdbmF4RPAfqoQB7xoFcSvTAxRzmaZsV2GenF"}) {
    EXPECT_EQ(Text(kept), kept);
  }
  const std::string id = "session: 08a5019c-17e1-4977-8f42-65a12843ea02";
  EXPECT_EQ(Text(id), id);
}

}  // namespace
}  // namespace authseal
