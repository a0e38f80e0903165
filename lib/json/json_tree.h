// The flat tree behind JsonDocument: one node a value, parents before their
// children, children in order.
#ifndef AUTHSEAL_JSON_JSON_TREE_H_
#define AUTHSEAL_JSON_JSON_TREE_H_

#include <cstdint>
#include <memory>
#include <string_view>

#include "lib/json/document.h"
#include "lib/json/structural_index.h"

namespace authseal {

// All offsets count bytes of the text. Node 0 is the root, so 0 also says
// "no such node".
struct JsonNode {
  std::uint32_t begin;  // of the value, quotes and braces included
  std::uint32_t end;
  std::uint32_t name_begin;  // inside the quotes
  std::uint32_t name_end;
  std::uint32_t next_sibling;
  JsonType type;
  bool has_escapes;
  bool name_has_escapes;
  bool has_children;  // the first one follows its parent at once
};

struct JsonDocument::State {
  StructuralIndex index;
  std::string_view text;
  std::unique_ptr<JsonNode[]> nodes;
  std::size_t node_capacity = 0;
  std::size_t node_count = 0;
  std::size_t fault_offset_bytes = 0;
};

}  // namespace authseal

#endif  // AUTHSEAL_JSON_JSON_TREE_H_
