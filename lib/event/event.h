// The typed view of a record: what happened, to whom, with which client and
// token. A view only: the record stays the evidence. See authseal-mapping(5).
#ifndef AUTHSEAL_EVENT_EVENT_H_
#define AUTHSEAL_EVENT_EVENT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/types.h"

namespace authseal {

enum class EventKind : std::uint8_t {
  kTokenIssue,
  kTokenRefresh,
  kTokenRevoke,
  kTokenIntrospect,
  kTokenExchange,
  kTokenReuse,
  kAuthorize,
  kConsentGrant,
  kConsentRevoke,
  kLogin,
  kLogout,
  kMfa,
  kSessionCreate,
  kSessionRevoke,
  kSessionExpire,
  kDevice,
  kClientCreate,
  kClientUpdate,
  kClientDelete,
  kClientSecret,
  kAdmin,
  kError,
  kOther,
};

enum class EventOutcome : std::uint8_t {
  kSuccess,
  kFailure,
  kUnknown
};

// "token.issue" and so on; the names are part of the command line.
std::string_view EventKindName(EventKind kind);
std::optional<EventKind> ParseEventKind(std::string_view name);
std::string_view EventOutcomeName(EventOutcome outcome);
std::optional<EventOutcome> ParseEventOutcome(std::string_view name);

struct EventToken {
  std::string id;           // jti or the provider's own identifier
  std::string fingerprint;  // "sha256:" + 64 hex digits of the token's bytes
  std::string type;         // access_token, refresh_token …
  std::string family;       // what a chain of refreshes has in common
};

// An empty string means absent; providers' own spellings of "absent" ("null",
// "N/A", "-" …) are mapped to it.
struct Event {
  std::optional<UnixNanos> time;  // of the event, UTC
  std::string time_text;          // as the provider wrote it
  std::string provider;           // mapping's name: "okta", "generic" …
  EventKind kind = EventKind::kOther;
  std::string raw_kind;  // the provider's own name of it
  EventOutcome outcome = EventOutcome::kUnknown;
  std::string error;
  std::string client;
  std::string client_name;
  std::string user;
  std::string user_name;
  std::string session;
  std::string ip;
  std::string user_agent;
  std::string grant;
  std::vector<std::string> scopes;  // sorted, each once
  EventToken token;
  std::string audience;
  std::string request_id;
  std::string event_id;
  std::string tenant;
};

}  // namespace authseal

#endif  // AUTHSEAL_EVENT_EVENT_H_
