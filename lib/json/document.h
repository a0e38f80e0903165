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

class JsonDocument;

// A handle of one value; cheap to copy, valid as long as the document and the
// text it was parsed from are.
class JsonValue {
 public:
  JsonValue() = default;
  JsonType type() const;
  bool is_object() const { return type() == JsonType::kObject; }
  bool is_array() const { return type() == JsonType::kArray; }
  bool is_string() const { return type() == JsonType::kString; }

  // The value's own bytes in the text, quotes and braces included.
  std::string_view raw() const;
  // Of a string: the bytes between the quotes, still escaped.
  std::string_view raw_string() const;
  bool has_escapes() const;  // of a string
  // Of a string: unescaped into `scratch` if need be. A lone surrogate becomes
  // U+FFFD. Valid until `scratch` changes.
  std::string_view Unescape(std::string& scratch) const;

  // The member's name of a value that is one, as raw_string()/Unescape().
  std::string_view raw_name() const;
  std::string_view UnescapeName(std::string& scratch) const;

  // Children in order; empty for scalars, and after the last.
  std::optional<JsonValue> FirstChild() const;
  std::optional<JsonValue> NextSibling() const;

  // The member with exactly this (unescaped) name; of duplicates the last, as
  // most readers have it. Empty when absent or not an object.
  std::optional<JsonValue> Member(std::string_view name) const;
  std::optional<JsonValue> Element(std::size_t index) const;
  // RFC 6901; "" is the value itself. Empty when absent or malformed.
  std::optional<JsonValue> Pointer(std::string_view pointer) const;

 private:
  friend class JsonDocument;
  JsonValue(const JsonDocument* document, std::uint32_t node)
      : document_(document), node_(node) {}
  const JsonDocument* document_ = nullptr;
  std::uint32_t node_ = 0;
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

  JsonValue root() const;  // only after kNone

 private:
  friend class JsonValue;
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace authseal

#endif  // AUTHSEAL_JSON_DOCUMENT_H_
