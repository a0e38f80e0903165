// What a record must be to be an answer. All conditions hold together; the
// alternatives within one are OR. See authseal-query(1), FILTERS.
#ifndef AUTHSEAL_QUERY_EVENT_FILTER_H_
#define AUTHSEAL_QUERY_EVENT_FILTER_H_

#include <optional>
#include <string>
#include <vector>

#include "lib/base/result.h"
#include "lib/base/types.h"
#include "lib/event/event.h"
#include "lib/query/ip_range.h"
#include "lib/query/member_match.h"

namespace authseal {

struct EventFilter {
  std::optional<UnixNanos> since;  // inclusive
  std::optional<UnixNanos> until;  // exclusive
  RecordRange records = {0, ~std::uint64_t{0}};

  std::vector<std::string> kinds;  // "token.issue"; "token.*" for all of them
  std::vector<EventOutcome> outcomes;
  std::vector<std::string> clients;  // id or name
  std::vector<std::string> users;    // id or name
  std::vector<IpRange> ips;
  std::vector<std::string> scopes;
  std::vector<std::string> grants;
  std::vector<std::string> tokens;  // id, family or "sha256:…" fingerprint
  std::vector<std::string> sessions;
  std::vector<std::string> providers;
  std::vector<std::string> request_ids;
  std::vector<std::string> tenants;
  std::vector<MemberMatch> members;  // of the provider's object; AND

  // Whether one event is an answer. `ingest_time` stands in where the event
  // has no time of its own; `mentions_token`: its record holds one of `tokens`,
  // wherever (token_mention.h). `members` and `records` are not looked at.
  bool MatchesEvent(const Event& event, UnixNanos ingest_time,
                    bool mentions_token) const;
  // `kinds` alone.
  bool MatchesKind(EventKind kind) const;
  // `members` alone; true when there are none.
  bool MatchesObject(const JsonValue& object) const;
  // True when nothing but `records` is asked, so that no event is needed.
  bool matches_any_event() const;
};

// "N" (one record) or "N..M" (M exclusive). Error kInvalidArgument.
Result<RecordRange> ParseRecordRange(std::string_view text);

// A kind, or a kind's first word and ".*". Error kInvalidArgument lists them.
Result<std::string> CheckKindPattern(std::string_view text);

}  // namespace authseal

#endif  // AUTHSEAL_QUERY_EVENT_FILTER_H_
