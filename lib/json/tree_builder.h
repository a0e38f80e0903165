// The second half of parsing: checks RFC 8259's grammar along the structural
// offsets and writes the tree. Iterative, so depth costs no stack.
#ifndef AUTHSEAL_JSON_TREE_BUILDER_H_
#define AUTHSEAL_JSON_TREE_BUILDER_H_

#include <array>
#include <cstdint>
#include <span>

#include "lib/json/document.h"
#include "lib/json/json_tree.h"

namespace authseal {

class JsonTreeBuilder {
 public:
  // `padded_text` has StructuralIndex::kPaddingBytes spaces behind it.
  JsonTreeBuilder(const char* padded_text, std::size_t text_size_bytes,
                  std::span<const std::uint32_t> offsets, JsonNode* nodes);

  // How many nodes `offsets` offsets can need. A value takes its own offset
  // and the comma or bracket before it; only what is still open at a fault
  // has not paid its closing bracket yet.
  static constexpr std::size_t NodesMax(std::size_t offsets) {
    return offsets / 2 + kJsonDepthMax + 2;
  }

  JsonFault Build();
  std::size_t node_count() const { return count_; }
  std::size_t fault_offset_bytes() const { return position_; }

 private:
  enum class Step : std::uint8_t {
    kValue,
    kAfterValue,
    kFault
  };

  struct Text {  // inside the quotes
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
    bool has_escapes = false;
  };

  bool Next();
  char Current() const { return text_[position_]; }
  Step Value();
  Step Open(JsonType type, char closer);
  Step AfterValue();
  bool ReadName();
  bool ReadString(Text& string);
  bool CheckEscapes(std::uint32_t end);
  void FindBackslash(std::size_t from);
  bool ReadNumber();
  bool ReadLiteral(const char* literal, std::uint32_t size_bytes);
  JsonNode& Add(JsonType type);

  const char* text_;
  std::size_t text_size_bytes_;
  const std::uint32_t* next_offset_;
  const std::uint32_t* offsets_end_;
  JsonNode* nodes_;
  std::uint32_t count_ = 0;
  std::size_t position_ = 0;
  std::size_t backslash_ = 0;  // the first one at or behind position_
  std::uint32_t last_ = 0;     // the value that ended last
  std::size_t depth_ = 0;
  std::array<std::uint32_t, kJsonDepthMax> open_;  // the first depth_ count
  Text name_;  // of the value that comes next
  JsonFault fault_ = JsonFault::kSyntax;
};

}  // namespace authseal

#endif  // AUTHSEAL_JSON_TREE_BUILDER_H_
