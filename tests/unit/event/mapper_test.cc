#include "lib/event/mapper.h"

#include <algorithm>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lib/event/mapping_library.h"
#include "tests/unit/event/test_mapper.h"

namespace authseal {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::string_view kOktaLogin =
    R"({"uuid":"u","published":"2026-03-01T12:00:00.000Z",)"
    R"("eventType":"user.session.start","outcome":{"result":"SUCCESS"},)"
    R"("actor":{"type":"User","id":"00u1","alternateId":"alice@example.com"}})";

TEST(BuiltInMappings, AllCompile) {
  for (const BuiltInMapping& source : BuiltInMappings()) {
    const auto mapping = CompileMappingText(
        {std::string(source.name), std::string(source.text)});
    ASSERT_TRUE(mapping.has_value()) << mapping.error().message;
    EXPECT_EQ(mapping->name + ".yaml", source.name);
    EXPECT_FALSE(mapping->fields.empty()) << source.name;
    EXPECT_FALSE(mapping->kind.empty()) << source.name;
  }
}

// The program defers the patterns of its own mappings, so that a bad one would
// be met by no user: the same texts are compiled at once as those of a user.
TEST(BuiltInMappings, HaveNoBadPatterns) {
  constexpr std::string_view kName = "name: ";
  for (const BuiltInMapping& source : BuiltInMappings()) {
    std::string text(source.text);
    const std::size_t name = text.find(kName);
    ASSERT_NE(name, std::string::npos) << source.name;
    text.insert(name + kName.size(), "my_");  // some names are taken
    const std::vector<MappingSource> extra = {{std::string(source.name), text}};
    const auto mapper = EventMapper::Create(extra);
    EXPECT_TRUE(mapper.has_value()) << mapper.error().message;
  }
}

TEST(EventMapper, KnowsItsProviders) {
  const auto names = BuiltInMapper().provider_names();
  EXPECT_EQ(names.back(), "generic");
  EXPECT_TRUE(BuiltInMapper().knows("okta"));
  EXPECT_FALSE(BuiltInMapper().knows("Okta"));
  EXPECT_FALSE(BuiltInMapper().knows(""));
}

TEST(EventMapper, MapsARecordAsItStands) {
  const Event event = EventOf(kOktaLogin);
  EXPECT_EQ(event.provider, "okta");
  EXPECT_EQ(event.kind, EventKind::kLogin);
  EXPECT_EQ(event.outcome, EventOutcome::kSuccess);
  EXPECT_EQ(event.user, "00u1");
  EXPECT_EQ(event.user_name, "alice@example.com");
  EXPECT_EQ(event.time_text, "2026-03-01T12:00:00.000Z");
}

TEST(EventMapper, OpensALineWithAPrefix) {
  const Event event =
      EventOf(R"({"authseal":{"prefix":"<134>1 host okta: ","line":)" +
              std::string(kOktaLogin) + "}}");
  EXPECT_EQ(event.provider, "okta");
  EXPECT_EQ(event.kind, EventKind::kLogin);
}

TEST(EventMapper, MapsKeptTextByItsPattern) {
  const Event event = EventOf(UnparsedRecord(
      "2023-05-25 22:24:19,357 WARN  [org.keycloak.events] (executor-1) "
      "type=LOGIN_ERROR, realmId=r, clientId=web, userId=null, "
      "ipAddress=192.0.2.1, error=user_not_found, username='a b'"));
  EXPECT_EQ(event.provider, "keycloak_text");
  EXPECT_EQ(event.kind, EventKind::kLogin);
  EXPECT_EQ(event.outcome, EventOutcome::kFailure);
  EXPECT_EQ(event.user, "");
  EXPECT_EQ(event.user_name, "a b");
  EXPECT_EQ(event.time_text, "2023-05-25 22:24:19,357");
  ASSERT_TRUE(event.time.has_value());
}

TEST(EventMapper, OtherTextIsGenericOther) {
  const Event event = EventOf(UnparsedRecord("hello"));
  EXPECT_EQ(event.provider, "generic");
  EXPECT_EQ(event.kind, EventKind::kOther);
}

TEST(EventMapper, ControlRecordsAreOurs) {
  const Event seal = EventOf(R"({"authseal":{"seal":{"epoch":1}}})");
  EXPECT_EQ(seal.provider, "authseal");
  EXPECT_EQ(seal.raw_kind, "seal");
  EXPECT_EQ(seal.kind, EventKind::kOther);
  EXPECT_EQ(EventOf(R"({"authseal":{"part":{}}})").raw_kind, "part");
  EXPECT_EQ(EventOf(R"({"authseal":7})").provider, "authseal");
  EXPECT_EQ(EventOf(R"({"authseal":{}})").kind, EventKind::kOther);
}

TEST(EventMapper, KeptBytesAreGenericOther) {
  const Event event =
      EventOf(R"({"authseal":{"unparsed":{"reason":"utf8","base64":"AAA="}}})");
  EXPECT_EQ(event.provider, "generic");
  EXPECT_EQ(event.kind, EventKind::kOther);
}

TEST(EventMapper, WhatIsNoJsonIsGenericOther) {
  for (const char* record : {"", "{", "[1", "nonsense", "\xff", "{}{}"}) {
    const Event event = EventOf(record);
    EXPECT_EQ(event.provider, "generic") << record;
    EXPECT_EQ(event.kind, EventKind::kOther) << record;
  }
}

TEST(EventMapper, AnythingElseIsGenericOther) {
  for (const char* record : {"{}", "[]", "1", "null", "\"\"", R"({"a":1})"}) {
    const Event event = EventOf(record);
    EXPECT_EQ(event.provider, "generic") << record;
    EXPECT_EQ(event.kind, EventKind::kOther) << record;
  }
}

// Names that a home-grown server may well use, too.
TEST(EventMapper, LookAlikesAreNotTakenForAProvider) {
  for (
      const char* record :
      {R"({"action":"user.login","user":"alice","client_id":"c","ip":"::1"})",
       R"({"evt":"user.success","time":1,"client_id":"c"})",
       R"({"time":"t","level":"INFO","msg":"failed to get token"})",
       R"({"level":"info","msg":"done","remote_ip":"x","path":"/","method":"G"})",
       R"({"controller":"LoginController","action":"create","path":"/login"})",
       R"({"severity":"INFO","correlation_id":"1","message":"login ok"})",
       R"({"key":"k","payload":{"result":"x"}})",
       R"({"eventType":"LOGIN","uuid":"1","published":"x"})",
       R"({"category":"Administrative","properties":{},"operationName":"x"})",
       R"({"EVENT_TYPE":"LOGIN","EVENT_ID":1,"EVENT_TIMESTAMP":"t"})",
       R"({"events":{"a":1},"jti":"j","iat":1,"iss":"i"})",
       R"({"event":"user.login","code":"200","uid":"u","time":"t"})",
       R"({"kind":"error","message":"m"})",
       R"({"message":"type=LOGIN","loggerName":"com.example.Login"})"}) {
    EXPECT_EQ(EventOf(record).provider, "generic") << record;
  }
}

TEST(EventMapper, AForcedProviderMapsWhatItWouldNotRecognise) {
  const Event event = EventOf(R"({"eventType":"user.session.start"})", "okta");
  EXPECT_EQ(event.provider, "okta");
  EXPECT_EQ(event.kind, EventKind::kLogin);
}

TEST(EventMapper, AForcedProviderStillOpensEnvelopes) {
  const auto events = EventsOf(
      BuiltInMapper(),
      R"({"detail-type":"x","detail":)" + std::string(kOktaLogin) + "}",
      "okta");
  ASSERT_EQ(events.size(), 1u);
  EXPECT_EQ(events[0].user, "00u1");
}

TEST(EventMapper, NothingOfTheRecordBeforeIsLeft) {
  EventMapper::Scratch scratch;
  std::vector<Event> events;
  BuiltInMapper().Map(
      R"({"client_id":"c","scope":"a b","sub":"s","ip":"192.0.2.1",)"
      R"("event":"token_issued","jti":"j","time":"2026-03-01T12:00:00Z"})",
      "", scratch, events);
  ASSERT_EQ(events[0].scopes.size(), 2u);
  BuiltInMapper().Map("{}", "", scratch, events);
  ASSERT_EQ(events.size(), 1u);
  EXPECT_EQ(events[0].client, "");
  EXPECT_EQ(events[0].ip, "");
  EXPECT_EQ(events[0].token.id, "");
  EXPECT_EQ(events[0].time, std::nullopt);
  EXPECT_EQ(events[0].kind, EventKind::kOther);
  EXPECT_THAT(events[0].scopes, IsEmpty());
}

TEST(EventMapper, ManyThreadsMayMapAtOnce) {
  auto mapper = EventMapper::Create({});
  ASSERT_TRUE(mapper.has_value());
  std::vector<int> right(4, 0);
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < right.size(); ++i) {
    threads.emplace_back([&mapper, &right, i] {
      EventMapper::Scratch scratch;
      std::vector<Event> events;
      for (int round = 0; round < 50; ++round) {
        mapper->Map(kOktaLogin, "", scratch, events);
        right[i] += events.size() == 1 && events[0].user == "00u1" ? 1 : 0;
      }
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  EXPECT_THAT(right, ElementsAre(50, 50, 50, 50));
}

std::vector<std::string> TokenPointersOf(std::string_view record,
                                         std::string_view provider = "") {
  JsonDocument document;
  EXPECT_EQ(document.Parse(record), JsonFault::kNone);
  std::vector<std::string> pointers = {"stale"};
  BuiltInMapper().TokenPointers(document, provider, pointers);
  return pointers;
}

constexpr std::string_view kOpaque =
    R"({"evt":"access_token.saved","time":1,"token":{"jti":"abc"}})";

TEST(TokenPointers, NameTheIdThatIsTheToken) {
  EXPECT_THAT(TokenPointersOf(kOpaque), ElementsAre("/token/jti"));
  EXPECT_THAT(TokenPointersOf(kOktaLogin), IsEmpty());
  EXPECT_THAT(TokenPointersOf("{}"), IsEmpty());
  EXPECT_THAT(TokenPointersOf(R"({"token":{"jti":"a"}})"), IsEmpty());
  EXPECT_THAT(TokenPointersOf(R"({"token":{"jti":"a"}})", "node_oidc_provider"),
              ElementsAre("/token/jti"));
}

TEST(TokenPointers, AreRelativeToTheRecord) {
  const std::string inner(kOpaque);
  EXPECT_THAT(
      TokenPointersOf(R"({"authseal":{"prefix":"p","line":)" + inner + "}}"),
      ElementsAre("/authseal/line/token/jti"));
  EXPECT_THAT(TokenPointersOf(R"({"items":[)" + inner + "," + inner + "]}"),
              ElementsAre("/items/0/token/jti", "/items/1/token/jti"));
}

TEST(TokenPointers, ReachIntoAStringThatHoldsJson) {
  EXPECT_THAT(
      TokenPointersOf(R"({"log":"{\"evt\":\"access_token.saved\",\"time\":1,)"
                      R"(\"token\":{\"jti\":\"abc\"}}\n","stream":"stdout"})"),
      ElementsAre("json:/log:/token/jti"));
}

TEST(TokenPointers, ControlRecordsHaveNone) {
  EXPECT_THAT(TokenPointersOf(R"({"authseal":{"seal":{"token":{"jti":"x"}}}})"),
              IsEmpty());
}

}  // namespace
}  // namespace authseal
