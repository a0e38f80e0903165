#include "lib/ingest/record_maker.h"

#include <random>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lib/archive/format.h"
#include "tests/unit/ingest/unwrap.h"

namespace authseal {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

const EventMapper& Mapper() {
  static const EventMapper mapper = *EventMapper::Create({});
  return mapper;
}

class RecordMakerTest : public ::testing::Test {
 protected:
  std::string Make(std::string_view line) {
    return std::string(maker_.Make(line).text);
  }
  RecordMaker maker_{Mapper(), ""};
};

struct Case {
  std::string line;
  std::string record;  // "": as the line stands
  std::optional<UnparsedReason> reason;
};

TEST_F(RecordMakerTest, KeepsWrapsAndSaysWhy) {
  using R = UnparsedReason;
  const std::string nul("a\0b", 3);
  const Case cases[] = {
      {R"({"a":1})", "", {}},
      {R"( {"a":1}	)", "", {}},
      {R"({"a":1,"a":2})", "", {}},
      {R"({"a":12345678901234567890123,"b":"\ud800"})", "", {}},
      {R"({})", "", {}},
      {R"({"x":{"authseal":1}})", "", {}},
      {R"(<34>Oct 11 host app: {"a":1})",
       R"({"authseal":{"prefix":"<34>Oct 11 host app: ","line":{"a":1}}})",
       {}},
      {R"([12:00:01 INF] "q" {"a":{"b":1}})",
       R"({"authseal":{"prefix":"[12:00:01 INF] \"q\" ","line":{"a":{"b":1}}}})",
       {}},
      {R"(a {b} {"c":1} )",
       R"({"authseal":{"prefix":"a {b} ","line":{"c":1} }})",
       {}},
      {R"(x {"a":{"b":1} {"c":2})",
       R"({"authseal":{"prefix":"x {\"a\":{\"b\":1} ","line":{"c":2}}})",
       {}},
      {"hello",
       R"({"authseal":{"unparsed":{"reason":"not-json","text":"hello"}}})",
       R::kNotJson},
      {"a \\ \"\t",
       R"({"authseal":{"unparsed":{"reason":"not-json","text":"a \\ \"\t"}}})",
       R::kNotJson},
      {R"({"a":1)",
       R"({"authseal":{"unparsed":{"reason":"not-json","text":"{\"a\":1"}}})",
       R::kNotJson},
      // A broken object is not a text before the object within it.
      {R"({"a":{"b":1})",
       R"({"authseal":{"unparsed":{"reason":"not-json","text":"{\"a\":{\"b\":1}"}}})",
       R::kNotJson},
      {R"({"a":1}{"b":2})",
       R"({"authseal":{"unparsed":{"reason":"not-json","text":"{\"a\":1}{\"b\":2}"}}})",
       R::kNotJson},
      {"done {}",
       R"({"authseal":{"unparsed":{"reason":"not-json","text":"done {}"}}})",
       R::kNotJson},
      {"[1,2]",
       R"({"authseal":{"unparsed":{"reason":"not-object","text":"[1,2]"}}})",
       R::kNotObject},
      {"\"s\"",
       R"({"authseal":{"unparsed":{"reason":"not-object","text":"\"s\""}}})",
       R::kNotObject},
      {"null",
       R"({"authseal":{"unparsed":{"reason":"not-object","text":"null"}}})",
       R::kNotObject},
      {"\xFF\xFE",
       R"({"authseal":{"unparsed":{"reason":"utf8","base64":"//4="}}})",
       R::kUtf8},
      {"{\"a\":\"\xC3\"}",
       R"({"authseal":{"unparsed":{"reason":"utf8","base64":"eyJhIjoiwyJ9"}}})",
       R::kUtf8},
      {nul, R"({"authseal":{"unparsed":{"reason":"nul","text":"a\u0000b"}}})",
       R::kNul},
      {R"({"authseal":{"seal":{}}})",
       R"({"authseal":{"unparsed":{"reason":"reserved","text":"{\"authseal\":{\"seal\":{}}}"}}})",
       R::kReserved},
      {R"({"\u0061uthseal":1})",
       R"({"authseal":{"unparsed":{"reason":"reserved","text":"{\"\\u0061uthseal\":1}"}}})",
       R::kReserved},
      {R"( {"a":1,"authseal":null})",
       R"({"authseal":{"unparsed":{"reason":"reserved","text":" {\"a\":1,\"authseal\":null}"}}})",
       R::kReserved},
      {R"(x {"authseal":1})",
       R"({"authseal":{"unparsed":{"reason":"reserved","text":"x {\"authseal\":1}"}}})",
       R::kReserved},
  };
  for (const Case& one : cases) {
    const MadeRecord made = maker_.Make(one.line);
    EXPECT_EQ(made.text, one.record.empty() ? one.line : one.record);
    EXPECT_EQ(made.unparsed, one.reason) << one.line;
    EXPECT_FALSE(made.in_parts);
    EXPECT_EQ(made.scrubbed_count, 0u);
    EXPECT_EQ(Unwrap(made.text).bytes, one.line);
  }
}

TEST_F(RecordMakerTest, KeepsADepthOf100000AsText) {
  const std::string deep(100'000, '[');
  EXPECT_EQ(maker_.Make(deep + std::string(100'000, ']')).unparsed,
            UnparsedReason::kTooDeep);
  std::string object;
  for (int i = 0; i < 100'000; ++i) {
    object += "{\"a\":";
  }
  EXPECT_EQ(maker_.Make(object + "1" + std::string(100'000, '}')).unparsed,
            UnparsedReason::kTooDeep);
  EXPECT_EQ(
      maker_.Make("x " + object + "1" + std::string(100'000, '}')).unparsed,
      UnparsedReason::kTooDeep);
}

TEST_F(RecordMakerTest, TriesAFewObjectsBehindTextOnly) {
  std::string braces = "x";
  for (int i = 0; i < 2'000'000; ++i) {
    braces += "{\"";
  }
  EXPECT_EQ(maker_.Make(braces + "}").unparsed, UnparsedReason::kNotJson);
}

TEST_F(RecordMakerTest, LeavesWhatWouldGrowTooLargeToParts) {
  const std::string growing(4u << 20, '\x01');  // six bytes each as text
  const MadeRecord made = maker_.Make(growing);
  EXPECT_TRUE(made.in_parts);
  EXPECT_EQ(made.unparsed, UnparsedReason::kTooLong);
  EXPECT_TRUE(made.text.empty());
  // As parts, nothing is lost.
  std::string_view rest = growing;
  std::string joined;
  std::uint64_t number = 0;
  while (!rest.empty()) {
    const std::string_view piece = rest.substr(0, NextPartSizeBytes(rest));
    rest.remove_prefix(piece.size());
    const MadeRecord part =
        maker_.MakePart(piece, number++, /*last=*/rest.empty());
    const Unwrapped unwrapped = Unwrap(part.text);
    EXPECT_EQ(unwrapped.ends_line, rest.empty());
    joined += unwrapped.bytes;
  }
  EXPECT_TRUE(joined == growing);
}

TEST_F(RecordMakerTest, KeepsAnUnparsedLineOfTheLimitWhereItFits) {
  const std::string text(15u << 20, 'x');
  const MadeRecord made = maker_.Make(text);
  EXPECT_FALSE(made.in_parts);
  EXPECT_TRUE(Unwrap(made.text).bytes == text);
}

TEST_F(RecordMakerTest, TakesSecretsOutOfEveryKindOfRecord) {
  const std::string token =
      "eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0."
      "c2lnbmF0dXJlc2lnbmF0dXJlc2lnbmF0dXJl";
  const std::string lines[] = {
      R"({"access_token":")" + token + R"("})",
      R"(app: {"access_token":")" + token + R"("})",
      "Authorization: Bearer " + token + R"( {"a":1})",
      "GET /cb?access_token=" + token + " HTTP/1.1",
      R"({"access_token":")" + token + R"(","authseal":1})",
      R"(x {"access_token":")" + token + R"(","authseal":1})",
      R"([{"access_token":")" + token + R"("}, 1])",
      "\xFF Authorization: Bearer " + token,
  };
  for (const std::string& line : lines) {
    const MadeRecord made = maker_.Make(line);
    EXPECT_GE(made.scrubbed_count, 1u) << line;
    EXPECT_THAT(std::string(made.text), Not(HasSubstr(token))) << line;
    EXPECT_THAT(Unwrap(made.text).bytes, Not(HasSubstr(token))) << line;
  }
  const MadeRecord part = maker_.MakePart("a Bearer " + token + " b", 0, false);
  EXPECT_THAT(Unwrap(part.text).bytes, Not(HasSubstr(token)));
}

TEST_F(RecordMakerTest, GivesBackAnyBytes) {
  std::mt19937 random(20261123);
  const std::string_view alphabet("{}[]\":,\\ax1 \t\xC3\xA4\xFF\x00\x7F", 19);
  for (int round = 0; round < 20'000; ++round) {
    std::string line(1 + random() % 24, ' ');
    for (char& c : line) {
      c = alphabet[random() % alphabet.size()];
    }
    const std::string record = Make(line);
    EXPECT_EQ(Unwrap(record).bytes, line);
    EXPECT_THAT(record, Not(HasSubstr("\n")));
  }
}

}  // namespace
}  // namespace authseal
