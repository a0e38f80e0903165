#include "lib/query/trace_gaps.h"

#include <string>
#include <utility>

#include <gtest/gtest.h>

namespace authseal {
namespace {

// A trace written down event by event, a second apart.
class Life {
 public:
  Event& Add(EventKind kind, EventOutcome outcome = EventOutcome::kSuccess) {
    TracedEvent traced;
    traced.record = trace_.events.size();
    traced.event.provider = "okta";
    traced.event.kind = kind;
    traced.event.outcome = outcome;
    traced.event.time = UnixNanos{++seconds_ * kNanosPerSecond};
    trace_.events.push_back(std::move(traced));
    return trace_.events.back().event;
  }
  Event& Token(EventKind kind, std::string token,
               EventOutcome outcome = EventOutcome::kSuccess) {
    Event& event = Add(kind, outcome);
    event.token.id = std::move(token);
    return event;
  }
  Event& Family(EventKind kind, std::string family,
                EventOutcome outcome = EventOutcome::kSuccess) {
    Event& event = Add(kind, outcome);
    event.token.family = std::move(family);
    return event;
  }
  Event& Session(EventKind kind, std::string session,
                 EventOutcome outcome = EventOutcome::kSuccess) {
    Event& event = Add(kind, outcome);
    event.session = std::move(session);
    event.client = "web";
    return event;
  }
  TraceResult& trace() { return trace_; }

  // "name event<cause" a line.
  std::string Gaps() const {
    std::string lines;
    for (const TraceGap& gap : FindGaps(trace_)) {
      lines += std::string(GapName(gap.kind)) + " " + std::to_string(gap.event);
      lines += gap.cause ? "<" + std::to_string(*gap.cause) + "\n" : "\n";
    }
    return lines;
  }

 private:
  TraceResult trace_;
  std::int64_t seconds_ = 0;
};

constexpr auto kIssue = EventKind::kTokenIssue;
constexpr auto kRefresh = EventKind::kTokenRefresh;
constexpr auto kRevoke = EventKind::kTokenRevoke;
constexpr auto kIntrospect = EventKind::kTokenIntrospect;
constexpr auto kReuse = EventKind::kTokenReuse;
constexpr auto kFailure = EventOutcome::kFailure;
constexpr auto kUnknown = EventOutcome::kUnknown;

TEST(TraceGaps, TellAcceptedUseFromRefusedAndFromAsking) {
  Life life;
  life.Token(kIssue, "t1");
  life.Token(kRefresh, "t1");
  life.Token(kRevoke, "t1");
  life.Token(kRefresh, "t1", kFailure);
  life.Token(kIntrospect, "t1");
  life.Token(kIntrospect, "t1", kFailure);
  life.Token(kRefresh, "t1");
  life.Token(kRefresh, "t1", kUnknown);
  life.Token(EventKind::kAdmin, "t1");
  EXPECT_EQ(life.Gaps(),
            "refused-after-revocation 3<2\npresented-after-revocation 4<2\n"
            "refused-after-revocation 5<2\nused-after-revocation 6<2\n"
            "presented-after-revocation 7<2\n");
}

TEST(TraceGaps, AFailedRevocationRevokesNothing) {
  Life life;
  life.Token(kRevoke, "t1", kFailure);
  life.Token(kRefresh, "t1");
  EXPECT_EQ(life.Gaps(), "");
}

TEST(TraceGaps, ARevokedTokenDoesNotTakeItsFamilyAlong) {
  Life life;
  life.Token(kRevoke, "t1").token.family = "fam-1";
  life.Token(kRefresh, "t2").token.family = "fam-1";
  life.Add(kRevoke).session = "sess-1";  // says not which token
  life.Token(kRefresh, "t3").session = "sess-1";
  EXPECT_EQ(life.Gaps(), "");
}

TEST(TraceGaps, ARevokedFamilyTakesAllItsTokensOfTheClient) {
  Life life;
  life.Family(kRevoke, "fam-1").client = "web";
  life.Token(kRefresh, "t2").token.family = "fam-1";  // of no client
  life.Family(kRefresh, "fam-1").client = "web";
  life.Family(kRefresh, "fam-1").client = "cli";
  life.Family(kRefresh, "fam-2").client = "web";
  EXPECT_EQ(life.Gaps(), "used-after-revocation 2<0\n");
}

TEST(TraceGaps, AFamilyThatIsOnlyTheSessionIsNone) {
  // Keycloak's code_id: the client may come back within the same login.
  Life life;
  Event& revoke = life.Session(kRevoke, "s-1234");
  revoke.token.family = "s-1234";
  life.Session(kRefresh, "s-1234").token.family = "s-1234";
  EXPECT_EQ(life.Gaps(), "");
  // With one event that has both apart, it is a family.
  life.Session(kIntrospect, "s-other").token.family = "s-1234";
  EXPECT_EQ(life.Gaps(),
            "used-after-revocation 1<0\npresented-after-revocation 2<0\n");
}

TEST(TraceGaps, OneServersRevocationIsNotAnothers) {
  Life life;
  life.Token(kRevoke, "t1");
  life.Token(kRefresh, "t1").provider = "auth0";
  EXPECT_EQ(life.Gaps(), "");
}

TEST(TraceGaps, TheSameMomentIsNotAfter) {
  Life life;
  life.Token(kRevoke, "t1");
  life.Token(kRefresh, "t1").time = UnixNanos{kNanosPerSecond};
  EXPECT_EQ(life.Gaps(), "");
}

TEST(TraceGaps, EventsWithoutATimeAndRepeatsHaveNoPart) {
  Life life;
  life.Token(kRevoke, "t1").time.reset();
  life.Token(kRefresh, "t1");
  life.Token(kRevoke, "t1");
  life.Token(kRefresh, "t1").time.reset();
  life.Token(kRefresh, "t1");
  life.trace().events.back().repeat = true;
  EXPECT_EQ(life.Gaps(), "");
}

TEST(TraceGaps, ReuseStandsAgainstItsFamily) {
  Life life;
  life.Family(kReuse, "fam-1", kFailure).client = "web";
  life.Family(kRefresh, "fam-1").client = "web";
  life.Family(kRefresh, "fam-1", kFailure).client = "web";
  life.Family(kRefresh, "fam-2").client = "web";
  EXPECT_EQ(life.Gaps(),
            "refreshed-after-reuse 1<0\nrefused-after-reuse 2<0\n");
}

TEST(TraceGaps, ReuseInASessionEndsWithANewLoginOrGrant) {
  for (const EventKind again : {kIssue, EventKind::kLogin}) {
    Life life;
    life.Session(kReuse, "s-1234", kFailure);
    life.Session(kRefresh, "s-1234");
    life.Session(again, "s-1234");
    life.Session(kRefresh, "s-1234");
    EXPECT_EQ(life.Gaps(), "refreshed-after-reuse 1<0\n");
  }
}

TEST(TraceGaps, WithoutFamilyAndSessionReuseIsTheUsersAtTheClient) {
  Life life;
  const auto of_alice = [](Event& event, const char* client) {
    event.user = "alice";
    event.client = client;
  };
  of_alice(life.Token(kReuse, "t1", kFailure), "web");
  of_alice(life.Token(kRefresh, "t2"), "web");
  of_alice(life.Token(kRefresh, "t3", kFailure), "web");
  of_alice(life.Token(kRefresh, "t4"), "cli");
  of_alice(life.Family(kRefresh, "fam-1"), "web");
  of_alice(life.Add(EventKind::kLogin), "web");
  of_alice(life.Token(kRefresh, "t5"), "web");
  EXPECT_EQ(life.Gaps(),
            "user-refreshed-after-reuse 1<0\nrefused-after-reuse 2<0\n");
}

TEST(TraceGaps, ASessionIsOverUntilTheUserComesAgain) {
  for (const EventKind end : {EventKind::kLogout, EventKind::kSessionRevoke,
                              EventKind::kSessionExpire}) {
    Life life;
    life.Session(end, "s-1234", kFailure);
    life.Session(kRefresh, "s-1234");
    life.Session(end, "s-1234");
    life.Session(kRefresh, "s-1234");
    life.Session(kRefresh, "s-1234", kFailure);
    life.Session(kRefresh, "s-1234").scopes = {"offline_access"};
    life.Session(kRefresh, "s-1234").token.type = "Offline";
    life.Session(EventKind::kLogin, "s-1234");
    life.Session(kRefresh, "s-1234");
    EXPECT_EQ(life.Gaps(), "session-used-after-end 3<2\n");
  }
}

TEST(TraceGaps, IssuedAndNeverSeenAgainNeedsTheWholeTrace) {
  Life life;
  life.Token(kIssue, "t1");
  life.Token(kIssue, "t2");
  life.Token(kIntrospect, "t2");
  life.Token(kIssue, "t3").token.type = "id_token";
  life.Token(kIssue, "t4", kFailure);
  life.Token(kRefresh, "t5");
  life.Token(kIssue, "t1");
  life.trace().events.back().repeat = true;
  EXPECT_EQ(life.Gaps(), "issued-never-seen-again 0\n");
  life.trace().links.emplace_back(
      Link{.kind = LinkKind::kToken, .server = "okta", .value = "t1"});
  EXPECT_EQ(life.Gaps(), "") << "t1 was not followed: too short";
  life.trace().links.clear();
  life.trace().complete = false;
  EXPECT_EQ(life.Gaps(), "");
}

}  // namespace
}  // namespace authseal
