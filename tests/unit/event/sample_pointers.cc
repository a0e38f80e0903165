#include "tests/unit/event/sample_pointers.h"

#include <array>
#include <regex>

namespace authseal {
namespace {

std::string TextOf(JsonValue value) {
  std::string scratch;
  return std::string(value.is_string() ? value.Unescape(scratch) : value.raw());
}

bool Chosen(JsonValue object, std::string_view key, std::string_view values) {
  const auto member = object.Member(key);
  return member &&
         ("|" + std::string(values) + "|").find("|" + TextOf(*member) + "|") !=
             std::string::npos;
}

std::optional<JsonValue> Choose(JsonValue from, std::string_view step) {
  const std::size_t equals = step.find('=');
  const std::string_view key = step.substr(1, equals - 1);
  const std::string_view values =
      step.substr(equals + 1, step.size() - equals - 2);
  if (from.is_object()) {
    return Chosen(from, key, values) ? std::optional(from) : std::nullopt;
  }
  for (auto item = from.is_array() ? from.FirstChild() : std::nullopt; item;
       item = item->NextSibling()) {
    if (item->is_object() && Chosen(*item, key, values)) {
      return item;
    }
  }
  return std::nullopt;
}

std::optional<JsonValue> Follow(JsonValue record, std::string_view pointer) {
  std::optional<JsonValue> at = record;
  while (at && !pointer.empty()) {
    pointer.remove_prefix(1);
    const std::size_t end = std::min(pointer.find('/'), pointer.size());
    const std::string_view step = pointer.substr(0, end);
    at = step.starts_with('[') ? Choose(*at, step)
                               : at->Pointer("/" + std::string(step));
    pointer.remove_prefix(end);
  }
  return at;
}

bool IsSomething(const std::string& text) {
  static const std::regex kNothing(
      R"(|null|n/a|unknown|-|<unknown>|none|255\.255\.255\.255)",
      std::regex::icase);
  return !std::regex_match(text, kNothing);
}

std::optional<std::string> KeyText(JsonValue record, std::string_view rest) {
  const std::size_t colon = rest.rfind(':');
  const auto text = Follow(record, rest.substr(0, colon));
  if (!text || !text->is_string()) {
    return std::nullopt;
  }
  const std::regex pair("(?:^|[ ,])" + std::string(rest.substr(colon + 1)) +
                        R"re(=(?:"([^"]*)"|([^ ,]*)))re");
  std::smatch match;
  const std::string message = TextOf(*text);
  if (!std::regex_search(message, match, pair)) {
    return std::nullopt;
  }
  const std::string found = match[1].matched ? match[1].str() : match[2].str();
  return IsSomething(found) ? std::optional(found) : std::nullopt;
}

}  // namespace

bool SampleHasValue(JsonValue record, std::string_view pointer) {
  if (pointer.starts_with("kv:")) {
    return KeyText(record, pointer.substr(3)).has_value();
  }
  const auto value = Follow(record, pointer);
  if (!value || value->type() == JsonType::kNull) {
    return false;
  }
  if (value->is_array() || value->is_object()) {
    return value->FirstChild().has_value();
  }
  return IsSomething(TextOf(*value));
}

std::optional<std::string> SampleText(JsonValue record,
                                      std::string_view pointer) {
  if (pointer.starts_with("kv:")) {
    return KeyText(record, pointer.substr(3));
  }
  const auto value = Follow(record, pointer);
  if (!value || value->is_array() || value->is_object() ||
      !SampleHasValue(record, pointer)) {
    return std::nullopt;
  }
  return TextOf(*value);
}

bool SampleHasMember(JsonValue record, std::string_view alternatives) {
  while (true) {
    const std::size_t bar = alternatives.find('|');
    if (Follow(record, alternatives.substr(0, bar))) {
      return true;
    }
    if (bar == std::string_view::npos) {
      return false;
    }
    alternatives.remove_prefix(bar + 1);
  }
}

}  // namespace authseal
