// What the YAML of a mapping can say.
#include <algorithm>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/event/test_mapper.h"

namespace authseal {
namespace {

using testing::ElementsAre;

std::string Mapping(const std::string& rest) {
  return "name: mine\ntitle: Mine\nrecognise: [/mine]\n" + rest;
}

Event MineOf(const std::string& yaml, const std::string& record) {
  const EventMapper mapper = MapperWith(yaml);
  const auto events = EventsOf(mapper, record);
  EXPECT_EQ(events.size(), 1u);
  return events.at(0);
}

TEST(MappingLanguage, AUserMappingComesBeforeTheBuiltInOnes) {
  const Event event =
      MineOf(Mapping("fields: {client: /c}"),
             R"({"mine":1,"c":"x","data":{"type":"s"},"log_id":"1"})");
  EXPECT_EQ(event.provider, "mine");
  EXPECT_EQ(event.client, "x");
}

TEST(MappingLanguage, AUserMappingMayReplaceABuiltInOne) {
  const EventMapper mapper = MapperWith(
      "name: okta\ntitle: Ours\nrecognise: [/uuid]\nfields: {user: /u}");
  EXPECT_EQ(EventsOf(mapper, R"({"u":"x"})", "okta").at(0).user, "x");
}

TEST(MappingLanguage, WithoutRecogniseItIsUsedOnlyByName) {
  const EventMapper mapper =
      MapperWith("name: mine\ntitle: Mine\nfields: {user: /u}");
  EXPECT_EQ(EventsOf(mapper, R"({"u":"x"})").at(0).provider, "generic");
  EXPECT_EQ(EventsOf(mapper, R"({"u":"x"})", "mine").at(0).user, "x");
}

struct ConditionCase {
  const char* condition;
  const char* record;
  bool holds;
};

class ConditionTest : public testing::TestWithParam<ConditionCase> {};

TEST_P(ConditionTest, DecidesRecognition) {
  const EventMapper mapper =
      MapperWith("name: mine\ntitle: Mine\nfields: {user: /u}\nrecognise:\n  " +
                 std::string(GetParam().condition));
  EXPECT_EQ(EventsOf(mapper, GetParam().record).at(0).provider == "mine",
            GetParam().holds)
      << GetParam().condition << " on " << GetParam().record;
}

INSTANTIATE_TEST_SUITE_P(
    Conditions, ConditionTest,
    testing::Values(
        ConditionCase{"- /a", R"({"a":0})", true},
        ConditionCase{"- /a", R"({"a":null})", false},
        ConditionCase{"- /a", R"({"b":1})", false},
        ConditionCase{"- /a: absent", R"({"b":1})", true},
        ConditionCase{"- /a: absent", R"({"a":1})", false},
        ConditionCase{"- /a: string", R"({"a":"1"})", true},
        ConditionCase{"- /a: string", R"({"a":1})", false},
        ConditionCase{"- /a: number", R"({"a":1})", true},
        ConditionCase{"- /a: object", R"({"a":{}})", true},
        ConditionCase{"- /a: array", R"({"a":[]})", true},
        ConditionCase{"- /a: boolean", R"({"a":false})", true},
        ConditionCase{"- /a: boolean", R"({"a":"false"})", false},
        ConditionCase{"- /a: {is: [x, y]}", R"({"a":"y"})", true},
        ConditionCase{"- /a: {is: [x, y]}", R"({"a":"Y"})", false},
        ConditionCase{"- /a: {is: Y, fold: true}", R"({"a":"y"})", true},
        ConditionCase{"- /a: {is: \"7\"}", R"({"a":7})", true},
        ConditionCase{"- /a: {is: \"7\", type: string}", R"({"a":7})", false},
        ConditionCase{"- /a: {starts: ab, ends: yz}", R"({"a":"abyz"})", true},
        ConditionCase{"- /a: {starts: ab, ends: yz}", R"({"a":"abz"})", false},
        ConditionCase{"- /a: {contains: b}", R"({"a":"abc"})", true},
        ConditionCase{"- /a: {matches: '^a+$'}", R"({"a":"aaa"})", true},
        ConditionCase{"- /a: {matches: '^a+$'}", R"({"a":"aab"})", false},
        ConditionCase{"- /a: {min: 3, max: 5}", R"({"a":5})", true},
        ConditionCase{"- /a: {min: 3, max: 5}", R"({"a":"5.1"})", false},
        ConditionCase{"- /a: {min: 3}", R"({"a":"x"})", false},
        ConditionCase{"any: [/a, /b]", R"({"b":1})", true},
        ConditionCase{"any: [/a, /b]", R"({"c":1})", false},
        ConditionCase{"all: [/a, /b]", R"({"b":1})", false},
        ConditionCase{"- not: [/a, /b]", R"({"c":1})", true},
        ConditionCase{"- not: [/a, /b]", R"({"b":1})", false},
        ConditionCase{"- not: {all: [/a, /b]}", R"({"b":1})", true},
        ConditionCase{"- \"name:/a/[*]\": {contains: x}", R"({"a":{"xy":1}})",
                      true},
        ConditionCase{"- \"name:/a/[*]\": {contains: x}", R"({"a":{"y":1}})",
                      false}));

TEST(MappingLanguage, ExtractorsReachIntoTexts) {
  const std::string yaml = Mapping(
      "patterns:\n"
      "  - {at: /m, match: 'user (?P<who>\\w+)'}\n"
      "  - {at: /m, match: 'by (?P<who>\\w+) at (?P<where>\\S+)'}\n"
      "fields:\n"
      "  user: 'group:who'\n"
      "  ip: 'group:where'\n"
      "  client: 'kv:/kv:clientId'\n"
      "  scopes: 'query:/url:scope'\n"
      "  session: 'json:/j:/a/0/b'\n"
      "  raw_kind: 'name:/ev/[*]'\n"
      "  tenant: 'const:here'\n");
  const Event event = MineOf(
      yaml,
      R"({"mine":1,"m":"by bob at [2001:db8::1]:9","kv":"clientId=\"c d\"",)"
      R"("url":"/x?scope=a%20b+c","j":"{\"a\":[{\"b\":\"s\"}]}",)"
      R"("ev":{"https://x/y":{}}})");
  EXPECT_EQ(event.user, "bob");
  EXPECT_EQ(event.ip, "2001:db8::1");
  EXPECT_EQ(event.client, "c d");
  EXPECT_THAT(event.scopes, ElementsAre("a", "b", "c"));
  EXPECT_EQ(event.session, "s");
  EXPECT_EQ(event.raw_kind, "https://x/y");
  EXPECT_EQ(event.tenant, "here");
}

TEST(MappingLanguage, OfPatternsTheFirstThatMatchesCounts) {
  const std::string yaml = Mapping(
      "patterns:\n"
      "  - {at: /m, match: 'user (?P<who>\\w+)'}\n"
      "  - {at: /m, match: '(?P<who>\\w+)$'}\n"
      "fields: {user: 'group:who'}\n");
  EXPECT_EQ(MineOf(yaml, R"({"mine":1,"m":"user alice of bob"})").user,
            "alice");
  EXPECT_EQ(MineOf(yaml, R"({"mine":1,"m":"now bob"})").user, "bob");
}

TEST(MappingLanguage, TablesTranslateFields) {
  const std::string yaml = Mapping(
      "fields: {error: {from: [/code, /text], table: {\"0\": \"\", A: b}}}");
  EXPECT_EQ(MineOf(yaml, R"({"mine":1,"code":"A"})").error, "b");
  EXPECT_EQ(MineOf(yaml, R"({"mine":1,"code":0,"text":"t"})").error, "t");
  EXPECT_EQ(MineOf(yaml, R"({"mine":1,"code":7})").error, "7");
}

TEST(MappingLanguage, KindsAreDecidedByTheFirstStepThatKnows) {
  const std::string yaml = Mapping(
      "fields: {raw_kind: /e, grant: /g}\n"
      "values: {status: [/s, /t]}\n"
      "kind:\n"
      "  - {when: [{grant: {is: odd}}, {$status: {min: 500}}], is: error}\n"
      "  - table: {a.b: login failure, \"a.*\": logout}\n"
      "  - {strip: _ERROR, fold: true, lists: {token.issue: [Code, X]}}\n"
      "  - {of: [/m, /p], table: {\"POST */token\": token.revoke}}\n"
      "  - {of: $status, ranges: {200-299: admin, \"7\": mfa}}\n"
      "outcome:\n"
      "  - {of: $status, ranges: {200-399: success, 400-599: failure}}\n");
  const auto kind = [&yaml](const char* members) {
    return EventKindName(
        MineOf(yaml, std::string(R"({"mine":1,)") + members + "}").kind);
  };
  EXPECT_EQ(kind(R"("e":"a.b","g":"odd","s":503)"), "error");
  EXPECT_EQ(kind(R"("e":"a.b","g":"odd","t":503)"), "error");
  EXPECT_EQ(kind(R"("e":"a.b","g":"odd","s":499)"), "login");
  EXPECT_EQ(kind(R"("e":"a.c")"), "logout");
  EXPECT_EQ(kind(R"("e":"CODE_error")"), "other");
  EXPECT_EQ(kind(R"("e":"CODE")"), "token.issue");
  EXPECT_EQ(kind(R"("m":"POST","p":"/x/token")"), "token.revoke");
  EXPECT_EQ(kind(R"("m":"GET","p":"/x/token")"), "other");
  EXPECT_EQ(kind(R"("s":"204")"), "admin");
  EXPECT_EQ(kind(R"("s":7)"), "mfa");
  EXPECT_EQ(MineOf(yaml, R"({"mine":1,"e":"a.b","s":200})").outcome,
            EventOutcome::kFailure)
      << "a kind with its outcome comes before the outcome's own steps";
  EXPECT_EQ(MineOf(yaml, R"({"mine":1,"e":"a.c","s":404})").outcome,
            EventOutcome::kFailure);
}

TEST(MappingLanguage, GrantsTurnAnIssueIntoRefreshOrExchange) {
  const std::string yaml =
      Mapping("fields: {grant: /g}\nkind: [{is: token.issue}]\n");
  EXPECT_EQ(MineOf(yaml, R"({"mine":1,"g":"refresh_token"})").kind,
            EventKind::kTokenRefresh);
  EXPECT_EQ(MineOf(yaml, R"({"mine":1,"g":"urn:ietf:params:oauth:grant-type:)"
                         R"(token-exchange"})")
                .kind,
            EventKind::kTokenExchange);
  EXPECT_EQ(MineOf(yaml, R"({"mine":1,"g":"password"})").kind,
            EventKind::kTokenIssue);
}

TEST(MappingLanguage, AReuseIsAlwaysAFailure) {
  EXPECT_EQ(MineOf(Mapping("fields: {user: /u}\nkind: [{is: token.reuse}]\n"
                           "outcome: [{is: success}]\n"),
                   R"({"mine":1})")
                .outcome,
            EventOutcome::kFailure);
}

TEST(MappingLanguage, EachMakesSeveralEvents) {
  const EventMapper mapper = MapperWith(
      Mapping("each: /list\n"
              "fields: {raw_kind: \"@/n\", user: /who, client: [\"@/c\", /c],\n"
              "  scopes: 'query:@/u:scope'}\n"
              "kind: [{table: {in: login, out: logout}}]\n"));
  const auto events = EventsOf(
      mapper, R"({"mine":1,"who":"w","c":"all","list":[{"n":"in","c":"x"},)"
              R"({"n":"out","u":"?scope=s"},{}]})");
  ASSERT_EQ(events.size(), 3u);
  EXPECT_EQ(events[0].kind, EventKind::kLogin);
  EXPECT_EQ(events[0].client, "x");
  EXPECT_EQ(events[1].kind, EventKind::kLogout);
  EXPECT_EQ(events[1].client, "all");
  EXPECT_THAT(events[1].scopes, ElementsAre("s"));
  EXPECT_EQ(events[2].raw_kind, "") << "nothing of the item before is left";
  EXPECT_TRUE(events[2].scopes.empty());
  EXPECT_EQ(events[2].user, "w");
}

TEST(MappingLanguage, EachOfAnObjectIsTheObject) {
  const EventMapper mapper =
      MapperWith(Mapping("each: /list\nfields: {raw_kind: [\"@/n\", /n]}\n"));
  EXPECT_EQ(EventsOf(mapper, R"({"mine":1,"list":{"n":"a"}})").at(0).raw_kind,
            "a");
  for (const char* record :
       {R"({"mine":1,"n":"b","list":[]})", R"({"mine":1,"n":"b"})",
        R"({"mine":1,"n":"b","list":7})"}) {
    const auto events = EventsOf(mapper, record);
    ASSERT_EQ(events.size(), 1u) << record;
    EXPECT_EQ(events[0].raw_kind, "b");
  }
}

TEST(MappingLanguage, EachMemberNamesItsItems) {
  const EventMapper mapper = MapperWith(Mapping(
      "each_member: /ev\nfields: {raw_kind: 'name:@', user: \"@/u\"}\n"));
  const auto events =
      EventsOf(mapper, R"({"mine":1,"ev":{"a":{"u":"x"},"b":{}}})");
  ASSERT_EQ(events.size(), 2u);
  EXPECT_EQ(events[0].raw_kind, "a");
  EXPECT_EQ(events[0].user, "x");
  EXPECT_EQ(events[1].raw_kind, "b");
  EXPECT_EQ(events[1].user, "");
}

TEST(MappingLanguage, LikeTakesOverTheSectionsItLacks) {
  const std::string yaml =
      "name: mine\ntitle: Mine\nlike: keycloak_json\nrecognise: [/mine]\n"
      "fields: {raw_kind: /k, error: /e}\n"
      "values: {operation: /op, resource: /res, reason: /why}\n";
  EXPECT_EQ(MineOf(yaml, R"({"mine":1,"k":"REFRESH_TOKEN_ERROR",)"
                         R"("why":"Stale token"})")
                .kind,
            EventKind::kTokenReuse);
  EXPECT_EQ(MineOf(yaml, R"({"mine":1,"op":"DELETE","res":"CLIENT"})").kind,
            EventKind::kClientDelete);
}

TEST(MappingLanguage, TokenAtMarksTokens) {
  const EventMapper mapper =
      MapperWith(Mapping("fields: {user: /u}\ntoken_at: [/a, /b~1c]\n"));
  JsonDocument document;
  ASSERT_EQ(document.Parse(R"({"mine":1,"a":7,"b/c":"t"})"), JsonFault::kNone);
  std::vector<std::string> pointers;
  mapper.TokenPointers(document, "", pointers);
  EXPECT_THAT(pointers, ElementsAre("/b~1c")) << "only strings are tokens";
}

// The mapping in authseal-mapping(5), with the record shown there.
TEST(MappingLanguage, TheManualsExampleWorks) {
  const auto lines =
      ReadLines(std::string(AUTHSEAL_SOURCE_DIR) + "/man/authseal-mapping.5");
  const auto first = std::find(lines.begin(), lines.end(), "name: acme");
  const auto end = std::find(first, lines.end(), ".Ed");
  ASSERT_NE(end, lines.end());
  std::string yaml;
  for (auto line = first; line != end; ++line) {
    yaml += *line + "\n";
  }
  const Event event = MineOf(
      yaml, R"({"at":1772366400,"what":"token.ok","app":"web","who":"alice",)"
            R"("req":"/token?grant_type=refresh_token","from":)"
            R"("192.0.2.1:4711"})");
  EXPECT_EQ(event.provider, "acme");
  EXPECT_EQ(event.kind, EventKind::kTokenRefresh);
  EXPECT_EQ(event.outcome, EventOutcome::kSuccess);
  EXPECT_EQ(event.client, "web");
  EXPECT_EQ(event.user, "alice");
  EXPECT_EQ(event.ip, "192.0.2.1");
  EXPECT_EQ(event.time->value, 1'772'366'400'000'000'000);
}

}  // namespace
}  // namespace authseal
