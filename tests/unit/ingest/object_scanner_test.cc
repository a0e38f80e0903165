#include "lib/ingest/object_scanner.h"

#include <gtest/gtest.h>

namespace authseal {
namespace {

using Outcome = ObjectScanner::Outcome;

struct Case {
  const char* text;
  Outcome outcome;
  std::size_t size;  // of the object, or of what belongs to it so far
};

const Case kCases[] = {
    {"{}", Outcome::kComplete, 2},
    {"{} tail", Outcome::kComplete, 2},
    {"{\n\t\"a\" : [ 1 , -2.5e+3, true, null, \"x\" ]\r\n}\n",
     Outcome::kComplete, 44},
    {R"({"a":"}"})", Outcome::kComplete, 9},
    {R"({"a":"\"}"})", Outcome::kComplete, 11},
    {R"({"a":"\\"})", Outcome::kComplete, 10},
    {R"({"a":{"b":[{},[],{"c":""}]}})", Outcome::kComplete, 28},
    {"{", Outcome::kOpen, 1},
    {"{\"a", Outcome::kOpen, 3},
    {"{\"a\\", Outcome::kOpen, 4},
    {"{\"a\":1,\n", Outcome::kOpen, 8},
    {"{\"a\":1", Outcome::kOpen, 6},
    {"x", Outcome::kBroken, 0},
    {"[1]", Outcome::kBroken, 0},
    {"\"a\"", Outcome::kBroken, 0},
    {"{,", Outcome::kBroken, 1},
    {"{1", Outcome::kBroken, 1},
    {"{\"a\",", Outcome::kBroken, 4},
    {"{\"a\":,", Outcome::kBroken, 5},
    {"{\"a\":1]", Outcome::kBroken, 6},
    {"{\"a\":[1}", Outcome::kBroken, 7},
    {"{\"a\":1,}", Outcome::kBroken, 7},
    {"{\"a\":[1,]", Outcome::kBroken, 8},
    {"{\"a\":1 2}", Outcome::kBroken, 7},
    {"{\"a\":tr ue}", Outcome::kBroken, 8},
    {"{\"a\":\"x\n", Outcome::kBroken, 7},
    {"{\"a\":\"x\\\n", Outcome::kBroken, 8},
    {"{\"a\":\"x\t", Outcome::kBroken, 7},
    {"{\"a\":\xFF", Outcome::kBroken, 5},
    // A cut line, then the next record.
    {"{\"a\":1,\n{\"b\":2}\n", Outcome::kBroken, 8},
};

TEST(ObjectScanner, FindsTheEndOrTheFirstByteThatCannotBelong) {
  for (const Case& one : kCases) {
    ObjectScanner scanner;
    scanner.Reset();
    EXPECT_EQ(scanner.Feed(one.text), one.outcome) << one.text;
    EXPECT_EQ(scanner.size_bytes(), one.size) << one.text;
  }
}

TEST(ObjectScanner, DoesNotCareHowTheTextIsCut) {
  for (const Case& one : kCases) {
    const std::string_view text = one.text;
    for (std::size_t cut = 0; cut <= text.size(); ++cut) {
      ObjectScanner scanner;
      scanner.Reset();
      Outcome outcome = scanner.Feed(text.substr(0, cut));
      if (outcome == Outcome::kOpen) {
        outcome = scanner.Feed(text.substr(cut));
      }
      EXPECT_EQ(outcome, one.outcome) << one.text << " cut at " << cut;
      EXPECT_EQ(scanner.size_bytes(), one.size) << one.text;
    }
  }
}

TEST(ObjectScanner, BeginsAnewAfterReset) {
  ObjectScanner scanner;
  scanner.Reset();
  EXPECT_EQ(scanner.Feed("{\"a\":\"\\"), Outcome::kOpen);
  scanner.Reset();
  EXPECT_EQ(scanner.Feed("{\n}"), Outcome::kComplete);
  EXPECT_EQ(scanner.size_bytes(), 3u);
  EXPECT_EQ(scanner.line_feed_count(), 1u);
}

TEST(ObjectScanner, GivesUpBeyondTheDepthThatParsersTake) {
  std::string deep;
  for (std::size_t i = 0; i < kJsonDepthMax; ++i) {
    deep += "{\"a\":";
  }
  ObjectScanner scanner;
  scanner.Reset();
  EXPECT_EQ(scanner.Feed(deep), Outcome::kOpen);
  EXPECT_EQ(scanner.Feed("["), Outcome::kBroken);
}

TEST(AppendFolded, DropsOnlyWhiteSpaceOutsideStrings) {
  std::string out = "before ";
  AppendFolded("{\r\n\t\"a b\" : \" x\\\" , \\\\\" ,\n \"c\": [ 1, 2 ]\n}",
               out);
  EXPECT_EQ(out, "before {\"a b\":\" x\\\" , \\\\\",\"c\":[1,2]}");
}

}  // namespace
}  // namespace authseal
