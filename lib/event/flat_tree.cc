#include "lib/event/flat_tree.h"

#include <algorithm>
#include <string>
#include <utility>

#include "lib/base/coding.h"

namespace authseal {
namespace {

constexpr int kDepthMax = 64;

Error Bad() {
  return {ErrorCode::kDamaged, "flat tree: malformed"};
}

// One node of `in`, with its size in front.
Result<Bytes> NextNode(Decoder& in) {
  TRY_ASSIGN(const std::uint32_t size_bytes, in.U32("size"));
  return in.Raw(size_bytes, "node");
}

Status ReadItems(Decoder& in, int depth, YamlNode& node);

// Without the size in front.
Result<YamlNode> ReadNode(Bytes flat, int depth) {
  if (depth > kDepthMax) {
    return Bad();
  }
  Decoder in(flat);
  YamlNode node;
  TRY_ASSIGN(const std::uint8_t type, in.U8("type"));
  TRY_ASSIGN(const std::uint32_t line, in.U32("line"));
  TRY_ASSIGN(const std::uint32_t column, in.U32("column"));
  if (type > static_cast<std::uint8_t>(YamlNode::Type::kMap)) {
    return Bad();
  }
  node.type = static_cast<YamlNode::Type>(type);
  node.line = static_cast<int>(line);
  node.column = static_cast<int>(column);
  if (node.is_scalar()) {
    TRY_ASSIGN(const Bytes text, in.Raw(in.remaining_bytes(), "text"));
    node.text = AsText(text);
  } else {
    TRY(ReadItems(in, depth, node));
  }
  return node;
}

std::size_t CountItems(Decoder in) {
  std::size_t count = 0;
  while (in.remaining_bytes() > 0 && NextNode(in)) {
    ++count;
  }
  return count;
}

Status ReadItems(Decoder& in, int depth, YamlNode& node) {
  node.items.reserve(CountItems(in));
  while (in.remaining_bytes() > 0) {
    TRY_ASSIGN(const Bytes item, NextNode(in));
    TRY_ASSIGN(YamlNode read, ReadNode(item, depth + 1));
    node.items.push_back(std::move(read));
  }
  return node.is_map() && node.items.size() % 2 != 0 ? Status(Bad()) : Ok();
}

}  // namespace

void AppendFlatTree(const YamlNode& node, ByteVector& out) {
  Encoder head;
  head.U8(static_cast<std::uint8_t>(node.type));
  head.U32(static_cast<std::uint32_t>(node.line));
  head.U32(static_cast<std::uint32_t>(node.column));
  ByteVector flat = head.bytes();
  flat.insert(flat.end(), node.text.begin(), node.text.end());
  for (const YamlNode& item : node.items) {
    AppendFlatTree(item, flat);
  }
  Encoder size;
  size.U32(static_cast<std::uint32_t>(flat.size()));
  out.insert(out.end(), size.bytes().begin(), size.bytes().end());
  out.insert(out.end(), flat.begin(), flat.end());
}

Result<YamlNode> ReadFlatTree(Bytes flat) {
  Decoder in(flat);
  TRY_ASSIGN(const Bytes root, NextNode(in));
  TRY(in.Finish());
  return ReadNode(root, 0);
}

Result<YamlNode> ReadFlatSections(Bytes flat,
                                  std::span<const std::string_view> keys) {
  Decoder in(flat);
  TRY_ASSIGN(const Bytes root, NextNode(in));
  TRY(in.Finish());
  Decoder pairs(root);
  YamlNode node;
  node.type = YamlNode::Type::kMap;
  TRY_ASSIGN(const std::uint8_t type, pairs.U8("type"));
  if (type != static_cast<std::uint8_t>(YamlNode::Type::kMap)) {
    return Bad();
  }
  TRY(pairs.U32("line"));
  TRY(pairs.U32("column"));
  while (pairs.remaining_bytes() > 0) {
    TRY_ASSIGN(const Bytes key_bytes, NextNode(pairs));
    TRY_ASSIGN(const Bytes value_bytes, NextNode(pairs));
    TRY_ASSIGN(YamlNode key, ReadNode(key_bytes, 1));
    if (std::find(keys.begin(), keys.end(), key.text) != keys.end()) {
      TRY_ASSIGN(YamlNode value, ReadNode(value_bytes, 1));
      node.items.push_back(std::move(key));
      node.items.push_back(std::move(value));
    }
  }
  return node;
}

}  // namespace authseal
