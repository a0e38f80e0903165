#include "lib/ingest/line_splitter.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/ingest/split_text.h"

namespace authseal {
namespace {

using ::testing::ElementsAre;
using Lines = std::vector<std::string>;

struct Case {
  const char* name;
  std::string text;
  Lines lines;
  std::uint64_t delivered;
  std::uint64_t blank;
};

const std::vector<Case>& Cases() {
  static const std::vector<Case> cases = {
      {"nothing", "", {}, 0, 0},
      {"one line", "{\"a\":1}\n", {"{\"a\":1}"}, 1, 0},
      {"no LF at the end", "a\nb", {"a", "b"}, 2, 0},
      {"CRLF", "a\r\nb\r\n", {"a", "b"}, 2, 0},
      {"CR inside stays", "a\rb\r\r\n", {"a\rb\r"}, 1, 0},
      {"CR without LF at the end stays", "a\r", {"a\r"}, 1, 0},
      {"blank lines", "\n \t\n\r\na\n\n", {"a"}, 5, 4},
      {"BOM", "\xEF\xBB\xBF{\"a\":1}\n", {"{\"a\":1}"}, 1, 0},
      {"BOM only once",
       "\xEF\xBB\xBF\xEF\xBB\xBF"
       "a\n",
       {"\xEF\xBB\xBF"
        "a"},
       1,
       0},
      {"BOM only at the begin",
       "a\n\xEF\xBB\xBF"
       "b\n",
       {"a",
        "\xEF\xBB\xBF"
        "b"},
       2,
       0},
      {"half a BOM", "\xEF\xBB", {"\xEF\xBB"}, 1, 0},
      {"white space around an object stays",
       " {\"a\":1} \n",
       {" {\"a\":1} "},
       1,
       0},
      {"array on one line",
       "[{\"a\":1}, {\"b\" : 2}]\n",
       {"{\"a\":1}", "{\"b\" : 2}"},
       1,
       0},
      {"array with BOM and CRLF",
       "\xEF\xBB\xBF[{\"a\":1},{\"b\":2}]\r\n",
       {"{\"a\":1}", "{\"b\":2}"},
       1,
       0},
      {"array without LF at the end", "[{\"a\":1}]", {"{\"a\":1}"}, 1, 0},
      {"array, an element a line",
       "[\n{\"a\":1},\n{\"b\":2}\n]\n",
       {"{\"a\":1}", "{\"b\":2}"},
       4,
       0},
      {"array, comma first",
       "[{\"a\":1}\n,{\"b\":2}\n]\n",
       {"{\"a\":1}", "{\"b\":2}"},
       3,
       0},
      {"array, pretty",
       "[\n  {\n    \"a\": 1\n  },\n  {\n    \"b\": \"x y\"\n  }\n]\n",
       {"{\"a\":1}", "{\"b\":\"x y\"}"},
       8,
       0},
      {"array with a comma too much", "[{\"a\":1},]\n", {"{\"a\":1}"}, 1, 0},
      {"two arrays",
       "[{\"a\":1}]\n[{\"b\":2}]\n",
       {"{\"a\":1}", "{\"b\":2}"},
       2,
       0},
      {"empty array", "[]\n[ \n ]\na\n", {"a"}, 4, 2},
      {"array that is cut",
       "[{\"a\":1},{\"b\":",
       {"{\"a\":1}", ",{\"b\":"},
       1,
       0},
      {"array of something else behind",
       "[{\"a\":1}, 5]\nb\n",
       {"{\"a\":1}", ", 5]", "b"},
       2,
       0},
      {"array with a broken element",
       "[{\"a\":1},{\"b\":x y}]\n{\"c\":3}\n",
       {"{\"a\":1}", ",{\"b\":x y}]", "{\"c\":3}"},
       2,
       0},
      {"array of numbers is a line", "[1,2]\n", {"[1,2]"}, 1, 0},
      {"a time in brackets",
       "[12:00:01 INF] started\n",
       {"[12:00:01 INF] started"},
       1,
       0},
      {"bracket that begins nothing",
       "[ {oops}\n{\"a\":1}\n",
       {"[ {oops}", "{\"a\":1}"},
       2,
       0},
      {"text behind an array",
       "[{\"a\":1}] tail\n",
       {"{\"a\":1}", " tail"},
       1,
       0},
      {"pretty object",
       "{\n  \"a\": \"b c\",\r\n  \"d\": [1,\n 2]\n}\n",
       {"{\"a\":\"b c\",\"d\":[1,2]}"},
       5,
       0},
      {"pretty object without LF at the end",
       "{\n\"a\":1\n}",
       {"{\"a\":1}"},
       3,
       0},
      {"pretty objects",
       "{\n\"a\":1}\n{\n\"b\":2}\n",
       {"{\"a\":1}", "{\"b\":2}"},
       4,
       0},
      {"pretty object among lines",
       "x\n{\n\"a\":1\n}\ny\n",
       {"x", "{\"a\":1}", "y"},
       5,
       0},
      {"elements without their array",
       "{\"a\":1},\n{\"b\":2}\n]\nx\n",
       {"{\"a\":1}", "{\"b\":2}", "x"},
       4,
       0},
      {"a cut line",
       "{\"a\":1,\"b\n{\"c\":2}\n",
       {"{\"a\":1,\"b", "{\"c\":2}"},
       2,
       0},
      {"a line cut at a comma",
       "{\"a\":1,\n{\"c\":2}\n",
       {"{\"a\":1,", "{\"c\":2}"},
       2,
       0},
      {"a cut line at the end",
       "{\"a\":1,\n\"b\":\n",
       {"{\"a\":1,", "\"b\":"},
       2,
       0},
      {"a cut line, then a pretty object",
       "{\"a\":[1,\n{\n\"b\":2\n}\n",
       {"{\"a\":[1,", "{\"b\":2}"},
       4,
       0},
      {"object with text behind",
       "{\"a\":\n1} tail\n",
       {"{\"a\":", "1} tail"},
       2,
       0},
      {"pretty object that is no JSON",
       "{\n\"a\":01\n}\n",
       {"{", "\"a\":01", "}"},
       3,
       0},
      {"many cut lines",
       "{\"a\":\n{\"a\":\n{\"a\":\n{\"a\":\n{\"a\":\n{\"a\":\n{\"a\":\n{\"a\":"
       "\n{\"a\":\n{\"a\":\nx\n",
       {"{\"a\":", "{\"a\":", "{\"a\":", "{\"a\":", "{\"a\":", "{\"a\":",
        "{\"a\":", "{\"a\":", "{\"a\":", "{\"a\":", "x"},
       11,
       0},
  };
  return cases;
}

TEST(LineSplitter, SplitsFoldsAndFallsBack) {
  for (const Case& one : Cases()) {
    const SplitOutcome out = Split(one.text);
    EXPECT_EQ(out.lines, one.lines) << one.name;
    EXPECT_EQ(out.delivered, one.delivered) << one.name;
    EXPECT_EQ(out.blank, one.blank) << one.name;
  }
}

TEST(LineSplitter, DoesNotCareHowTheBytesComeIn) {
  for (const Case& one : Cases()) {
    for (const std::size_t feed_size : {1u, 2u, 3u, 7u}) {
      for (const std::size_t feeds_per_chunk : {1u, 4u, 1000u}) {
        const SplitOutcome out =
            Split(one.text,
                  {.feed_size = feed_size, .feeds_per_chunk = feeds_per_chunk});
        EXPECT_EQ(out.lines, one.lines) << one.name << " by " << feed_size;
        EXPECT_EQ(out.delivered, one.delivered) << one.name;
        EXPECT_EQ(out.blank, one.blank) << one.name;
      }
    }
  }
}

TEST(LineSplitter, NumbersLinesAsTheyWereDelivered) {
  const SplitOutcome out =
      Split("x\n\n[\n {\"a\":1},\n {\n\"b\":2}\n]\n{\n}\ny");
  EXPECT_THAT(out.numbers, ElementsAre(1, 4, 5, 8, 10));
}

TEST(LineSplitter, EndsTheLastElementBehindItsArray) {
  const std::string text = "[{\"a\":1}\n]\n";
  EXPECT_EQ(Split(text).end, text.size());
}

TEST(LineSplitter, LeavesALineWithoutItsEndForLater) {
  const SplitOutcome out = Split("a\nb", {.at_end = false});
  EXPECT_THAT(out.lines, ElementsAre("a"));
  EXPECT_EQ(out.end, 2u);
}

TEST(LineSplitter, PutsNothingTogetherWhenToldSo) {
  const SplitOutcome out =
      Split("[{\"a\":1},{\"b\":2}]\n{\n\"a\":1\n}\n", {.assemble = false});
  EXPECT_THAT(out.lines,
              ElementsAre("[{\"a\":1},{\"b\":2}]", "{", "\"a\":1", "}"));
}

TEST(LineSplitter, GoesOnWithinAnArrayAfterAResume) {
  const Feeding within = {.place = LineSplitter::Place::kWithinLine};
  EXPECT_THAT(Split(",\n{\"b\":2}]\nx\n", within).lines,
              ElementsAre("{\"b\":2}", "x"));
  EXPECT_THAT(Split("\n]\n", within).lines, ElementsAre());
  EXPECT_THAT(Split("\nx\n", within).lines, ElementsAre("x"));
  EXPECT_THAT(Split(", 5\nx\n", within).lines, ElementsAre(", 5", "x"));
  // At a line's begin the same bytes are a line of their own.
  EXPECT_THAT(Split("]\n", {.place = LineSplitter::Place::kLineBegin}).lines,
              ElementsAre("]"));
}

TEST(LineSplitter, DropsNoByteOrderMarkWithinASource) {
  EXPECT_THAT(Split("\xEF\xBB\xBF"
                    "a\n",
                    {.place = LineSplitter::Place::kLineBegin})
                  .lines,
              ElementsAre("\xEF\xBB\xBF"
                          "a"));
}

TEST(LineSplitter, GivesUpAnObjectWhoseEndDoesNotCome) {
  LineSplitter splitter({});
  RawChunk chunk;
  splitter.BeginSource(chunk, 0, LineSplitter::Place::kSourceBegin);
  const std::string_view text = "{\"a\":1,\n\"b\":2,\n\"c";
  chunk.bytes.assign(text.begin(), text.end());
  chunk.used_size = text.size();
  splitter.Split(chunk, false);
  EXPECT_TRUE(chunk.empty());
  splitter.GiveUp(chunk);
  ASSERT_EQ(chunk.lines.size(), 2u);
  EXPECT_EQ(chunk.Text(chunk.lines[0]), "{\"a\":1,");
  EXPECT_EQ(chunk.Text(chunk.lines[1]), "\"b\":2,");
  EXPECT_EQ(text.substr(splitter.pending()), "\"c");
}

}  // namespace
}  // namespace authseal
