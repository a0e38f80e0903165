#include "lib/event/embedded_text.h"

#include <algorithm>
#include <array>

namespace authseal {
namespace {

// By byte.
constexpr std::array<bool, 256> kNameBytes = [] {
  std::array<bool, 256> all = {};
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto c = static_cast<unsigned char>(i);
    all[i] = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
             (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.' ||
             c == '@';
  }
  return all;
}();

bool IsNameByte(char c) {
  return kNameBytes[static_cast<unsigned char>(c)];
}

bool IsSpace(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

int HexDigit(char c) {
  if (c >= '0' && c <= '9') {
    return c - '0';
  }
  if (c >= 'a' && c <= 'f') {
    return c - 'a' + 10;
  }
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

std::optional<std::string_view> FindParameter(std::string_view parameters,
                                              std::string_view name) {
  while (!parameters.empty()) {
    const std::string_view one =
        parameters.substr(0, std::min(parameters.find('&'), parameters.size()));
    if (one.size() > name.size() && one[name.size()] == '=' &&
        one.starts_with(name)) {
      return one.substr(name.size() + 1);
    }
    parameters.remove_prefix(std::min(one.size() + 1, parameters.size()));
  }
  return std::nullopt;
}

}  // namespace

std::optional<KeyValueReader::Pair> KeyValueReader::Next() {
  while (at_ < text_.size()) {
    if (!IsNameByte(text_[at_])) {
      ++at_;
      continue;
    }
    const std::size_t start = at_;
    while (at_ < text_.size() && IsNameByte(text_[at_])) {
      ++at_;
    }
    if (at_ == text_.size() || text_[at_] != '=') {
      continue;
    }
    const std::string_view name = text_.substr(start, at_ - start);
    ++at_;
    if (at_ < text_.size() && (text_[at_] == '"' || text_[at_] == '\'')) {
      return TakeQuoted(name, text_[at_]);
    }
    return TakePlain(name);
  }
  return std::nullopt;
}

KeyValueReader::Pair KeyValueReader::TakeQuoted(std::string_view name,
                                                char quote) {
  ++at_;
  const std::size_t start = at_;
  // Nearly always the next quote ends it.
  const std::size_t next = text_.find(quote, start);
  if (next != std::string_view::npos) {
    const std::string_view plain = text_.substr(start, next - start);
    if (plain.find('\\') == std::string_view::npos) {
      at_ = next + 1;
      return {name, plain, false};
    }
  }
  bool escaped = false;
  while (at_ < text_.size() && text_[at_] != quote) {
    if (text_[at_] == '\\' && at_ + 1 < text_.size()) {
      escaped = true;
      ++at_;
    }
    ++at_;
  }
  const std::string_view value = text_.substr(start, at_ - start);
  at_ = std::min(at_ + 1, text_.size());
  return {name, value, escaped};
}

KeyValueReader::Pair KeyValueReader::TakePlain(std::string_view name) {
  const std::size_t start = at_;
  while (at_ < text_.size() && !IsSpace(text_[at_])) {
    ++at_;
  }
  std::string_view value = text_.substr(start, at_ - start);
  if (value.ends_with(',')) {
    value.remove_suffix(1);
  }
  return {name, value, false};
}

void UnescapeQuotes(std::string_view value, std::string& out) {
  out.clear();
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (value[i] == '\\' && i + 1 < value.size() &&
        (value[i + 1] == '"' || value[i + 1] == '\'' || value[i + 1] == '\\')) {
      ++i;
    }
    out += value[i];
  }
}

std::optional<std::string_view> UrlParameter(std::string_view url,
                                             std::string_view name) {
  const std::size_t hash = std::min(url.find('#'), url.size());
  const std::string_view before = url.substr(0, hash);
  const std::size_t question = before.find('?');
  if (question != std::string_view::npos) {
    if (const auto found = FindParameter(before.substr(question + 1), name)) {
      return found;
    }
  }
  return hash < url.size() ? FindParameter(url.substr(hash + 1), name)
                           : std::nullopt;
}

void DecodeFormValue(std::string_view value, std::string& out) {
  out.clear();
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (value[i] == '+') {
      out += ' ';
      continue;
    }
    if (value[i] == '%' && i + 2 < value.size()) {
      const int high = HexDigit(value[i + 1]);
      const int low = HexDigit(value[i + 2]);
      if (high >= 0 && low >= 0) {
        out += static_cast<char>(high * 16 + low);
        i += 2;
        continue;
      }
    }
    out += value[i];
  }
}

}  // namespace authseal
