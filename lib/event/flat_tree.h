// A YAML tree as bytes, made when the program is built: reading forty mappings'
// YAML takes longer than many a query, reading these does not.
#ifndef AUTHSEAL_EVENT_FLAT_TREE_H_
#define AUTHSEAL_EVENT_FLAT_TREE_H_

#include <span>
#include <string_view>

#include "lib/base/bytes.h"
#include "lib/base/result.h"
#include "lib/event/yaml_tree.h"

namespace authseal {

// Positions are kept. Per node: u32 size of what follows, u8 type, u32 line,
// u32 column; then the text of a scalar, or the items.
void AppendFlatTree(const YamlNode& node, ByteVector& out);

// Error kDamaged.
Result<YamlNode> ReadFlatTree(Bytes flat);
// Of a map, only the pairs with these keys; the others are passed over.
Result<YamlNode> ReadFlatSections(Bytes flat,
                                  std::span<const std::string_view> keys);

}  // namespace authseal

#endif  // AUTHSEAL_EVENT_FLAT_TREE_H_
