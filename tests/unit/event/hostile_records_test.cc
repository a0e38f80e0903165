// Records made to hurt the mapper.
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "lib/event/event_builder.h"
#include "lib/json/writer.h"
#include "tests/unit/event/test_mapper.h"

namespace authseal {
namespace {

TEST(HostileRecord, MoreEventsThanTheLimitAreCutWithANote) {
  std::string record = R"({"kind":"admin#reports#activity","id":{)"
                       R"("applicationName":"token"},"events":[)";
  for (std::size_t i = 0; i <= EventList::kEventsMax; ++i) {
    record += "{},";
  }
  record += "{}]}";
  const auto events = EventsOf(BuiltInMapper(), record);
  ASSERT_EQ(events.size(), EventList::kEventsMax);
  EXPECT_EQ(events[0].provider, "google_workspace");
  EXPECT_EQ(events.back().provider, "authseal");
  EXPECT_EQ(events.back().raw_kind, "too-many-events");
}

TEST(HostileRecord, TheSameForEnvelopes) {
  std::string record = "{\"Records\":[";
  for (std::size_t i = 0; i <= EventList::kEventsMax; ++i) {
    record += R"({"client_id":1},)";
  }
  record += "{}]}";
  const auto events = EventsOf(BuiltInMapper(), record);
  ASSERT_EQ(events.size(), EventList::kEventsMax);
  EXPECT_EQ(events.back().raw_kind, "too-many-events");
}

TEST(HostileRecord, DeepNestingIsMapped) {
  for (const std::size_t depth : {100u, 127u, 128u, 5000u}) {
    const std::string record = R"({"client_id":"c","x":)" +
                               std::string(depth, '[') +
                               std::string(depth, ']') + "}";
    EXPECT_EQ(EventsOf(BuiltInMapper(), record).size(), 1u) << depth;
  }
}

TEST(HostileRecord, JsonInStringsInStringsEnds) {
  std::string record = R"({"client_id":"c"})";
  for (int i = 0; i < 6; ++i) {
    JsonWriter out;
    record = out.BeginObject().Name("log").String(record).End().Take();
  }
  EXPECT_EQ(EventOf(record).kind, EventKind::kOther);
}

TEST(HostileRecord, AUserNameCannotForgeFields) {
  const Event event = EventOf(
      R"({"loggerName":"org.keycloak.events","sequence":1,"message":)"
      R"("type=\"LOGIN_ERROR\", clientId=\"web\", error=\"user_not_found\", )"
      R"(username=\"x\\\", type=\\\"LOGOUT\\\", clientId=\\\"evil\""})");
  EXPECT_EQ(event.kind, EventKind::kLogin);
  EXPECT_EQ(event.outcome, EventOutcome::kFailure);
  EXPECT_EQ(event.client, "web");
}

TEST(HostileRecord, UnsuccessfulIsNotSuccessful) {
  const Event event = EventOf(
      R"({"level":"error","method":"POST","path":"/api/firstfactor",)"
      R"("remote_ip":"192.0.2.1","time":"2026-03-01T12:00:00Z","msg":)"
      R"("Unsuccessful 1FA authentication attempt by user 'Successful '"})");
  EXPECT_EQ(event.provider, "authelia");
  EXPECT_EQ(event.outcome, EventOutcome::kFailure);
  EXPECT_EQ(event.user_name, "Successful ");
}

TEST(HostileRecord, OddTypesInEveryPlace) {
  for (const char* value : {"null", "true", "-1.5e300", "[]", "{}", "[[]]",
                            R"([{"type":[]}])", R"("\ud800")", R"("")"}) {
    const std::string v(value);
    const std::string record = R"({"eventType":"a.b","uuid":)" + v +
                               R"(,"published":)" + v + R"(,"actor":{"type":)" +
                               v + R"(},"outcome":{"result":)" + v +
                               R"(},"target":)" + v + R"(,"client":)" + v +
                               R"(,"debugContext":)" + v + "}";
    EXPECT_EQ(EventsOf(BuiltInMapper(), record).size(), 1u) << record;
    EXPECT_EQ(EventsOf(BuiltInMapper(), record, "okta").size(), 1u) << record;
  }
}

// Every provider's mapping on every kind of nonsense: no crash, an event each.
TEST(HostileRecord, EveryMappingSurvivesEveryRecord) {
  const std::vector<std::string> records = {
      "{}",
      "[]",
      "\"\"",
      "\"=\\\"\"",
      "null",
      R"({"message":{"type":1}})",
      R"({"events":{"a":null},"Records":{},"value":"x","log":"{"})",
      R"({"events":[null,1,"x",[],{"parameters":{}}]})",
      UnparsedRecord("time= level= msg=\"\\"),
      R"({"authseal":{"prefix":1,"line":[]}})",
      R"({"payload":"text","data":[],"error":{},"token":7,"description":"{"})"};
  for (const std::string& provider : BuiltInMapper().provider_names()) {
    for (const std::string& record : records) {
      EXPECT_GE(EventsOf(BuiltInMapper(), record, provider).size(), 1u)
          << provider << " " << record;
    }
  }
}

}  // namespace
}  // namespace authseal
