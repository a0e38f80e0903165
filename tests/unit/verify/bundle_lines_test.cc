#include "lib/verify/bundle_lines.h"

#include <gtest/gtest.h>

#include "lib/base/encoding.h"
#include "lib/verify/line_reader.h"
#include "tests/support/memory_file_system.h"
#include "tests/unit/verify/sample_bundle.h"

namespace authseal {
namespace {

constexpr std::string_view kHash =
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

std::string Line(std::string_view index, std::string_view leaf,
                 const std::vector<std::string_view>& proof) {
  std::string line = "{\"index\":" + std::string(index) + ",\"leaf\":\"" +
                     std::string(leaf) + "\",\"proof\":[";
  for (std::size_t i = 0; i < proof.size(); ++i) {
    line += (i > 0 ? ",\"" : "\"") + std::string(proof[i]) + "\"";
  }
  return line + "]}";
}

TEST(ProofLine, ReadsTheOneSpelling) {
  const auto none = ParseProofLine(Line("0", kHash, {}));
  ASSERT_TRUE(none.has_value());
  EXPECT_EQ(none->index, 0u);
  EXPECT_TRUE(none->proof.empty());
  const auto two =
      ParseProofLine(Line("18446744073709551615", kHash, {kHash, kHash}));
  ASSERT_TRUE(two.has_value());
  EXPECT_EQ(two->index, ~std::uint64_t{0});
  EXPECT_EQ(two->proof.size(), 2u);
}

TEST(ProofLine, BoundsTheProof) {
  const std::vector<std::string_view> most(63, kHash);
  EXPECT_TRUE(ParseProofLine(Line("1", kHash, most)).has_value());
  EXPECT_LE(Line("18446744073709551615", kHash, most).size(),
            kProofLineSizeBytesMax);
  const std::vector<std::string_view> more(64, kHash);
  EXPECT_FALSE(ParseProofLine(Line("1", kHash, more)).has_value());
}

TEST(ProofLine, RefusesEveryOtherSpelling) {
  const std::string good = Line("1", kHash, {kHash});
  const auto with = [&](std::string_view from, std::string_view to) {
    std::string line = good;
    return line.replace(line.find(from), from.size(), to);
  };
  for (const std::string& line : {with("1", "01"),
                                  with("1", "-1"),
                                  with("1", "1.0"),
                                  with("1", ""),
                                  with("1", "18446744073709551616"),
                                  with("1", "\"1\""),
                                  with("{", "{ "),
                                  with(":", ": "),
                                  with(",", " ,"),
                                  good + " ",
                                  good + "\r",
                                  with("[", "[ "),
                                  with("]", ",]"),
                                  with("]}", "]"),
                                  with("\"index\"", "\"Index\""),
                                  with("AAA", "AA"),
                                  with("A=", "B="),
                                  with("A=", "A"),
                                  with("AAA", "A-A"),
                                  Line("1", kHash, {kHash, ""}),
                                  with("]", std::string("]\0", 2)),
                                  Line("1", "", {}),
                                  std::string("{}")}) {
    EXPECT_FALSE(ParseProofLine(line).has_value()) << line;
  }
}

TEST(ProofLine, RefusesEveryCutAndEveryFlipOfItsFrame) {
  const std::string good = Line("12", kHash, {kHash, kHash});
  for (std::size_t size = 0; size < good.size(); ++size) {
    EXPECT_FALSE(ParseProofLine(good.substr(0, size)).has_value()) << size;
  }
  for (std::size_t bit = 0; bit < good.size() * 8; ++bit) {
    std::string line = good;
    line[bit / 8] = static_cast<char>(line[bit / 8] ^ (1 << (bit % 8)));
    const auto parsed = ParseProofLine(line);
    if (parsed.has_value()) {
      std::vector<std::string> hashes;
      std::vector<std::string_view> views;
      for (const Hash& hash : parsed->proof) {
        hashes.push_back(Base64Encode(hash.view()));
      }
      views.assign(hashes.begin(), hashes.end());
      EXPECT_EQ(Line(std::to_string(parsed->index),
                     Base64Encode(parsed->leaf.view()), views),
                line);
    }
  }
}

TEST(EpochLine, ReadsWithAndWithoutProof) {
  const SampleLog log = MakeSampleLog();
  std::string text = log.EpochLineOf(8);
  text.pop_back();
  const auto line = ParseEpochLine(text);
  ASSERT_TRUE(line.has_value()) << line.error().message;
  EXPECT_EQ(line->index, 8u);
  EXPECT_EQ(line->records, (RecordRange{4, 9}));
  EXPECT_EQ(line->seal_record, log.records[8]);
  EXPECT_EQ(line->proof, log.ProofOf(8));
  const auto bare = ParseEpochLine("8 - " + log.records[8]);
  ASSERT_TRUE(bare.has_value());
  EXPECT_TRUE(bare->proof.empty());
  for (const std::string& wrong :
       {"8  " + log.records[8], "8 -- " + log.records[8],
        "8 -" + log.records[8], " 8 - " + log.records[8],
        "7 - " + log.records[8], "8 - " + log.records[3], "8 - {}" + text,
        std::string("8 - "), std::string("8"), std::string()}) {
    EXPECT_FALSE(ParseEpochLine(wrong).has_value()) << wrong;
  }
}

std::vector<std::string> LinesOf(const std::string& text, std::size_t limit,
                                 LineReader::Outcome expected_end) {
  MemoryFileSystem files;
  EXPECT_TRUE(files.WriteFile("f", AsBytes(text)));
  const auto root = files.OpenDirectory("/");
  const auto file = (*root)->OpenRead("f");
  LineReader reader(**file, limit);
  std::vector<std::string> lines;
  std::string_view line;
  std::uint64_t offset_bytes = 0;
  while (true) {
    const auto outcome = reader.Next(line);
    EXPECT_TRUE(outcome.has_value());
    EXPECT_EQ(reader.line_offset_bytes(), offset_bytes);
    if (*outcome != LineReader::Outcome::kLine) {
      EXPECT_EQ(*outcome, expected_end);
      return lines;
    }
    lines.emplace_back(line);
    offset_bytes += line.size() + 1;
  }
}

TEST(LineReader, GivesLinesAcrossItsBuffers) {
  using Outcome = LineReader::Outcome;
  std::string text;
  std::vector<std::string> expected;
  for (const std::size_t size : {0u, 1u, 262'143u, 262'144u, 262'145u, 3u,
                                 600'000u, 0u, 1'000'000u, 7u}) {
    expected.emplace_back(size, static_cast<char>('a' + size % 26));
    text += expected.back() + "\n";
  }
  EXPECT_EQ(LinesOf(text, 1'000'000, Outcome::kEnd), expected);
  EXPECT_EQ(LinesOf(text, 999'999, Outcome::kTooLong).size(), 8u);
  text.pop_back();
  EXPECT_EQ(LinesOf(text, 1'000'000, Outcome::kUnfinished).size(), 9u);
}

TEST(LineReader, KeepsSmallLimitsAndEmptyFiles) {
  using Outcome = LineReader::Outcome;
  EXPECT_TRUE(LinesOf("", 3, Outcome::kEnd).empty());
  EXPECT_EQ(LinesOf("abc\n", 3, Outcome::kEnd).size(), 1u);
  EXPECT_TRUE(LinesOf("abcd\n", 3, Outcome::kTooLong).empty());
  EXPECT_TRUE(LinesOf("abcd", 3, Outcome::kTooLong).empty());
  EXPECT_TRUE(LinesOf("abc", 3, Outcome::kUnfinished).empty());
}

}  // namespace
}  // namespace authseal
