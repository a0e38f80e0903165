#include "lib/json/shape.h"

#include <algorithm>
#include <cstring>

#include "lib/json/json_tree.h"

namespace authseal {
namespace {

constexpr std::size_t kWordBytes = 8;
constexpr std::size_t kKeptNameBytes = 2 * kWordBytes;
static_assert(kKeptNameBytes <= StructuralIndex::kPaddingBytes);

constexpr std::uint64_t kOddFirst = 0x9E37'79B9'7F4A'7C15;
constexpr std::uint64_t kOddStep = 0xC2B2'AE3D'27D4'EB4E;

// For the first `size` bytes of a word as they lie in memory.
constexpr std::array<std::array<unsigned char, kWordBytes>, kWordBytes + 1>
    kMaskBytes = [] {
      std::array<std::array<unsigned char, kWordBytes>, kWordBytes + 1> all =
          {};
      for (std::size_t size = 0; size <= kWordBytes; ++size) {
        for (std::size_t i = 0; i < size; ++i) {
          all[size][i] = 0xFF;
        }
      }
      return all;
    }();

std::uint64_t WordAt(const void* from) {
  std::uint64_t word = 0;
  std::memcpy(&word, from, sizeof(word));
  return word;
}

std::uint64_t MaskOf(std::size_t size_bytes) {
  return WordAt(kMaskBytes[std::min(size_bytes, kWordBytes)].data());
}

std::uint32_t NameSize(const JsonNode& node) {
  return node.name_end - node.name_begin;
}

std::uint32_t KindOf(const JsonNode& node) {
  const std::uint32_t container = node.type == JsonType::kObject
                                      ? 4
                                      : (node.type == JsonType::kArray ? 2 : 0);
  return container | (node.has_children ? 1U : 0U);
}

}  // namespace

JsonShapes::JsonShapes()
    : shapes_(kShapesMax), hashes_(kShapesMax), seen_once_(kShapesMax) {}

// Never 0. Over the nodes' kinds, the lengths and first bytes of their names.
std::uint64_t JsonShapes::HashOf(const JsonDocument& document) const {
  const JsonDocument::State& state = *document.state_;
  const char* const text = state.index.padded_text();
  std::uint64_t odd = kOddFirst;
  std::uint64_t hash = state.node_count;
  for (std::size_t i = 0; i < state.node_count; ++i) {
    const JsonNode& node = state.nodes[i];
    const std::uint32_t size = NameSize(node);
    const char* const name = text + node.name_begin;
    const std::uint64_t first = WordAt(name) & MaskOf(size);
    hash += (first + (std::uint64_t{size} << 32) + KindOf(node)) * odd;
    odd += kOddStep;
  }
  return (hash ^ hash >> 32) * kOddFirst | 1;
}

bool JsonShapes::IsOf(const JsonShape& shape, const JsonDocument& document) {
  const JsonDocument::State& state = *document.state_;
  if (shape.nodes_.size() != state.node_count) {
    return false;
  }
  const char* const text = state.index.padded_text();
  const JsonNode* node = state.nodes.get();
  std::uint64_t different = 0;
  for (const JsonShape::Node& known : shape.nodes_) {
    const char* const name = text + node->name_begin;
    different |= (WordAt(name) & known.first_mask) ^ known.first;
    different |= (WordAt(name + kWordBytes) & known.second_mask) ^ known.second;
    different |= node->next_sibling ^ known.next_sibling;
    different |= NameSize(*node) ^ known.name_size_bytes;
    different |= KindOf(*node) ^ known.kind;
    ++node;
  }
  return different == 0 &&
         std::all_of(shape.long_names_.begin(), shape.long_names_.end(),
                     [&](const JsonShape::LongName& known) {
                       const JsonNode& own = state.nodes[known.node];
                       return std::memcmp(text + own.name_begin,
                                          known.name.data(),
                                          known.name.size()) == 0;
                     });
}

std::shared_ptr<JsonShape> JsonShapes::Learn(const JsonDocument& document) {
  const JsonDocument::State& state = *document.state_;
  const char* const text = state.index.padded_text();
  auto shape = std::make_shared<JsonShape>();
  std::size_t name_bytes = 0;
  for (std::uint32_t i = 0; i < state.node_count; ++i) {
    const JsonNode& node = state.nodes[i];
    const std::uint32_t size = NameSize(node);
    const char* const name = text + node.name_begin;
    name_bytes += size;
    if (name_bytes > kNameBytesMax) {
      return nullptr;
    }
    JsonShape::Node known = {};
    known.first_mask = MaskOf(size);
    known.second_mask = MaskOf(size - std::min<std::size_t>(size, kWordBytes));
    known.first = WordAt(name) & known.first_mask;
    known.second = WordAt(name + kWordBytes) & known.second_mask;
    known.next_sibling = node.next_sibling;
    known.name_size_bytes = size;
    known.kind = KindOf(node);
    shape->nodes_.push_back(known);
    if (size > kKeptNameBytes) {
      shape->long_names_.push_back({i, std::string(name, size)});
    }
  }
  return shape;
}

void JsonShapes::Recognise(JsonDocument& document) {
  JsonDocument::State& state = *document.state_;
  if (!state.is_padded_text_own) {
    return;
  }
  state.shape = nullptr;
  if (state.node_count == 0 || state.node_count > kNodesMax) {
    return;
  }
  const std::uint64_t hash = HashOf(document);
  const std::size_t first = (hash >> 48) % (kShapesMax / kWays) * kWays;
  for (std::size_t i = first; i < first + kWays; ++i) {
    if (hashes_[i] == hash && IsOf(*shapes_[i], document)) {
      state.shape = shapes_[i].get();
      credit_ = std::min(credit_ + 1, kFoundPerLearnt * kShapesMax);
      return;
    }
  }
  std::uint64_t& seen = seen_once_[(hash >> 40) % kShapesMax];
  if (seen != hash) {
    seen = hash;
    return;
  }
  if (credit_ < kFoundPerLearnt) {
    return;
  }
  credit_ -= kFoundPerLearnt;
  seen = 0;
  std::shared_ptr<JsonShape> shape = Learn(document);
  if (shape == nullptr) {
    return;
  }
  const std::size_t place = first + next_victim_++ % kWays;
  shape->number_ = place;
  shapes_[place] = std::move(shape);
  hashes_[place] = hash;
  state.shape = shapes_[place].get();
}

}  // namespace authseal
