#include "lib/base/utf8.h"

#include <string>

#include <gtest/gtest.h>

namespace authseal {
namespace {

bool IsScalar(char32_t value) {
  return value <= 0x10ffff && !(value >= 0xd800 && value <= 0xdfff);
}

TEST(Utf8, EveryScalarValueRoundTrips) {
  for (char32_t value = 0; value <= 0x10ffff; ++value) {
    if (!IsScalar(value)) {
      continue;
    }
    std::string text;
    AppendUtf8(value, text);
    const auto decoded = DecodeUtf8(text);
    ASSERT_TRUE(decoded.has_value()) << std::hex << std::uint32_t{value};
    ASSERT_EQ(decoded->value, value);
    ASSERT_EQ(decoded->size_bytes, text.size());
    ASSERT_TRUE(IsValidUtf8(text));
    // No proper prefix is valid.
    ASSERT_FALSE(IsValidUtf8(text.substr(0, text.size() - 1)) &&
                 text.size() > 1);
  }
}

TEST(Utf8, SizesFollowTheStandard) {
  const struct {
    char32_t value;
    std::string_view text;
  } kCases[] = {{0x00, std::string_view("\0", 1)},
                {0x7f, "\x7f"},
                {0x80, "\xc2\x80"},
                {0x7ff, "\xdf\xbf"},
                {0x800, "\xe0\xa0\x80"},
                {0xffff, "\xef\xbf\xbf"},
                {0x10000, "\xf0\x90\x80\x80"},
                {0x10ffff, "\xf4\x8f\xbf\xbf"}};
  for (const auto& c : kCases) {
    std::string text;
    AppendUtf8(c.value, text);
    EXPECT_EQ(text, c.text);
  }
}

TEST(Utf8, RefusesWhatTheStandardRefuses) {
  const std::string_view kBad[] = {
      "\x80",              // continuation alone
      "\xbf",              //
      "\xc0\x80",          // NUL in two bytes
      "\xc1\xbf",          // ASCII in two bytes
      "\xc2",              // cut
      "\xc2\x41",          // no continuation
      "\xc2\xc2",          //
      "\xe0\x80\x80",      // NUL in three bytes
      "\xe0\x9f\xbf",      // U+07FF in three bytes
      "\xe2\x82",          // cut
      "\xed\xa0\x80",      // U+D800
      "\xed\xbf\xbf",      // U+DFFF
      "\xf0\x80\x80\x80",  // NUL in four bytes
      "\xf0\x8f\xbf\xbf",  // U+FFFF in four bytes
      "\xf0\x9f\x92",      // cut
      "\xf4\x90\x80\x80",  // U+110000
      "\xf5\x80\x80\x80",  //
      "\xf8\x88\x80\x80\x80",
      "\xfe",
      "\xff",
  };
  for (const std::string_view bad : kBad) {
    EXPECT_FALSE(DecodeUtf8(bad).has_value());
    // Wherever it stands, also behind and inside the eight-byte steps.
    for (std::size_t before = 0; before < 10; ++before) {
      const std::string text = std::string(before, 'a') + std::string(bad);
      EXPECT_FALSE(IsValidUtf8(text)) << before;
      EXPECT_FALSE(IsValidUtf8(text + "aaaaaaaaaaaaaaaa")) << before;
    }
  }
}

TEST(Utf8, EmptyTextIsValidAndBeginsWithNothing) {
  EXPECT_TRUE(IsValidUtf8(""));
  EXPECT_FALSE(DecodeUtf8("").has_value());
}

TEST(Utf8, AppendReplacesWhatIsNoScalarValue) {
  for (const char32_t value : {char32_t{0xd800}, char32_t{0xdfff},
                               char32_t{0x110000}, char32_t{0xffffffff}}) {
    std::string text;
    AppendUtf8(value, text);
    EXPECT_EQ(text, "\xef\xbf\xbd");
  }
}

}  // namespace
}  // namespace authseal
