// UTF-8 as RFC 3629 has it: no surrogates, nothing above U+10FFFF, shortest
// form only.
#ifndef AUTHSEAL_BASE_UTF8_H_
#define AUTHSEAL_BASE_UTF8_H_

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace authseal {

struct CodePoint {
  char32_t value = 0;
  std::size_t size_bytes = 1;
};

// The code point `text` begins with; empty when it begins with none.
std::optional<CodePoint> DecodeUtf8(std::string_view text);
bool IsValidUtf8(std::string_view text);
// U+FFFD in place of a surrogate or a value above U+10FFFF.
void AppendUtf8(char32_t code_point, std::string& out);

}  // namespace authseal

#endif  // AUTHSEAL_BASE_UTF8_H_
