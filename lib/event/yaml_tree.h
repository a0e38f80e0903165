// A YAML text as a plain tree with positions, so that a complaint about a
// mapping can name file, line and column. Anchors and aliases are refused:
// mappings need none, and they make small files large.
#ifndef AUTHSEAL_EVENT_YAML_TREE_H_
#define AUTHSEAL_EVENT_YAML_TREE_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lib/base/result.h"

namespace authseal {

struct YamlNode {
  enum class Type : std::uint8_t {
    kNull,
    kScalar,
    kList,
    kMap
  };

  Type type = Type::kNull;
  std::string text;             // of a scalar
  std::vector<YamlNode> items;  // of a list; of a map: key, value, key, …
  int line = 1;                 // from 1
  int column = 1;               // from 1

  bool is_scalar() const { return type == Type::kScalar; }
  bool is_list() const { return type == Type::kList; }
  bool is_map() const { return type == Type::kMap; }

  std::size_t pair_count() const { return items.size() / 2; }
  const YamlNode& key(std::size_t pair) const { return items[2 * pair]; }
  const YamlNode& value(std::size_t pair) const { return items[2 * pair + 1]; }
  // Of a map; nullptr when absent.
  const YamlNode* Find(std::string_view name) const;
};

// "okta.yaml:12:5: `message`", kInvalidArgument.
Error YamlError(std::string_view file, const YamlNode& at,
                std::string_view message);
// With a hint: `what` is one of `allowed`.
Error YamlChoiceError(std::string_view file, const YamlNode& at,
                      std::string_view message, std::string_view what,
                      std::span<const std::string_view> allowed);

// One document whose root is a map. Refuses anchors, keys that are not scalars
// or occur twice, and nesting deeper than 32.
Result<YamlNode> ParseYaml(std::string_view file, std::string_view text);

}  // namespace authseal

#endif  // AUTHSEAL_EVENT_YAML_TREE_H_
