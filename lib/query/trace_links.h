// What ties events to one life: the identifiers of a token, its family, its
// session and its request. See authseal-query(1), TRACE.
//
// An identifier is the word of one server, so it ties events of that server
// only; a fingerprint names the token's own bytes and ties them all. Within a
// server its kind does not matter: what one event calls the family is another
// one's session.
#ifndef AUTHSEAL_QUERY_TRACE_LINKS_H_
#define AUTHSEAL_QUERY_TRACE_LINKS_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "lib/event/event.h"

namespace authseal {

enum class LinkKind : std::uint8_t {
  kToken,
  kFingerprint,
  kFamily,
  kSession,
  kRequest
};
// "token" "fingerprint" "family" "session" "request".
std::string_view LinkKindName(LinkKind kind);

struct Link {
  LinkKind kind = LinkKind::kToken;
  std::string server;  // empty for a fingerprint
  std::string value;
  // What is compared.
  std::string Key() const { return server + '\0' + value; }
};

// The identifiers of one event, none twice. A token id that is a fingerprint
// counts as one. Longer ones than any server makes are left out.
std::vector<Link> LinksOf(const Event& event);

// The server that a mapping's logs come from: the mappings of one server's
// several formats have one.
std::string_view ServerOf(std::string_view provider);

// Text that stands where an identifier should: short, a word such as "local"
// or "unknown", or one character again and again.
bool IsPlaceholder(std::string_view value);

// Why an identifier's events are not taken into the trace.
enum class LinkVerdict : std::uint8_t {
  kFollowed,
  kPlaceholder,
  kUsers,    // it names more than kLinkUsersMax users
  kRequest,  // a request id of more than kLinkRequestEventsMax events
  kLimit     // the trace was full
};
// "followed" "placeholder" "many-users" "many-events" "limit".
std::string_view LinkVerdictName(LinkVerdict verdict);

inline constexpr std::size_t kLinkUsersMax = 4;
inline constexpr std::uint64_t kLinkRequestEventsMax = 100;

// One identifier, and what was seen of it in the whole archive.
class FollowedLink {
 public:
  explicit FollowedLink(Link link);

  void Count(const Event& event, LinkKind kind);
  void Stop() { full_ = true; }

  const Link& link() const { return link_; }
  std::uint64_t events() const { return events_; }
  std::size_t users() const { return users_.size(); }  // up to the limit + 1
  LinkVerdict verdict() const;

 private:
  Link link_;
  std::uint64_t events_ = 0;
  std::vector<std::string> users_;
  bool full_ = false;
};

}  // namespace authseal

#endif  // AUTHSEAL_QUERY_TRACE_LINKS_H_
