#include "lib/ingest/object_scanner.h"

namespace authseal {
namespace {

bool IsJsonSpace(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

// What numbers and the atoms true, false, null are made of.
bool IsScalarByte(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
         (c >= 'A' && c <= 'Z') || c == '-' || c == '+' || c == '.';
}

}  // namespace

void ObjectScanner::Reset() {
  depth_ = 0;
  expect_ = Expect::kValue;
  within_ = Within::kNothing;
  string_broken_ = false;
  size_bytes_ = 0;
  line_feed_count_ = 0;
}

ObjectScanner::Outcome ObjectScanner::Feed(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size()) {
    if (within_ == Within::kString || within_ == Within::kEscape) {
      const std::size_t skipped = SkipString(text, at);
      size_bytes_ += skipped;
      at += skipped;
      if (string_broken_) {
        return Outcome::kBroken;
      }
      continue;
    }
    const char c = text[at];
    if (within_ == Within::kScalar && !IsScalarByte(c)) {
      within_ = Within::kNothing;
    }
    if (within_ == Within::kNothing && !IsJsonSpace(c) && !Token(c)) {
      return Outcome::kBroken;
    }
    line_feed_count_ += c == '\n' ? 1 : 0;
    ++size_bytes_;
    ++at;
    if (depth_ == 0) {
      return Outcome::kComplete;
    }
  }
  return Outcome::kOpen;
}

// From `at`, within a string: how many bytes to its end or the text's.
std::size_t ObjectScanner::SkipString(std::string_view text, std::size_t at) {
  const std::size_t begin = at;
  for (; at < text.size(); ++at) {
    const auto byte = static_cast<unsigned char>(text[at]);
    if (byte < 0x20) {  // no string holds a raw line end
      string_broken_ = true;
      break;
    }
    if (within_ == Within::kEscape) {
      within_ = Within::kString;
    } else if (byte == '\\') {
      within_ = Within::kEscape;
    } else if (byte == '"') {
      within_ = Within::kNothing;
      return at + 1 - begin;
    }
  }
  return at - begin;
}

// One byte that begins or is a token; false when it has no place here.
bool ObjectScanner::Token(char c) {
  switch (c) {
    case '{':
    case '[':
      return OpenContainer(c);
    case '}':
    case ']':
      return CloseContainer(c);
    case '"':
      return BeginString();
    case ':':
      if (expect_ != Expect::kColon) {
        return false;
      }
      expect_ = Expect::kValue;
      return true;
    case ',':
      if (expect_ != Expect::kSeparator || depth_ == 0) {
        return false;
      }
      expect_ = is_array_[depth_ - 1] ? Expect::kValue : Expect::kKey;
      return true;
    default:
      return IsScalarByte(c) && BeginScalar();
  }
}

bool ObjectScanner::OpenContainer(char c) {
  const bool value_fits =
      expect_ == Expect::kValue || expect_ == Expect::kValueOrEnd;
  if (!value_fits || depth_ == kJsonDepthMax || (depth_ == 0 && c != '{')) {
    return false;
  }
  is_array_[depth_++] = c == '[';
  expect_ = c == '[' ? Expect::kValueOrEnd : Expect::kKeyOrEnd;
  return true;
}

bool ObjectScanner::CloseContainer(char c) {
  if (depth_ == 0 || is_array_[depth_ - 1] != (c == ']')) {
    return false;
  }
  const Expect empty = c == ']' ? Expect::kValueOrEnd : Expect::kKeyOrEnd;
  if (expect_ != Expect::kSeparator && expect_ != empty) {
    return false;
  }
  --depth_;
  expect_ = Expect::kSeparator;
  return true;
}

bool ObjectScanner::BeginString() {
  switch (expect_) {
    case Expect::kKey:
    case Expect::kKeyOrEnd:
      expect_ = Expect::kColon;
      break;
    case Expect::kValue:
    case Expect::kValueOrEnd:
      expect_ = Expect::kSeparator;
      break;
    case Expect::kColon:
    case Expect::kSeparator:
      return false;
  }
  within_ = Within::kString;
  return depth_ > 0;
}

bool ObjectScanner::BeginScalar() {
  if (expect_ != Expect::kValue && expect_ != Expect::kValueOrEnd) {
    return false;
  }
  expect_ = Expect::kSeparator;
  within_ = Within::kScalar;
  return depth_ > 0;
}

void AppendFolded(std::string_view object, std::string& out) {
  bool in_string = false;
  for (std::size_t at = 0; at < object.size(); ++at) {
    const char c = object[at];
    if (!in_string && IsJsonSpace(c)) {
      continue;
    }
    out += c;
    if (c == '"') {
      in_string = !in_string;
    } else if (c == '\\' && at + 1 < object.size()) {
      out += object[++at];
    }
  }
}

}  // namespace authseal
