#include "lib/base/encoding.h"

#include <limits>
#include <string>

#include <gtest/gtest.h>

namespace authseal {
namespace {

// RFC 4648, section 10.
TEST(Base64, MatchesTheStandardsExamples) {
  const struct {
    std::string_view plain;
    std::string_view text;
  } kCases[] = {{"", ""},
                {"f", "Zg=="},
                {"fo", "Zm8="},
                {"foo", "Zm9v"},
                {"foob", "Zm9vYg=="},
                {"fooba", "Zm9vYmE="},
                {"foobar", "Zm9vYmFy"},
                {"\xff\xef\xbe", "/+++"}};
  for (const auto& c : kCases) {
    EXPECT_EQ(Base64Encode(AsBytes(c.plain)), c.text);
    const auto decoded = Base64Decode(c.text);
    ASSERT_TRUE(decoded.has_value()) << c.text;
    EXPECT_EQ(AsText(*decoded), c.plain);
  }
}

TEST(Base64, RefusesEverySecondSpelling) {
  const std::string_view kBad[] = {
      "Zg",         // padding missing
      "Zg=",        // one of two
      "Zg===",      // too much
      "Zh==",       // bits behind the last byte
      "Zm9=",       // the same with two bytes
      "Z===",       // a single digit holds no byte
      "====",       //
      "=Zg=",       //
      "Z=g=",       //
      "Zg==Zg==",   // padding inside
      "Zm8=Zm8=",   //
      "Zm9v\n",     // line end
      " Zm9v",      //
      "Zm 9v===",   //
      "Zm9v====",   //
      "Zm9-",       // URL-safe alphabet
      "Zm9_",       //
      "Zm9\x80",    // beyond ASCII
      "Zm9\xff",    //
      "Zm9v\nZm9",  //
  };
  for (const std::string_view text : kBad) {
    const auto decoded = Base64Decode(text);
    ASSERT_FALSE(decoded.has_value()) << text;
    EXPECT_EQ(decoded.error().code, ErrorCode::kDamaged);
  }
  EXPECT_FALSE(Base64Decode(std::string_view("Zm9\0", 4)).has_value());
}

TEST(Base64, EveryFourCharacterTextThatDecodesIsTheEncodingOfItsBytes) {
  // All of the last two digits, in front of which nothing can go wrong.
  constexpr int kByteMax = 255;
  int accepted = 0;
  for (int third = 0; third <= kByteMax; ++third) {
    for (int fourth = 0; fourth <= kByteMax; ++fourth) {
      const std::string text = {'Q', 'Q', static_cast<char>(third),
                                static_cast<char>(fourth)};
      const auto decoded = Base64Decode(text);
      if (decoded.has_value()) {
        ++accepted;
        EXPECT_EQ(Base64Encode(*decoded), text);
      }
    }
  }
  // Three bytes, two bytes; "QQ==" carries one byte and its own third digit
  // counts once.
  EXPECT_EQ(accepted, 64 * 64 + 16 + 1);
}

TEST(Base64, HashesHaveExactlyThirtyTwoBytes) {
  const ByteVector bytes(32, 0x5a);
  const auto hash = Base64DecodeHash(Base64Encode(bytes));
  ASSERT_TRUE(hash.has_value());
  EXPECT_EQ(hash->bytes[31], 0x5a);
  // 31 and 33 bytes have 44 characters too.
  for (const std::size_t size : {0U, 30U, 31U, 33U, 64U}) {
    EXPECT_FALSE(
        Base64DecodeHash(Base64Encode(ByteVector(size, 1))).has_value())
        << size;
  }
}

TEST(Hex, RoundTripsEveryByte) {
  ByteVector bytes;
  for (int i = 0; i < 256; ++i) {
    bytes.push_back(static_cast<std::uint8_t>(i));
  }
  const std::string text = HexEncode(bytes);
  EXPECT_EQ(text.substr(0, 8), "00010203");
  EXPECT_EQ(text.substr(504), "fcfdfeff");
  ASSERT_TRUE(HexDecode(text).has_value());
  EXPECT_EQ(*HexDecode(text), bytes);
  EXPECT_TRUE(HexDecode("")->empty());
}

TEST(Hex, RefusesEverySecondSpelling) {
  for (const std::string_view text :
       {"0", "000", "AB", "aB", "0g", "g0", "0x", "0x00", " 00", "00 ", "00\n",
        "+1", "-1", "\xff\xff"}) {
    EXPECT_FALSE(HexDecode(text).has_value()) << text;
  }
  EXPECT_FALSE(HexDecode(std::string_view("0\0", 2)).has_value());
}

TEST(Hex, HashesHaveExactlySixtyFourDigits) {
  EXPECT_TRUE(HexDecodeHash(std::string(64, 'a')).has_value());
  for (const std::size_t size : {0U, 62U, 63U, 65U, 66U}) {
    EXPECT_FALSE(HexDecodeHash(std::string(size, 'a')).has_value()) << size;
  }
  EXPECT_FALSE(HexDecodeHash(std::string(64, 'A')).has_value());
}

TEST(ParseDecimal, AcceptsTheWholeRangeAndNothingElse) {
  EXPECT_EQ(*ParseDecimal("0"), 0U);
  EXPECT_EQ(*ParseDecimal("7"), 7U);
  EXPECT_EQ(*ParseDecimal("9007199254740993"), 9007199254740993U);
  EXPECT_EQ(*ParseDecimal("18446744073709551615"),
            std::numeric_limits<std::uint64_t>::max());
  for (const std::string_view text :
       {"", "00", "01", "+1", "-1", " 1", "1 ", "1\n", "1.0", "1e3", "0x1",
        "1,000", "18446744073709551616", "18446744073709551625",
        "99999999999999999999", "100000000000000000000", "\xd9\xa1"}) {
    EXPECT_FALSE(ParseDecimal(text).has_value()) << text;
  }
  EXPECT_FALSE(ParseDecimal(std::string_view("1\0", 2)).has_value());
}

TEST(ZeroPadded, NeverCutsDigits) {
  EXPECT_EQ(ZeroPadded(0, 12), "000000000000");
  EXPECT_EQ(ZeroPadded(734212, 12), "000000734212");
  EXPECT_EQ(ZeroPadded(1234, 2), "1234");
  EXPECT_EQ(ZeroPadded(std::numeric_limits<std::uint64_t>::max(), 12),
            "18446744073709551615");
  EXPECT_EQ(ZeroPadded(0, 0), "0");
}

}  // namespace
}  // namespace authseal
