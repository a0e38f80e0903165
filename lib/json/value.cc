#include <string>

#include "lib/json/document.h"
#include "lib/json/unescape.h"

namespace authseal {

std::string_view JsonValue::Unescaped(std::string_view escaped,
                                      std::string& scratch) {
  return UnescapeJson(escaped, scratch);
}

std::optional<JsonValue> JsonValue::Member(std::string_view name) const {
  if (!is_object() || !nodes_[node_].has_children) {
    return std::nullopt;
  }
  std::optional<JsonValue> found;
  std::string scratch;
  std::uint32_t child = node_ + 1;
  do {
    const JsonNode& node = nodes_[child];
    std::string_view own(text_ + node.name_begin,
                         node.name_end - node.name_begin);
    if (node.name_has_escapes) {
      own = UnescapeJson(own, scratch);
    }
    if (own == name) {
      found = At(child);
    }
    child = node.next_sibling;
  } while (child != 0);
  return found;
}

std::optional<JsonValue> JsonValue::Element(std::size_t index) const {
  if (!is_array()) {
    return std::nullopt;
  }
  std::optional<JsonValue> element = FirstChild();
  for (; element.has_value() && index > 0; --index) {
    element = element->NextSibling();
  }
  return element;
}

}  // namespace authseal
