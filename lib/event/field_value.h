// Turns values as providers spell them into the fields of an Event.
#ifndef AUTHSEAL_EVENT_FIELD_VALUE_H_
#define AUTHSEAL_EVENT_FIELD_VALUE_H_

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lib/event/mapping.h"
#include "lib/event/record_values.h"

namespace authseal {

// "", "null", "N/A", "unknown", "-", "<unknown>", "none", 255.255.255.255, in
// any case of letters.
bool IsAbsentSpelling(std::string_view text);

// Splits on white space and commas, adds what is not absent.
void AddScopes(std::string_view text, std::vector<std::string_view>& scopes);

// "sha256:" + 64 hex digits as it stands; base64 of 32 bytes as that; anything
// else unchanged.
std::string NormalFingerprint(std::string_view text);
bool IsFingerprint(std::string_view text);

// What is at a place; `root` is the value the mapping is of.
inline SlotValue ValueAt(SlotRef ref, JsonValue /*root*/,
                         const RecordValues& values) {
  return values.slot(ref.slot);
}
inline SlotValue ValueAt(const PlacedRef& ref, JsonValue root,
                         const RecordValues& values) {
  if (ref.value == PlacedRef::kInSlot) {
    return values.slot(ref.ref.slot);
  }
  SlotValue value;
  value.SetJson(root.Numbered(ref.value));
  return value;
}

// Fills the rule's field of `event` from the first of the places `from` that
// has a value, or leaves it empty.
void FillField(const FieldRule& rule, std::span<const SlotRef> from,
               JsonValue root, RecordValues& values, Event& event);
void FillField(const FieldRule& rule, std::span<const PlacedRef> from,
               JsonValue root, RecordValues& values, Event& event);

}  // namespace authseal

#endif  // AUTHSEAL_EVENT_FIELD_VALUE_H_
