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

struct JsonDocument::State {
  StructuralIndex index;
  std::string_view text;
  bool is_padded_text_own = false;  // index.padded_text() is of `text`
  std::unique_ptr<JsonNode[]> nodes;
  std::size_t node_capacity = 0;
  std::size_t node_count = 0;
  std::size_t fault_offset_bytes = 0;
  const JsonShape* shape = nullptr;  // JsonShapes sets it
};

}  // namespace authseal

#endif  // AUTHSEAL_JSON_JSON_TREE_H_
