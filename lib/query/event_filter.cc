#include "lib/query/event_filter.h"

#include <algorithm>

#include "lib/base/encoding.h"

namespace authseal {

namespace {

// No alternatives means no condition.
bool OneOf(const std::vector<std::string>& wanted, std::string_view value) {
  return wanted.empty() ||
         std::find(wanted.begin(), wanted.end(), value) != wanted.end();
}

template <typename... Values>
bool AnyOneOf(const std::vector<std::string>& wanted, const Values&... values) {
  return wanted.empty() || (... || (!values.empty() && OneOf(wanted, values)));
}

bool MatchesIp(const std::vector<IpRange>& ranges, std::string_view ip) {
  return ranges.empty() ||
         std::any_of(ranges.begin(), ranges.end(),
                     [ip](const IpRange& range) { return range.Contains(ip); });
}

bool MatchesScope(const std::vector<std::string>& wanted,
                  const std::vector<std::string>& scopes) {
  return wanted.empty() || std::any_of(scopes.begin(), scopes.end(),
                                       [&wanted](const std::string& scope) {
                                         return OneOf(wanted, scope);
                                       });
}

std::string KindNames() {
  std::string names;
  for (int kind = 0; kind <= static_cast<int>(EventKind::kOther); ++kind) {
    names += (kind == 0 ? "" : " ");
    names += EventKindName(static_cast<EventKind>(kind));
  }
  return names;
}

}  // namespace

bool EventFilter::MatchesKind(EventKind kind) const {
  const std::string_view name = EventKindName(kind);
  return kinds.empty() || std::any_of(kinds.begin(), kinds.end(),
                                      [name](std::string_view pattern) {
                                        if (pattern.ends_with(".*")) {
                                          pattern.remove_suffix(1);
                                          return name.starts_with(pattern);
                                        }
                                        return pattern == name;
                                      });
}

bool EventFilter::MatchesEvent(const Event& event, UnixNanos ingest_time,
                               bool mentions_token) const {
  const UnixNanos time = event.time.value_or(ingest_time);
  if ((since && time < *since) || (until && time >= *until)) {
    return false;
  }
  return MatchesKind(event.kind) &&
         (outcomes.empty() || std::find(outcomes.begin(), outcomes.end(),
                                        event.outcome) != outcomes.end()) &&
         AnyOneOf(providers, event.provider) &&
         AnyOneOf(clients, event.client, event.client_name) &&
         AnyOneOf(users, event.user, event.user_name) &&
         (mentions_token ||
          AnyOneOf(tokens, event.token.id, event.token.fingerprint,
                   event.token.family)) &&
         AnyOneOf(sessions, event.session) && AnyOneOf(grants, event.grant) &&
         AnyOneOf(request_ids, event.request_id) &&
         AnyOneOf(tenants, event.tenant) && MatchesIp(ips, event.ip) &&
         MatchesScope(scopes, event.scopes);
}

bool EventFilter::MatchesObject(const JsonValue& object) const {
  return std::all_of(
      members.begin(), members.end(),
      [&object](const MemberMatch& match) { return match.Matches(object); });
}

bool EventFilter::matches_any_event() const {
  return !since && !until && kinds.empty() && outcomes.empty() &&
         clients.empty() && users.empty() && ips.empty() && scopes.empty() &&
         grants.empty() && tokens.empty() && sessions.empty() &&
         providers.empty() && request_ids.empty() && tenants.empty();
}

Result<RecordRange> ParseRecordRange(std::string_view text) {
  const std::size_t dots = text.find("..");
  const Result<std::uint64_t> first = ParseDecimal(text.substr(0, dots));
  RecordRange range;
  bool good = first.has_value() && *first < ~std::uint64_t{0};
  if (good) {
    range = {*first, *first + 1};
  }
  if (good && dots != std::string_view::npos) {
    const Result<std::uint64_t> end = ParseDecimal(text.substr(dots + 2));
    good = end.has_value() && *end > *first;
    range.end = good ? *end : range.end;
  }
  if (!good) {
    return Error{ErrorCode::kInvalidArgument,
                 "--record \"" + std::string(text) + "\" is no record range",
                 "write a record number, or FIRST..END where END is the first "
                 "record left out"};
  }
  return range;
}

Result<std::string> CheckKindPattern(std::string_view text) {
  bool known = ParseEventKind(text).has_value();
  if (text.ends_with(".*")) {
    const std::string_view word = text.substr(0, text.size() - 1);
    for (int kind = 0; kind <= static_cast<int>(EventKind::kOther); ++kind) {
      known |= EventKindName(static_cast<EventKind>(kind)).starts_with(word);
    }
  }
  if (!known) {
    return Error{ErrorCode::kInvalidArgument,
                 "--event \"" + std::string(text) + "\" is no kind of event",
                 "kinds: " + KindNames() + "; token.* stands for all of token"};
  }
  return std::string(text);
}

}  // namespace authseal
