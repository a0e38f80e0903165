#include "lib/json/writer.h"

#include <array>
#include <charconv>
#include <cmath>
#include <utility>

#include "lib/base/check.h"
#include "lib/base/utf8.h"

namespace authseal {
namespace {

// Room for any double in shortest form, and any 64-bit integer.
constexpr std::size_t kNumberCharsMax = 32;

template <typename T>
void AppendNumber(T number, std::string& out) {
  std::array<char, kNumberCharsMax> digits = {};
  const auto [end, error] =
      std::to_chars(digits.data(), digits.data() + digits.size(), number);
  AUTHSEAL_CHECK(error == std::errc());
  out.append(digits.data(), end);
}

bool NeedsNoEscape(char c) {
  return c >= 0x20 && c < 0x7F && c != '"' && c != '\\';
}

void AppendUnicodeEscape(char32_t unit, std::string& out) {
  constexpr std::string_view kHex = "0123456789abcdef";
  out.append("\\u");
  for (int shift = 12; shift >= 0; shift -= 4) {
    out.push_back(kHex[unit >> shift & 0xF]);
  }
}

void AppendEscapedControl(char32_t c, std::string& out) {
  switch (c) {
    case '\b':
      out.append("\\b");
      return;
    case '\f':
      out.append("\\f");
      return;
    case '\n':
      out.append("\\n");
      return;
    case '\r':
      out.append("\\r");
      return;
    case '\t':
      out.append("\\t");
      return;
    default:
      AppendUnicodeEscape(c, out);
  }
}

void AppendCodePoint(char32_t c, std::string& out) {
  constexpr char32_t kLineSeparator = 0x2028;
  constexpr char32_t kParagraphSeparator = 0x2029;
  if (c == '"' || c == '\\') {
    out.push_back('\\');
    out.push_back(static_cast<char>(c));
  } else if (c < 0x20 || (c >= 0x7F && c < 0xA0) || c == kLineSeparator ||
             c == kParagraphSeparator) {
    AppendEscapedControl(c, out);
  } else {
    AppendUtf8(c, out);
  }
}

}  // namespace

void AppendJsonEscaped(std::string_view text, std::string& out) {
  constexpr char32_t kReplacement = 0xFFFD;
  while (!text.empty()) {
    std::size_t plain = 0;
    while (plain < text.size() && NeedsNoEscape(text[plain])) {
      ++plain;
    }
    out.append(text.substr(0, plain));
    text.remove_prefix(plain);
    if (text.empty()) {
      return;
    }
    const auto code_point = DecodeUtf8(text);
    AppendCodePoint(code_point ? code_point->value : kReplacement, out);
    text.remove_prefix(code_point ? code_point->size_bytes : 1);
  }
}

// The comma before an item, except before an array's or object's first and
// between a name and its value.
void JsonWriter::Separate() {
  if (after_name_) {
    after_name_ = false;
    return;
  }
  if (has_item_.empty()) {
    return;
  }
  if (has_item_.back()) {
    text_.push_back(',');
  }
  has_item_.back() = true;
}

JsonWriter& JsonWriter::BeginObject() {
  Separate();
  text_.push_back('{');
  closers_.push_back('}');
  has_item_.push_back(false);
  return *this;
}

JsonWriter& JsonWriter::BeginArray() {
  Separate();
  text_.push_back('[');
  closers_.push_back(']');
  has_item_.push_back(false);
  return *this;
}

JsonWriter& JsonWriter::End() {
  AUTHSEAL_CHECK(!closers_.empty() && !after_name_);
  text_.push_back(closers_.back());
  closers_.pop_back();
  has_item_.pop_back();
  return *this;
}

JsonWriter& JsonWriter::Name(std::string_view name) {
  AUTHSEAL_CHECK(!closers_.empty() && closers_.back() == '}' && !after_name_);
  String(name);
  text_.push_back(':');
  after_name_ = true;
  return *this;
}

JsonWriter& JsonWriter::String(std::string_view text) {
  Separate();
  text_.push_back('"');
  AppendJsonEscaped(text, text_);
  text_.push_back('"');
  return *this;
}

JsonWriter& JsonWriter::Number(std::uint64_t number) {
  Separate();
  AppendNumber(number, text_);
  return *this;
}

JsonWriter& JsonWriter::Signed(std::int64_t number) {
  Separate();
  AppendNumber(number, text_);
  return *this;
}

JsonWriter& JsonWriter::Real(double number) {
  AUTHSEAL_CHECK(std::isfinite(number));
  Separate();
  AppendNumber(number, text_);
  return *this;
}

JsonWriter& JsonWriter::Bool(bool value) {
  return Raw(value ? "true" : "false");
}

JsonWriter& JsonWriter::Null() {
  return Raw("null");
}

JsonWriter& JsonWriter::Raw(std::string_view json) {
  Separate();
  text_.append(json);
  return *this;
}

std::string JsonWriter::Take() {
  AUTHSEAL_CHECK(closers_.empty() && !after_name_);
  return std::exchange(text_, {});
}

}  // namespace authseal
