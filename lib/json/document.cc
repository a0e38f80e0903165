#include "lib/json/document.h"

#include <algorithm>

#include "lib/base/check.h"
#include "lib/base/utf8.h"
#include "lib/json/json_tree.h"
#include "lib/json/tree_builder.h"

namespace authseal {
namespace {

// As for the structural index: do not keep what one huge text needed.
constexpr std::size_t kKeptNodesMax = 1 << 15;
constexpr std::size_t kShrinkFactor = 8;

std::size_t FirstBadUtf8(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size()) {
    const auto code_point = DecodeUtf8(text.substr(at));
    if (!code_point.has_value()) {
      break;
    }
    at += code_point->size_bytes;
  }
  return at;
}

// Where a string is unclosed (its quote) or holds a control character.
std::size_t FirstBadString(std::string_view text) {
  bool in_string = false;
  std::size_t quote = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (in_string && c == '\\') {
      ++at;
    } else if (c == '"') {
      in_string = !in_string;
      quote = at;
    } else if (in_string && static_cast<unsigned char>(c) < 0x20) {
      return at;
    }
  }
  return in_string ? quote : text.size();
}

}  // namespace

JsonDocument::JsonDocument() : state_(std::make_unique<State>()) {}
JsonDocument::~JsonDocument() = default;
JsonDocument::JsonDocument(JsonDocument&&) noexcept = default;
JsonDocument& JsonDocument::operator=(JsonDocument&&) noexcept = default;

JsonFault JsonDocument::Parse(std::string_view text) {
  State& state = *state_;
  state.text = text;
  state.node_count = 0;
  state.fault_offset_bytes = 0;
  state.shape = nullptr;
  state.is_padded_text_own = true;
  if (text.size() > StructuralIndex::kTextBytesMax) {
    state.fault_offset_bytes = StructuralIndex::kTextBytesMax;
    return JsonFault::kSyntax;
  }
  switch (state.index.Build(text)) {
    case StructuralIndex::Outcome::kIndexed:
      break;
    case StructuralIndex::Outcome::kBadString:
      state.fault_offset_bytes = FirstBadString(text);
      return JsonFault::kSyntax;
    case StructuralIndex::Outcome::kBadUtf8:
      state.fault_offset_bytes = FirstBadUtf8(text);
      return JsonFault::kUtf8;
  }
  const auto offsets = state.index.offsets();
  const std::size_t wanted = JsonTreeBuilder::NodesMax(offsets.size());
  const bool wasteful = state.node_capacity > kKeptNodesMax &&
                        wanted < state.node_capacity / kShrinkFactor;
  if (wanted > state.node_capacity || wasteful) {
    const std::size_t capacity = wanted + wanted / 2;
    state.node_capacity = 0;
    state.nodes.reset();
    state.nodes = std::make_unique_for_overwrite<JsonNode[]>(capacity);
    state.node_capacity = capacity;
  }
  JsonTreeBuilder builder(state.index.padded_text(), text.size(), offsets,
                          state.nodes.get());
  const JsonFault fault = builder.Build();
  if (fault == JsonFault::kNone) {
    state.node_count = builder.node_count();
    return fault;
  }
  // simdjson's portable stage 1 checks UTF-8 in strings only.
  if (!StructuralIndex::IsUtf8(text)) {
    state.fault_offset_bytes = FirstBadUtf8(text);
    return JsonFault::kUtf8;
  }
  state.fault_offset_bytes = builder.fault_offset_bytes();
  return fault;
}

std::size_t JsonDocument::fault_offset_bytes() const {
  return state_->fault_offset_bytes;
}

JsonValue JsonDocument::root() const {
  AUTHSEAL_CHECK(state_->node_count > 0);
  return {state_->text.data(), state_->nodes.get(), 0};
}

std::size_t JsonDocument::value_count() const {
  return state_->node_count;
}

const JsonShape* JsonDocument::shape() const {
  return state_->shape;
}

}  // namespace authseal
