#include "lib/event/pointer_trie.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

namespace authseal {
namespace {

constexpr std::size_t kNodesMax = 4096;

Error BadPointer(std::string_view pointer, std::string_view why) {
  return Error{ErrorCode::kInvalidArgument,
               "pointer '" + std::string(pointer) + "' " + std::string(why)};
}

// The token as an array index; empty when it is none (leading zeros, too big).
std::optional<std::size_t> AsIndex(std::string_view token) {
  if (token.empty() || token.size() > 9 ||
      (token.size() > 1 && token[0] == '0')) {
    return std::nullopt;
  }
  std::size_t index = 0;
  const auto [end, fault] =
      std::from_chars(token.data(), token.data() + token.size(), index);
  if (fault != std::errc() || end != token.data() + token.size()) {
    return std::nullopt;
  }
  return index;
}

std::vector<std::string> SplitAlternatives(std::string_view text) {
  std::vector<std::string> values;
  while (true) {
    const std::size_t bar = text.find('|');
    values.emplace_back(text.substr(0, bar));
    if (bar == std::string_view::npos) {
      return values;
    }
    text.remove_prefix(bar + 1);
  }
}

}  // namespace

std::optional<std::string> UnescapePointerToken(std::string_view token) {
  std::string name;
  for (std::size_t i = 0; i < token.size(); ++i) {
    if (token[i] != '~') {
      name += token[i];
      continue;
    }
    ++i;
    if (i == token.size() || (token[i] != '0' && token[i] != '1')) {
      return std::nullopt;
    }
    name += token[i] == '0' ? '~' : '/';
  }
  return name;
}

PointerTrie::PointerTrie() {
  nodes_.emplace_back();
}

std::uint32_t PointerTrie::NewNode() {
  nodes_.emplace_back();
  return static_cast<std::uint32_t>(nodes_.size() - 1);
}

Result<SlotIndex> PointerTrie::Add(std::string_view pointer,
                                   SlotIndex& next_slot) {
  if (!pointer.empty() && pointer[0] != '/') {
    return BadPointer(pointer, "does not begin with '/'");
  }
  std::uint32_t node = 0;
  std::string_view rest = pointer;
  while (!rest.empty()) {
    rest.remove_prefix(1);  // the '/'
    const std::size_t end = std::min(rest.find('/'), rest.size());
    auto child = Step(node, rest.substr(0, end));
    if (!child) {
      return BadPointer(pointer, child.error().message);
    }
    node = *child;
    rest.remove_prefix(end);
    if (nodes_.size() > kNodesMax) {
      return BadPointer(pointer, "is one too many");
    }
  }
  ++pointer_count_;
  if (nodes_[node].slot < 0) {
    nodes_[node].slot = next_slot++;
  }
  return static_cast<SlotIndex>(nodes_[node].slot);
}

Result<std::uint32_t> PointerTrie::Step(std::uint32_t node,
                                        std::string_view token) {
  const std::optional<std::string> name = UnescapePointerToken(token);
  if (!name) {
    return Error{ErrorCode::kInvalidArgument, "has a '~' that is no escape"};
  }
  if (name->empty() || name->front() != '[') {
    return NamedChild(node, *name);
  }
  if (name->size() < 2 || name->back() != ']') {
    return Error{ErrorCode::kInvalidArgument,
                 "has a '[' whose ']' is missing at the step's end"};
  }
  const std::string_view inner(name->data() + 1, name->size() - 2);
  if (inner == "*") {
    if (nodes_[node].any == 0) {
      const std::uint32_t child = NewNode();
      nodes_[node].any = child;
      nodes_[node].is_leaf = false;
    }
    return nodes_[node].any;
  }
  const std::size_t equals = inner.find('=');
  if (equals == std::string_view::npos || equals == 0) {
    return Error{ErrorCode::kInvalidArgument,
                 "has a bracket that is neither [*] nor [member=value]"};
  }
  return MatchChild(node, inner.substr(0, equals),
                    SplitAlternatives(inner.substr(equals + 1)));
}

std::uint32_t PointerTrie::NamedChild(std::uint32_t node,
                                      const std::string& name) {
  if (const NamedEdge* edge = Find(nodes_[node], name)) {
    return edge->node;
  }
  const std::uint32_t child = NewNode();
  nodes_[node].is_leaf = false;
  nodes_[node].named.push_back({name, child});
  AddBucket(nodes_[node]);
  if (const std::optional<std::size_t> index = AsIndex(name)) {
    nodes_[node].indexed.push_back({*index, child});
    std::sort(nodes_[node].indexed.begin(), nodes_[node].indexed.end(),
              [](const IndexEdge& a, const IndexEdge& b) {
                return a.index < b.index;
              });
  }
  return child;
}

std::uint32_t PointerTrie::MatchChild(std::uint32_t node, std::string_view key,
                                      std::vector<std::string> values) {
  for (const MatchEdge& edge : nodes_[node].matches) {
    if (edge.key == key && edge.values == values) {
      return edge.node;
    }
  }
  const std::uint32_t child = NewNode();
  nodes_[node].is_leaf = false;
  nodes_[node].matches.push_back({std::string(key), std::move(values), child});
  return child;
}

// Cheap and good enough for member names: length, both ends and the middle.
std::size_t PointerTrie::HashName(std::string_view name) {
  if (name.empty()) {
    return 0;
  }
  const auto byte = [name](std::size_t i) {
    return static_cast<std::size_t>(static_cast<unsigned char>(name[i]));
  };
  return name.size() * 0x9E5u + byte(0) * 0x1F3u + byte(name.size() - 1) * 31 +
         byte(name.size() / 2) * 0x83u;
}

// Of the last name of `node`; of all of them where the table has to grow.
void PointerTrie::AddBucket(Node& node) {
  std::size_t first = node.named.size() - 1;
  if (node.buckets.size() < 3 * node.named.size()) {
    std::size_t size = 4;
    while (size < 3 * node.named.size()) {
      size *= 2;
    }
    node.buckets.assign(size, {});
    first = 0;
  }
  const std::size_t mask = node.buckets.size() - 1;
  for (std::size_t i = first; i < node.named.size(); ++i) {
    const std::size_t hash = HashName(node.named[i].name);
    std::size_t at = hash & mask;
    while (node.buckets[at].edge != 0) {
      at = (at + 1) & mask;
    }
    node.buckets[at] = {static_cast<std::uint32_t>(hash),
                        static_cast<std::uint32_t>(i + 1)};
  }
}

const PointerTrie::NamedEdge* PointerTrie::Find(const Node& node,
                                                std::string_view name) {
  if (node.buckets.empty()) {
    return nullptr;
  }
  const std::size_t mask = node.buckets.size() - 1;
  const std::size_t hash = HashName(name);
  for (std::size_t at = hash & mask; node.buckets[at].edge != 0;
       at = (at + 1) & mask) {
    const Bucket& bucket = node.buckets[at];
    if (bucket.hash == static_cast<std::uint32_t>(hash) &&
        node.named[bucket.edge - 1].name == name) {
      return &node.named[bucket.edge - 1];
    }
  }
  return nullptr;
}

bool PointerTrie::Matches(const MatchEdge& edge, const JsonValue& object,
                          std::string& scratch) {
  const std::optional<JsonValue> member = object.Member(edge.key);
  if (!member || member->is_object() || member->is_array()) {
    return false;
  }
  return Says(edge, *member, scratch);
}

void PointerTrie::Enter(std::uint32_t node, const JsonValue& value,
                        std::span<SlotValue> slots,
                        Workspace& workspace) const {
  const Node& entered = nodes_[node];
  if (entered.slot >= 0) {
    slots[static_cast<std::size_t>(entered.slot)].SetJson(value);
    workspace.touched.push_back(static_cast<SlotIndex>(entered.slot));
  }
  if (!entered.is_leaf) {
    workspace.stack.push_back({node, value});
  }
}

// The steps that go by what a value says, not by its name or place.
void PointerTrie::VisitMatches(const Node& node, const JsonValue& container,
                               std::span<SlotValue> slots,
                               Workspace& workspace) const {
  for (const MatchEdge& edge : node.matches) {
    if (container.is_object()) {
      if (Matches(edge, container, workspace.name)) {
        Enter(edge.node, container, slots, workspace);
      }
      continue;
    }
    for (std::optional<JsonValue> element = container.FirstChild(); element;
         element = element->NextSibling()) {
      if (element->is_object() && Matches(edge, *element, workspace.name)) {
        Enter(edge.node, *element, slots, workspace);
        break;
      }
    }
  }
}

void PointerTrie::VisitObject(const Node& node, const JsonValue& object,
                              std::span<SlotValue> slots,
                              Workspace& workspace) const {
  std::vector<Visit>& stack = workspace.stack;
  std::optional<JsonValue> child = object.FirstChild();
  if (node.any != 0 && child) {
    Enter(node.any, *child, slots, workspace);
  }
  if (node.named.empty()) {
    return;
  }
  const std::size_t base = stack.size();
  for (; child; child = child->NextSibling()) {
    const NamedEdge* edge = Find(node, child->UnescapeName(workspace.name));
    if (edge == nullptr) {
      continue;
    }
    // Of duplicates the last counts, also for what lies below.
    const auto earlier = std::find_if(
        stack.begin() + static_cast<std::ptrdiff_t>(base), stack.end(),
        [edge](const Visit& visit) { return visit.node == edge->node; });
    if (earlier != stack.end()) {
      stack.erase(earlier);
    }
    Enter(edge->node, *child, slots, workspace);
  }
}

void PointerTrie::VisitArray(const Node& node, const JsonValue& array,
                             std::span<SlotValue> slots,
                             Workspace& workspace) const {
  std::optional<JsonValue> element = array.FirstChild();
  if (node.any != 0 && element) {
    Enter(node.any, *element, slots, workspace);
  }
  std::size_t index = 0;
  for (const IndexEdge& edge : node.indexed) {
    for (; element && index < edge.index; ++index) {
      element = element->NextSibling();
    }
    if (!element) {
      return;
    }
    Enter(edge.node, *element, slots, workspace);
  }
}

void PointerTrie::WalkStack(std::span<SlotValue> slots, Workspace& workspace,
                            std::vector<TriePath::Matching>* matching) const {
  std::vector<Visit>& stack = workspace.stack;
  while (!stack.empty()) {
    const Visit visit = stack.back();
    stack.pop_back();
    const Node& node = nodes_[visit.node];
    const bool is_object = visit.value.is_object();
    if (!is_object && !visit.value.is_array()) {
      continue;
    }
    if (!node.matches.empty()) {
      if (matching != nullptr) {
        matching->push_back({visit.node, visit.value.number()});
      } else {
        VisitMatches(node, visit.value, slots, workspace);
      }
    }
    if (is_object) {
      VisitObject(node, visit.value, slots, workspace);
    } else {
      VisitArray(node, visit.value, slots, workspace);
    }
  }
}

void PointerTrie::Walk(JsonValue root, std::span<SlotValue> slots,
                       Workspace& workspace) const {
  workspace.stack.clear();
  Enter(0, root, slots, workspace);
  WalkStack(slots, workspace, nullptr);
}

}  // namespace authseal
