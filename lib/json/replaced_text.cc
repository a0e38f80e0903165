#include <algorithm>
#include <array>
#include <cstdint>
#include <span>

#include "lib/json/document.h"
#include "lib/json/json_tree.h"

namespace authseal {
namespace {

// More are as well parsed again.
constexpr std::size_t kReplacementsMax = 16;

// Of which a string needs no escapes, nor a second look at its UTF-8.
bool IsPlain(std::string_view string) {
  return std::all_of(string.begin(), string.end(), [](char c) {
    return c >= ' ' && c <= '~' && c != '"' && c != '\\';
  });
}

// Old offsets to new ones, ascending ones step by step.
class Mover {
 public:
  Mover(std::span<const JsonReplacement> replacements, JsonNode* nodes)
      : replacements_(replacements), nodes_(nodes) {}

  // False where a replacement is not inside one string without escapes.
  bool Move(std::size_t node_count) {
    for (std::size_t i = 0; i < node_count; ++i) {
      JsonNode& node = nodes_[i];
      // A name comes before its value; what is no member's has none.
      if (node.name_end != 0) {
        if (NextBegin() < node.name_end) {
          return false;
        }
        node.name_begin = Moved(node.name_begin);
        node.name_end = Moved(node.name_end);
      }
      const std::uint32_t begin = node.begin;
      if (NextBegin() <= begin) {
        return false;
      }
      node.begin = Moved(begin);
      if (node.type == JsonType::kString) {
        if (!MoveString(node)) {
          return false;
        }
      } else if (node.has_children) {
        node.end += static_cast<std::uint32_t>(ShiftAt(node.end));
      } else {
        if (NextBegin() < node.end) {
          return false;
        }
        node.end = Moved(node.end);
      }
    }
    return next_ == replacements_.size();
  }

  // The strings that were replaced, or in part.
  std::span<const std::uint32_t> changed() const {
    return {changed_.data(), changed_count_};
  }

 private:
  bool MoveString(JsonNode& node) {
    const std::uint32_t inner_end = node.end - 1;
    if (NextBegin() < node.end) {
      if (node.has_escapes) {
        return false;
      }
      changed_[changed_count_++] = static_cast<std::uint32_t>(&node - nodes_);
    }
    while (NextBegin() < node.end) {
      const JsonReplacement& replacement = replacements_[next_];
      if (replacement.end > inner_end) {
        return false;
      }
      shift_ += Shift(replacement);
      ++next_;
    }
    node.end = Moved(node.end);
    return true;
  }

  static std::int64_t Shift(const JsonReplacement& replacement) {
    return static_cast<std::int64_t>(replacement.size_bytes) -
           static_cast<std::int64_t>(replacement.end - replacement.begin);
  }
  std::size_t NextBegin() const {
    return next_ == replacements_.size() ? static_cast<std::size_t>(-1)
                                         : replacements_[next_].begin;
  }
  std::uint32_t Moved(std::uint32_t offset) const {
    return static_cast<std::uint32_t>(offset + shift_);
  }
  // By all that ends before `offset`.
  std::int64_t ShiftAt(std::uint32_t offset) const {
    std::int64_t shift = 0;
    for (const JsonReplacement& replacement : replacements_) {
      shift += replacement.end <= offset ? Shift(replacement) : 0;
    }
    return shift;
  }

  std::span<const JsonReplacement> replacements_;
  JsonNode* nodes_;
  std::size_t next_ = 0;
  std::int64_t shift_ = 0;
  std::array<std::uint32_t, kReplacementsMax> changed_ = {};
  std::size_t changed_count_ = 0;
};

}  // namespace

bool JsonDocument::MoveTo(std::string_view text,
                          std::span<const JsonReplacement> replacements) {
  State& state = *state_;
  state.is_padded_text_own = false;
  const bool fits = replacements.size() <= kReplacementsMax &&
                    text.size() <= StructuralIndex::kTextBytesMax;
  Mover mover(replacements, state.nodes.get());
  bool moved = fits && mover.Move(state.node_count);
  state.text = text;
  for (const std::uint32_t node : mover.changed()) {
    moved = moved && IsPlain(root().Numbered(node).raw_string());
  }
  if (!moved) {
    state.node_count = 0;
    state.shape = nullptr;
  }
  return moved;
}

}  // namespace authseal
