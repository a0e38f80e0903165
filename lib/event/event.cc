#include "lib/event/event.h"

#include <array>
#include <cstddef>

namespace authseal {
namespace {

constexpr std::array<std::string_view, 23> kKindNames = {
    "token.issue",    "token.refresh",  "token.revoke",   "token.introspect",
    "token.exchange", "token.reuse",    "authorize",      "consent.grant",
    "consent.revoke", "login",          "logout",         "mfa",
    "session.create", "session.revoke", "session.expire", "device",
    "client.create",  "client.update",  "client.delete",  "client.secret",
    "admin",          "error",          "other",
};
static_assert(kKindNames.size() ==
              static_cast<std::size_t>(EventKind::kOther) + 1);

constexpr std::array<std::string_view, 3> kOutcomeNames = {"success", "failure",
                                                           "unknown"};

}  // namespace

std::string_view EventKindName(EventKind kind) {
  return kKindNames[static_cast<std::size_t>(kind)];
}

std::optional<EventKind> ParseEventKind(std::string_view name) {
  for (std::size_t i = 0; i < kKindNames.size(); ++i) {
    if (kKindNames[i] == name) {
      return static_cast<EventKind>(i);
    }
  }
  return std::nullopt;
}

std::string_view EventOutcomeName(EventOutcome outcome) {
  return kOutcomeNames[static_cast<std::size_t>(outcome)];
}

std::optional<EventOutcome> ParseEventOutcome(std::string_view name) {
  for (std::size_t i = 0; i < kOutcomeNames.size(); ++i) {
    if (kOutcomeNames[i] == name) {
      return static_cast<EventOutcome>(i);
    }
  }
  return std::nullopt;
}

}  // namespace authseal
