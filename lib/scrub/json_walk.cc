#include <algorithm>
#include <optional>
#include <vector>

#include "lib/json/writer.h"
#include "lib/scrub/replacement.h"
#include "lib/scrub/scrubber.h"
#include "lib/scrub/secret_finder.h"
#include "lib/scrub/value_look.h"

namespace authseal {
namespace {

std::size_t OffsetIn(std::string_view text, std::string_view part) {
  return static_cast<std::size_t>(part.data() - text.data());
}

// A number that became a text brings quotes into a string without escapes.
std::string EscapedIfNeeded(std::string text) {
  if (text.find_first_of("\"\\\n") == std::string::npos) {
    return text;
  }
  std::string escaped;
  AppendJsonEscaped(text, escaped);
  return escaped;
}

// What a name means where it surely is that of a URL or form parameter.
NameClass AsParameter(NameClass own) {
  const bool is_token = own == NameClass::kPerhapsToken ||
                        own == NameClass::kPerhapsSession ||
                        own == NameClass::kParameterToken;
  if (is_token) {
    return NameClass::kToken;
  }
  return own == NameClass::kPerhapsPin ? NameClass::kPassword : own;
}

// The values at an RFC 6901 pointer; several where members are duplicates, of
// which JsonValue::Pointer takes the last one alone.
std::vector<JsonValue> AllAt(const JsonValue& root, std::string_view pointer) {
  std::vector<JsonValue> values = {root};
  while (!pointer.empty() && !values.empty()) {
    const std::size_t end = pointer.find('/', 1);
    const std::string_view step = pointer.substr(0, end);
    pointer.remove_prefix(step.size());
    std::vector<JsonValue> inner;
    for (const JsonValue& value : values) {
      const std::optional<JsonValue> last = value.Pointer(step);
      if (!last.has_value()) {
        continue;
      }
      if (value.is_array()) {
        inner.push_back(*last);
        continue;
      }
      std::string scratch;
      const std::string name(last->UnescapeName(scratch));
      for (auto at = value.FirstChild(); at.has_value();
           at = at->NextSibling()) {
        if (at->UnescapeName(scratch) == name) {
          inner.push_back(*at);
        }
      }
    }
    values = std::move(inner);
  }
  return values;
}

}  // namespace

void SecretFinder::FindInDocument(std::string_view text,
                                  const JsonDocument& document,
                                  NameClass inherited, std::size_t depth,
                                  ScrubEdits& edits) {
  if (depth == 0 && inherited == NameClass::kPlain &&
      document.shape() != nullptr && document.root().is_object()) {
    FindInShaped(text, document, edits);
    return;
  }
  // An own stack above that of the text around this one.
  const std::size_t base = frames_.size();
  VisitValue(text, document.root(), inherited, depth, edits);
  Enter(document.root(), inherited);
  FindInFrames(text, base, depth, edits);
}

// Until no more than `base` frames are left.
void SecretFinder::FindInFrames(std::string_view text, std::size_t base,
                                std::size_t depth, ScrubEdits& edits) {
  while (frames_.size() > base) {
    Frame& frame = frames_.back();
    if (!frame.next.has_value()) {
      frames_.pop_back();
      continue;
    }
    const JsonValue value = *frame.next;
    frame.next = value.NextSibling();
    const NameClass name_class = ClassOf(frame, value, depth);
    if (value.raw_name().size() >= kSearchedNameBytesMin) {
      VisitName(text, value, depth, edits);
    }
    if (name_class == NameClass::kPairName && value.is_string()) {
      VisitPair(text, frame.container, value, depth, edits);
    }
    if (value.is_object() || value.is_array()) {
      Enter(value, name_class);
    } else {
      VisitValue(text, value, name_class, depth, edits);
    }
  }
}

// [["password","…"],["user","bob"]], where ["password","user"] are but names.
bool SecretFinder::IsInPairList(const Frame& pair) const {
  const auto first = pair.container.FirstChild();
  const auto second = first->NextSibling();
  return second.has_value() && !second->NextSibling().has_value() &&
         frames_.size() > 1 && frames_[frames_.size() - 2].container.is_array();
}

// ["Authorization", "Bearer …"]: header lists without names of their own.
NameClass SecretFinder::ClassInArray(Frame& frame, const JsonValue& element,
                                     std::size_t depth) {
  const bool is_list = frame.inherited == NameClass::kPlain ||
                       frame.inherited == NameClass::kParameters;
  if (!is_list || !element.is_string()) {
    return frame.inherited;
  }
  const std::string_view string = element.Unescape(names_[depth]);
  const NameClass before = frame.header_before;
  const NameClass own = name_classes_.Classify(string);
  frame.header_before = IsAlwaysSecret(own) ? own : NameClass::kPlain;
  const bool behind_option = frame.option_before && !string.starts_with('-');
  frame.option_before = string.starts_with('-');
  if (before == NameClass::kPlain) {
    return frame.inherited;
  }
  bool counts = false;
  if (before == NameClass::kToken || before == NameClass::kPassword) {
    counts = behind_option || IsRandomLooking(string) || IsInPairList(frame);
  } else if (before == NameClass::kAuthorization) {
    const std::size_t space = string.find(' ');
    counts = space == std::string_view::npos
                 ? IsRandomLooking(string)
                 : KindOfScheme(string.substr(0, space)) != SchemeKind::kNone;
  } else {
    counts = string.find('=') != std::string_view::npos;
  }
  return counts ? before : frame.inherited;
}

void SecretFinder::Enter(const JsonValue& container, NameClass name_class) {
  const std::optional<JsonValue> first = container.FirstChild();
  if (!first.has_value()) {
    return;
  }
  const bool is_array = container.is_array();
  frames_.push_back(
      {container, first, is_array ? name_class : NameClass::kPlain,
       NameClass::kPlain, is_array ? NameClass::kPlain : name_class, false});
}

NameClass SecretFinder::ClassOf(Frame& frame, const JsonValue& value,
                                std::size_t depth) {
  if (!frame.container.is_object()) {
    return ClassInArray(frame, value, depth);
  }
  const NameClass own =
      name_classes_.Classify(value.UnescapeName(names_[depth]));
  if (own == NameClass::kKeyPart) {
    const bool is_secret = frame.container.Member("kty").has_value() ||
                           frame.container.Member("question").has_value();
    return is_secret ? NameClass::kPassword : NameClass::kPlain;
  }
  if (frame.members == NameClass::kParameters) {
    return AsParameter(own);
  }
  // The body of a request to the token endpoint.
  if (frame.members == NameClass::kForm && IsPerhapsSecret(own) &&
      frame.container.Member("grant_type").has_value()) {
    return AsParameter(own);
  }
  // {"password":{"old":"…","new":"…"}}, {"token":{"value":"…"}}
  if (own == NameClass::kPairValue &&
      (IsAlwaysSecret(frame.members) || IsPerhapsSecret(frame.members))) {
    return frame.members;
  }
  const bool is_cookie =
      own == NameClass::kPlain && (frame.members == NameClass::kCookie ||
                                   frame.members == NameClass::kSetCookie);
  return is_cookie ? NameClass::kToken : own;
}

// The value of a member or element; what is inside a container comes later.
void SecretFinder::VisitValue(std::string_view text, const JsonValue& value,
                              NameClass name_class, std::size_t depth,
                              ScrubEdits& edits) {
  if (value.type() == JsonType::kNumber) {
    if (name_class == NameClass::kToken || name_class == NameClass::kPassword) {
      const std::size_t begin = OffsetIn(text, value.raw());
      const std::string number = name_class == NameClass::kToken
                                     ? TokenReplacement(value.raw())
                                     : std::string(kRedacted);
      edits.push_back({begin, begin + value.raw().size(), '"' + number + '"'});
    }
    return;
  }
  if (!value.is_string()) {
    return;
  }
  const std::string_view raw = value.raw_string();
  const std::size_t begin = OffsetIn(text, raw);
  const std::size_t first = edits.size();
  if (!value.has_escapes()) {
    FindInString(raw, name_class, depth, edits);
    MoveIntoLine(begin, first, edits);
    return;
  }
  FindInString(value.Unescape(scratch_[depth]), name_class, depth, edits);
  if (edits.size() > first) {
    MoveEditsOut(DecodeBackslashes(raw), begin, first, edits);
  }
}

// Edits from `first` on, made in a string without escapes that begins at
// `begin`.
void SecretFinder::MoveIntoLine(std::size_t begin, std::size_t first,
                                ScrubEdits& edits) {
  for (std::size_t i = first; i < edits.size(); ++i) {
    edits[i].begin += begin;
    edits[i].end += begin;
    edits[i].text = EscapedIfNeeded(std::move(edits[i].text));
  }
}

void SecretFinder::VisitName(std::string_view text, const JsonValue& member,
                             std::size_t depth, ScrubEdits& edits) {
  const std::string_view raw = member.raw_name();
  const std::size_t first = edits.size();
  FindInText(member.UnescapeName(scratch_[depth]), false, depth, edits);
  if (edits.size() > first) {
    MoveEditsOut(DecodeBackslashes(raw), OffsetIn(text, raw), first, edits);
  }
}

// {"name":"Cookie","value":"…"}: the name is a value here.
void SecretFinder::VisitPair(std::string_view text, const JsonValue& container,
                             const JsonValue& name, std::size_t depth,
                             ScrubEdits& edits) {
  const NameClass name_class =
      name_classes_.Classify(name.Unescape(names_[depth]));
  if (!IsAlwaysSecret(name_class) && !IsPerhapsSecret(name_class)) {
    return;
  }
  for (auto member = container.FirstChild(); member.has_value();
       member = member->NextSibling()) {
    if (name_classes_.Classify(member->UnescapeName(names_[depth])) !=
        NameClass::kPairValue) {
      continue;
    }
    VisitValue(text, *member, name_class, depth, edits);
    // ["…"], or {"stringValue":"…"}.
    for (auto element = member->FirstChild(); element.has_value();
         element = element->NextSibling()) {
      VisitValue(text, *element, name_class, depth, edits);
    }
  }
}

void SecretFinder::FindAtPointers(std::string_view text,
                                  const JsonDocument& document,
                                  std::span<const std::string> pointers,
                                  ScrubEdits& edits) {
  for (const std::string& pointer : pointers) {
    if (pointer.starts_with("json:")) {
      FindAtInnerPointer(text, document, pointer, edits);
      continue;
    }
    FindAtPlain(text, document, pointer, edits);
  }
}

// By an RFC 6901 pointer. Where it leads follows from the shape, if known.
void SecretFinder::FindAtPlain(std::string_view text,
                               const JsonDocument& document,
                               std::string_view pointer, ScrubEdits& edits) {
  const JsonValue root = document.root();
  if (document.shape() == nullptr || !root.is_object()) {
    for (const JsonValue& value : AllAt(root, pointer)) {
      ReplaceTokenAt(text, value, edits);
    }
    return;
  }
  std::vector<ShapeClasses::Place>& places = ClassesOf(document).places;
  auto place = std::find_if(places.begin(), places.end(),
                            [&](const ShapeClasses::Place& known) {
                              return known.pointer == pointer;
                            });
  if (place == places.end()) {
    if (places.size() == ShapeClasses::kPlacesMax) {
      places.pop_back();
    }
    place = places.insert(places.end(), {std::string(pointer), {}});
    for (const JsonValue& value : AllAt(root, pointer)) {
      place->values.push_back(value.number());
    }
  }
  for (const std::uint32_t number : place->values) {
    ReplaceTokenAt(text, root.Numbered(number), edits);
  }
}

// Of a value that is a token for certain.
void SecretFinder::ReplaceTokenAt(std::string_view text, const JsonValue& value,
                                  ScrubEdits& edits) {
  const bool is_string = value.is_string();
  if (!is_string && value.type() != JsonType::kNumber) {
    return;
  }
  const std::string_view raw = is_string ? value.raw_string() : value.raw();
  const std::string_view token = is_string ? value.Unescape(scratch_[0]) : raw;
  if (IsMasked(token)) {
    return;
  }
  const std::string fingerprint = TokenFingerprint(token);
  const std::size_t begin = OffsetIn(text, raw);
  edits.push_back({begin, begin + raw.size(),
                   is_string ? fingerprint : '"' + fingerprint + '"'});
}

// "json:/log:/token/jti": the second pointer in the JSON of the string at the
// first, which may be such a pointer itself.
void SecretFinder::FindAtInnerPointer(std::string_view text,
                                      const JsonDocument& document,
                                      std::string_view pointer,
                                      ScrubEdits& edits) {
  pointer.remove_prefix(std::string_view("json:").size());
  const std::size_t colon =
      std::min(pointer.find(":/"), pointer.find(":json:/"));
  if (colon == std::string_view::npos) {
    return;
  }
  const std::vector<std::string> inner = {
      std::string(pointer.substr(colon + 1))};
  for (const JsonValue& value :
       AllAt(document.root(), pointer.substr(0, colon))) {
    std::string scratch;
    if (!value.is_string()) {
      continue;
    }
    // A line with text before its object is such a string too.
    const std::string_view line = value.Unescape(scratch);
    const std::size_t brace = line.find('{');
    if (brace == std::string_view::npos) {
      continue;
    }
    JsonDocument parsed;
    const std::string_view json = line.substr(brace);
    if (parsed.Parse(json) != JsonFault::kNone) {
      continue;
    }
    const std::size_t first = edits.size();
    FindAtPointers(json, parsed, inner, edits);
    for (std::size_t i = first; i < edits.size(); ++i) {
      edits[i].begin += brace;
      edits[i].end += brace;
    }
    const std::string_view raw = value.raw_string();
    MoveEditsOut(DecodeBackslashes(raw), OffsetIn(text, raw), first, edits);
  }
}

}  // namespace authseal
