// Turns values as providers spell them into the fields of an Event.
#ifndef AUTHSEAL_EVENT_FIELD_VALUE_H_
#define AUTHSEAL_EVENT_FIELD_VALUE_H_

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

// Fills the rule's field of `event`, or leaves it empty.
void FillField(const FieldRule& rule, RecordValues& values, Event& event);

}  // namespace authseal

#endif  // AUTHSEAL_EVENT_FIELD_VALUE_H_
