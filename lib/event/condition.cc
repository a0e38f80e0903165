#include "lib/event/condition.h"

#include <algorithm>
#include <charconv>

namespace authseal {
namespace {

using Shape = ValueTest::Shape;

template <typename Predicate>
bool AnyOf(const std::vector<std::string>& texts, Predicate predicate) {
  return texts.empty() || std::any_of(texts.begin(), texts.end(), predicate);
}

bool HasShape(Shape shape, const SlotValue& value) {
  if (shape == Shape::kAny || shape == Shape::kPresent) {
    return value.present();
  }
  if (shape == Shape::kAbsent) {
    return !value.present();
  }
  if (value.state == SlotValue::State::kText) {
    return shape == Shape::kString;
  }
  if (value.state == SlotValue::State::kAbsent) {
    return false;
  }
  switch (value.json.type()) {
    case JsonType::kString:
      return shape == Shape::kString;
    case JsonType::kNumber:
      return shape == Shape::kNumber;
    case JsonType::kObject:
      return shape == Shape::kObject;
    case JsonType::kArray:
      return shape == Shape::kArray;
    case JsonType::kTrue:
    case JsonType::kFalse:
      return shape == Shape::kBoolean;
    case JsonType::kNull:
      break;
  }
  return false;
}

bool TextPasses(const ValueTest& test, std::string_view text,
                RecordValues& values) {
  if (!std::all_of(test.matches.begin(), test.matches.end(),
                   [text](const TextPattern& pattern) {
                     return pattern.Matches(text);
                   })) {
    return false;
  }
  if (test.fold) {
    FoldCase(text, values.folded());
    text = values.folded();
  }
  if (!AnyOf(test.is, [text](std::string_view t) { return text == t; }) ||
      !AnyOf(test.starts,
             [text](std::string_view t) { return text.starts_with(t); }) ||
      !AnyOf(test.ends,
             [text](std::string_view t) { return text.ends_with(t); }) ||
      !AnyOf(test.contains, [text](std::string_view t) {
        return text.find(t) != std::string_view::npos;
      })) {
    return false;
  }
  if (!test.min && !test.max) {
    return true;
  }
  const std::optional<double> number = ParseNumber(text);
  return number && (!test.min || *number >= *test.min) &&
         (!test.max || *number <= *test.max);
}

bool TestHolds(const Condition& condition, RecordValues& values, Event* event) {
  const ValueTest& test = condition.test;
  if (condition.operand.is_field) {
    const std::string* text =
        event == nullptr ? nullptr : FieldText(*event, condition.operand.field);
    const bool present = text != nullptr && !text->empty();
    if (test.shape == Shape::kAbsent) {
      return !present;
    }
    return present && (!test.needs_text() || TextPasses(test, *text, values));
  }
  const std::optional<SlotRef> ref = condition.operand.Find(values);
  if (!ref) {
    return test.shape == Shape::kAbsent;
  }
  if (!HasShape(test.shape, values.slot(ref->slot))) {
    return false;
  }
  if (!test.needs_text()) {
    return true;
  }
  const auto text = values.Text(*ref);
  return text && TextPasses(test, *text, values);
}

// What the types alone say of a condition.
enum class Certainty : std::uint8_t {
  kNo,
  kPerhaps,
  kYes
};

Certainty TestByTypes(const Condition& condition, const RecordValues& values) {
  const std::optional<SlotRef> ref = condition.operand.Find(values);
  const bool shape =
      ref ? HasShape(condition.test.shape, values.slot(ref->slot))
          : condition.test.shape == Shape::kAbsent;
  if (!shape) {
    return Certainty::kNo;
  }
  return ref && condition.test.needs_text() ? Certainty::kPerhaps
                                            : Certainty::kYes;
}

// NOLINTNEXTLINE(misc-no-recursion): as deep as the mapping, never the record
Certainty ByTypes(const Condition& condition, const RecordValues& values) {
  if (condition.type == Condition::Type::kTest) {
    return TestByTypes(condition, values);
  }
  Certainty least = Certainty::kYes;
  Certainty most = Certainty::kNo;
  for (const Condition& part : condition.parts) {
    const Certainty verdict = ByTypes(part, values);
    least = std::min(least, verdict);
    most = std::max(most, verdict);
  }
  if (condition.type == Condition::Type::kAll) {
    return least;
  }
  if (condition.type == Condition::Type::kAny) {
    return most;
  }
  return most == Certainty::kPerhaps ? most
         : most == Certainty::kNo    ? Certainty::kYes
                                     : Certainty::kNo;
}

}  // namespace

bool MayHold(const Condition& condition, const RecordValues& values) {
  return ByTypes(condition, values) != Certainty::kNo;
}

bool MustHold(const Condition& condition, const RecordValues& values) {
  return ByTypes(condition, values) == Certainty::kYes;
}

bool ValueTest::needs_text() const {
  return !is.empty() || !starts.empty() || !ends.empty() || !contains.empty() ||
         !matches.empty() || min || max;
}

// NOLINTNEXTLINE(misc-no-recursion): as deep as the mapping, never the record
bool Holds(const Condition& condition, RecordValues& values, Event* event) {
  const auto holds = [&](const Condition& part) {
    return Holds(part, values, event);
  };
  const std::vector<Condition>& parts = condition.parts;
  switch (condition.type) {
    case Condition::Type::kAll:
      return std::all_of(parts.begin(), parts.end(), holds);
    case Condition::Type::kAny:
      return std::any_of(parts.begin(), parts.end(), holds);
    case Condition::Type::kNot:
      return std::none_of(parts.begin(), parts.end(), holds);
    case Condition::Type::kTest:
      break;
  }
  return TestHolds(condition, values, event);
}

void FoldCase(std::string_view text, std::string& out) {
  out.assign(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') {
      c = static_cast<char>(c - 'A' + 'a');
    }
  }
}

std::optional<double> ParseNumber(std::string_view text) {
  double number = 0;
  const auto [end, fault] =
      std::from_chars(text.data(), text.data() + text.size(), number);
  if (fault != std::errc() || end != text.data() + text.size()) {
    return std::nullopt;
  }
  return number;
}

}  // namespace authseal
