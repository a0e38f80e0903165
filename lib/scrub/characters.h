// The sets of characters that tokens and the text around them are made of.
#ifndef AUTHSEAL_SCRUB_CHARACTERS_H_
#define AUTHSEAL_SCRUB_CHARACTERS_H_

#include <cstddef>
#include <string_view>

namespace authseal {

constexpr bool IsDigit(char c) {
  return c >= '0' && c <= '9';
}
constexpr bool IsUpper(char c) {
  return c >= 'A' && c <= 'Z';
}
constexpr bool IsLower(char c) {
  return c >= 'a' && c <= 'z';
}
inline bool IsAlnum(char c) {
  return IsDigit(c) || IsUpper(c) || IsLower(c);
}
inline bool IsBlank(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}
inline bool IsQuote(char c) {
  return c == '"' || c == '\'';
}
inline char ToLower(char c) {
  return IsUpper(c) ? static_cast<char>(c | 0x20) : c;
}
inline bool IsHex(char c) {
  const char lower = ToLower(c);
  return IsDigit(c) || (lower >= 'a' && lower <= 'f');
}
inline bool IsBase64Url(char c) {
  return IsAlnum(c) || c == '-' || c == '_';
}
// RFC 6750's b64token.
inline bool IsTokenChar(char c) {
  return IsBase64Url(c) || c == '.' || c == '~' || c == '+' || c == '/' ||
         c == '=';
}

inline bool EqualsFolded(std::string_view text, std::string_view lower) {
  if (text.size() != lower.size()) {
    return false;
  }
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (ToLower(text[i]) != lower[i]) {
      return false;
    }
  }
  return true;
}

// The end of the run that begins at `at` and of which all pass `is_inside`.
template <typename Predicate>
std::size_t RunEnd(std::string_view text, std::size_t at, Predicate is_inside) {
  while (at < text.size() && is_inside(text[at])) {
    ++at;
  }
  return at;
}

}  // namespace authseal

#endif  // AUTHSEAL_SCRUB_CHARACTERS_H_
