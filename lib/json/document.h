// One JSON text (RFC 8259) as a flat tree of tokens that point into it.
//
// Nothing is converted: numbers stay text, strings stay escaped until asked,
// duplicate members and lone surrogates (\ud800) are kept, so what a reader
// sees is what the provider wrote. The whole grammar and UTF-8 are checked.
#ifndef AUTHSEAL_JSON_DOCUMENT_H_
#define AUTHSEAL_JSON_DOCUMENT_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/result.h"

namespace authseal {

inline constexpr std::size_t kJsonDepthMax = 128;

enum class JsonType : std::uint8_t {
  kNull,
  kFalse,
  kTrue,
  kNumber,
  kString,
  kArray,
  kObject,
};

enum class JsonFault : std::uint8_t {
  kNone,
  kSyntax,   // not RFC 8259
  kUtf8,     // not UTF-8
  kTooDeep,  // nested deeper than kJsonDepthMax
};

// One value in the flat tree behind a document. All offsets count bytes of the
// text. Node 0 is the root, so 0 also says "no such node".
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

class JsonDocument;
class JsonShape;

// A handle of one value; cheap to copy, valid as long as the document and the
// text it was parsed from are.
class JsonValue {
 public:
  JsonValue() = default;
  JsonType type() const { return nodes_[node_].type; }
  bool is_object() const { return type() == JsonType::kObject; }
  bool is_array() const { return type() == JsonType::kArray; }
  bool is_string() const { return type() == JsonType::kString; }

  // The value's own bytes in the text, quotes and braces included.
  std::string_view raw() const {
    return {text_ + nodes_[node_].begin,
            nodes_[node_].end - nodes_[node_].begin};
  }
  // Of a string: the bytes between the quotes, still escaped.
  std::string_view raw_string() const {
    return {text_ + nodes_[node_].begin + 1,
            nodes_[node_].end - nodes_[node_].begin - 2};
  }
  bool has_escapes() const { return nodes_[node_].has_escapes; }  // of a string
  // Of a string: unescaped into `scratch` if need be. A lone surrogate becomes
  // U+FFFD. Valid until `scratch` changes.
  std::string_view Unescape(std::string& scratch) const {
    return has_escapes() ? Unescaped(raw_string(), scratch) : raw_string();
  }

  // The member's name of a value that is one, as raw_string()/Unescape().
  std::string_view raw_name() const {
    return {text_ + nodes_[node_].name_begin,
            nodes_[node_].name_end - nodes_[node_].name_begin};
  }
  std::string_view UnescapeName(std::string& scratch) const {
    return nodes_[node_].name_has_escapes ? Unescaped(raw_name(), scratch)
                                          : raw_name();
  }

  // Its place in the document, from 0 to value_count(): the root is 0, a value
  // comes before what is in it, and that before the next value.
  std::uint32_t number() const { return node_; }
  // Whether both are of one document, as it is parsed now.
  bool SharesDocument(const JsonValue& other) const {
    return nodes_ == other.nodes_ && text_ == other.text_;
  }
  // The value of this number in the same document.
  JsonValue Numbered(std::uint32_t number) const { return At(number); }

  // Children in order; empty for scalars, and after the last.
  std::optional<JsonValue> FirstChild() const {
    return nodes_[node_].has_children ? std::optional(At(node_ + 1))
                                      : std::nullopt;
  }
  std::optional<JsonValue> NextSibling() const {
    const std::uint32_t next = nodes_[node_].next_sibling;
    return next == 0 ? std::nullopt : std::optional(At(next));
  }

  // The member with exactly this (unescaped) name; of duplicates the last, as
  // most readers have it. Empty when absent or not an object.
  std::optional<JsonValue> Member(std::string_view name) const;
  std::optional<JsonValue> Element(std::size_t index) const;
  // RFC 6901; "" is the value itself. Empty when absent or malformed.
  std::optional<JsonValue> Pointer(std::string_view pointer) const;

 private:
  friend class JsonDocument;
  JsonValue(const char* text, const JsonNode* nodes, std::uint32_t node)
      : text_(text), nodes_(nodes), node_(node) {}
  JsonValue At(std::uint32_t node) const { return {text_, nodes_, node}; }
  static std::string_view Unescaped(std::string_view escaped,
                                    std::string& scratch);

  const char* text_ = nullptr;       // the document's
  const JsonNode* nodes_ = nullptr;  // all of the document's
  std::uint32_t node_ = 0;
};

// Bytes [begin, end) of a text became `size_bytes` others.
struct JsonReplacement {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::size_t size_bytes = 0;
};

// Holds the tree; reused from text to text without allocating again.
// Movable; not for use by two threads at once while parsing.
class JsonDocument {
 public:
  JsonDocument();
  ~JsonDocument();
  JsonDocument(JsonDocument&&) noexcept;
  JsonDocument& operator=(JsonDocument&&) noexcept;

  // `text` is one JSON value with nothing but white space around it. It is
  // borrowed and must outlive the use of the values. On a fault the document
  // is empty and fault_offset_bytes() says where.
  JsonFault Parse(std::string_view text);
  std::size_t fault_offset_bytes() const;

  // Makes it the document of `text`, which is what became of its own text:
  // `replacements` are ascending and apart. As if `text` were parsed, but
  // shape() stays. True only where that is certain to be the same: few
  // replacements, each inside one string, neither it nor what it became with
  // anything but plain ASCII without escapes. False: the document is empty.
  bool MoveTo(std::string_view text,
              std::span<const JsonReplacement> replacements);

  JsonValue root() const;  // only after kNone
  std::size_t value_count() const;
  // Null unless JsonShapes has recognised it since it was parsed; valid until
  // that is asked about another document.
  const JsonShape* shape() const;

 private:
  friend class JsonShapes;
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace authseal

#endif  // AUTHSEAL_JSON_DOCUMENT_H_
