#include "lib/base/escape.h"

#include <string>

#include <gtest/gtest.h>

#include "lib/base/utf8.h"

namespace authseal {
namespace {

std::string Utf8Of(char32_t value) {
  std::string text;
  AppendUtf8(value, text);
  return text;
}

TEST(EscapeForTerminal, LeavesOrdinaryTextAlone) {
  for (const std::string_view text :
       {"", "plain text, 100% \"quoted\" 'too' <b>", "Grüße aus Köln", "日本語",
        "😀 e\xcc\x81", "\xc2\xa0"}) {
    EXPECT_EQ(EscapeForTerminal(text), text);
  }
}

TEST(EscapeForTerminal, MatchesItsTable) {
  const struct {
    std::string_view text;
    std::string_view escaped;
  } kCases[] = {
      {"\x1b[31m", "\\x1b[31m"},                       // CSI
      {"\x1b]52;c;eA==\x07", "\\x1b]52;c;eA==\\x07"},  // clipboard
      {"a\nb\r\tc", "a\\x0ab\\x0d\\x09c"},
      {"\x7f", "\\x7f"},
      {"\xc2\x9b"
       "2J",
       "\\u{9b}2J"},  // CSI as U+009B
      {"\x9b"
       "2J",
       "\\x9b2J"},                          // CSI as a byte
      {"\xe2\x80\xae", "\\u{202e}"},        // right-to-left override
      {"\xef\xbb\xbf{", "\\u{feff}{"},      // byte order mark
      {"\\x1b", "\\\\x1b"},                 // cannot be faked
      {"\xff\xc3(", "\\xff\\xc3("},         // invalid UTF-8
      {"\xe2\x82", "\\xe2\\x82"},           // cut short
      {"\xc0\x9b", "\\xc0\\x9b"},           // overlong
      {"\xed\xa0\x80", "\\xed\\xa0\\x80"},  // surrogate
      {"\xf3\xa0\x81\x81", "\\u{e0041}"},   // tag letter A
  };
  for (const auto& c : kCases) {
    EXPECT_EQ(EscapeForTerminal(c.text), c.escaped);
  }
  EXPECT_EQ(EscapeForTerminal(std::string_view("a\0b", 3)), "a\\x00b");
}

TEST(EscapeForTerminal, LetsNoControlOrFormatCharacterThrough) {
  const struct {
    char32_t first;
    char32_t last;
  } kRanges[] = {{0x00, 0x1f},     {0x7f, 0x9f},     {0x61c, 0x61c},
                 {0x200b, 0x200f}, {0x2028, 0x202e}, {0x2060, 0x2064},
                 {0x2066, 0x2069}, {0xfeff, 0xfeff}};
  for (const auto& range : kRanges) {
    for (char32_t value = range.first; value <= range.last; ++value) {
      const std::string escaped = EscapeForTerminal(Utf8Of(value));
      EXPECT_EQ(escaped[0], '\\') << std::uint32_t{value};
      EXPECT_EQ(escaped.find(Utf8Of(value)), std::string::npos);
    }
  }
}

TEST(EscapeForTerminal, StopsExactlyAtTheEdgesOfTheRanges) {
  constexpr char32_t kHarmless[] = {
      0x20,   0x7e,   0xa0,   0xac,   0xae,   0x200a, 0x2010, 0x2027, 0x202f,
      0x205f, 0x2070, 0xfdf0, 0xfefe, 0xff00, 0xfff8, 0xfffd, 0x10000};
  for (const char32_t value : kHarmless) {
    EXPECT_EQ(EscapeForTerminal(Utf8Of(value)), Utf8Of(value))
        << std::uint32_t{value};
  }
}

TEST(EscapeForTerminal, AnyTwoBytesGiveValidTextWithoutControls) {
  for (int first = 0; first < 256; ++first) {
    for (int second = 0; second < 256; ++second) {
      const std::string text = {static_cast<char>(first),
                                static_cast<char>(second)};
      const std::string escaped = EscapeForTerminal(text);
      ASSERT_TRUE(IsValidUtf8(escaped));
      for (const char c : escaped) {
        const auto byte = static_cast<unsigned char>(c);
        ASSERT_TRUE(byte >= 0x20 && byte != 0x7f) << first << " " << second;
      }
    }
  }
}

TEST(DisplayWidth, CountsTerminalColumns) {
  const struct {
    std::string_view text;
    std::size_t columns;
  } kCases[] = {
      {"", 0},
      {"abc", 3},
      {"Köln", 4},
      {"日本語", 6},
      {"한국", 4},
      {"ｆｕｌｌ", 8},
      {"e\xcc\x81", 1},  // e and a combining acute accent
      {"😀", 2},
      {"😀a", 3},
      {"Ж", 1},
      {"𝒳", 1},
      {"\xf0\xa0\x80\x80", 2},  // U+20000
      {"…", 1},
      {"\xe3\x80\x80", 2},
      {"กำ", 2},
      {"नि", 2},
      {"\\x1b", 4},
      {"\xef\xb8\x8f", 0},  // variation selector
  };
  for (const auto& c : kCases) {
    EXPECT_EQ(DisplayWidth(c.text), c.columns) << c.text;
  }
}

TEST(DisplayWidth, CountsAByteThatIsNoTextAsOneColumn) {
  EXPECT_EQ(DisplayWidth("\xff\xfe"), 2U);
  EXPECT_EQ(DisplayWidth("a\xe6\x97"), 3U);
}

}  // namespace
}  // namespace authseal
