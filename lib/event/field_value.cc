#include "lib/event/field_value.h"

#include <algorithm>
#include <optional>

#include "lib/base/encoding.h"
#include "lib/event/client_address.h"
#include "lib/event/event_time.h"

namespace authseal {
namespace {

constexpr std::string_view kFingerprintScheme = "sha256:";
constexpr std::size_t kScopesMax = 4096;

bool EqualsFolded(std::string_view text, std::string_view lower) {
  return text.size() == lower.size() &&
         std::equal(text.begin(), text.end(), lower.begin(),
                    [](char a, char b) {
                      return (a >= 'A' && a <= 'Z' ? a - 'A' + 'a' : a) == b;
                    });
}

// An array's scalars: all of them joined by spaces, or the first.
std::optional<std::string_view> ArrayText(JsonValue array, bool all,
                                          RecordValues& values) {
  std::string& joined = values.NewText();
  joined.clear();
  for (auto element = array.FirstChild(); element;
       element = element->NextSibling()) {
    const auto text = values.TextOf(*element);
    if (!text || IsAbsentSpelling(*text)) {
      continue;
    }
    if (!joined.empty()) {
      joined += ' ';
    }
    joined += *text;
    if (!all) {
      break;
    }
  }
  return joined.empty() ? std::nullopt
                        : std::optional<std::string_view>(joined);
}

bool IsMemberName(SlotRef ref) {
  return ref.member_name;
}
bool IsMemberName(const PlacedRef& ref) {
  return ref.ref.member_name;
}

std::optional<std::string_view> ValueText(const SlotValue& value,
                                          bool member_name, bool all,
                                          RecordValues& values) {
  if (!member_name && value.state == SlotValue::State::kJson) {
    if (value.json.is_string() && !value.json.has_escapes()) {
      return value.json.raw_string();  // nearly always
    }
    if (value.json.is_array()) {
      return ArrayText(value.json, all, values);
    }
  }
  return values.Text(value, member_name);
}

void SetField(EventField field, std::string_view text, Event& event) {
  std::string& out = *FieldText(event, field);
  switch (field) {
    case EventField::kTime:
      out = text;
      event.time = ParseEventTime(text);
      return;
    case EventField::kIp:
      out = BareAddress(text);
      return;
    case EventField::kTokenFingerprint:
      out = NormalFingerprint(text);
      return;
    case EventField::kTokenId:
      out = text;
      if (IsFingerprint(text) && event.token.fingerprint.empty()) {
        event.token.fingerprint = text;
      }
      return;
    case EventField::kRawKind:
    case EventField::kError:
    case EventField::kClient:
    case EventField::kClientName:
    case EventField::kUser:
    case EventField::kUserName:
    case EventField::kSession:
    case EventField::kUserAgent:
    case EventField::kGrant:
    case EventField::kScopes:
    case EventField::kTokenType:
    case EventField::kTokenFamily:
    case EventField::kAudience:
    case EventField::kRequestId:
    case EventField::kEventId:
    case EventField::kTenant:
      out = text;
  }
}

// A string that is a JSON array of strings, as Entra writes scopes.
std::string_view WithoutArraySyntax(std::string_view text,
                                    RecordValues& values) {
  if (!text.starts_with('[') || !text.ends_with(']')) {
    return text;
  }
  std::string& plain = values.NewText();
  plain.assign(text.substr(1, text.size() - 2));
  std::replace(plain.begin(), plain.end(), '"', ' ');
  return plain;
}

template <typename Ref>
void FillScopes(std::span<const Ref> from, JsonValue root, RecordValues& values,
                Event& event) {
  std::vector<std::string_view>& scopes = values.scopes();
  scopes.clear();
  for (const Ref& ref : from) {
    const SlotValue slot = ValueAt(ref, root, values);
    if (slot.state == SlotValue::State::kJson && slot.json.is_array()) {
      for (auto element = slot.json.FirstChild(); element;
           element = element->NextSibling()) {
        AddScopes(values.TextOf(*element).value_or(std::string_view()), scopes);
      }
    } else if (const auto text = values.Text(slot, IsMemberName(ref))) {
      AddScopes(WithoutArraySyntax(*text, values), scopes);
    }
    if (!scopes.empty()) {
      break;
    }
  }
  std::sort(scopes.begin(), scopes.end());
  scopes.erase(std::unique(scopes.begin(), scopes.end()), scopes.end());
  event.scopes.assign(scopes.begin(), scopes.end());
}

}  // namespace

bool IsAbsentSpelling(std::string_view text) {
  switch (text.size()) {
    case 0:
      return true;
    case 1:
      return text == "-";
    case 3:
      return EqualsFolded(text, "n/a");
    case 4:
      return EqualsFolded(text, "null") || EqualsFolded(text, "none");
    case 7:
      return EqualsFolded(text, "unknown");
    case 9:
      return EqualsFolded(text, "<unknown>");
    case 15:
      return text == "255.255.255.255";
    default:
      return false;
  }
}

void AddScopes(std::string_view text, std::vector<std::string_view>& scopes) {
  const auto separates = [](char c) {
    return c == ' ' || c == ',' || (c >= '\t' && c <= '\r');
  };
  auto at = text.begin();
  while (scopes.size() < kScopesMax) {
    at = std::find_if_not(at, text.end(), separates);
    if (at == text.end()) {
      return;
    }
    const auto end = std::find_if(at, text.end(), separates);
    const std::string_view scope =
        text.substr(static_cast<std::size_t>(at - text.begin()),
                    static_cast<std::size_t>(end - at));
    if (!IsAbsentSpelling(scope)) {
      scopes.push_back(scope);
    }
    at = end;
  }
}

bool IsFingerprint(std::string_view text) {
  constexpr std::size_t kHexDigits = 2 * Hash::kSizeBytes;
  if (text.size() != kFingerprintScheme.size() + kHexDigits ||
      !text.starts_with(kFingerprintScheme)) {
    return false;
  }
  // No branch goes by a digit: which of them come next cannot be foretold.
  bool all = true;
  for (const char c : text.substr(kFingerprintScheme.size())) {
    const bool is_digit = static_cast<unsigned char>(c - '0') < 10;
    const bool is_letter = static_cast<unsigned char>(c - 'a') < 6;
    all &= is_digit | is_letter;
  }
  return all;
}

std::string NormalFingerprint(std::string_view text) {
  constexpr std::size_t kBase64Chars = 44;
  if (text.size() == kBase64Chars) {
    if (const auto hash = Base64DecodeHash(text)) {
      return std::string(kFingerprintScheme) + HexEncode(hash->view());
    }
  }
  return std::string(text);
}

namespace {

// The short way to what nearly all are: a string without escapes.
std::optional<std::string_view> PlainText(SlotRef /*ref*/, JsonValue /*root*/) {
  return std::nullopt;
}
std::optional<std::string_view> PlainText(const PlacedRef& ref,
                                          JsonValue root) {
  if (ref.value == PlacedRef::kInSlot || ref.ref.member_name) {
    return std::nullopt;
  }
  const JsonValue value = root.Numbered(ref.value);
  return value.is_string() && !value.has_escapes()
             ? std::optional(value.raw_string())
             : std::nullopt;
}

template <typename Ref>
void FillFrom(const FieldRule& rule, std::span<const Ref> from, JsonValue root,
              RecordValues& values, Event& event) {
  if (rule.field == EventField::kScopes) {
    FillScopes(from, root, values, event);
    return;
  }
  const bool all = rule.field == EventField::kAudience;
  for (const Ref& ref : from) {
    std::optional<std::string_view> text = PlainText(ref, root);
    if (!text) {
      const SlotValue value = ValueAt(ref, root, values);
      if (value.state == SlotValue::State::kAbsent) {
        continue;  // most of them, most of the time
      }
      text = ValueText(value, IsMemberName(ref), all, values);
    }
    if (!text) {
      continue;
    }
    if (!rule.table.empty()) {
      const auto found = rule.table.find(*text);
      if (found != rule.table.end()) {
        text = found->second;
      }
    }
    if (rule.only_fingerprints && !IsFingerprint(NormalFingerprint(*text))) {
      continue;
    }
    if (!IsAbsentSpelling(*text)) {
      SetField(rule.field, *text, event);
      return;
    }
  }
}

}  // namespace

void FillField(const FieldRule& rule, std::span<const SlotRef> from,
               JsonValue root, RecordValues& values, Event& event) {
  FillFrom(rule, from, root, values, event);
}

void FillField(const FieldRule& rule, std::span<const PlacedRef> from,
               JsonValue root, RecordValues& values, Event& event) {
  FillFrom(rule, from, root, values, event);
}

}  // namespace authseal
