// This file is longer than 400 lines because it is a table of texts.
// What is JSON and what is not, after the shapes of the JSONTestSuite by
// Nicolas Seriot; the cases themselves are written for this project.
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "lib/json/document.h"

namespace authseal {
namespace {

using namespace std::string_literals;

JsonFault FaultOf(const std::string& text) {
  JsonDocument document;
  return document.Parse(text);
}

TEST(JsonGrammar, AcceptsEveryValidForm) {
  const std::vector<std::string> texts = {
      "null",
      "true",
      "false",
      "0",
      "-0",
      "1",
      "-1",
      "10",
      "123456789",
      "0.0",
      "-0.0",
      "1.5",
      "-1.5e10",
      "1E5",
      "1e+5",
      "1e-5",
      "0e0",
      "0E+1",
      "123e65",
      "1.7976931348623157e308",
      "\"\"",
      "\"a\"",
      "\" \"",
      "[]",
      "{}",
      "[ ]",
      "{ }",
      "[[]]",
      "[{}]",
      "[null]",
      "[1]",
      "[1,2]",
      "[1 , 2]",
      " [1]",
      "[1] ",
      "\t\n\r [\n1\r,\t2 ] \n",
      "{\"a\":1}",
      "{\"a\":1,\"b\":2}",
      "{\"\":0}",
      "{\"a\":{\"b\":{}}}",
      "[[[],[]],{},[{}]]",
      "{\"a\":[]}",
      "{\"a\":[1,{\"b\":null}],\"c\":true}",
      "[\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"]",
      "[\"\\u0000\"]",
      "[\"\\uABCD\"]",
      "[\"\\uabcd\\u1234\"]",
      "[\"\\ud83d\\ude00\"]",
      "[\"\\\\u0000\"]",
      "[\"\\\\\"]",
      "[\"\\\\\\\\\"]",
      "[\"\\\\\\\"\"]",
      "[\"\x7f\"]",
      "[\"\xc3\xa9\"]",
      "[\"\xe2\x82\xac\"]",
      "[\"\xf0\x9f\x98\x80\"]",
      "[\"\xe2\x80\xa8\"]",
      "[\"\xef\xbf\xbf\"]",
      "[\"\xf4\x8f\xbf\xbf\"]",
      "{\"\xc3\xa9\":1}",
      "{\"\\u0041\":1}",
      "[\"//\"]",
      "[\"/*a*/\"]",
      "[\"[{,:}]\"]",
      "{\"a\\\"b\":\"c\\\"d\"}",
      "[true,false,null]",
      "[-1,0,1]",
      "[1.0,2e3]",
      "\"\xef\xbb\xbf\"",
  };
  for (const std::string& text : texts) {
    EXPECT_EQ(FaultOf(text), JsonFault::kNone) << text;
  }
}

TEST(JsonGrammar, AcceptsWhatOthersRefuse) {
  const std::vector<std::string> texts = {
      // Duplicate members.
      R"({"a":1,"a":2})",
      R"({"a":1,"a":1})",
      R"({"a":1,"\u0061":2})",
      // Numbers beyond 64 bits and beyond a double.
      "123456789012345678901234567890",
      "-99999999999999999999999999",
      "1e400",
      "-1e-400",
      "0.4e00669999999999999999999999999999",
      "1e9999",
      // Lone and swapped surrogates, noncharacters.
      R"(["\ud800"])",
      R"(["\udfff"])",
      R"(["\udc00\ud800"])",
      R"(["\ud800a"])",
      R"(["\ud800\n"])",
      R"(["\ud800\ud800"])",
      R"(["\uDd1e\uD834"])",
      R"({"\uDFAA":0})",
      R"(["\uFFFF\uFFFE"])",
  };
  for (const std::string& text : texts) {
    EXPECT_EQ(FaultOf(text), JsonFault::kNone) << text;
  }
}

TEST(JsonGrammar, RefusesWhatIsNotJson) {
  const std::vector<std::string> texts = {
      // Nothing, or no value.
      "",
      " ",
      "\n",
      ",",
      ":",
      "]",
      "}",
      "-",
      "\\",
      "'",
      "'a'",
      "a",
      "\"",
      "\xef\xbb\xbf{}",
      "\xef\xbb\xbf",
      "\0"s,
      "[\0]"s,
      "{}\0"s,
      "\f[]",
      "[\v1]",
      "[\x1a]",
      "[\f]",
      "[1\f]",
      "\xe2\x81\xa0[1]",
      "[\xc2\xa0]",
      // Literals.
      "nul",
      "nulll",
      "tru",
      "truee",
      "fals",
      "True",
      "NULL",
      "[nul]",
      "[truex]",
      "[true false]",
      "true\"x\"",
      "[true\"x\"]",
      "null\\",
      "[fals\xc3\xa9]",
      "undefined",
      "NaN",
      "-NaN",
      "Infinity",
      "-Infinity",
      // Numbers.
      "01",
      "-01",
      "00",
      "+1",
      "++1",
      "--1",
      "-",
      "-a",
      "1.",
      "-1.",
      ".1",
      "-.1",
      "1.e1",
      "1e",
      "1e+",
      "1E-",
      "1ea",
      "1e1.5",
      "1.2.3",
      "0x1",
      "0x",
      "1_000",
      "1a",
      "-1x",
      "[1 000]",
      "[1 2]",
      "12\"x\"",
      "[1\"x\"]",
      "1\\",
      "[1+2]",
      "[0e]",
      "[0e+]",
      "[2.e+3]",
      "[1:2]",
      "\xef\xbc\x91",
      "[-]",
      "[.]",
      "[e1]",
      "[1e1e1]",
      "[- 1]",
      // Strings.
      "\"a",
      "[\"a]",
      "\"\\\"",
      "[\"\\\"]",
      "[\"\\x\"]",
      "[\"\\a\"]",
      "[\"\\'\"]",
      "[\"\\0\"]",
      "[\"\\ \"]",
      "[\"\\\xc3\xa9\"]",
      "[\"\\u\"]",
      "[\"\\u1\"]",
      "[\"\\u12\"]",
      "[\"\\u123\"]",
      "[\"\\u12G4\"]",
      "[\"\\u 123\"]",
      "[\"\\u+123\"]",
      "[\"\\U0041\"]",
      "[\"\\ud800\\u\"]",
      "[\"\\ud800\\u1\"]",
      "[\"\\\0\"]"s,
      "[\"\n\"]",
      "[\"\t\"]",
      "[\"\x1f\"]",
      "[\"\0\"]"s,
      "\"a\"\"b\"",
      "[\"a\"\"b\"]",
      "[\"a\"b]",
      "[\"a\"1]",
      "[a\"b\"]",
      "[\\\"a\"]",
      "[\\u0022a\\u0022]",
      "\"a\"x",
      "\"a\"\\",
      "[\"\\u00A",
      "\"\\u",
      "{\"\\q\":1}",
      // Arrays.
      "[",
      "]",
      "[1",
      "[1,",
      "[,",
      "[,]",
      "[,1]",
      "[1,]",
      "[1,,2]",
      "[1,,]",
      "[1]]",
      "[1}",
      "[}",
      "[]]",
      "[][]",
      "[] []",
      "[1],",
      "[1]x",
      "[1]1",
      "[\"a\":1]",
      "[:]",
      "[1;2]",
      "[[1]",
      "[3[4]]",
      "[\"x\"",
      "[\"x\",",
      // Objects.
      "{",
      "}",
      "{]",
      "{}}",
      "{},",
      "{}{}",
      "{1:1}",
      "{a:1}",
      "{'a':1}",
      "{\"a\"}",
      "{\"a\":}",
      "{\"a\":1",
      "{\"a\"",
      "{\"a\":",
      "{\"a\":1,",
      "{\"a\":1,}",
      "{,}",
      "{,\"a\":1}",
      "{\"a\":1,,\"b\":2}",
      "{\"a\" 1}",
      "{\"a\",1}",
      "{\"a\"::1}",
      "{\"a\":1 \"b\":2}",
      "{\"a\":1:2}",
      "{:1}",
      "{null:1}",
      "{[]:1}",
      "{{}:1}",
      "{\"a\":1]",
      "[{\"a\":1]}",
      "{\"a\":1}x",
      "{\"a\":1}//",
      "{\"a\":1}#",
      "{\"a\":1}/**/",
      "{\"a\":/**/1}",
      "{\"a\":\"a",
      "{\"a\":\"a}",
      "{\"a\":tru}",
      "{\"a\":\"b\"c}",
      "{\"a\"b:1}",
      "{\"a\":1}\"",
      "{\"a\":1}}",
      "*",
      "<null>",
      "[<null>]",
      "{\"x\", null}",
      "[\xe2\x80\x9c]",
  };
  for (const std::string& text : texts) {
    EXPECT_EQ(FaultOf(text), JsonFault::kSyntax) << text;
  }
}

TEST(JsonGrammar, TellsBytesThatAreNoTextFromSyntax) {
  const std::vector<std::string> texts = {
      "[\"\xff\"]",
      "[\"\xc0\xaf\"]",
      "[\"\xc3\"]",
      "[\"\xe0\xff\"]",
      "[\"\xed\xa0\x80\"]",
      "[\"\xf4\xbf\xbf\xbf\"]",
      "[\"\xf8\x88\x80\x80\x80\"]",
      "[\"\x81\"]",
      "\xff",
      "[\xe5]",
      "{\"\xb9\":0}",
      "[1]\xff",
      "\xff{}",
      "\xfe\xff\0[\0]"s,
      "[\"a\xe2\x82\"]",
      "[\"\xe2\x82",
      // Several faults at once: not being text weighs most.
      "[\"\xff",
      "[\"\n\xff\"]",
      "[1,,\"\xff\"]",
  };
  for (const std::string& text : texts) {
    EXPECT_EQ(FaultOf(text), JsonFault::kUtf8) << testing::PrintToString(text);
  }
}

TEST(JsonGrammar, CountsDepthNotSize) {
  const auto arrays = [](std::size_t depth) {
    return std::string(depth, '[') + std::string(depth, ']');
  };
  EXPECT_EQ(FaultOf(arrays(kJsonDepthMax)), JsonFault::kNone);
  EXPECT_EQ(FaultOf(arrays(kJsonDepthMax + 1)), JsonFault::kTooDeep);
  EXPECT_EQ(FaultOf(arrays(1'000'000)), JsonFault::kTooDeep);
  EXPECT_EQ(FaultOf(std::string(1'000'000, '[')), JsonFault::kTooDeep);
  std::string objects;
  for (std::size_t i = 0; i < 500'000; ++i) {
    objects += "{\"a\":";
  }
  EXPECT_EQ(FaultOf(objects), JsonFault::kTooDeep);
  std::string wide = "[";
  for (std::size_t i = 0; i < 10'000; ++i) {
    wide += arrays(kJsonDepthMax - 1) + ",";
  }
  wide.back() = ']';
  EXPECT_EQ(FaultOf(wide), JsonFault::kNone);
}

TEST(JsonGrammar, SaysWhereTheFaultIs) {
  struct Case {
    std::string text;
    std::size_t offset_bytes;
  };
  const std::vector<Case> cases = {
      {"", 0},           {"x", 0},      {"[1,x]", 3},      {"[1 2]", 3},
      {"{\"a\" 1}", 5},  {"[1]]", 3},   {"[1", 2},         {"[01]", 2},
      {"[\"a\\q\"]", 3}, {"[\"abc", 1}, {"[\"a\nb\"]", 3}, {"[\"a\xff\"]", 3},
  };
  for (const Case& c : cases) {
    JsonDocument document;
    ASSERT_NE(document.Parse(c.text), JsonFault::kNone) << c.text;
    EXPECT_EQ(document.fault_offset_bytes(), c.offset_bytes) << c.text;
  }
}

// Stage 1 works on blocks of 64 bytes: every construct across every border.
TEST(JsonGrammar, DoesNotDependOnAlignment) {
  for (std::size_t lead = 0; lead < 130; ++lead) {
    const std::string pad(lead, ' ');
    EXPECT_EQ(FaultOf(pad + R"({"a\\\"\\":["\\\\",-1.5e+3,null]})"),
              JsonFault::kNone)
        << lead;
    EXPECT_EQ(FaultOf(pad + R"(["\\\"])"), JsonFault::kSyntax) << lead;
    EXPECT_EQ(FaultOf(pad + "[12\"x\"]"), JsonFault::kSyntax) << lead;
    EXPECT_EQ(FaultOf(pad + "[true"), JsonFault::kSyntax) << lead;
    EXPECT_EQ(FaultOf(pad + "[\"\xe2\x82\xac\"]"), JsonFault::kNone) << lead;
    EXPECT_EQ(FaultOf(pad + "[\"\xe2\x82\"]"), JsonFault::kUtf8) << lead;
    EXPECT_EQ(FaultOf(pad + "1"), JsonFault::kNone) << lead;
    EXPECT_EQ(FaultOf(pad + "\"" + std::string(lead, 'x') + "\""),
              JsonFault::kNone)
        << lead;
  }
}

TEST(JsonGrammar, HoldsNothingOfAnEarlierText) {
  JsonDocument document;
  const std::string large = "[" + std::string(1 << 21, ' ') + "]";
  std::string many = "[1";
  for (int i = 0; i < 300'000; ++i) {
    many += ",1";
  }
  many += "]";
  for (int round = 0; round < 3; ++round) {
    EXPECT_EQ(document.Parse(large), JsonFault::kNone);
    EXPECT_EQ(document.Parse("[1"), JsonFault::kSyntax);
    EXPECT_EQ(document.Parse(many), JsonFault::kNone);
    EXPECT_TRUE(document.root().Element(300'000).has_value());
    EXPECT_EQ(document.Parse("{\"a\":1}"), JsonFault::kNone);
    EXPECT_EQ(document.fault_offset_bytes(), 0U);
    EXPECT_EQ(document.root().raw(), "{\"a\":1}");
  }
}

}  // namespace
}  // namespace authseal
