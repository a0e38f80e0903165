#include "lib/event/event_field.h"

#include <array>
#include <cstddef>

namespace authseal {
namespace {

constexpr std::array<std::string_view, 20> kFieldNames = {
    "time",        "raw_kind",
    "error",       "client",
    "client_name", "user",
    "user_name",   "session",
    "ip",          "user_agent",
    "grant",       "scopes",
    "token.id",    "token.fingerprint",
    "token.type",  "token.family",
    "audience",    "request_id",
    "event_id",    "tenant",
};
static_assert(kFieldNames.size() ==
              static_cast<std::size_t>(EventField::kTenant) + 1);

}  // namespace

std::span<const std::string_view> EventFieldNames() {
  return kFieldNames;
}

std::optional<EventField> ParseEventField(std::string_view name) {
  for (std::size_t i = 0; i < kFieldNames.size(); ++i) {
    if (kFieldNames[i] == name) {
      return static_cast<EventField>(i);
    }
  }
  return std::nullopt;
}

std::string* FieldText(Event& event, EventField field) {
  switch (field) {
    case EventField::kTime:
      return &event.time_text;
    case EventField::kRawKind:
      return &event.raw_kind;
    case EventField::kError:
      return &event.error;
    case EventField::kClient:
      return &event.client;
    case EventField::kClientName:
      return &event.client_name;
    case EventField::kUser:
      return &event.user;
    case EventField::kUserName:
      return &event.user_name;
    case EventField::kSession:
      return &event.session;
    case EventField::kIp:
      return &event.ip;
    case EventField::kUserAgent:
      return &event.user_agent;
    case EventField::kGrant:
      return &event.grant;
    case EventField::kScopes:
      return nullptr;
    case EventField::kTokenId:
      return &event.token.id;
    case EventField::kTokenFingerprint:
      return &event.token.fingerprint;
    case EventField::kTokenType:
      return &event.token.type;
    case EventField::kTokenFamily:
      return &event.token.family;
    case EventField::kAudience:
      return &event.audience;
    case EventField::kRequestId:
      return &event.request_id;
    case EventField::kEventId:
      return &event.event_id;
    case EventField::kTenant:
      return &event.tenant;
  }
  return nullptr;
}

void ClearEvent(Event& event) {
  event.time.reset();
  for (std::string* const text : {&event.time_text,  &event.provider,
                                  &event.raw_kind,   &event.error,
                                  &event.client,     &event.client_name,
                                  &event.user,       &event.user_name,
                                  &event.session,    &event.ip,
                                  &event.user_agent, &event.grant,
                                  &event.token.id,   &event.token.fingerprint,
                                  &event.token.type, &event.token.family,
                                  &event.audience,   &event.request_id,
                                  &event.event_id,   &event.tenant}) {
    text->clear();
  }
  event.kind = EventKind::kOther;
  event.outcome = EventOutcome::kUnknown;
  event.scopes.clear();
}

}  // namespace authseal
