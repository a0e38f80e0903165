// RFC 6901.
#include <charconv>
#include <string>

#include "lib/json/document.h"

namespace authseal {
namespace {

// A reference token without its ~0 and ~1; empty when another ~ is in it.
std::optional<std::string_view> UnescapeToken(std::string_view token,
                                              std::string& scratch) {
  if (token.find('~') == std::string_view::npos) {
    return token;
  }
  scratch.clear();
  for (std::size_t i = 0; i < token.size(); ++i) {
    if (token[i] != '~') {
      scratch.push_back(token[i]);
      continue;
    }
    ++i;
    if (i == token.size() || (token[i] != '0' && token[i] != '1')) {
      return std::nullopt;
    }
    scratch.push_back(token[i] == '0' ? '~' : '/');
  }
  return scratch;
}

std::optional<std::size_t> ArrayIndex(std::string_view token) {
  if (token.empty() || (token.size() > 1 && token.front() == '0')) {
    return std::nullopt;
  }
  std::size_t index = 0;
  const auto [end, error] =
      std::from_chars(token.data(), token.data() + token.size(), index);
  if (error != std::errc() || end != token.data() + token.size()) {
    return std::nullopt;
  }
  return index;
}

}  // namespace

std::optional<JsonValue> JsonValue::Pointer(std::string_view pointer) const {
  std::optional<JsonValue> value = *this;
  std::string scratch;
  while (value.has_value() && !pointer.empty()) {
    if (pointer.front() != '/') {
      return std::nullopt;
    }
    pointer.remove_prefix(1);
    const std::string_view escaped = pointer.substr(0, pointer.find('/'));
    pointer.remove_prefix(escaped.size());
    const auto token = UnescapeToken(escaped, scratch);
    if (!token.has_value()) {
      return std::nullopt;
    }
    if (value->is_array()) {
      const auto index = ArrayIndex(*token);
      value = index.has_value() ? value->Element(*index) : std::nullopt;
    } else {
      value = value->Member(*token);
    }
  }
  return value;
}

}  // namespace authseal
