// The shortcuts of the scrubber find what the long way round finds.
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "lib/scrub/name_class_cache.h"
#include "lib/scrub/secret_finder.h"
#include "lib/scrub/text_anchors.h"
#include "lib/scrub/text_scan.h"
#include "lib/scrub/token_prefixes.h"
#include "lib/scrub/token_shapes.h"

namespace authseal {
namespace {

// Pieces of which secrets in running text are made, whole ones and halves.
const std::vector<std::string> kPieces = {
    "Bearer ",
    "bearer abcDEF123456789012345",
    "BEARER ",
    "Basic YTpi",
    "DPoP a1B2c3D4e5F6g7H8i9J0",
    "SSWS 00abcdefghijklmnopqrst12",
    "eyJhbGciOiJub25lIn0.eyJhIjoxfQ.abc",
    "eyJ",
    "J",
    "ghp_0123456789abcdef0123",
    "npm_abcdefghijklmnopqrstuvwxyz01234567",
    "xoxb-1234567890-abc",
    "ya29.abcdefghijklmnop12",
    "1//0abcdefghij1234567890",
    "EwB" + std::string(100, '7'),
    "GOCSPX-abcdefghijklmnopqrst1",
    "glagent-0123456789abcdef",
    "password=hunter2",
    "password: hunter2",
    "\"password\" : \"hunter2\"",
    "'token':'a1B2c3D4e5F6g7H8i9J0'",
    "x-token-: a1B2c3D4e5F6g7H8i9J0",
    "Authorization: Basic YTpi",
    "Set-Cookie: sid=abc; Path=/",
    "map[token:[a1B2c3D4e5F6g7H8i9J0]]",
    "token a1B2c3D4e5F6g7H8i9J0",
    "code is 'a1B2c3D4e5F6g7H8i9J0'",
    "Assertion a1B2c3D4e5F6g7H8i9J0 ",
    "nonce ",
    "--password hunter2",
    "-ClientSecret hunter2",
    "curl -u bob:hunter2",
    "<password>hunter2</password>",
    "-----BEGIN PRIVATE KEY-----",
    "https://bob:hunter2@host/",
    "https://a1B2c3D4e5F6g7H8i9J0@host/",
    "https://hooks.slack.com/services/T0/B0/abcdefghijklmnop",
    "?code=abc&state=xyz",
    "access_token%3Dabcdef0123456789",
    "%22token%22%3A%22a1B2c3D4e5F6g7H8i9J0%22",
    "{\\\"token\\\":\\\"a1B2c3D4e5F6g7H8i9J0\\\"}",
    "\\u0022",
    "\\",
    "=",
    ":",
    "://",
    " ",
    "-",
    "_",
    ".",
    "/",
    "w",
    "%41",
    ">",
    "2026-01-01T00:00:00Z",
    "urn:ietf:params:oauth:grant-type:jwt-bearer",
    "5ac3637d-5758-48ad-a697-16f4651077cd",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64)",
    "\xff\xfe",
    "\xc3\xa4",
    std::string(1, '\0'),
    "\n",
    "ordinary words",
    std::string(15, 'a'),
    std::string(16, 'b'),
    std::string(33, 'c'),
};

// One after the other, 1 to 6 pieces, cut at either end.
std::string RandomText(std::mt19937& random) {
  std::string text;
  for (auto count = 1 + random() % 6; count > 0; --count) {
    text += kPieces[random() % kPieces.size()];
  }
  const std::size_t begin = random() % 4 == 0 ? random() % text.size() : 0;
  text.erase(0, begin);
  if (random() % 4 == 0) {
    text.resize(random() % (text.size() + 1));
  }
  return text;
}

bool IsAnchor(char c) {
  return std::string_view("_./w=: -J%\\>").find(c) != std::string_view::npos;
}

// A scan that stops at every anchor, whatever stands beside it.
ScrubEdits EditsTheLongWay(std::string_view text, bool is_form) {
  SecretFinder finder;
  ScrubEdits edits;
  TextScan scan(finder, text, is_form, 0, edits);
  for (std::size_t at = 0; at < text.size();) {
    at = IsAnchor(text[at]) ? scan.LookAt(at) : at + 1;
  }
  scan.Finish();
  return edits;
}

std::string Shown(const ScrubEdits& edits) {
  std::string out;
  for (const ScrubEdit& edit : edits) {
    out += std::to_string(edit.begin) + "-" + std::to_string(edit.end) + " " +
           edit.text + "\n";
  }
  return out;
}

// What one anchor alone finds where FindAnchor passes over it: nothing.
TEST(FindAnchor, PassesOverNoPlaceWhereSomethingIsFound) {
  std::mt19937 random(20260101);
  std::size_t passed_over = 0;
  std::size_t found = 0;
  for (int i = 0; i < 60'000; ++i) {
    const std::string text = RandomText(random);
    for (std::size_t at = 0; at < text.size(); ++at) {
      if (!IsAnchor(text[at])) {
        ASSERT_NE(FindAnchor(text, at), at) << text;
        continue;
      }
      if (FindAnchor(text, at) == at) {
        ++found;
        continue;
      }
      ++passed_over;
      SecretFinder finder;
      ScrubEdits edits;
      ASSERT_EQ(TextScan(finder, text, i % 2 == 0, 0, edits).LookAt(at), at + 1)
          << text << " at " << at;
      ASSERT_EQ(Shown(edits), "") << text << " at " << at;
    }
  }
  EXPECT_GT(passed_over, 100'000u);
  EXPECT_GT(found, 100'000u);
}

// Steps of 16 bytes, the last ones and short texts give the same places.
TEST(FindAnchor, FindsTheSameFromEveryPlaceAtEveryAlignment) {
  std::mt19937 random(7);
  for (int i = 0; i < 3'000; ++i) {
    const std::string text = RandomText(random);
    // Where each byte alone, with what stands before and behind, counts.
    std::size_t next = text.size();
    for (std::size_t from = text.size(); from-- > 0;) {
      const std::size_t here = FindAnchor(text, from);
      ASSERT_TRUE(here == from || here == next) << text << " from " << from;
      next = here;
    }
  }
}

TEST(FindAnchor, KnowsEveryByteThatTextScanKnows) {
  for (int byte = 0; byte < 256; ++byte) {
    // At the front, where '-' and ' ' count most, behind letters and in the
    // middle of 16 bytes.
    const char c = static_cast<char>(byte);
    const bool always = std::string_view("=%\\>").find(c) != std::string::npos;
    for (const std::size_t before : {0u, 1u, 7u, 15u, 16u, 40u}) {
      const std::string text =
          std::string(before, 'q') + c + std::string(20, 'q');
      const std::size_t found = FindAnchor(text, 0);
      const bool dash_in_front = c == '-' && before == 0;
      const bool colon_behind_name = c == ':' && before > 0;
      EXPECT_EQ(found == before, always || dash_in_front || colon_behind_name)
          << byte << " behind " << before;
      EXPECT_TRUE(found == before || found == text.size());
    }
  }
}

TEST(FindInText, FindsWhatLookingAtEveryAnchorFinds) {
  std::mt19937 random(99);
  for (int i = 0; i < 20'000; ++i) {
    const std::string text = RandomText(random);
    SecretFinder finder;
    ScrubEdits edits;
    finder.FindInText(text, i % 2 == 0, 0, edits);
    ASSERT_EQ(Shown(edits), Shown(EditsTheLongWay(text, i % 2 == 0))) << text;
  }
}

TEST(MayBePrefixed, LeavesOutNoPrefix) {
  std::mt19937 random(3);
  std::size_t matches = 0;
  for (int i = 0; i < 60'000; ++i) {
    const std::string text = RandomText(random);
    for (std::size_t at = 1; at < text.size(); ++at) {
      if (std::string_view("_-./w").find(text[at]) != std::string_view::npos &&
          MatchPrefixed(text, at).has_value()) {
        ASSERT_TRUE(MayBePrefixed(text, at)) << text << " at " << at;
        ++matches;
      }
    }
  }
  EXPECT_GT(matches, 5'000u);
}

TEST(NameClassCache, SaysWhatClassifyNameSays) {
  const std::vector<std::string> stems = {
      "token",
      "access_token",
      "Access-Token",
      "password",
      "code",
      "state",
      "x-api-key",
      "kty",
      "d",
      "name",
      "value",
      "cookie",
      "Set-Cookie",
      "query",
      "qs",
      "client.secret",
      "",
      "\xff",
      "sub",
      "a b",
      "HTTP_AUTHORIZATION",
      "authrequestaccesstoken",
      "ocp-apim-subscription-key-of-somebody-else"};
  std::mt19937 random(11);
  NameClassCache cache;
  for (int i = 0; i < 200'000; ++i) {
    std::string name = stems[random() % stems.size()];
    switch (random() % 4) {
      case 0:  // far more names than places, so that they push each other out
        name += std::to_string(random() % 5'000);
        break;
      case 1:
        name.insert(random() % (name.size() + 1), 1,
                    static_cast<char>(random()));
        break;
      case 2:
        name.resize(random() % (name.size() + 1));
        break;
      default:
        break;
    }
    ASSERT_EQ(cache.Classify(name), ClassifyName(name)) << name;
  }
}

}  // namespace
}  // namespace authseal
