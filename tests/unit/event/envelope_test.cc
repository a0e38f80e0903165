#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "lib/json/writer.h"
#include "tests/unit/event/test_mapper.h"

namespace authseal {
namespace {

std::string Login(const std::string& id) {
  return R"({"eventVersion":"1.08","eventSource":"signin.amazonaws.com",)"
         R"("eventName":"ConsoleLogin","eventID":")" +
         id + R"("})";
}

std::string Quoted(const std::string& text) {
  JsonWriter out;
  return out.String(text).Take();
}

struct EnvelopeCase {
  const char* name;
  std::string record;
  std::size_t count;
};

class EnvelopeTest : public testing::TestWithParam<EnvelopeCase> {};

TEST_P(EnvelopeTest, GivesTheEventsInside) {
  const auto events = EventsOf(BuiltInMapper(), GetParam().record);
  ASSERT_EQ(events.size(), GetParam().count) << GetParam().record;
  for (std::size_t i = 0; i < events.size(); ++i) {
    EXPECT_EQ(events[i].provider, "cloudtrail");
    EXPECT_EQ(events[i].kind, EventKind::kLogin);
    EXPECT_EQ(events[i].event_id, std::to_string(i));
  }
}

std::string List(const std::string& name) {
  return "{\"" + name + "\":[" + Login("0") + "," + Login("1") +
         "],\"next\":null}";
}

std::string One(const std::string& name, const std::string& value) {
  return "{\"" + name + "\":" + value + ",\"host\":\"h\"}";
}

INSTANTIATE_TEST_SUITE_P(
    Known, EnvelopeTest,
    testing::Values(
        EnvelopeCase{"Records", List("Records"), 2},
        EnvelopeCase{"records", List("records"), 2},
        EnvelopeCase{"value", List("value"), 2},
        EnvelopeCase{"items", List("items"), 2},
        EnvelopeCase{"entries", List("entries"), 2},
        EnvelopeCase{"results", List("results"), 2},
        EnvelopeCase{"data", List("data"), 2},
        EnvelopeCase{"activities", One("_embedded", List("activities")), 2},
        EnvelopeCase{"detail", One("detail", Login("0")), 1},
        EnvelopeCase{"event", One("event", Login("0")), 1},
        EnvelopeCase{"source", One("_source", Login("0")), 1},
        EnvelopeCase{"jsonPayload", One("jsonPayload", Login("0")), 1},
        EnvelopeCase{"message", One("message", Quoted(Login("0"))), 1},
        EnvelopeCase{"log", One("log", Quoted(Login("0") + "\n")), 1},
        EnvelopeCase{"nested",
                     One("log", Quoted(One("detail", List("Records")))), 2},
        EnvelopeCase{"twice",
                     One("log", Quoted(One("message", Quoted(Login("0"))))), 1},
        EnvelopeCase{
            "prefix",
            R"({"authseal":{"prefix":"p","line":)" + List("Records") + "}}",
            2}),
    [](const auto& test) { return std::string(test.param.name); });

TEST(Envelope, TextInDockersLogIsText) {
  const Event event = EventOf(One(
      "log", Quoted("2026-03-01 09:00:00,120 INFO [org.keycloak.events] (x) "
                    "type=\"LOGOUT\", clientId=\"web\"\n")));
  EXPECT_EQ(event.provider, "keycloak_text");
  EXPECT_EQ(event.kind, EventKind::kLogout);
}

TEST(Envelope, WhatNobodyKnowsInsideIsNotOpened) {
  for (const char* record : {R"({"items":[{"a":1},{"b":2}]})",
                             R"({"log":"{broken"})", R"({"message":"plain"})",
                             R"({"detail":{"x":1}})", R"({"value":[1,2,3]})"}) {
    const auto events = EventsOf(BuiltInMapper(), record);
    ASSERT_EQ(events.size(), 1u) << record;
    EXPECT_EQ(events[0].provider, "generic");
  }
}

TEST(Envelope, AnUnknownElementBesideKnownOnesIsNotLost) {
  const auto events =
      EventsOf(BuiltInMapper(),
               R"({"Records":[{"a":1},)" + Login("x") + R"(,{"b":2}]})");
  ASSERT_EQ(events.size(), 3u);
  EXPECT_EQ(events[0].provider, "cloudtrail");
  EXPECT_EQ(events[1].provider, "generic");
  EXPECT_EQ(events[2].provider, "generic");
}

TEST(Envelope, ARecordThatIsKnownItselfIsNotOpened) {
  const Event event = EventOf(
      R"({"client_id":"outer","event":{"type":"login","client_id":"inner"}})");
  EXPECT_EQ(event.client, "outer");
}

TEST(Envelope, AKnownProviderInsideBeatsAGenericOutside) {
  const Event event =
      EventOf(R"({"client_id":"outer","event":)" + Login("7") + "}");
  EXPECT_EQ(event.provider, "cloudtrail");
  EXPECT_EQ(event.event_id, "7");
}

TEST(Envelope, DepthIsBounded) {
  std::string record = Login("0");
  for (int i = 0; i < 4; ++i) {
    record = One("detail", record);
  }
  EXPECT_EQ(EventOf(record).provider, "cloudtrail");
  EXPECT_EQ(EventOf(One("detail", record)).provider, "generic");
}

}  // namespace
}  // namespace authseal
