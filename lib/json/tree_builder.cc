#include "lib/json/tree_builder.h"

#include <cstring>

namespace authseal {
namespace {

bool IsDigit(char c) {
  return c >= '0' && c <= '9';
}

bool IsHexDigit(char c) {
  return IsDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

bool IsSpace(char c) {
  return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

// What may follow a number or literal. Stage 1 gives a run of other bytes only
// one offset, so `12"x"` or `true\` must be found here.
bool EndsScalar(char c) {
  return c == ',' || c == '}' || c == ']' || IsSpace(c);
}

}  // namespace

JsonTreeBuilder::JsonTreeBuilder(const char* padded_text,
                                 std::size_t text_size_bytes,
                                 std::span<const std::uint32_t> offsets,
                                 JsonNode* nodes)
    : text_(padded_text),
      text_size_bytes_(text_size_bytes),
      next_offset_(offsets.data()),
      offsets_end_(offsets.data() + offsets.size()),
      nodes_(nodes) {
  FindBackslash(0);
}

JsonFault JsonTreeBuilder::Build() {
  Step step = Next() ? Value() : Step::kFault;
  while (step != Step::kFault) {
    if (step == Step::kValue) {
      step = Value();
      continue;
    }
    if (depth_ == 0) {
      // A second value at the top, or nothing more.
      return Next() ? JsonFault::kSyntax : JsonFault::kNone;
    }
    step = AfterValue();
  }
  return fault_;
}

inline bool JsonTreeBuilder::Next() {
  if (next_offset_ == offsets_end_) {
    position_ = text_size_bytes_;
    return false;
  }
  position_ = *next_offset_++;
  return true;
}

inline JsonNode& JsonTreeBuilder::Add(JsonType type) {
  const auto begin = static_cast<std::uint32_t>(position_);
  last_ = count_++;
  JsonNode& node = nodes_[last_];
  node = {begin, begin, name_.begin,       name_.end, 0,
          type,  false, name_.has_escapes, false};
  return node;
}

inline JsonTreeBuilder::Step JsonTreeBuilder::Value() {
  switch (Current()) {
    case '"': {
      JsonNode& node = Add(JsonType::kString);
      Text string;
      if (!ReadString(string)) {
        return Step::kFault;
      }
      node.end = string.end + 1;
      node.has_escapes = string.has_escapes;
      return Step::kAfterValue;
    }
    case '{':
      return Open(JsonType::kObject, '}');
    case '[':
      return Open(JsonType::kArray, ']');
    case 't':
      Add(JsonType::kTrue);
      return ReadLiteral("true", 4) ? Step::kAfterValue : Step::kFault;
    case 'f':
      Add(JsonType::kFalse);
      return ReadLiteral("false", 5) ? Step::kAfterValue : Step::kFault;
    case 'n':
      Add(JsonType::kNull);
      return ReadLiteral("null", 4) ? Step::kAfterValue : Step::kFault;
    default:
      return ReadNumber() ? Step::kAfterValue : Step::kFault;
  }
}

inline JsonTreeBuilder::Step JsonTreeBuilder::Open(JsonType type, char closer) {
  if (depth_ == kJsonDepthMax) {
    fault_ = JsonFault::kTooDeep;
    return Step::kFault;
  }
  JsonNode& node = Add(type);
  if (!Next()) {
    return Step::kFault;
  }
  if (Current() == closer) {
    node.end = static_cast<std::uint32_t>(position_ + 1);
    return Step::kAfterValue;
  }
  node.has_children = true;
  open_[depth_++] = last_;
  if (type == JsonType::kArray) {
    name_ = {};
    return Step::kValue;
  }
  return ReadName() ? Step::kValue : Step::kFault;
}

inline JsonTreeBuilder::Step JsonTreeBuilder::AfterValue() {
  if (!Next()) {
    return Step::kFault;
  }
  const std::uint32_t parent = open_[depth_ - 1];
  const bool in_object = nodes_[parent].type == JsonType::kObject;
  if (Current() == ',') {
    nodes_[last_].next_sibling = count_;
    if (!Next()) {
      return Step::kFault;
    }
    return !in_object || ReadName() ? Step::kValue : Step::kFault;
  }
  if (Current() != (in_object ? '}' : ']')) {
    return Step::kFault;
  }
  nodes_[parent].end = static_cast<std::uint32_t>(position_ + 1);
  last_ = parent;
  --depth_;
  // What comes next is named by its own ReadName, or is in an array.
  name_ = {};
  return Step::kAfterValue;
}

// At the opening quote of a member's name; goes on to its value.
inline bool JsonTreeBuilder::ReadName() {
  return Current() == '"' && ReadString(name_) && Next() && Current() == ':' &&
         Next();
}

inline bool JsonTreeBuilder::ReadString(Text& string) {
  const auto begin = static_cast<std::uint32_t>(position_ + 1);
  // Only white space stands between the closing quote and the next offset.
  std::size_t end =
      next_offset_ == offsets_end_ ? text_size_bytes_ : *next_offset_;
  do {
    --end;
  } while (IsSpace(text_[end]));
  if (end < begin || text_[end] != '"') {
    return false;
  }
  string = {begin, static_cast<std::uint32_t>(end), backslash_ < end};
  return !string.has_escapes || CheckEscapes(string.end);
}

// Checks every escape before `end`, from the first on.
bool JsonTreeBuilder::CheckEscapes(std::uint32_t end) {
  const auto string_begin = position_;
  while (backslash_ < end) {
    position_ = backslash_;
    const char escape = text_[backslash_ + 1];
    std::size_t size_bytes = 2;
    if (escape == 'u') {
      for (std::size_t i = 2; i < 6; ++i) {
        if (!IsHexDigit(text_[backslash_ + i])) {
          return false;
        }
      }
      size_bytes = 6;
    } else if (escape == '\0' || std::strchr("\"\\/bfnrt", escape) == nullptr) {
      return false;
    }
    FindBackslash(backslash_ + size_bytes);
  }
  position_ = string_begin;
  return true;
}

void JsonTreeBuilder::FindBackslash(std::size_t from) {
  const void* found = std::memchr(text_ + from, '\\', text_size_bytes_ - from);
  backslash_ =
      found == nullptr
          ? text_size_bytes_
          : static_cast<std::size_t>(static_cast<const char*>(found) - text_);
}

// number = [ "-" ] int [ frac ] [ exp ]; the padding ends it at the latest.
inline bool JsonTreeBuilder::ReadNumber() {
  JsonNode& node = Add(JsonType::kNumber);
  const char* at = text_ + position_;
  const auto digits = [&at] {
    const char* first = at;
    while (IsDigit(*at)) {
      ++at;
    }
    return at != first;
  };
  at += *at == '-' ? 1 : 0;
  bool ok = true;
  if (*at == '0') {
    ++at;
  } else {
    ok = digits();
  }
  if (ok && *at == '.') {
    ++at;
    ok = digits();
  }
  if (ok && (*at == 'e' || *at == 'E')) {
    ++at;
    at += *at == '+' || *at == '-' ? 1 : 0;
    ok = digits();
  }
  node.end = static_cast<std::uint32_t>(at - text_);
  if (ok && EndsScalar(*at)) {
    return true;
  }
  position_ = node.end;
  return false;
}

inline bool JsonTreeBuilder::ReadLiteral(const char* literal,
                                         std::uint32_t size_bytes) {
  nodes_[last_].end = static_cast<std::uint32_t>(position_ + size_bytes);
  return std::memcmp(text_ + position_, literal, size_bytes) == 0 &&
         EndsScalar(text_[position_ + size_bytes]);
}

}  // namespace authseal
