// Conditions of a mapping, compiled: what a record, or the event made of it so
// far, must look like.
#ifndef AUTHSEAL_EVENT_CONDITION_H_
#define AUTHSEAL_EVENT_CONDITION_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/event/event.h"
#include "lib/event/event_field.h"
#include "lib/event/record_values.h"
#include "lib/event/text_pattern.h"

namespace authseal {

// A place in the record, or a field of the event.
struct Operand {
  bool is_field = false;
  EventField field = EventField::kRawKind;
  std::vector<SlotRef> refs;  // the first that is present

  // Where to look; empty when the operand is a field or nothing is present.
  std::optional<SlotRef> Find(const RecordValues& values) const {
    for (const SlotRef ref : refs) {
      if (values.Present(ref)) {
        return ref;
      }
    }
    return std::nullopt;
  }
};

// All tests that are set must hold; of several texts in one, any.
struct ValueTest {
  enum class Shape : std::uint8_t {
    kAny,
    kPresent,
    kAbsent,
    kString,
    kNumber,
    kObject,
    kArray,
    kBoolean,
  };
  Shape shape = Shape::kAny;
  bool fold = false;  // ASCII case does not matter; the texts are lower case
  std::vector<std::string> is;
  std::vector<std::string> starts;
  std::vector<std::string> ends;
  std::vector<std::string> contains;
  std::vector<TextPattern> matches;
  std::optional<double> min;
  std::optional<double> max;

  bool needs_text() const;
};

struct Condition {
  enum class Type : std::uint8_t {
    kAll,
    kAny,
    kNot,
    kTest
  };
  Type type = Type::kAll;
  std::vector<Condition> parts;  // of kAll, kAny; kNot: none may hold
  Operand operand;               // of kTest
  ValueTest test;                // of kTest
};

// Nested at most as deep as the mapping's text. `event` may be null when no
// operand is a field.
bool Holds(const Condition& condition, RecordValues& values, Event* event);

// Whether it can hold for values of these types, whatever their texts are. Of
// a condition without fields.
bool MayHold(const Condition& condition, const RecordValues& values);
// Whether it does, whatever their texts are.
bool MustHold(const Condition& condition, const RecordValues& values);

// ASCII only.
void FoldCase(std::string_view text, std::string& out);

// A decimal number with nothing around it.
std::optional<double> ParseNumber(std::string_view text);

}  // namespace authseal

#endif  // AUTHSEAL_EVENT_CONDITION_H_
