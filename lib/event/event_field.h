// The fields of an Event that a mapping fills, by name.
#ifndef AUTHSEAL_EVENT_EVENT_FIELD_H_
#define AUTHSEAL_EVENT_EVENT_FIELD_H_

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "lib/event/event.h"

namespace authseal {

enum class EventField : std::uint8_t {
  kTime,
  kRawKind,
  kError,
  kClient,
  kClientName,
  kUser,
  kUserName,
  kSession,
  kIp,
  kUserAgent,
  kGrant,
  kScopes,
  kTokenId,
  kTokenFingerprint,
  kTokenType,
  kTokenFamily,
  kAudience,
  kRequestId,
  kEventId,
  kTenant,
};

// "time", "client", "token.id" …
std::optional<EventField> ParseEventField(std::string_view name);
std::span<const std::string_view> EventFieldNames();

// The text of a field that is one: time_text for kTime; nullptr for kScopes.
std::string* FieldText(Event& event, EventField field);

// Bit per EventField.
using EventFieldSet = std::uint32_t;
constexpr EventFieldSet FieldBit(EventField field) {
  return EventFieldSet{1} << static_cast<unsigned>(field);
}
inline constexpr EventFieldSet kAllEventFields = ~EventFieldSet{0};

// Empties every field but keeps the memory.
void ClearEvent(Event& event);

}  // namespace authseal

#endif  // AUTHSEAL_EVENT_EVENT_FIELD_H_
