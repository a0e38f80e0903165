// A document moved to the text with replacements is the one that parsing that
// text gives, or there is none.
#include <algorithm>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "lib/json/document.h"
#include "lib/json/shape.h"

namespace authseal {
namespace {

struct Substitution {
  std::string was;  // of its first place in the text
  std::string is;
};

struct Changed {
  std::string text;
  std::vector<JsonReplacement> replacements;
};

// `changes` in the order in which they stand in `text`.
Changed Change(const std::string& text,
               const std::vector<Substitution>& changes) {
  Changed changed;
  std::size_t at = 0;
  for (const Substitution& change : changes) {
    const std::size_t begin = text.find(change.was, at);
    EXPECT_NE(begin, std::string::npos) << change.was;
    changed.text += text.substr(at, begin - at) + change.is;
    at = begin + change.was.size();
    changed.replacements.push_back({begin, at, change.is.size()});
  }
  changed.text += text.substr(at);
  return changed;
}

void ExpectSame(const JsonDocument& moved, const JsonDocument& parsed) {
  ASSERT_EQ(moved.value_count(), parsed.value_count());
  for (std::uint32_t i = 0; i < parsed.value_count(); ++i) {
    const JsonValue a = moved.root().Numbered(i);
    const JsonValue b = parsed.root().Numbered(i);
    EXPECT_EQ(a.type(), b.type());
    EXPECT_EQ(a.raw(), b.raw());
    EXPECT_EQ(a.raw().data(), b.raw().data());
    EXPECT_EQ(a.raw_name(), b.raw_name());
    EXPECT_EQ(a.has_escapes(), b.has_escapes());
    EXPECT_EQ(a.FirstChild().has_value(), b.FirstChild().has_value());
    EXPECT_EQ(a.NextSibling().has_value(), b.NextSibling().has_value());
    if (b.NextSibling()) {
      EXPECT_EQ(a.NextSibling()->number(), b.NextSibling()->number());
    }
  }
}

// Whether it could be moved; then it is the same.
bool Moves(const std::string& text, const Changed& changed) {
  JsonDocument moved;
  EXPECT_EQ(moved.Parse(text), JsonFault::kNone);
  const bool done = moved.MoveTo(changed.text, changed.replacements);
  JsonDocument parsed;
  if (done) {
    EXPECT_EQ(parsed.Parse(changed.text), JsonFault::kNone);
    ExpectSame(moved, parsed);
  } else {
    EXPECT_EQ(moved.value_count(), 0U);
  }
  return done;
}

const std::string kText =
    R"( {"a" : "first one", "":["x\n", "second", {"b":{}, "c":[ ]}],)"
    R"( "n\u0061me": 12.5, "last":{"deep":"third ü","end":null}} )";

TEST(ReplacedText, IsTheDocumentOfTheNewText) {
  EXPECT_TRUE(Moves(kText, Change(kText, {{"first", "sha256:0123"}})));
  EXPECT_TRUE(Moves(kText, Change(kText, {{"first one", ""}})));
  EXPECT_TRUE(Moves(kText, Change(kText, {{"second", "2"}})));
  EXPECT_TRUE(Moves(kText, Change(kText, {{"first", "1"}, {"one", "eleven"}})));
  EXPECT_TRUE(Moves(
      kText, Change(kText, {{"fi", "1"}, {"second", ""}, {"third ü", "[3]"}})));
  EXPECT_TRUE(Moves(kText, {kText, {}}));
}

TEST(ReplacedText, IsParsedWhereItMayBeAnother) {
  // Escapes and other bytes, before and after.
  EXPECT_FALSE(Moves(kText, Change(kText, {{"x", "y"}})));
  EXPECT_FALSE(Moves(kText, Change(kText, {{"second", "a\\n"}})));
  EXPECT_FALSE(Moves(kText, Change(kText, {{"second", "a\",\"b"}})));
  EXPECT_FALSE(Moves(kText, Change(kText, {{"second", "\xFF"}})));
  EXPECT_FALSE(Moves(kText, Change(kText, {{"second", "a\nb"}})));
  EXPECT_FALSE(Moves(kText, Change(kText, {{"third", "3"}})));
  // Names, numbers, quotes, what is between values.
  EXPECT_FALSE(Moves(kText, Change(kText, {{"last", "lost"}})));
  EXPECT_FALSE(Moves(kText, Change(kText, {{"a", "b"}})));
  EXPECT_FALSE(Moves(kText, Change(kText, {{"12.5", "\"12\""}})));
  EXPECT_FALSE(Moves(kText, Change(kText, {{"\"second\"", "\"2\""}})));
  EXPECT_FALSE(Moves(kText, Change(kText, {{"null", "nil"}})));
  EXPECT_FALSE(Moves(kText, Change(kText, {{"[ ]", "[]"}})));
  EXPECT_FALSE(Moves(kText, Change(kText, {{" {", "{"}})));
  EXPECT_FALSE(Moves(kText, Change(kText, {{"}} ", "}}"}})));
  EXPECT_FALSE(Moves(kText, Change(kText, {{"one\", \"", "1\", \""}})));
}

TEST(ReplacedText, IsParsedWhereThereAreMany) {
  std::string text = "[";
  std::vector<Substitution> changes;
  for (int i = 0; i < 17; ++i) {
    text += i == 0 ? "\"x\"" : ",\"x\"";
    changes.push_back({"x", "longer"});
  }
  text += "]";
  EXPECT_FALSE(Moves(text, Change(text, changes)));
  changes.pop_back();
  EXPECT_TRUE(Moves(text, Change(text, changes)));
}

TEST(ReplacedText, KeepsTheShape) {
  JsonShapes shapes;
  JsonDocument document;
  for (int i = 0; i < 2; ++i) {
    ASSERT_EQ(document.Parse(kText), JsonFault::kNone);
    shapes.Recognise(document);
  }
  const JsonShape* const shape = document.shape();
  ASSERT_NE(shape, nullptr);
  const Changed changed = Change(kText, {{"first", "1"}});
  ASSERT_TRUE(document.MoveTo(changed.text, changed.replacements));
  EXPECT_EQ(document.shape(), shape);
  // Its bytes are not at hand to be looked at again: the shape stands.
  shapes.Recognise(document);
  EXPECT_EQ(document.shape(), shape);
  ASSERT_EQ(document.Parse(changed.text), JsonFault::kNone);
  EXPECT_EQ(document.shape(), nullptr);
  shapes.Recognise(document);
  EXPECT_EQ(document.shape(), shape);
}

// Any pieces of any text: never another document than parsing gives.
TEST(ReplacedText, IsNeverAnotherDocument) {
  std::mt19937 random(7);
  constexpr std::string_view kBytes = "abc0\"\\{}[]:, n\n";
  std::size_t moved_count = 0;
  for (int i = 0; i < 20000; ++i) {
    Changed changed;
    std::size_t at = 0;
    for (std::size_t n = 1 + random() % 3; n > 0 && at < kText.size(); --n) {
      const std::size_t begin = at + random() % (kText.size() - at);
      const std::size_t end = std::min(kText.size(), begin + random() % 6);
      std::string put;
      for (std::size_t k = random() % 5; k > 0; --k) {
        put += kBytes[random() % (random() % 2 == 0 ? 4 : kBytes.size())];
      }
      changed.text += kText.substr(at, begin - at) + put;
      changed.replacements.push_back({begin, end, put.size()});
      at = end;
    }
    changed.text += kText.substr(at);
    moved_count += Moves(kText, changed) ? 1U : 0U;
    ASSERT_FALSE(HasFailure()) << changed.text;
  }
  EXPECT_GT(moved_count, 300U);
}

}  // namespace
}  // namespace authseal
