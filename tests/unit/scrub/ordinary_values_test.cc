// A document whose shape is known is searched in the quick way, with one pass
// for all its strings; what is found is what a document without one gives.
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "lib/base/check.h"
#include "lib/json/document.h"
#include "lib/json/shape.h"
#include "lib/scrub/line_anchors.h"
#include "lib/scrub/scrubber.h"

namespace authseal {
namespace {

const std::vector<std::string> kNames = {
    "msg",           "type",        "name",
    "displayName",   "value",       "code",
    "state",         "query",       "qs",
    "url",           "scope",       "access_token",
    "cookie",        "sig",         "userAgent",
    "Authorization", "tok\\u0065n", "https://claims.example.com/?code=abc",
};

// As they stand in JSON: with escapes, surrogates, whole and lone.
const std::vector<std::string> kPieces = {
    "",
    "e",
    "ew",
    "eyJ",
    "eu-central-1",
    "ordinary words",
    "Bearer abcDEF123456789012345",
    "Basic YTpi",
    "eyJhbGciOiJub25lIn0.eyJhIjoxfQ.abc",
    "eyJ0b2tlbiI6ImExQjJjM0Q0ZTVGNmc3SDhpOUowIn0",
    "{\\\"token\\\":\\\"a1B2c3D4e5F6g7H8i9J0\\\"}",
    "ewoidG9rZW4iOiJhMUIyYzNENGU1RjZnN0g4aTlKMCJ9",
    "code=abc",
    "[]",
    " {}",
    "00abcdefABCDEFabcdefABCDEFabcdefABCDEF0123",
    "ghp_0123456789abcdef0123",
    "xoxb-1234567890-abc",
    "1//0abcdefghij1234567890",
    "SG.abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG",
    "password=hunter2",
    "password: hunter2",
    "?code=abc&state=xyz",
    "access_token=abcdef0123456789",
    "access_token%3Dabcdef0123456789",
    "AUTH0_CLIENT_SECRET=hunter2",
    "https://bob:hunter2@host/",
    "1://bob:hunter2@host/",
    "https://hooks.slack.com/services/T0/B0/abcdefghijklmnop",
    "--password hunter2",
    "-----BEGIN PRIVATE KEY-----",
    "<password>hunter2</password>",
    "a1B2c3D4e5F6g7H8i9J0",
    "token a1B2c3D4e5F6g7H8i9J0",
    "cookie",
    "Cookie",
    "\\u00e4\\ud83d\\ude00",
    "\\ud800",
    "\\\\",
    "\\n",
    "\xc3\xa4",
    "5ac3637d-5758-48ad-a697-16f4651077cd",
    "2026-01-01T00:00:00Z",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64)",
};

std::string RandomString(std::mt19937& random) {
  std::string text = "\"";
  for (auto count = random() % 4; count > 0; --count) {
    text += kPieces[random() % kPieces.size()];
  }
  if (random() % 50 == 0) {
    text += std::string(random() % 300, 'q') + "=";
  }
  if (random() % 500 == 0) {
    text += std::string(LineAnchors::kLineBytesMax, 'q') + "&code=abc";
  }
  return text + '"';
}

std::string RandomScalar(std::mt19937& random) {
  const std::vector<std::string> others = {"null", "true", "0", "-1.5e3",
                                           "1234567890123456789"};
  return random() % 4 == 0 ? others[random() % others.size()]
                           : RandomString(random);
}

// A template with a '$' for each scalar.
std::string RandomShape(std::mt19937& random, int depth) {
  std::string text = "{";
  for (auto count = 1 + random() % 5; count > 0; --count) {
    text += '"' + kNames[random() % kNames.size()] + "\":";
    const auto kind = depth == 0 ? 9 : random() % 10;
    text += kind == 0   ? RandomShape(random, depth - 1)
            : kind == 1 ? "[$,$]"
            : kind == 2 ? "[" + RandomShape(random, depth - 1) + "]"
                        : "$";
    text += ',';
  }
  text.back() = '}';
  return text;
}

std::string Filled(const std::string& shape, std::mt19937& random) {
  std::string text;
  for (const char c : shape) {
    if (c == '$') {
      text += RandomScalar(random);
    } else {
      text += c;
    }
  }
  return text;
}

std::string Found(Scrubber& scrubber, const std::string& record,
                  const JsonDocument& document) {
  // One that leads somewhere in most records, one that a duplicate has too.
  const std::vector<std::string> pointers = {"/msg", "/type", "/value/msg"};
  std::string out;
  std::string found =
      std::to_string(scrubber.ScrubJson(record, document, pointers, out));
  for (const ScrubEdit& edit : scrubber.edits()) {
    found += "\n" + std::to_string(edit.begin) + "-" +
             std::to_string(edit.end) + " " + edit.text;
  }
  return found + "\n" + out;
}

TEST(OrdinaryValues, OfAKnownShapeGiveWhatTheyGiveWithoutOne) {
  std::mt19937 random(20260101);
  JsonShapes shapes;
  Scrubber scrubber;  // lives through all records
  std::size_t known = 0;
  for (int i = 0; i < 1'500; ++i) {
    const std::string shape = RandomShape(random, 2);
    for (int sibling = 0; sibling < 12; ++sibling) {
      const std::string record = Filled(shape, random);
      JsonDocument document;
      ASSERT_EQ(document.Parse(record), JsonFault::kNone) << record;
      Scrubber fresh;
      const std::string wanted = Found(fresh, record, document);
      shapes.Recognise(document);
      known += document.shape() != nullptr ? 1U : 0U;
      ASSERT_EQ(Found(scrubber, record, document), wanted) << record;
    }
  }
  EXPECT_GT(known, 10'000u);
}

}  // namespace
}  // namespace authseal
