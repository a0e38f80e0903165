#include "lib/ingest/wrapped_record.h"

#include "lib/archive/format.h"
#include "lib/base/bytes.h"
#include "lib/base/encoding.h"
#include "lib/base/utf8.h"
#include "lib/json/writer.h"

namespace authseal {
namespace {

// Of `{"authseal":{"unparsed":{…}}}` around the text, with room to spare.
constexpr std::size_t kWrapperSizeBytesMax = 128;
// A control character becomes \u00XX.
constexpr std::size_t kEscapeGrowthMax = 6;
// How far back a part's end may move to stand behind a separator.
constexpr std::size_t kSeparatorSearchBytes = 64u << 10;

// "text":"…" or, where the bytes are no text, "base64":"…".
void AppendTextMember(std::string_view bytes, std::string& out) {
  if (IsValidUtf8(bytes)) {
    out += "\"text\":\"";
    AppendJsonEscaped(bytes, out);
  } else {
    out += "\"base64\":\"";
    out += Base64Encode(AsBytes(bytes));
  }
  out += '"';
}

std::size_t EscapedSizeBytesMax(std::string_view line) {
  std::size_t size_bytes = 0;
  for (const char c : line) {
    const auto byte = static_cast<unsigned char>(c);
    const bool control = byte < 0x20 || byte == 0x7F || byte == 0xE2;
    const bool quoted = byte == '"' || byte == '\\';
    size_bytes += control ? kEscapeGrowthMax : quoted ? 2 : 1;
  }
  return size_bytes;
}

bool IsContinuation(char c) {
  return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
}

// Moves `end_bytes` to the beginning of the character it stands in. Bytes that
// are no UTF-8 have none; then it stays.
std::size_t CharacterBoundary(std::string_view text, std::size_t end_bytes) {
  std::size_t boundary = end_bytes;
  for (int step = 0; step < 3 && boundary > 1; ++step) {
    if (!IsContinuation(text[boundary])) {
      return boundary;
    }
    --boundary;
  }
  return IsContinuation(text[boundary]) ? end_bytes : boundary;
}

}  // namespace

std::string_view UnparsedReasonName(UnparsedReason reason) {
  switch (reason) {
    case UnparsedReason::kNotJson:
      return "not-json";
    case UnparsedReason::kNotObject:
      return "not-object";
    case UnparsedReason::kUtf8:
      return "utf8";
    case UnparsedReason::kNul:
      return "nul";
    case UnparsedReason::kTooLong:
      return "too-long";
    case UnparsedReason::kTooDeep:
      return "too-deep";
    case UnparsedReason::kReserved:
      return "reserved";
  }
  return "not-json";
}

void AppendPrefixRecord(std::string_view prefix, std::string_view object,
                        std::string& out) {
  out += R"({"authseal":{"prefix":")";
  AppendJsonEscaped(prefix, out);
  out += R"(","line":)";
  out += object;
  out += "}}";
}

void AppendUnparsedRecord(UnparsedReason reason, std::string_view line,
                          std::string& out) {
  out += R"({"authseal":{"unparsed":{"reason":")";
  out += UnparsedReasonName(reason);
  out += "\",";
  AppendTextMember(line, out);
  out += "}}}";
}

void AppendPartRecord(std::uint64_t number, bool last, std::string_view piece,
                      std::string& out) {
  out += R"({"authseal":{"part":{"number":)";
  out += std::to_string(number);
  out += last ? R"(,"last":true,)" : R"(,"last":false,)";
  AppendTextMember(piece, out);
  out += "}}}";
}

bool FitsUnparsedRecord(std::string_view line) {
  constexpr std::size_t kLimitBytes =
      kRecordSizeBytesMax - kWrapperSizeBytesMax;
  if (line.size() <= kLimitBytes / kEscapeGrowthMax) {
    return true;
  }
  if (!IsValidUtf8(line)) {
    return line.size() <= kLimitBytes / 4 * 3;  // base64: 4 bytes for 3
  }
  return EscapedSizeBytesMax(line) <= kLimitBytes;
}

std::size_t NextPartSizeBytes(std::string_view text) {
  if (text.size() <= kPartSizeBytesMax) {
    return text.size();
  }
  const std::string_view piece = text.substr(0, kPartSizeBytesMax);
  const std::size_t floor_bytes = kPartSizeBytesMax - kSeparatorSearchBytes;
  // Between two objects nothing says what stands behind; a ';' may be one of
  // the cookies of a header.
  const std::size_t object_end = piece.rfind("},");
  if (object_end != std::string_view::npos && object_end >= floor_bytes) {
    return object_end + 2;
  }
  for (const std::string_view separators : {",&", ";", " \t"}) {
    const std::size_t at = piece.find_last_of(separators);
    if (at != std::string_view::npos && at >= floor_bytes) {
      return at + 1;
    }
  }
  // A value so long is not cut while the parts stay large.
  const std::size_t at = piece.find_last_of(",&; \t");
  if (at != std::string_view::npos && at >= kPartSizeBytesMax / 2) {
    return at + 1;
  }
  return CharacterBoundary(text, kPartSizeBytesMax);
}

}  // namespace authseal
