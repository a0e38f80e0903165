#include "lib/base/escape.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "lib/base/utf8.h"

namespace authseal {
namespace {

struct Range {
  char32_t first;
  char32_t last;
};

// What a terminal or a reader's eye could be misled by. Sorted.
constexpr std::array<Range, 15> kHarmful = {{
    {0x80, 0x9f},        // C1 controls: U+009B is CSI, U+009D is OSC
    {0xad, 0xad},        // soft hyphen
    {0x61c, 0x61c},      // Arabic letter mark
    {0x180e, 0x180e},    // Mongolian vowel separator
    {0x200b, 0x200f},    // zero-width space, joiners, direction marks
    {0x2028, 0x202e},    // line and paragraph separator, embeddings, overrides
    {0x2060, 0x206f},    // invisible operators, isolates, deprecated formats
    {0xfdd0, 0xfdef},    // noncharacters
    {0xfeff, 0xfeff},    // byte order mark
    {0xfff9, 0xfffb},    // interlinear annotation
    {0xfffe, 0xffff},    // noncharacters
    {0x13430, 0x1343f},  // Egyptian hieroglyph formats
    {0x1bca0, 0x1bca3},  // shorthand formats
    {0x1d173, 0x1d17a},  // musical formats
    {0xe0000, 0xe0fff},  // tags and variation selectors, used to hide text
}};

bool IsHarmful(char32_t value) {
  const auto* const range = std::find_if(
      kHarmful.begin(), kHarmful.end(),
      [value](const Range& candidate) { return value <= candidate.last; });
  return range != kHarmful.end() && value >= range->first;
}

char HexDigit(std::uint32_t value) {
  return "0123456789abcdef"[value & 0xf];
}

void AppendByteEscape(char c, std::string& out) {
  const auto byte = static_cast<std::uint8_t>(c);
  out += "\\x";
  out.push_back(HexDigit(std::uint32_t{byte} >> 4));
  out.push_back(HexDigit(byte));
}

void AppendCodePointEscape(char32_t value, std::string& out) {
  int shift_bits = 28;
  while (shift_bits > 0 && (value >> shift_bits) == 0) {
    shift_bits -= 4;
  }
  out += "\\u{";
  for (; shift_bits >= 0; shift_bits -= 4) {
    out.push_back(HexDigit(value >> shift_bits));
  }
  out.push_back('}');
}

bool IsPlainAscii(char c) {
  return c >= 0x20 && c < 0x7f && c != '\\';
}

}  // namespace

std::string EscapeForTerminal(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    if (IsPlainAscii(text[0])) {
      out.push_back(text[0]);
      text.remove_prefix(1);
      continue;
    }
    const std::optional<CodePoint> code_point = DecodeUtf8(text);
    const std::size_t size_bytes =
        code_point.has_value() ? code_point->size_bytes : 1;
    if (text[0] == '\\') {
      out += "\\\\";
    } else if (size_bytes == 1) {  // C0, DEL, or a byte of invalid UTF-8
      AppendByteEscape(text[0], out);
    } else if (IsHarmful(code_point->value)) {
      AppendCodePointEscape(code_point->value, out);
    } else {
      out.append(text.substr(0, size_bytes));
    }
    text.remove_prefix(size_bytes);
  }
  return out;
}

std::string EscapeExcept(std::string_view text, std::string_view kept) {
  std::string out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find_first_of(kept), text.size());
    out += EscapeForTerminal(text.substr(0, end));
    out += text.substr(end, 1);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

}  // namespace authseal
