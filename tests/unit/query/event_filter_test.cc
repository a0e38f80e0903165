#include "lib/query/event_filter.h"

#include <functional>
#include <utility>

#include <gtest/gtest.h>

namespace authseal {
namespace {

Event Sample() {
  Event event;
  event.time = UnixNanos{1'000};
  event.provider = "okta";
  event.kind = EventKind::kTokenRefresh;
  event.outcome = EventOutcome::kSuccess;
  event.client = "0oa1";
  event.client_name = "Web";
  event.user = "00u1";
  event.user_name = "alice";
  event.session = "s1";
  event.ip = "192.0.2.7";
  event.grant = "refresh_token";
  event.scopes = {"email", "openid"};
  event.token.id = "t1";
  event.token.fingerprint = "sha256:aa";
  event.token.family = "f1";
  event.request_id = "r1";
  event.tenant = "acme";
  return event;
}

bool Matches(const EventFilter& filter, const Event& event = Sample()) {
  return filter.MatchesEvent(event, UnixNanos{5'000}, false);
}

using Values = std::vector<std::string> EventFilter::*;

TEST(EventFilter, WithoutConditionsEverythingMatches) {
  EXPECT_TRUE(Matches({}));
  EXPECT_TRUE(Matches({}, Event{}));
  EXPECT_TRUE(EventFilter{}.matches_any_event());
}

TEST(EventFilter, EachConditionLooksAtItsOwnFields) {
  const std::vector<std::pair<Values, std::vector<std::string>>> kCases = {
      {&EventFilter::kinds, {"token.refresh", "token.*"}},
      {&EventFilter::clients, {"0oa1", "Web"}},
      {&EventFilter::users, {"00u1", "alice"}},
      {&EventFilter::scopes, {"email", "openid"}},
      {&EventFilter::grants, {"refresh_token"}},
      {&EventFilter::tokens, {"t1", "sha256:aa", "f1"}},
      {&EventFilter::sessions, {"s1"}},
      {&EventFilter::providers, {"okta"}},
      {&EventFilter::request_ids, {"r1"}},
      {&EventFilter::tenants, {"acme"}},
  };
  for (const auto& [values, good] : kCases) {
    for (const std::string& value : good) {
      EventFilter filter;
      filter.*values = {value};
      EXPECT_TRUE(Matches(filter)) << value;
      EXPECT_FALSE(filter.matches_any_event()) << value;
      filter.*values = {"other", value};  // OR within
      EXPECT_TRUE(Matches(filter)) << value;
      filter.*values = {"other"};
      EXPECT_FALSE(Matches(filter)) << value;
      filter.*values = {value + "x", value.substr(1)};  // exact
      EXPECT_FALSE(Matches(filter)) << value;
    }
    EventFilter absent;
    absent.*values = {""};
    EXPECT_FALSE(Matches(absent, Event{}));
  }
}

EventFilter FourConditions() {
  EventFilter filter;
  filter.users = {"alice"};
  filter.clients = {"Web"};
  filter.outcomes = {EventOutcome::kSuccess, EventOutcome::kUnknown};
  filter.ips = {*IpRange::Parse("10.0.0.0/8"), *IpRange::Parse("192.0.2.0/24")};
  return filter;
}

TEST(EventFilter, AllConditionsMustHold) {
  EXPECT_TRUE(Matches(FourConditions()));
  EventFilter other_client = FourConditions();
  other_client.clients = {"Mobile"};
  EXPECT_FALSE(Matches(other_client));
  EventFilter other_outcome = FourConditions();
  other_outcome.outcomes = {EventOutcome::kFailure};
  EXPECT_FALSE(Matches(other_outcome));
  EventFilter other_ip = FourConditions();
  other_ip.ips.pop_back();
  EXPECT_FALSE(Matches(other_ip));
}

TEST(EventFilter, SinceIsInclusiveAndUntilExclusive) {
  const auto between = [](std::int64_t since, std::int64_t until) {
    EventFilter filter;
    filter.since = UnixNanos{since};
    filter.until = UnixNanos{until};
    return filter;
  };
  EXPECT_TRUE(Matches(between(1'000, 1'001)));
  EXPECT_FALSE(Matches(between(1'001, 2'000)));
  EXPECT_FALSE(Matches(between(0, 1'000)));
  Event timeless = Sample();
  timeless.time.reset();  // the time of ingest, 5000, stands in
  EXPECT_TRUE(Matches(between(5'000, 5'001), timeless));
  EXPECT_FALSE(Matches(between(0, 5'000), timeless));
}

TEST(EventFilter, KindPatternsAreChecked) {
  for (const char* good :
       {"token.issue", "token.*", "login", "client.*", "other"}) {
    EXPECT_TRUE(CheckKindPattern(good).has_value()) << good;
  }
  for (const char* bad : {"", "*", ".*", "tok", "tok.*", "token", "token.",
                          "login.*", "Token.issue", "token.issue.*"}) {
    const auto checked = CheckKindPattern(bad);
    ASSERT_FALSE(checked.has_value()) << bad;
    EXPECT_NE(checked.error().hint.find("token.issue"), std::string::npos);
  }
}

TEST(EventFilter, RecordRangesAreHalfOpen) {
  EXPECT_EQ(*ParseRecordRange("7"), (RecordRange{7, 8}));
  EXPECT_EQ(*ParseRecordRange("5..9"), (RecordRange{5, 9}));
  EXPECT_EQ(*ParseRecordRange("0..18446744073709551615"),
            (RecordRange{0, ~std::uint64_t{0}}));
  for (const char* bad :
       {"", "-1", "5..", "..9", "9..5", "5..5", "5...9", "5-9", "x", "1.5",
        "18446744073709551615", "18446744073709551616", " 5", "5..9x"}) {
    const auto range = ParseRecordRange(bad);
    ASSERT_FALSE(range.has_value()) << bad;
    EXPECT_EQ(range.error().code, ErrorCode::kInvalidArgument);
  }
}

}  // namespace
}  // namespace authseal
