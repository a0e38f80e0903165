#include "lib/query/trace_links.h"

#include <algorithm>
#include <array>
#include <utility>

namespace authseal {

namespace {

constexpr std::size_t kLinkSizeBytesMax = 1024;
constexpr std::size_t kLinkSizeBytesMin = 4;

// Servers that write their events in several formats, each with its mapping.
constexpr std::array<std::string_view, 4> kServers = {"authelia", "authentik",
                                                      "entra", "keycloak"};

constexpr std::array<std::string_view, 14> kPlaceholders = {
    "anonymous", "default",   "false",  "global", "internal",
    "local",     "localhost", "none",   "null",   "redacted",
    "request",   "session",   "system", "unknown"};

char Lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool IsLetterOrDigit(char c) {
  return (c >= '0' && c <= '9') || (Lower(c) >= 'a' && Lower(c) <= 'z') ||
         static_cast<unsigned char>(c) >= 0x80;
}

void AddLink(LinkKind kind, std::string_view server, const std::string& value,
             std::vector<Link>& links) {
  if (value.empty() || value.size() > kLinkSizeBytesMax) {
    return;
  }
  const bool fingerprint = value.starts_with("sha256:");
  Link link{.kind = fingerprint ? LinkKind::kFingerprint : kind,
            .server = fingerprint ? std::string() : std::string(server),
            .value = value};
  const bool known =
      std::any_of(links.begin(), links.end(), [&](const Link& l) {
        return l.value == link.value && l.server == link.server;
      });
  if (!known) {
    links.push_back(std::move(link));
  }
}

}  // namespace

std::string_view LinkKindName(LinkKind kind) {
  constexpr std::array<std::string_view, 5> kNames = {
      "token", "fingerprint", "family", "session", "request"};
  return kNames[static_cast<std::size_t>(kind)];
}

std::string_view LinkVerdictName(LinkVerdict verdict) {
  constexpr std::array<std::string_view, 5> kNames = {
      "followed", "placeholder", "many-users", "many-events", "limit"};
  return kNames[static_cast<std::size_t>(verdict)];
}

std::string_view ServerOf(std::string_view provider) {
  for (const std::string_view server : kServers) {
    if (provider == server ||
        (provider.starts_with(server) && provider[server.size()] == '_')) {
      return server;
    }
  }
  return provider;
}

std::vector<Link> LinksOf(const Event& event) {
  const std::string_view server = ServerOf(event.provider);
  std::vector<Link> links;
  AddLink(LinkKind::kToken, server, event.token.id, links);
  AddLink(LinkKind::kFingerprint, server, event.token.fingerprint, links);
  AddLink(LinkKind::kFamily, server, event.token.family, links);
  AddLink(LinkKind::kSession, server, event.session, links);
  AddLink(LinkKind::kRequest, server, event.request_id, links);
  return links;
}

bool IsPlaceholder(std::string_view value) {
  std::string word;
  for (const char c : value) {
    if (IsLetterOrDigit(c)) {
      word += Lower(c);
    }
  }
  return word.size() < kLinkSizeBytesMin ||
         word.find_first_not_of(word.front()) == std::string::npos ||
         std::find(kPlaceholders.begin(), kPlaceholders.end(), word) !=
             kPlaceholders.end();
}

FollowedLink::FollowedLink(Link link) : link_(std::move(link)) {}

void FollowedLink::Count(const Event& event, LinkKind kind) {
  ++events_;
  // A request id that is also a session is bounded as a session is.
  link_.kind = std::min(link_.kind, kind);
  const std::string& user = event.user.empty() ? event.user_name : event.user;
  if (!user.empty() && users_.size() <= kLinkUsersMax &&
      std::find(users_.begin(), users_.end(), user) == users_.end()) {
    users_.push_back(user);
  }
}

LinkVerdict FollowedLink::verdict() const {
  if (IsPlaceholder(link_.value)) {
    return LinkVerdict::kPlaceholder;
  }
  if (users_.size() > kLinkUsersMax) {
    return LinkVerdict::kUsers;
  }
  if (link_.kind == LinkKind::kRequest && events_ > kLinkRequestEventsMax) {
    return LinkVerdict::kRequest;
  }
  return full_ ? LinkVerdict::kLimit : LinkVerdict::kFollowed;
}

}  // namespace authseal
