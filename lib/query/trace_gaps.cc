#include "lib/query/trace_gaps.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <utility>

namespace authseal {

namespace {

// Key of an identifier, or of one at a client → the event that stands against
// it. The first counts: later ones change nothing.
using Causes = std::map<std::string, std::size_t>;

bool Succeeded(const Event& event) {
  return event.outcome == EventOutcome::kSuccess;
}

bool Failed(const Event& event) {
  return event.outcome == EventOutcome::kFailure;
}

std::vector<std::string> TokenKeys(const Event& event) {
  std::vector<std::string> keys;
  for (const Link& link : LinksOf(event)) {
    if (link.kind == LinkKind::kToken || link.kind == LinkKind::kFingerprint) {
      keys.push_back(link.Key());
    }
  }
  return keys;
}

std::string KeyIn(const Event& event, std::string_view value) {
  return std::string(ServerOf(event.provider)) + '\0' + std::string(value);
}

std::string WithClient(const std::string& key, std::string_view client) {
  return key + '\0' + std::string(client);
}

// Families that are no more than another name of a session: every event has
// both, and they are the same.
std::set<std::string> SessionsAsFamilies(const std::vector<TracedEvent>& all) {
  std::set<std::string> same;
  std::set<std::string> own;
  for (const TracedEvent& traced : all) {
    const Event& event = traced.event;
    if (!event.token.family.empty()) {
      (event.session == event.token.family ? same : own)
          .insert(KeyIn(event, event.token.family));
    }
  }
  for (const std::string& key : own) {
    same.erase(key);
  }
  return same;
}

bool IsOffline(const Event& event) {
  return event.token.type == "Offline" ||
         std::find(event.scopes.begin(), event.scopes.end(),
                   "offline_access") != event.scopes.end();
}

class GapFinder {
 public:
  explicit GapFinder(const TraceResult& trace)
      : trace_(trace), no_families_(SessionsAsFamilies(trace.events)) {}

  std::vector<TraceGap> Run() {
    for (std::size_t i = 0; i < trace_.events.size(); ++i) {
      const TracedEvent& traced = trace_.events[i];
      if (traced.repeat || !traced.event.time) {
        continue;
      }
      Look(i, traced.event);
      Remember(i, traced.event);
    }
    if (trace_.complete) {
      FindUnseen();
    }
    std::stable_sort(
        gaps_.begin(), gaps_.end(),
        [](const TraceGap& a, const TraceGap& b) { return a.event < b.event; });
    return std::move(gaps_);
  }

 private:
  std::string FamilyKey(const Event& event) const {
    if (event.token.family.empty()) {
      return {};
    }
    std::string key = KeyIn(event, event.token.family);
    return no_families_.contains(key) ? std::string() : key;
  }

  // Of an event that has neither family nor session to go by.
  static std::string UserKey(const Event& event) {
    const bool has_better = !event.token.family.empty() ||
                            !event.session.empty() || event.client.empty();
    return has_better || event.user.empty() ? std::string()
                                            : KeyIn(event, event.user);
  }

  // The cause under `key` if it is earlier than event `i`; same times do not
  // say what came first.
  std::optional<std::size_t> Before(const Causes& causes,
                                    const std::string& key,
                                    std::size_t i) const {
    const auto found = causes.find(key);
    if (found == causes.end() || *trace_.events[found->second].event.time >=
                                     *trace_.events[i].event.time) {
      return std::nullopt;
    }
    return found->second;
  }

  // What stands against the family, if it was said of this client or of none.
  std::optional<std::size_t> BeforeAtClient(const Causes& causes,
                                            const std::string& key,
                                            std::size_t i) const {
    if (key.empty()) {
      return std::nullopt;
    }
    const auto at_client =
        Before(causes, WithClient(key, trace_.events[i].event.client), i);
    return at_client ? at_client : Before(causes, WithClient(key, {}), i);
  }

  std::optional<std::size_t> RevokedBefore(std::size_t i,
                                           const Event& event) const {
    for (const std::string& key : TokenKeys(event)) {
      if (const auto cause = Before(revoked_tokens_, key, i)) {
        return cause;
      }
    }
    return BeforeAtClient(revoked_families_, FamilyKey(event), i);
  }

  std::optional<std::size_t> ReusedBefore(std::size_t i,
                                          const Event& event) const {
    if (const auto cause =
            BeforeAtClient(reused_families_, FamilyKey(event), i)) {
      return cause;
    }
    for (const std::string& key : TokenKeys(event)) {
      if (const auto cause = Before(reused_tokens_, key, i)) {
        return cause;
      }
    }
    return event.session.empty()
               ? std::nullopt
               : BeforeAtClient(reused_sessions_, KeyIn(event, event.session),
                                i);
  }

  void Add(GapKind kind, std::size_t event,
           std::optional<std::size_t> cause = std::nullopt) {
    gaps_.push_back({.kind = kind, .event = event, .cause = cause});
  }

  void LookForReuse(std::size_t i, const Event& event) {
    auto cause = ReusedBefore(i, event);
    const bool by_user = !cause.has_value();
    if (by_user) {
      cause = BeforeAtClient(reused_users_, UserKey(event), i);
    }
    if (cause && Failed(event)) {
      Add(GapKind::kRefusedAfterReuse, i, cause);
    } else if (cause && Succeeded(event)) {
      Add(by_user ? GapKind::kUserRefreshedAfterReuse
                  : GapKind::kRefreshedAfterReuse,
          i, cause);
    }
  }

  void Look(std::size_t i, const Event& event) {
    const bool asks = event.kind == EventKind::kTokenIntrospect;
    const bool uses = event.kind == EventKind::kTokenIssue ||
                      event.kind == EventKind::kTokenRefresh ||
                      event.kind == EventKind::kTokenExchange ||
                      event.kind == EventKind::kAuthorize;
    const bool reuse = event.kind == EventKind::kTokenReuse;
    if (uses || asks || reuse) {
      if (const auto cause = RevokedBefore(i, event)) {
        if (reuse || Failed(event)) {
          Add(GapKind::kRefusedAfterRevocation, i, cause);
        } else if (uses && Succeeded(event)) {
          Add(GapKind::kUsedAfterRevocation, i, cause);
        } else {
          Add(GapKind::kPresentedAfterRevocation, i, cause);
        }
      }
    }
    if (event.kind == EventKind::kTokenRefresh) {
      LookForReuse(i, event);
    }
    if (uses && Succeeded(event) && !event.session.empty() &&
        !IsOffline(event)) {
      if (const auto cause =
              Before(ended_sessions_, KeyIn(event, event.session), i)) {
        Add(GapKind::kSessionUsedAfterEnd, i, cause);
      }
    }
  }

  // Against the token, its user at this client, and its family; where no
  // family is named, against the session at this client.
  void RememberReuse(std::size_t i, const Event& event) {
    const std::string family = FamilyKey(event);
    const std::vector<std::string> tokens = TokenKeys(event);
    if (!family.empty()) {
      reused_families_.emplace(WithClient(family, event.client), i);
    }
    for (const std::string& key : tokens) {
      reused_tokens_.emplace(key, i);
    }
    if (family.empty() && !event.session.empty()) {
      reused_sessions_.emplace(
          WithClient(KeyIn(event, event.session), event.client), i);
    }
    if (!event.user.empty() && !event.client.empty()) {
      reused_users_.emplace(WithClient(KeyIn(event, event.user), event.client),
                            i);
    }
  }

  // Against the token, and only where none is named against the family.
  void RememberRevocation(std::size_t i, const Event& event) {
    const std::vector<std::string> tokens = TokenKeys(event);
    const std::string family = FamilyKey(event);
    for (const std::string& key : tokens) {
      revoked_tokens_.emplace(key, i);
    }
    if (tokens.empty() && !family.empty()) {
      revoked_families_.emplace(WithClient(family, event.client), i);
    }
  }

  // The user came again: a session's earlier end or reuse is over.
  void ForgetSession(const Event& event) {
    if (!Succeeded(event)) {
      return;
    }
    reused_users_.erase(WithClient(KeyIn(event, event.user), event.client));
    if (event.session.empty()) {
      return;
    }
    const std::string key = KeyIn(event, event.session);
    reused_sessions_.erase(WithClient(key, event.client));
    reused_sessions_.erase(WithClient(key, {}));
    if (event.kind != EventKind::kTokenIssue) {
      ended_sessions_.erase(key);
    }
  }

  void Remember(std::size_t i, const Event& event) {
    const EventKind kind = event.kind;
    if (kind == EventKind::kTokenReuse) {
      RememberReuse(i, event);
    } else if (kind == EventKind::kTokenRevoke && !Failed(event)) {
      RememberRevocation(i, event);
    } else if ((kind == EventKind::kLogout ||
                kind == EventKind::kSessionRevoke ||
                kind == EventKind::kSessionExpire) &&
               !Failed(event) && !event.session.empty()) {
      ended_sessions_.emplace(KeyIn(event, event.session), i);
    } else if (kind == EventKind::kLogin || kind == EventKind::kSessionCreate ||
               kind == EventKind::kTokenIssue) {
      ForgetSession(event);
    }
  }

  void FindUnseen() {
    std::map<std::string, std::set<std::uint64_t>> seen;  // key → records
    for (const TracedEvent& traced : trace_.events) {
      if (!traced.repeat) {
        for (const std::string& key : TokenKeys(traced.event)) {
          seen[key].insert(traced.record);
        }
      }
    }
    for (const FollowedLink& link : trace_.links) {
      if (link.verdict() != LinkVerdict::kFollowed) {
        seen[link.link().Key()] = {0, 1};  // not all of it is here
      }
    }
    for (std::size_t i = 0; i < trace_.events.size(); ++i) {
      const TracedEvent& traced = trace_.events[i];
      const Event& event = traced.event;
      const std::vector<std::string> keys = TokenKeys(event);
      if (!traced.repeat && event.time && !keys.empty() &&
          event.kind == EventKind::kTokenIssue && Succeeded(event) &&
          event.token.type != "id_token" && event.token.type != "code" &&
          std::all_of(keys.begin(), keys.end(), [&seen](const auto& key) {
            return seen[key].size() < 2;
          })) {
        Add(GapKind::kIssuedNeverSeenAgain, i);
      }
    }
  }

  const TraceResult& trace_;
  const std::set<std::string> no_families_;
  Causes revoked_tokens_;
  Causes revoked_families_;  // with client
  Causes reused_tokens_;
  Causes reused_families_;  // with client
  Causes reused_sessions_;  // with client
  Causes reused_users_;     // with client
  Causes ended_sessions_;
  std::vector<TraceGap> gaps_;
};

}  // namespace

std::string_view GapName(GapKind kind) {
  constexpr std::array<std::string_view, 8> kNames = {
      "used-after-revocation",      "refreshed-after-reuse",
      "session-used-after-end",     "presented-after-revocation",
      "refused-after-revocation",   "refused-after-reuse",
      "user-refreshed-after-reuse", "issued-never-seen-again"};
  return kNames[static_cast<std::size_t>(kind)];
}

bool IsAlarm(GapKind kind) {
  return kind <= GapKind::kSessionUsedAfterEnd;
}

std::vector<TraceGap> FindGaps(const TraceResult& trace) {
  return GapFinder(trace).Run();
}

}  // namespace authseal
