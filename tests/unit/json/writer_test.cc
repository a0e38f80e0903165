#include "lib/json/writer.h"

#include <cstdint>
#include <limits>
#include <string>

#include <gtest/gtest.h>

#include "lib/json/document.h"

namespace authseal {
namespace {

using namespace std::string_literals;

std::string Escaped(std::string_view text) {
  std::string out;
  AppendJsonEscaped(text, out);
  return out;
}

TEST(JsonWriter, WritesNestedValues) {
  JsonWriter out;
  out.BeginObject().Name("size").Number(3).Name("list").BeginArray();
  out.Bool(true).Null().BeginObject().End().BeginArray().End().String("x");
  out.End().Name("raw").Raw("[1,2]").Name("n").Signed(-7).End();
  EXPECT_EQ(out.Take(),
            R"({"size":3,"list":[true,null,{},[],"x"],"raw":[1,2],"n":-7})");
}

TEST(JsonWriter, StartsAfreshAfterTake) {
  JsonWriter out;
  EXPECT_EQ(out.BeginArray().Number(1).End().Take(), "[1]");
  EXPECT_EQ(out.BeginArray().Number(2).End().Take(), "[2]");
  EXPECT_EQ(out.String("x").Take(), "\"x\"");
}

TEST(JsonWriter, WritesNumbersExactly) {
  JsonWriter out;
  out.BeginArray()
      .Number(std::numeric_limits<std::uint64_t>::max())
      .Signed(std::numeric_limits<std::int64_t>::min())
      .Real(0.1)
      .Real(-0.5)
      .Real(1e300)
      .Real(5e-324)
      .End();
  EXPECT_EQ(out.Take(),
            "[18446744073709551615,-9223372036854775808,0.1,-0.5,1e+300,"
            "5e-324]");
}

TEST(JsonWriter, EscapesWhatCouldHurtAReader) {
  EXPECT_EQ(Escaped("plain / text"), "plain / text");
  EXPECT_EQ(Escaped("\"\\\b\f\n\r\t"), R"(\"\\\b\f\n\r\t)");
  EXPECT_EQ(Escaped("\0\x1b\x7f"s), R"(\u0000\u001b\u007f)");
  EXPECT_EQ(Escaped("\xc2\x85\xe2\x80\xa8\xe2\x80\xa9"),
            R"(\u0085\u2028\u2029)");
  EXPECT_EQ(Escaped("\xc3\xa9\xf0\x9f\x98\x80"), "\xc3\xa9\xf0\x9f\x98\x80");
}

TEST(JsonWriter, ReplacesBytesThatAreNoText) {
  EXPECT_EQ(Escaped("a\xff"
                    "b"),
            "a\xef\xbf\xbd"
            "b");
  EXPECT_EQ(Escaped("\xe2\x82"), "\xef\xbf\xbd\xef\xbf\xbd");
  EXPECT_EQ(Escaped("\xed\xa0\x80").find('\xed'), std::string::npos);
}

// Whatever the bytes, the result is JSON, and valid text comes back.
TEST(JsonWriter, IsReadBackByTheParser) {
  JsonDocument document;
  std::string scratch;
  for (int first = 0; first < 256; ++first) {
    for (int second = 0; second < 256; ++second) {
      const std::string bytes = {static_cast<char>(first),
                                 static_cast<char>(second)};
      JsonWriter out;
      const std::string text =
          out.BeginObject().Name(bytes).String(bytes).End().Take();
      ASSERT_EQ(document.Parse(text), JsonFault::kNone) << text;
      if (first < 0x80 && second < 0x80) {
        ASSERT_EQ(document.root().Member(bytes)->Unescape(scratch), bytes);
      }
    }
  }
}

}  // namespace
}  // namespace authseal
