#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "lib/json/document.h"

namespace authseal {
namespace {

class JsonValues : public testing::Test {
 protected:
  JsonValue Parsed(std::string text) {
    text_ = std::move(text);
    EXPECT_EQ(document_.Parse(text_), JsonFault::kNone) << text_;
    return document_.root();
  }

  std::string text_;
  JsonDocument document_;
};

TEST_F(JsonValues, PointIntoTheCallersText) {
  const JsonValue root = Parsed(R"( {"a": [1, "x"] , "b":null} )");
  EXPECT_EQ(root.raw(), R"({"a": [1, "x"] , "b":null})");
  EXPECT_EQ(root.raw().data(), text_.data() + 1);
  const auto a = root.FirstChild();
  ASSERT_TRUE(a.has_value());
  EXPECT_EQ(a->raw_name(), "a");
  EXPECT_EQ(a->raw(), R"([1, "x"])");
  EXPECT_EQ(a->raw().data(), text_.data() + 7);
  const auto b = a->NextSibling();
  ASSERT_TRUE(b.has_value());
  EXPECT_EQ(b->raw_name(), "b");
  EXPECT_EQ(b->type(), JsonType::kNull);
  EXPECT_EQ(b->raw(), "null");
  EXPECT_FALSE(b->NextSibling().has_value());
  EXPECT_FALSE(b->FirstChild().has_value());
}

TEST_F(JsonValues, KeepNumbersAsTheyWereWritten) {
  const JsonValue root = Parsed("[1.0,-0,1E+2,123456789012345678901234567890]");
  std::vector<std::string> raws;
  for (auto v = root.FirstChild(); v.has_value(); v = v->NextSibling()) {
    EXPECT_EQ(v->type(), JsonType::kNumber);
    raws.emplace_back(v->raw());
  }
  EXPECT_EQ(raws, (std::vector<std::string>{"1.0", "-0", "1E+2",
                                            "123456789012345678901234567890"}));
}

// Text of the tree as the accessors show it, names and nesting included.
std::string Shape(const JsonValue& value) {
  std::string out(1, "nftdsao"[static_cast<std::size_t>(value.type())]);
  for (auto v = value.FirstChild(); v.has_value(); v = v->NextSibling()) {
    out += "(" + std::string(v->raw_name()) + Shape(*v) + ")";
  }
  return out;
}

TEST_F(JsonValues, NameMembersOnly) {
  EXPECT_EQ(Shape(Parsed(R"({"a":[1,[2],{"b":[]},3],"c":{"d":true},"e":""})")),
            "o(aa(d)(a(d))(o(ba))(d))(co(dt))(es)");
  EXPECT_EQ(Shape(Parsed(R"([{"a":1},[],{},[[1]],"x"])")),
            "a(o(ad))(a)(o)(a(a(d)))(s)");
}

TEST_F(JsonValues, UnescapeStrings) {
  struct Case {
    std::string raw;
    std::string text;
  };
  const std::vector<Case> cases = {
      {"plain", "plain"},
      {R"(\"\\\/\b\f\n\r\t)", "\"\\/\b\f\n\r\t"},
      {R"(a\u0000b)", std::string("a\0b", 3)},
      {R"(\u00e9\u20AC)", "\xc3\xa9\xe2\x82\xac"},
      {R"(\ud83d\ude00)", "\xf0\x9f\x98\x80"},
      {R"(\ud83d)", "\xef\xbf\xbd"},
      {R"(\ude00x)", "\xef\xbf\xbdx"},
      {R"(\ud83d\ud83d\ude00)", "\xef\xbf\xbd\xf0\x9f\x98\x80"},
      {R"(\ud83d\n)", "\xef\xbf\xbd\n"},
      {R"(\ud83d\u0041)",
       "\xef\xbf\xbd"
       "A"},
      {R"(\\u0041)", "\\u0041"},
      {R"(\uFFFF)", "\xef\xbf\xbf"},
      {R"(\u0065yJ)", "eyJ"},
  };
  for (const Case& c : cases) {
    std::string scratch;
    const JsonValue root = Parsed("[\"" + c.raw + "\",{\"" + c.raw + "\":1}]");
    EXPECT_EQ(root.Element(0)->Unescape(scratch), c.text) << c.raw;
    EXPECT_EQ(root.Element(0)->raw_string(), c.raw);
    EXPECT_EQ(root.Element(0)->has_escapes(), c.raw != c.text);
    const auto member = root.Element(1)->FirstChild();
    EXPECT_EQ(member->UnescapeName(scratch), c.text) << c.raw;
    EXPECT_EQ(member->raw_name(), c.raw);
    EXPECT_TRUE(root.Element(1)->Member(c.text).has_value()) << c.raw;
  }
}

TEST_F(JsonValues, KnowEscapesOfEachString) {
  const JsonValue root =
      Parsed(R"({"a\n":"b","c":"d\n","e":"f","g\\":1,"h":["\\","i"]})");
  EXPECT_FALSE(root.Element(0).has_value());
  EXPECT_FALSE(root.Member("a\n")->has_escapes());
  EXPECT_TRUE(root.Member("c")->has_escapes());
  EXPECT_FALSE(root.Member("e")->has_escapes());
  EXPECT_TRUE(root.Member("g\\").has_value());
  EXPECT_TRUE(root.Pointer("/h/0")->has_escapes());
  EXPECT_FALSE(root.Pointer("/h/1")->has_escapes());
}

TEST_F(JsonValues, LookMembersUpExactly) {
  const JsonValue root =
      Parsed(R"({"a":1,"A":2,"a.b":3,"a":4,"\u0061":5,"":6,"a/b":7})");
  EXPECT_EQ(root.Member("a")->raw(), "5");
  EXPECT_EQ(root.Member("A")->raw(), "2");
  EXPECT_EQ(root.Member("a.b")->raw(), "3");
  EXPECT_EQ(root.Member("")->raw(), "6");
  EXPECT_FALSE(root.Member("b").has_value());
  EXPECT_FALSE(root.Member("a")->Member("x").has_value());
}

// The document and pointers of RFC 6901, section 5.
TEST_F(JsonValues, FollowPointersOfRfc6901) {
  const JsonValue root =
      Parsed(R"({"foo":["bar","baz"],"":0,"a/b":1,"c%d":2,"e^f":3,"g|h":4,)"
             R"("i\\j":5,"k\"l":6," ":7,"m~n":8})");
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"/foo", R"(["bar","baz"])"},
      {"/foo/0", R"("bar")"},
      {"/", "0"},
      {"/a~1b", "1"},
      {"/c%d", "2"},
      {"/e^f", "3"},
      {"/g|h", "4"},
      {"/i\\j", "5"},
      {"/k\"l", "6"},
      {"/ ", "7"},
      {"/m~0n", "8"},
  };
  for (const auto& [pointer, raw] : cases) {
    const auto value = root.Pointer(pointer);
    ASSERT_TRUE(value.has_value()) << pointer;
    EXPECT_EQ(value->raw(), raw) << pointer;
  }
  EXPECT_EQ(root.Pointer("")->raw(), root.raw());
}

TEST_F(JsonValues, RefusePointersThatAreNone) {
  const JsonValue root = Parsed(R"({"foo":["bar",{"x":{"":1}}],"~":2})");
  for (const char* pointer :
       {"foo", "foo/0", "/foo/2", "/foo/-", "/foo/01", "/foo/-1", "/foo/+1",
        "/foo/1e0", "/foo/ 1", "/foo/", "/foo/0/x", "/~", "/~2", "/foo~",
        "/nope", "/foo/99999999999999999999999999", "#/foo"}) {
    EXPECT_FALSE(root.Pointer(pointer).has_value()) << pointer;
  }
  EXPECT_EQ(root.Pointer("/~0")->raw(), "2");
  EXPECT_EQ(root.Pointer("/foo/1/x/")->raw(), "1");
}

TEST_F(JsonValues, CountElements) {
  const JsonValue root = Parsed("[[],1,[2,3]]");
  EXPECT_EQ(root.Element(1)->raw(), "1");
  EXPECT_EQ(root.Element(2)->Element(1)->raw(), "3");
  EXPECT_FALSE(root.Element(3).has_value());
  EXPECT_FALSE(root.Element(0)->Element(0).has_value());
  EXPECT_FALSE(root.Element(1)->Element(0).has_value());
}

}  // namespace
}  // namespace authseal
