#include "lib/query/delivered.h"

#include "lib/base/encoding.h"

namespace authseal {

namespace {

// The value at `pointer` of one of our own records; they parse, or they were
// not made by us and give nothing.
std::optional<JsonValue> Ours(std::string_view record, std::string_view pointer,
                              JsonDocument& document) {
  if (document.Parse(record) != JsonFault::kNone) {
    return std::nullopt;
  }
  return document.root().Pointer(pointer);
}

// "text" unescaped, or "base64" decoded.
void AppendText(const JsonValue& holder, std::string& out) {
  std::string scratch;
  if (const auto text = holder.Member("text")) {
    out += text->Unescape(scratch);
  } else if (const auto encoded = holder.Member("base64")) {
    const Result<ByteVector> bytes = Base64Decode(encoded->Unescape(scratch));
    if (bytes) {
      out += AsText(*bytes);
    }
  }
}

void AppendPrefixed(std::string_view record, JsonDocument& document,
                    std::string& out) {
  const auto ours = Ours(record, "/authseal", document);
  const auto prefix = ours ? ours->Member("prefix") : std::nullopt;
  const auto line = ours ? ours->Member("line") : std::nullopt;
  if (prefix && line) {
    std::string scratch;
    out += prefix->Unescape(scratch);
    // White space behind the object was delivered too; "}}" closes the record.
    const auto begin =
        static_cast<std::size_t>(line->raw().data() - record.data());
    out += record.substr(begin, record.size() - begin - 2);
    out += '\n';
  }
}

void AppendUnparsed(std::string_view record, JsonDocument& document,
                    std::string& out) {
  if (const auto unparsed = Ours(record, "/authseal/unparsed", document)) {
    AppendText(*unparsed, out);
    out += '\n';
  }
}

void AppendPart(std::string_view record, JsonDocument& document,
                std::string& out) {
  const auto part = Ours(record, "/authseal/part", document);
  if (!part) {
    return;
  }
  AppendText(*part, out);
  const auto last = part->Member("last");
  if (last && last->type() == JsonType::kTrue) {
    out += '\n';
  }
}

}  // namespace

void AppendDelivered(std::string_view record, std::optional<RecordMark> mark,
                     JsonDocument& document, std::string& out) {
  if (!mark) {
    out += record;
    out += '\n';
    return;
  }
  switch (*mark) {
    case RecordMark::kControl:
      return;
    case RecordMark::kPrefix:
      AppendPrefixed(record, document, out);
      return;
    case RecordMark::kUnparsed:
      AppendUnparsed(record, document, out);
      return;
    case RecordMark::kPart:
      AppendPart(record, document, out);
      return;
  }
}

std::string_view ProviderObject(std::string_view record,
                                std::optional<RecordMark> mark,
                                JsonDocument& document) {
  if (!mark) {
    return record;
  }
  if (*mark != RecordMark::kPrefix) {
    return {};
  }
  const auto line = Ours(record, "/authseal/line", document);
  return line ? line->raw() : std::string_view();
}

}  // namespace authseal
