#include "lib/json/unescape.h"

#include <cstdint>

#include "lib/base/utf8.h"

namespace authseal {
namespace {

constexpr std::size_t kUnicodeEscapeBytes = 6;  // \uXXXX
constexpr char32_t kReplacement = 0xFFFD;

char32_t HexDigit(char c) {
  if (c >= '0' && c <= '9') {
    return static_cast<char32_t>(c - '0');
  }
  // Folds the case of a letter.
  return static_cast<char32_t>((c | 0x20) - 'a' + 10);
}

bool BeginsUnicodeEscape(std::string_view text) {
  return text.size() >= kUnicodeEscapeBytes && text[0] == '\\' &&
         text[1] == 'u';
}

char32_t CodeUnit(std::string_view escape) {
  return HexDigit(escape[2]) << 12 | HexDigit(escape[3]) << 8 |
         HexDigit(escape[4]) << 4 | HexDigit(escape[5]);
}

bool IsHighSurrogate(char32_t unit) {
  return unit >> 10 == 0xD800 >> 10;
}
bool IsLowSurrogate(char32_t unit) {
  return unit >> 10 == 0xDC00 >> 10;
}

// Appends what the \u escape at the front of `text` means, together with its
// second half; returns the bytes used.
std::size_t AppendUnicodeEscape(std::string_view text, std::string& out) {
  const char32_t unit = CodeUnit(text);
  if (IsHighSurrogate(unit)) {
    const std::string_view rest = text.substr(kUnicodeEscapeBytes);
    if (BeginsUnicodeEscape(rest) && IsLowSurrogate(CodeUnit(rest))) {
      const char32_t low = CodeUnit(rest);
      AppendUtf8(0x10000 + ((unit & 0x3FF) << 10 | (low & 0x3FF)), out);
      return 2 * kUnicodeEscapeBytes;
    }
  }
  const bool lone = IsHighSurrogate(unit) || IsLowSurrogate(unit);
  AppendUtf8(lone ? kReplacement : unit, out);
  return kUnicodeEscapeBytes;
}

char ShortEscape(char c) {
  switch (c) {
    case 'b':
      return '\b';
    case 'f':
      return '\f';
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 't':
      return '\t';
    default:
      return c;  // quote, backslash, slash
  }
}

}  // namespace

std::string_view UnescapeJson(std::string_view escaped, std::string& scratch) {
  scratch.clear();
  while (true) {
    const std::size_t plain = escaped.find('\\');
    scratch.append(escaped.substr(0, plain));
    if (plain == std::string_view::npos || plain + 1 >= escaped.size()) {
      return scratch;
    }
    escaped.remove_prefix(plain);
    if (BeginsUnicodeEscape(escaped)) {
      escaped.remove_prefix(AppendUnicodeEscape(escaped, scratch));
    } else {
      scratch.push_back(ShortEscape(escaped[1]));
      escaped.remove_prefix(2);
    }
  }
}

}  // namespace authseal
