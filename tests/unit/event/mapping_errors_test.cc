// A wrong mapping is refused with file, line and column.
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "lib/event/mapper.h"

namespace authseal {
namespace {

struct ErrorCase {
  const char* yaml;
  const char* message_start;
};

class MappingErrorTest : public testing::TestWithParam<ErrorCase> {};

TEST_P(MappingErrorTest, NamesThePlace) {
  const std::vector<MappingSource> extra = {{"m.yaml", GetParam().yaml}};
  const auto mapper = EventMapper::Create(extra);
  ASSERT_FALSE(mapper.has_value()) << GetParam().yaml;
  EXPECT_EQ(mapper.error().code, ErrorCode::kInvalidArgument);
  EXPECT_TRUE(mapper.error().message.starts_with(GetParam().message_start))
      << mapper.error().message;
}

constexpr const char* kHead = "name: m\ntitle: T\n";
#define AUTHSEAL_MAPPING(rest) "name: m\ntitle: T\n" rest

INSTANTIATE_TEST_SUITE_P(
    Wrong, MappingErrorTest,
    testing::Values(
        ErrorCase{"", "m.yaml:1:1: not a map"},
        ErrorCase{"- a", "m.yaml:1:1: not a map"}, ErrorCase{"a: [", "m.yaml:"},
        ErrorCase{"title: T\nfields: {user: /u}\n", "m.yaml:1:1: 'name'"},
        ErrorCase{"name: M x\ntitle: T\nfields: {user: /u}\n",
                  "m.yaml:1:7: a name"},
        ErrorCase{kHead, "m.yaml:1:1: 'fields'"},
        ErrorCase{AUTHSEAL_MAPPING("feilds: {}\n"), "m.yaml:3:1: unknown key"},
        ErrorCase{AUTHSEAL_MAPPING("fields: {usr: /u}\n"),
                  "m.yaml:3:10: an event has no field 'usr'"},
        ErrorCase{AUTHSEAL_MAPPING("fields: {user: u}\n"),
                  "m.yaml:3:16: extractor 'u'"},
        ErrorCase{AUTHSEAL_MAPPING("fields: {user: 'kv:/a'}\n"),
                  "m.yaml:3:16: extractor"},
        ErrorCase{AUTHSEAL_MAPPING("fields: {user: '/a~x'}\n"),
                  "m.yaml:3:16: pointer"},
        ErrorCase{AUTHSEAL_MAPPING("fields: {user: 'group:x'}\n"),
                  "m.yaml:3:16: no pattern has a group"},
        ErrorCase{AUTHSEAL_MAPPING("fields: {user: {from: /u, tabel: {}}}\n"),
                  "m.yaml:3:27: unknown key"},
        ErrorCase{AUTHSEAL_MAPPING("fields: {user: /u}\nuser: 1\nuser: 2\n"),
                  "m.yaml:5:1: key 'user' occurs twice"},
        ErrorCase{AUTHSEAL_MAPPING("patterns:\n  - {at: /m, match: '(a'}\n"
                                   "fields: {user: /u}\n"),
                  "m.yaml:4:21: bad regular expression"},
        ErrorCase{AUTHSEAL_MAPPING("patterns:\n  - {at: m, match: 'a'}\n"
                                   "fields: {user: /u}\n"),
                  "m.yaml:4:10: extractor 'm'"},
        ErrorCase{AUTHSEAL_MAPPING("fields: {user: [/u, /v, w]}\n"),
                  "m.yaml:3:25: extractor 'w'"},
        ErrorCase{
            AUTHSEAL_MAPPING("fields: {user: /u}\nrecognise: [/a: strong]\n"),
            "m.yaml:4:17: not present, absent, string"},
        ErrorCase{AUTHSEAL_MAPPING(
                      "fields: {user: /u}\nrecognise: [/a: {isnt: x}]\n"),
                  "m.yaml:4:18: unknown key"},
        ErrorCase{AUTHSEAL_MAPPING("fields: {user: /u}\nrecognise: [user]\n"),
                  "m.yaml:4:13: a field cannot be used here"},
        ErrorCase{AUTHSEAL_MAPPING(
                      "fields: {user: /u}\nkind: [{table: {a: tokn}}]\n"),
                  "m.yaml:4:20: 'tokn' is no kind"},
        ErrorCase{AUTHSEAL_MAPPING("fields: {user: /u}\nkind: [{of: /a}]\n"),
                  "m.yaml:4:8: a step without"},
        ErrorCase{AUTHSEAL_MAPPING(
                      "fields: {user: /u}\nkind: [{of: $a, is: login}]\n"),
                  "m.yaml:4:13: no value '$a'"},
        ErrorCase{AUTHSEAL_MAPPING(
                      "fields: {user: /u}\nkind: [{ranges: {9-1: login}}]\n"),
                  "m.yaml:4:18: not a range"},
        ErrorCase{AUTHSEAL_MAPPING("fields: {user: /u}\nlike: nobody\n"),
                  "m.yaml:4:7: there is no built-in mapping"},
        ErrorCase{
            AUTHSEAL_MAPPING("fields: {user: /u}\ntoken_at: ['/a/[x=y]']\n"),
            "m.yaml:4:11: '/a/[x=y]' is no RFC 6901 pointer"},
        ErrorCase{AUTHSEAL_MAPPING("fields: &a {user: /u}\n"),
                  "m.yaml:3:9: anchors"},
        ErrorCase{AUTHSEAL_MAPPING("fields: {user: /u}\n---\na: b\n"),
                  "m.yaml:4:1: only one document"},
        ErrorCase{"name: generic\ntitle: T\nfields: {user: /u}\n",
                  "m.yaml:1:7: the name 'generic' is taken"}));

// The message says what is wrong; the hint what would be right.
TEST(MappingErrors, HintsAtWhatIsAllowed) {
  struct HintCase {
    const char* yaml;
    const char* hint_part;
  };
  const HintCase cases[] = {
      {AUTHSEAL_MAPPING("feilds: {}\n"), "recognise, patterns, fields"},
      {AUTHSEAL_MAPPING("fields: {usr: /u}\n"), "client, client_name, user"},
      {AUTHSEAL_MAPPING("fields: {user: u}\n"), "kv:/pointer:name"},
      {AUTHSEAL_MAPPING("fields: {user: /u}\nkind: [{is: tokn}]\n"),
       "token.issue, token.refresh"},
      {AUTHSEAL_MAPPING("fields: {user: /u}\nrecognise: [/a: {isnt: x}]\n"),
       "starts, ends"}};
  for (const HintCase& c : cases) {
    const std::vector<MappingSource> extra = {{"m.yaml", c.yaml}};
    const auto mapper = EventMapper::Create(extra);
    ASSERT_FALSE(mapper.has_value()) << c.yaml;
    EXPECT_NE(mapper.error().hint.find(c.hint_part), std::string::npos)
        << mapper.error().hint;
  }
}

TEST(MappingErrors, TwoUserMappingsMustDiffer) {
  const std::string yaml = "name: m\ntitle: T\nfields: {user: /u}\n";
  const std::vector<MappingSource> extra = {{"a.yaml", yaml}, {"b.yaml", yaml}};
  const auto mapper = EventMapper::Create(extra);
  ASSERT_FALSE(mapper.has_value());
  EXPECT_EQ(mapper.error().message, "b.yaml:1:7: the name 'm' is taken");
}

TEST(MappingErrors, SizeAndDepthAreBounded) {
  const std::string deep =
      "name: m\ntitle: T\nfields: " + std::string(200, '[') +
      std::string(200, ']');
  const std::string long_text(std::size_t{2} << 20, '#');
  for (const std::string& yaml : {deep, long_text}) {
    const std::vector<MappingSource> extra = {{"m.yaml", yaml}};
    EXPECT_FALSE(EventMapper::Create(extra).has_value());
  }
}

}  // namespace
}  // namespace authseal
