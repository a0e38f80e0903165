// Lines, arrays and objects that are too large, too many or too deep.
#include <algorithm>
#include <string>

#include <gtest/gtest.h>

#include "lib/archive/format.h"
#include "tests/unit/ingest/split_text.h"

namespace authseal {
namespace {

TEST(LineSplitterLimits, KeepsALineOfTheLimitWholeAndCutsALongerOne) {
  const std::string limit(kRecordSizeBytesMax, 'x');
  const SplitOutcome whole =
      Split(limit + "\r\ny\n", {.feed_size = 1u << 20, .feeds_per_chunk = 100});
  ASSERT_EQ(whole.lines.size(), 2u);
  EXPECT_EQ(whole.lines[0].size(), limit.size());

  const SplitOutcome parts =
      Split(limit + "zz\r\ny\n", {.feed_size = 1u << 20});
  ASSERT_GT(parts.lines.size(), 2u);
  std::string joined;
  for (std::size_t i = 0; i + 1 < parts.lines.size(); ++i) {
    EXPECT_LE(parts.lines[i].size(), kPartSizeBytesMax);
    EXPECT_EQ(parts.kinds[i], i + 2 == parts.lines.size()
                                  ? DeliveredLine::Kind::kLastPart
                                  : DeliveredLine::Kind::kPart);
    joined += parts.lines[i];
  }
  EXPECT_TRUE(joined == limit + "zz");
  EXPECT_EQ(parts.lines.back(), "y");
  EXPECT_EQ(parts.delivered, 2u);
}

TEST(LineSplitterLimits, HoldsLittleOfALineOf100Megabytes) {
  const std::string text = std::string(100u << 20, 'x') + "\n{\"a\":1}\n";
  const SplitOutcome out = Split(text, {.feed_size = 1u << 20});
  std::size_t size = 0;
  for (const std::string& line : out.lines) {
    size += line.size();
  }
  EXPECT_EQ(size, text.size() - 2);
  EXPECT_EQ(out.lines.back(), "{\"a\":1}");
  EXPECT_LT(out.held_max, (kRecordSizeBytesMax + (3u << 20)));
}

TEST(LineSplitterLimits, StreamsAnArrayOfManyMegabytesOnOneLine) {
  std::string text = "[";
  const std::string element = "{\"a\":\"" + std::string(1000, 'x') + "\"}";
  for (int i = 0; i < 20'000; ++i) {
    text += (i == 0 ? "" : ",") + element;
  }
  text += "]\n";
  const SplitOutcome out = Split(text, {.feed_size = 1u << 20});
  EXPECT_EQ(out.lines.size(), 20'000u);
  EXPECT_EQ(out.delivered, 1u);
  EXPECT_LT(out.held_max, 3u << 20);
  EXPECT_TRUE(std::all_of(out.lines.begin(), out.lines.end(),
                          [&](const auto& line) { return line == element; }));
}

TEST(LineSplitterLimits, GivesUpAnObjectBeyondTheLimits) {
  std::string many_lines = "{\"a\":[\n";
  for (int i = 0; i < 110'000; ++i) {
    many_lines += "1,\n";
  }
  const SplitOutcome out = Split(many_lines, {.feed_size = 1u << 16});
  EXPECT_EQ(out.lines.size(), 110'001u);
  EXPECT_EQ(out.lines[0], "{\"a\":[");

  std::string large = "{\"a\":[\n";
  while (large.size() <= kRecordSizeBytesMax) {
    large += std::string(100'000, ' ') + "1,\n";
  }
  EXPECT_GT(Split(large, {.feed_size = 1u << 20}).lines.size(), 150u);
}

TEST(LineSplitterLimits, IsNotSlowedDownByDeepNestsThatBreak) {
  // Each line opens an object within the one before, and none ever closes.
  std::string text;
  for (int i = 0; i < 200'000; ++i) {
    text += "{\"a\":\n";
  }
  const SplitOutcome out = Split(text, {.feed_size = 1u << 20});
  EXPECT_EQ(out.lines.size(), 200'000u);
}

TEST(LineSplitterLimits, StopsAtTheLinesAChunkHolds) {
  LineSplitter splitter({});
  RawChunk chunk;
  splitter.BeginSource(chunk, 0, LineSplitter::Place::kSourceBegin);
  for (std::size_t i = 0; i < kChunkLinesMax + 10; ++i) {
    chunk.bytes.push_back('x');
    chunk.bytes.push_back('\n');
  }
  chunk.used_size = chunk.bytes.size();
  splitter.Split(chunk, false);
  EXPECT_EQ(chunk.lines.size(), kChunkLinesMax);
  EXPECT_EQ(splitter.pending(), 2 * kChunkLinesMax);
}

}  // namespace
}  // namespace authseal
