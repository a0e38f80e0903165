#include <string>

#include "lib/json/document.h"
#include "lib/json/json_tree.h"
#include "lib/json/unescape.h"

namespace authseal {

JsonType JsonValue::type() const {
  return document_->state_->nodes[node_].type;
}

std::string_view JsonValue::raw() const {
  const JsonNode& node = document_->state_->nodes[node_];
  return document_->state_->text.substr(node.begin, node.end - node.begin);
}

std::string_view JsonValue::raw_string() const {
  const std::string_view quoted = raw();
  return quoted.substr(1, quoted.size() - 2);
}

bool JsonValue::has_escapes() const {
  return document_->state_->nodes[node_].has_escapes;
}

std::string_view JsonValue::Unescape(std::string& scratch) const {
  return has_escapes() ? UnescapeJson(raw_string(), scratch) : raw_string();
}

std::string_view JsonValue::raw_name() const {
  const JsonNode& node = document_->state_->nodes[node_];
  return document_->state_->text.substr(node.name_begin,
                                        node.name_end - node.name_begin);
}

std::string_view JsonValue::UnescapeName(std::string& scratch) const {
  return document_->state_->nodes[node_].name_has_escapes
             ? UnescapeJson(raw_name(), scratch)
             : raw_name();
}

std::optional<JsonValue> JsonValue::FirstChild() const {
  if (!document_->state_->nodes[node_].has_children) {
    return std::nullopt;
  }
  return JsonValue(document_, node_ + 1);
}

std::optional<JsonValue> JsonValue::NextSibling() const {
  const std::uint32_t next = document_->state_->nodes[node_].next_sibling;
  if (next == 0) {
    return std::nullopt;
  }
  return JsonValue(document_, next);
}

std::optional<JsonValue> JsonValue::Member(std::string_view name) const {
  if (!is_object() || !FirstChild().has_value()) {
    return std::nullopt;
  }
  const JsonNode* nodes = document_->state_->nodes.get();
  const char* text = document_->state_->text.data();
  std::optional<JsonValue> found;
  std::string scratch;
  std::uint32_t child = node_ + 1;
  do {
    const JsonNode& node = nodes[child];
    std::string_view own(text + node.name_begin,
                         node.name_end - node.name_begin);
    if (node.name_has_escapes) {
      own = UnescapeJson(own, scratch);
    }
    if (own == name) {
      found = JsonValue(document_, child);
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
