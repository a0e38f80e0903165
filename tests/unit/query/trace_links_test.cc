#include "lib/query/trace_links.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace authseal {
namespace {

const std::string kFingerprint = "sha256:" + std::string(64, 'a');

Event Make(std::string provider) {
  Event event;
  event.provider = std::move(provider);
  return event;
}

std::string Described(const Event& event) {
  std::string text;
  for (const Link& link : LinksOf(event)) {
    text += std::string(LinkKindName(link.kind)) + " " + link.server + "/" +
            link.value + "\n";
  }
  return text;
}

TEST(TraceLinks, AreTheIdentifiersOfAnEventButNotItsUserOrClient) {
  Event event = Make("okta");
  event.user = "alice";
  event.client = "web";
  event.token = {.id = "AT.1",
                 .fingerprint = "x9",
                 .type = "access_token",
                 .family = "fam-1"};
  event.session = "sess-1";
  event.request_id = "req-1";
  EXPECT_EQ(Described(event),
            "token okta/AT.1\nfingerprint okta/x9\nfamily okta/fam-1\n"
            "session okta/sess-1\nrequest okta/req-1\n");
}

TEST(TraceLinks, ATokensFingerprintBelongsToNoServer) {
  Event event = Make("node_oidc_provider");
  event.token.id = kFingerprint;
  event.token.fingerprint = kFingerprint;
  EXPECT_EQ(Described(event), "fingerprint /" + kFingerprint + "\n");
}

TEST(TraceLinks, OneValueUnderTwoNamesIsOneLink) {
  Event event = Make("duende");
  event.session = "0HN:00002000";
  event.request_id = "0HN:00002000";
  EXPECT_EQ(Described(event), "session duende/0HN:00002000\n");
}

TEST(TraceLinks, LeavesOutWhatIsTooLongToBeAnIdentifier) {
  Event event = Make("okta");
  event.session = std::string(1025, 's');
  event.request_id = std::string(1024, 'r');
  ASSERT_EQ(LinksOf(event).size(), 1U);
  EXPECT_EQ(LinksOf(event)[0].kind, LinkKind::kRequest);
}

TEST(TraceLinks, FormatsOfOneServerAreOneServer) {
  for (const char* provider : {"keycloak_json", "keycloak_ecs", "keycloak_rest",
                               "keycloak_text", "keycloak"}) {
    EXPECT_EQ(ServerOf(provider), "keycloak");
  }
  EXPECT_EQ(ServerOf("authelia_text"), "authelia");
  EXPECT_EQ(ServerOf("entra_graph"), ServerOf("entra_diag"));
  EXPECT_EQ(ServerOf("keycloakish"), "keycloakish");
  EXPECT_EQ(ServerOf("ping_one"), "ping_one");
  EXPECT_EQ(ServerOf(""), "");
}

TEST(TraceLinks, KnowsPlaceholders) {
  for (const char* value :
       {"", "-", "rq", "s1", "local", "LOCALHOST", "00000000",
        "00000000-0000-0000-0000-000000000000", "xxxx-xxxx", "(none)",
        "unknown", "redacted", "***"}) {
    EXPECT_TRUE(IsPlaceholder(value)) << value;
  }
  for (const char* value : {"****AbCd", "0HN:00002000", "102alice-session-2",
                            "00000000-0000-0000-0000-000000000001", "1000"}) {
    EXPECT_FALSE(IsPlaceholder(value)) << value;
  }
}

Link SessionLink() {
  return {.kind = LinkKind::kSession, .server = "okta", .value = "sess-1"};
}

TEST(TraceLinks, ManyUsersStopALink) {
  FollowedLink link(SessionLink());
  for (std::size_t user = 0; user <= kLinkUsersMax; ++user) {
    EXPECT_EQ(link.verdict(), LinkVerdict::kFollowed);
    Event event = Make("okta");
    event.user_name = "u" + std::to_string(user);
    link.Count(event, LinkKind::kSession);
    link.Count(event, LinkKind::kSession);
  }
  EXPECT_EQ(link.verdict(), LinkVerdict::kUsers);
  EXPECT_EQ(link.events(), 2 * (kLinkUsersMax + 1));
}

TEST(TraceLinks, ManyEventsStopARequestButNoSession) {
  FollowedLink request({LinkKind::kRequest, "okta", "req-1"});
  FollowedLink both({LinkKind::kRequest, "okta", "0HN:1234"});
  const Event event = Make("okta");
  both.Count(event, LinkKind::kSession);
  for (std::uint64_t i = 0; i < kLinkRequestEventsMax; ++i) {
    request.Count(event, LinkKind::kRequest);
    both.Count(event, LinkKind::kRequest);
  }
  EXPECT_EQ(request.verdict(), LinkVerdict::kFollowed);
  request.Count(event, LinkKind::kRequest);
  EXPECT_EQ(request.verdict(), LinkVerdict::kRequest);
  EXPECT_EQ(both.verdict(), LinkVerdict::kFollowed);
  EXPECT_EQ(both.link().kind, LinkKind::kSession);
}

}  // namespace
}  // namespace authseal
