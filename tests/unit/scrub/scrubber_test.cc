#include "lib/scrub/scrubber.h"

#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "lib/json/document.h"

namespace authseal {
namespace {

constexpr const char* kToken = "FAKE-0a1B2c3D4e5F6g7H8i9J0k";

std::string Json(const std::string& text,
                 const std::vector<std::string>& pointers = {}) {
  JsonDocument document;
  EXPECT_EQ(document.Parse(text), JsonFault::kNone) << text;
  Scrubber scrubber;
  std::string out = "untouched";
  if (scrubber.ScrubJson(text, document, pointers, out) == 0) {
    EXPECT_EQ(out, "untouched");
    return text;
  }
  EXPECT_EQ(document.Parse(out), JsonFault::kNone) << out;
  return out;
}

std::string Text(const std::string& text) {
  Scrubber scrubber;
  std::string out;
  return scrubber.ScrubText(text, out) == 0 ? text : out;
}

std::string Replaced(std::string text, const std::string& what,
                     const std::string& with) {
  for (std::size_t at = text.find(what); at != std::string::npos;
       at = text.find(what, at + with.size())) {
    text.replace(at, what.size(), with);
  }
  return text;
}

TEST(TokenFingerprint, IsSha256OfTheBytes) {
  // FIPS 180-4, "abc".
  EXPECT_EQ(TokenFingerprint("abc"),
            "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f2"
            "0015ad");
}

// Issue, use and revocation of a token must meet in one fingerprint.
TEST(Scrubber, GivesATokenOneFingerprintEverywhere) {
  const std::vector<std::string> records = {
      R"({"access_token":"@"})",
      R"({"code":"@"})",
      R"({"authorization":"Bearer @"})",
      R"({"headers":{"Authorization":["bearer @"]}})",
      R"({"url":"/cb?token=@&x=1"})",
      R"({"url":"/cb#access_token=@"})",
      R"({"body":"token=@&token_type_hint=access_token"})",
      R"({"cookie":"a=b2; sid=@"})",
      R"({"set-cookie":"sid=@; Path=/; HttpOnly"})",
      R"({"message":"x=\"1\", refresh_token=\"@\", y=\"2\""})",
      R"({"message":"sent Authorization: Bearer @ to us"})",
      R"({"payload":"{\"a\":{\"refresh_token\":\"@\"}}"})",
      R"({"next":"%2Fcb%3Fcode%3D@%26x%3D1"})",
      R"([["Cookie","sid=@"]])",
      R"({"name":"X-Api-Key","value":"@"})",
      R"({"cookies":[{"name":"cookie","values":["sid=@"]}]})",
  };
  for (const std::string& record : records) {
    const std::string out = Json(Replaced(record, "@", kToken));
    EXPECT_EQ(Replaced(out, TokenFingerprint(kToken), "@").find("sha256:"),
              std::string::npos)
        << out;
    EXPECT_NE(out.find(TokenFingerprint(kToken)), std::string::npos) << out;
    EXPECT_EQ(out.find(kToken), std::string::npos) << out;
  }
}

TEST(Scrubber, RedactsWhatIsShortOrNoToken) {
  struct Case {
    std::string in;
    std::string out;
  };
  const std::vector<Case> cases = {
      {R"({"access_token":"short15bytes..x"})",
       R"({"access_token":"redacted"})"},
      {R"({"password":12345,"n":1})", R"({"password":"redacted","n":1})"},
      {R"({"otp":-1.5e3})", R"({"otp":"redacted"})"},
      {R"({"password":["a1","b2",3],"n":[1]})",
       R"({"password":["redacted","redacted","redacted"],"n":[1]})"},
      {R"({"secret":{"name":"x","password":"y1"}})",
       R"({"secret":{"name":"x","password":"redacted"}})"},
      {R"({"x":"{\"password\":12345,\"k\":1}"})",
       R"({"x":"{\"password\":\"redacted\",\"k\":1}"})"},
      {R"({"password":"with \"quotes\" \u00e9 and \\"})",
       R"({"password":"redacted"})"},
      {R"({"authorization":"Basic Zm9vOmJhcg=="})",
       R"({"authorization":"Basic redacted"})"},
      {R"({"authorization":"Digest username=\"x\", response=\"y\""})",
       R"({"authorization":"Digest redacted"})"},
      {R"({"password":"a1","password":"b2"})",
       R"({"password":"redacted","password":"redacted"})"},
      {R"( { "Client-Secret" : "x y z" , "a" : 1.0 } )",
       R"( { "Client-Secret" : "redacted" , "a" : 1.0 } )"},
      {R"({"url":"https://u:pw1@h/x?user[password]=a%26b&c=d"})",
       R"({"url":"https://u:redacted@h/x?user[password]=redacted&c=d"})"},
      {R"({"pa\u0073sword":"x1"})", R"({"pa\u0073sword":"redacted"})"},
      {R"({"qs":{"code":"a1","pin":"1","x":"y"},"code":"a1"})",
       R"({"qs":{"code":"redacted","pin":"redacted","x":"y"},"code":"a1"})"},
      {R"({"queryParameters":{"state":["a1","b2"],"n":["1"]}})",
       R"({"queryParameters":{"state":["redacted","redacted"],"n":["1"]}})"},
      {R"({"key":"x.header.authorization","value":{"stringValue":"Bearer x"}})",
       R"({"key":"x.header.authorization","value":{"stringValue":"Bearer redacted"}})"},
      {R"({"credentials":[{"type":"password","value":"pw1"}]})",
       R"({"credentials":[{"type":"password","value":"redacted"}]})"},
      {R"({"changes":{"password":{"old":"a1","new":"b2"},"x":{"old":"c"}}})",
       R"({"changes":{"password":{"old":"redacted","new":"redacted"},"x":{"old":"c"}}})"},
      {R"({"client_secret":"{\"v\":\"x\"}"})",
       R"({"client_secret":"redacted"})"},
      {R"({"value":"x","name":"password"})",
       R"({"value":"redacted","name":"password"})"},
      {R"({"jwk":{"kty":"EC","x":"a1","d":"b2"},"d":"c3"})",
       R"({"jwk":{"kty":"EC","x":"a1","d":"redacted"},"d":"c3"})"},
      {R"({"r":{"question":"q","answer":"a1"},"answer":"42"})",
       R"({"r":{"question":"q","answer":"redacted"},"answer":"42"})"},
      {R"({"msg":"{'password': 12345, 'x': 1}"})",
       R"({"msg":"{'password': \"redacted\", 'x': 1}"})"},
      {R"({"HTTP_X_CLIENT_SECRET":"a1","response_type":"password","value":"b2"})",
       R"({"HTTP_X_CLIENT_SECRET":"redacted","response_type":"password","value":"b2"})"},
      {R"({"args":["--password","a1","-v"],"f":["password","user"]})",
       R"({"args":["--password","redacted","-v"],"f":["password","user"]})"},
      {R"({"i":[["user","bob"],["password","a1"]]})",
       R"({"i":[["user","bob"],["password","redacted"]]})"},
      {R"({"body":{"grant_type":"x","code":"a1"},"r":{"body":{"code":"T1"}}})",
       R"({"body":{"grant_type":"x","code":"redacted"},"r":{"body":{"code":"T1"}}})"},
      {R"({"m":"FOO_CLIENT_SECRET=a1 Client_Secret_Kind=b2"})",
       R"({"m":"FOO_CLIENT_SECRET=redacted Client_Secret_Kind=b2"})"},
      {R"({"m":"run -ClientSecret a1 --verbose; <password>b2</password>"})",
       R"({"m":"run -ClientSecret redacted --verbose; <password>redacted</password>"})"},
      {R"({"m":"password= hunter2 user=bob","n":"password= user=bob"})",
       R"({"m":"password= redacted user=bob","n":"password= user=bob"})"},
      {R"({"b":"eyJwYXNzd29yZCI6ImExIiwieCI6MX0="})",
       R"({"b":"{\"password\":\"redacted\",\"x\":1}"})"},
      {R"({"b":"eyJwYXNzd29yZCI6Im51bGwiLCJ4IjoxfQ"})",
       R"({"b":"eyJwYXNzd29yZCI6Im51bGwiLCJ4IjoxfQ"})"},
      {R"({"https://h/cb?password=x1&and=more":1})",
       R"({"https://h/cb?password=redacted&and=more":1})"},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(Json(c.in), c.out);
  }
}

TEST(Scrubber, FingerprintsWhatThePointersName) {
  const std::string a = TokenFingerprint("a");
  EXPECT_EQ(Json(R"({"token":{"jti":"a","kind":"x"}})", {"/token/jti"}),
            R"({"token":{"jti":")" + a + R"(","kind":"x"}})");
  EXPECT_EQ(Json(R"({"jti":7})", {"/jti"}),
            R"({"jti":")" + TokenFingerprint("7") + R"("})");
  EXPECT_EQ(Json(R"({"ids":["x","\u0061"]})", {"/ids/1"}),
            R"({"ids":["x",")" + a + R"("]})");
  // A duplicate in front must not escape.
  EXPECT_EQ(
      Json(R"({"jti":"a","jti":"b"})", {"/jti"}),
      R"({"jti":")" + a + R"(","jti":")" + TokenFingerprint("b") + R"("})");
  EXPECT_EQ(Json(R"({"t":{"jti":"a"},"t":{"jti":"a"}})", {"/t/jti"}),
            R"({"t":{"jti":")" + a + R"("},"t":{"jti":")" + a + R"("}})");
  for (const char* kept :
       {R"({"jti":null})", R"({"jti":{}})", R"({"x":"a"})", R"({"jti":""})"}) {
    EXPECT_EQ(Json(kept, {"/jti", "/jti/x", "jti", "/~"}), kept);
  }
  const std::string once = Json(R"({"jti":"a"})", {"/jti"});
  EXPECT_EQ(Json(once, {"/jti"}), once);
}

// Inside strings that hold JSON the pointers have a form of their own.
TEST(Scrubber, FingerprintsWhatThePointersNameInsideStrings) {
  const std::string a = TokenFingerprint("a");
  EXPECT_EQ(Json(R"({"log":"{\"t\":{\"jti\":\"a\"},\"x\":1}"})",
                 {"json:/log:/t/jti"}),
            R"({"log":"{\"t\":{\"jti\":\")" + a + R"(\"},\"x\":1}"})");
  EXPECT_EQ(Json(R"({"m":"<1> x {\"jti\":\"a\"}"})", {"json:/m:/jti"}),
            R"({"m":"<1> x {\"jti\":\")" + a + R"(\"}"})");
  EXPECT_EQ(Json(R"({"m":"{\"l\":\"{\\\"jti\\\":\\\"a\\\"}\"}"})",
                 {"json:/m:json:/l:/jti"}),
            R"({"m":"{\"l\":\"{\\\"jti\\\":\\\")" + a + R"(\\\"}\"}"})");
  for (const char* kept : {R"({"m":"a"})", R"({"m":"{"})", R"({"m":1})"}) {
    EXPECT_EQ(Json(kept, {"json:/m:/jti", "json:/m", "json:"}), kept);
  }
}

TEST(Scrubber, TellsIdentifiersFromTokensByTheirLook) {
  const std::string uuid = "25e60089-0911-4332-a7c3-71b17b038be5";
  EXPECT_NE(Json(R"({"token":")" + uuid + R"("})").find("sha256:"),
            std::string::npos);
  EXPECT_NE(Json(R"({"code":")" + uuid + R"("})").find("sha256:"),
            std::string::npos);
  for (const char* name :
       {"session", "state", "session_id", "code_id", "jti"}) {
    const std::string kept =
        R"({")" + std::string(name) + R"(":")" + uuid + R"("})";
    EXPECT_EQ(Json(kept), kept);
  }
  const std::string in_url = R"({"url":"/x?state=)" + uuid + R"("})";
  EXPECT_NE(Json(in_url), in_url);
}

TEST(Scrubber, CountsWhatItReplaced) {
  JsonDocument document;
  const std::string text =
      R"({"password":"a","url":"?code=b&state=c","x":["y"]})";
  ASSERT_EQ(document.Parse(text), JsonFault::kNone);
  Scrubber scrubber;
  std::string out;
  EXPECT_EQ(scrubber.ScrubJson(text, document, {}, out), 3U);
  EXPECT_EQ(scrubber.ScrubText("no secret here", out), 0U);
}

TEST(Scrubber, ScrubsTextThatIsNoJson) {
  struct Case {
    std::string in;
    std::string out;
  };
  const std::vector<Case> cases = {
      {R"(WARN error="x", password="p w", user="u")",
       R"(WARN error="x", password="redacted", user="u")"},
      {"GET /cb?code=abc&state=xyz HTTP/1.1",
       "GET /cb?code=redacted&state=redacted HTTP/1.1"},
      {R"({"password":"cut off he)", R"({"password":"redacted)"},
      {R"({"password":12345,"x":)", R"({"password":"redacted","x":)"},
      {R"({"password":"a\)", R"({"password":"redacted)"},
      {R"(app[1]: {"headers":[["Cookie","s=abc"],["Host)",
       R"(app[1]: {"headers":[["Cookie","s=redacted"],["Host)"},
      {R"({"a":[1,2],"name":"password","value":"x1",)",
       R"({"a":[1,2],"name":"password","value":"redacted",)"},
      {R"({\"password\":\"abc\",\"x\":1})",
       R"({\"password\":\"redacted\",\"x\":1})"},
      {R"({"a":1},{"name":"password","value":"x1"},{"b":)",
       R"({"a":1},{"name":"password","value":"redacted"},{"b":)"},
      {R"({"a":1,,"b":{"name":"password","value":"x1"}})",
       R"({"a":1,,"b":{"name":"password","value":"redacted"}})"},
      {"Set-Cookie: sid=abc; Path=/; HttpOnly",
       "Set-Cookie: sid=redacted; Path=/; HttpOnly"},
      {"password=ab\xff\xfe"
       "cd next=1",
       "password=redacted next=1"},
      {"code=1&grant_type=x", "code=redacted&grant_type=x"},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(Text(c.in), c.out);
  }
}

TEST(Scrubber, GoesFourLayersDeepAndStillSeesShapesBelow) {
  const std::string jwt =
      "eyJhbGciOiJub25lIn0.eyJzdWIiOiJmYWtlIn0.RkFLRXNpZ25hdHVyZQ";
  std::string text = R"({"password":"hunter2","x":")" + jwt + R"("})";
  for (int layer = 0; layer < 9; ++layer) {
    const std::string out = Json(text);
    if (layer <= 4) {
      EXPECT_EQ(out.find("hunter2"), std::string::npos) << layer;
    }
    EXPECT_EQ(out.find(jwt), std::string::npos) << layer;
    std::string escaped;
    for (const char c : text) {
      escaped +=
          c == '"' || c == '\\' ? std::string("\\") + c : std::string(1, c);
    }
    text = R"({"p":")" + escaped + R"("})";
  }
}

// Texts made to be read again and again: time must stay linear.
TEST(Scrubber, IsNotSlowedDownByFalseStarts) {
  constexpr std::size_t kSizeBytes = 1 << 20;
  for (const std::string part : {"eyJ",
                                 "eyJhbGciOiJub25lIn0",
                                 "eyJa.",
                                 "sk-",
                                 "sk-a",
                                 "1//0",
                                 "EwB",
                                 "-----BEGIN ",
                                 "-----BEGIN PRIVATE KEY-----",
                                 "Bearer ",
                                 "Basic ",
                                 "Basic Zm9v",
                                 "=",
                                 "a=",
                                 "password=",
                                 "password=\"",
                                 "password: ",
                                 "\"password\":",
                                 "Cookie: a=",
                                 "a%3D",
                                 "%253D",
                                 "\\\"",
                                 "\\u0022",
                                 "://",
                                 "a:b@",
                                 "ghp_",
                                 "ory_at_",
                                 "&code=",
                                 ";a=",
                                 "[{",
                                 "{\"a\":\"",
                                 ",a",
                                 "user[",
                                 "Authorization: Bearer ",
                                 "--password ",
                                 " -token a",
                                 "<password>",
                                 "password= ",
                                 "https://a1b2c3d4e5f6g7h8i9j0k@",
                                 "https://hooks.slack.com/services/",
                                 "eyJhIjoxfQ",
                                 "\"password\" :",
                                 "set-cookie: a=b, "}) {
    std::string text;
    while (text.size() < kSizeBytes) {
      text += part;
    }
    const std::string out = Text(text);
    EXPECT_LE(out.size(), text.size() * 40) << part;
  }
}

// Any bytes at all: no crash, the same again the second time.
TEST(Scrubber, StandsAnyBytes) {
  static constexpr std::string_view kParts[] = {
      "password", "=",
      "\"",       ":",
      "code",     "&",
      "?",        "Bearer ",
      "eyJ",      ".",
      "\\",       "%",
      "25",       "3D",
      "{",        "}",
      "[",        "]",
      ",",        ";",
      " ",        "\n",
      "'",        "Cookie",
      "a",        "0",
      "\xff",     "\xc3\xa9",
      "u0022",    "***",
      "sha256:",  "://",
      "@",        "-----BEGIN PRIVATE KEY-----",
      "sk-",      "=>",
      "#",        "token"};
  std::mt19937 random(20260103);
  for (int i = 0; i < 20'000; ++i) {
    std::string text;
    for (std::size_t n = random() % 24; n > 0; --n) {
      text += kParts[random() % std::size(kParts)];
    }
    const std::string once = Text(text);
    EXPECT_EQ(Text(once), once) << text;
  }
}

}  // namespace
}  // namespace authseal
