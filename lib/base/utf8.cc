#include "lib/base/utf8.h"

#include <array>
#include <cstdint>
#include <cstring>

namespace authseal {
namespace {

constexpr char32_t kReplacement = 0xfffd;
constexpr char32_t kLargest = 0x10ffff;

bool IsSurrogate(char32_t value) {
  return value >= 0xd800 && value <= 0xdfff;
}

std::uint8_t ByteAt(std::string_view text, std::size_t i) {
  return static_cast<std::uint8_t>(text[i]);
}

// How a sequence of this many bytes begins, and the smallest value that
// needs it.
struct Form {
  std::uint8_t lead_mask;
  std::uint8_t lead;
  std::size_t size_bytes;
  char32_t smallest;
};

constexpr std::array<Form, 4> kForms = {{
    {0x80, 0x00, 1, 0x0},
    {0xe0, 0xc0, 2, 0x80},
    {0xf0, 0xe0, 3, 0x800},
    {0xf8, 0xf0, 4, 0x10000},
}};

}  // namespace

std::optional<CodePoint> DecodeUtf8(std::string_view text) {
  if (text.empty()) {
    return std::nullopt;
  }
  const std::uint8_t first = ByteAt(text, 0);
  for (const Form& form : kForms) {
    if ((first & form.lead_mask) != form.lead) {
      continue;
    }
    if (text.size() < form.size_bytes) {
      return std::nullopt;
    }
    auto value = static_cast<char32_t>(first & ~form.lead_mask & 0xff);
    for (std::size_t i = 1; i < form.size_bytes; ++i) {
      const std::uint8_t next = ByteAt(text, i);
      if ((next & 0xc0) != 0x80) {
        return std::nullopt;
      }
      value = value << 6 | (next & 0x3f);
    }
    if (value < form.smallest || value > kLargest || IsSurrogate(value)) {
      return std::nullopt;
    }
    return CodePoint{.value = value, .size_bytes = form.size_bytes};
  }
  return std::nullopt;
}

bool IsValidUtf8(std::string_view text) {
  constexpr std::uint64_t kNotAscii = 0x8080808080808080;
  while (!text.empty()) {
    // Logs are mostly ASCII: eight bytes a step where they are.
    std::uint64_t word = kNotAscii;
    if (text.size() >= sizeof(word)) {
      std::memcpy(&word, text.data(), sizeof(word));
    }
    if ((word & kNotAscii) == 0) {
      text.remove_prefix(sizeof(word));
      continue;
    }
    const std::optional<CodePoint> code_point = DecodeUtf8(text);
    if (!code_point.has_value()) {
      return false;
    }
    text.remove_prefix(code_point->size_bytes);
  }
  return true;
}

void AppendUtf8(char32_t code_point, std::string& out) {
  if (code_point > kLargest || IsSurrogate(code_point)) {
    code_point = kReplacement;
  }
  std::size_t form = 0;
  while (form + 1 < kForms.size() && code_point >= kForms[form + 1].smallest) {
    ++form;
  }
  const std::size_t continuation_bytes = kForms[form].size_bytes - 1;
  out.push_back(static_cast<char>(kForms[form].lead |
                                  code_point >> (6 * continuation_bytes)));
  for (std::size_t i = continuation_bytes; i > 0; --i) {
    out.push_back(
        static_cast<char>(0x80 | (code_point >> (6 * (i - 1)) & 0x3f)));
  }
}

}  // namespace authseal
