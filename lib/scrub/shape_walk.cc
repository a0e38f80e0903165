#include <array>
#include <optional>
#include <string_view>

#include "lib/scrub/characters.h"
#include "lib/scrub/secret_finder.h"
#include "lib/scrub/text_scan.h"
#include "lib/scrub/token_shapes.h"

namespace authseal {
namespace {

bool IsScalar(const JsonValue& value) {
  return !value.is_object() && !value.is_array();
}

bool HoldsScalars(const JsonValue& array) {
  for (auto element = array.FirstChild(); element.has_value();
       element = element->NextSibling()) {
    if (IsScalar(*element)) {
      return true;
    }
  }
  return false;
}

// The number behind the last value in `container`.
std::uint32_t EndOf(JsonValue container) {
  while (auto last = container.FirstChild()) {
    while (const auto next = last->NextSibling()) {
      last = next;
    }
    container = *last;
  }
  return container.number() + 1;
}

// By its first byte: a string that may be JSON, or JSON in base64.
constexpr std::array<bool, 256> kMayBeginJson = [] {
  std::array<bool, 256> may = {};
  for (const char c : std::string_view("{[e \t\n\r")) {
    may[static_cast<unsigned char>(c)] = true;
  }
  return may;
}();

}  // namespace

ShapeClasses& SecretFinder::ClassesOf(const JsonDocument& document) {
  const JsonShape& shape = *document.shape();
  if (shape_classes_.empty()) {
    shape_classes_.resize(JsonShapes::kShapesMax);
  }
  ShapeClasses& known = shape_classes_[shape.number()];
  if (known.shape.get() != &shape) {
    LearnClasses(document, known);
    known.shape = shape.shared_from_this();
  }
  return known;
}

// As FindInDocument goes through it; only names and what is an object or an
// array may count here, for that is all a shape says.
void SecretFinder::LearnClasses(const JsonDocument& document,
                                ShapeClasses& classes) {
  classes.values.assign(document.value_count(), {});
  classes.places.clear();
  const std::size_t base = frames_.size();
  Enter(document.root(), NameClass::kPlain);
  while (frames_.size() > base) {
    Frame& frame = frames_.back();
    if (!frame.next.has_value()) {
      frames_.pop_back();
      continue;
    }
    const JsonValue value = *frame.next;
    frame.next = value.NextSibling();
    ShapeClasses::Value& known = classes.values[value.number()];
    known.parent = frame.container.number();
    known.name_class = frame.container.is_object() ? ClassOf(frame, value, 0)
                                                   : frame.inherited;
    known.searches_name = value.raw_name().size() >= kSearchedNameBytesMin;
    if (value.is_array() && HoldsScalars(value)) {
      known.list_end = EndOf(value);
    } else if (!IsScalar(value)) {
      Enter(value, known.name_class);
    }
    known.is_ordinary = NamesNothing(document, known);
  }
}

// Of these classes FindInNamed makes nothing of a member, nor FindInString more
// than of any text.
bool SecretFinder::NamesNothing(const JsonDocument& document,
                                const ShapeClasses::Value& known) {
  if (known.searches_name || known.list_end != 0) {
    return false;
  }
  switch (known.name_class) {
    case NameClass::kPlain:
    case NameClass::kForm:
    case NameClass::kParameters:
    case NameClass::kParameterToken:
    case NameClass::kPairValue:
      return true;
    case NameClass::kPairName:
      break;
    case NameClass::kToken:
    case NameClass::kPassword:
    case NameClass::kPerhapsToken:
    case NameClass::kPerhapsSession:
    case NameClass::kPerhapsPin:
    case NameClass::kAuthorization:
    case NameClass::kCookie:
    case NameClass::kSetCookie:
    case NameClass::kKeyPart:
      return false;
  }
  // As VisitPair looks for one.
  const JsonValue container = document.root().Numbered(known.parent);
  for (auto member = container.FirstChild(); member.has_value();
       member = member->NextSibling()) {
    if (name_classes_.Classify(member->UnescapeName(names_[0])) ==
        NameClass::kPairValue) {
      return false;
    }
  }
  return true;
}

// VisitValue of an ordinary value, true when that is done: as far as the value
// says at once that it is no JSON. line_anchors_ has read `text`.
inline bool SecretFinder::VisitOrdinary(std::string_view text,
                                        const JsonValue& value,
                                        NameClass name_class,
                                        ScrubEdits& edits) {
  if (!value.is_string()) {
    return true;
  }
  if (value.has_escapes()) {
    return false;
  }
  const std::string_view raw = value.raw_string();
  if (raw.size() < kSearchedBytesMin) {
    return true;
  }
  // "ey" and "ew" are what '{' becomes in base64.
  const bool may_be_json =
      kMayBeginJson[static_cast<unsigned char>(raw.front())] &&
      (raw.front() != 'e' || raw[1] == 'y' || raw[1] == 'w');
  if (may_be_json || IsTokenByBuild(raw)) {
    return false;
  }
  const auto begin = static_cast<std::size_t>(raw.data() - text.data());
  const std::size_t anchor =
      line_anchors_.FirstIn(begin, begin + raw.size(), 0);
  if (anchor != std::string_view::npos) {
    VisitAnchors(raw, begin, anchor, name_class, edits);
  }
  return true;
}

void SecretFinder::VisitAnchors(std::string_view raw, std::size_t begin,
                                std::size_t anchor, NameClass name_class,
                                ScrubEdits& edits) {
  const std::size_t first = edits.size();
  const bool is_form =
      name_class == NameClass::kForm || name_class == NameClass::kParameters;
  TextScan(*this, raw, is_form, 0, edits).Run(anchor, line_anchors_, begin);
  MoveIntoLine(begin, first, edits);
}

// FindInDocument of an object at depth 0.
void SecretFinder::FindInShaped(std::string_view text,
                                const JsonDocument& document,
                                ScrubEdits& edits) {
  const ShapeClasses& classes = ClassesOf(document);
  const JsonValue root = document.root();
  const std::size_t count = classes.values.size();
  const bool is_read = line_anchors_.Read(text);
  for (std::uint32_t number = 1; number < count; ++number) {
    const ShapeClasses::Value& known = classes.values[number];
    const JsonValue value = root.Numbered(number);
    if (known.is_ordinary && is_read &&
        VisitOrdinary(text, value, known.name_class, edits)) {
      continue;
    }
    if (known.searches_name) {
      VisitName(text, value, 0, edits);
    }
    if (known.list_end != 0) {
      // Below a frame of what the list is in, which some rules look at.
      const std::size_t base = frames_.size();
      frames_.push_back({.container = root.Numbered(known.parent)});
      Enter(value, known.name_class);
      FindInFrames(text, base, 0, edits);
      number = known.list_end - 1;
      continue;
    }
    if (value.is_string()) {
      if (known.name_class == NameClass::kPairName) {
        VisitPair(text, root.Numbered(known.parent), value, 0, edits);
      }
      VisitValue(text, value, known.name_class, 0, edits);
    } else if (known.name_class != NameClass::kPlain) {
      VisitValue(text, value, known.name_class, 0, edits);
    }
  }
}

}  // namespace authseal
