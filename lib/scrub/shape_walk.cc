#include <algorithm>
#include <optional>

#include "lib/scrub/secret_finder.h"

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

}  // namespace

const ShapeClasses& SecretFinder::ClassesOf(const JsonDocument& document) {
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
  }
}

// FindInDocument of an object at depth 0.
void SecretFinder::FindInShaped(std::string_view text,
                                const JsonDocument& document,
                                ScrubEdits& edits) {
  const ShapeClasses& classes = ClassesOf(document);
  const JsonValue root = document.root();
  const std::size_t count = classes.values.size();
  for (std::uint32_t number = 1; number < count; ++number) {
    const ShapeClasses::Value& known = classes.values[number];
    const JsonValue value = root.Numbered(number);
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
