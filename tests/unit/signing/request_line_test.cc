#include "lib/signing/request_line.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "lib/base/encoding.h"

namespace authseal {
namespace {

Hash HashOf(std::uint8_t byte) {
  Hash hash;
  hash.bytes.fill(byte);
  return hash;
}

std::string TextOf(std::uint8_t byte) {
  return Base64Encode(HashOf(byte).view());
}

TEST(RequestLine, TakesAValueAndLeavesTheRest) {
  std::string_view text = "from 0 0\nseal x\n";
  const auto value = TakeRequestLine(text, "from ");
  ASSERT_TRUE(value.has_value());
  EXPECT_EQ(*value, "0 0");
  EXPECT_EQ(text, "seal x\n");
  std::string_view empty = "from \n";
  EXPECT_EQ(*TakeRequestLine(empty, "from "), "");
  EXPECT_EQ(empty, "");
}

TEST(RequestLine, LeavesWhatIsNone) {
  for (const std::string_view bad :
       {"", "\n", "from 1", "fro\n1\n", "from\n", "From 1\n", " from 1\n",
        "seal 1\nfrom 1\n", "fr"}) {
    std::string_view text = bad;
    const auto value = TakeRequestLine(text, "from ");
    ASSERT_FALSE(value.has_value()) << bad;
    EXPECT_EQ(value.error().code, ErrorCode::kDamaged) << bad;
    EXPECT_EQ(text, bad);
  }
}

TEST(RequestLine, TakesWordsAtSingleSpaces) {
  std::string_view text = "a  b ";
  EXPECT_EQ(TakeWord(text), "a");
  EXPECT_EQ(TakeWord(text), "");  // two spaces hold an empty word
  EXPECT_EQ(TakeWord(text), "b");
  EXPECT_EQ(text, "");
  EXPECT_EQ(TakeWord(text), "");
}

TEST(RequestHashes, ComeBackAsTheyWere) {
  EXPECT_EQ(FormatHashes({}), "-");
  for (std::uint8_t count = 0; count < 5; ++count) {
    std::vector<Hash> hashes;
    for (std::uint8_t i = 0; i < count; ++i) {
      hashes.push_back(HashOf(i));
    }
    const auto parsed = ParseHashes(FormatHashes(hashes), count);
    ASSERT_TRUE(parsed.has_value()) << int{count};
    EXPECT_EQ(*parsed, hashes);
  }
}

TEST(RequestHashes, AreBounded) {
  const std::string three = TextOf(1) + "," + TextOf(2) + "," + TextOf(3);
  EXPECT_TRUE(ParseHashes(three, 3).has_value());
  EXPECT_FALSE(ParseHashes(three, 2).has_value());
  EXPECT_FALSE(ParseHashes(TextOf(1), 0).has_value());
  EXPECT_TRUE(ParseHashes("-", 0).has_value());
}

TEST(RequestHashes, AreRefusedWhenMalformed) {
  const std::string one = TextOf(7);
  for (const std::string& bad :
       {std::string(), std::string(","), one + ",", "," + one, one + ",," + one,
        std::string("-,-"), one + ",-", "-" + one, one + " ", " " + one,
        one + "\n", one + one, one.substr(0, one.size() - 1), one + "=",
        Base64Encode(ByteVector(31, 7)), Base64Encode(ByteVector(33, 7)),
        std::string(44, '*')}) {
    EXPECT_FALSE(ParseHashes(bad, 8).has_value()) << bad;
  }
}

}  // namespace
}  // namespace authseal
