// The project's own log files (testdata/logs) against what they were written
// to say (expected/*.tsv): line, provider, kind, outcome, time in nanoseconds
// ("-": not compared), then field=value, tab-separated, one row an event.
#include <algorithm>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "lib/event/event_field.h"
#include "tests/unit/event/test_mapper.h"

namespace authseal {
namespace {

const std::string kLogs = std::string(AUTHSEAL_SOURCE_DIR) + "/testdata/logs/";
const std::string kExpected =
    std::string(AUTHSEAL_SOURCE_DIR) + "/tests/unit/event/expected/";

std::vector<std::string> Split(const std::string& text, char separator) {
  std::vector<std::string> parts(1);
  for (const char c : text) {
    if (c == separator) {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  return parts;
}

std::string Joined(const std::vector<std::string>& texts) {
  std::string joined;
  for (const std::string& text : texts) {
    joined += (joined.empty() ? "" : " ") + text;
  }
  return joined;
}

std::string FieldOf(Event& event, const std::string& name) {
  if (name == "scopes") {
    return Joined(event.scopes);
  }
  if (name == "time_ns") {
    return event.time ? std::to_string(event.time->value) : "";
  }
  const auto field = ParseEventField(name);
  EXPECT_TRUE(field.has_value()) << name;
  return field ? *FieldText(event, *field) : "";
}

void Compare(Event event, const std::vector<std::string>& row,
             const std::string& where) {
  EXPECT_EQ(event.provider, row[1]) << where;
  EXPECT_EQ(EventKindName(event.kind), row[2]) << where;
  EXPECT_EQ(EventOutcomeName(event.outcome), row[3]) << where;
  if (row[4] != "-") {
    EXPECT_EQ(FieldOf(event, "time_ns"), row[4]) << where;
  }
  for (std::size_t i = 5; i < row.size(); ++i) {
    const std::size_t equals = row[i].find('=');
    const std::string name = row[i].substr(0, equals);
    EXPECT_EQ(FieldOf(event, name), row[i].substr(equals + 1))
        << where << " " << name;
  }
}

class ProviderLogTest : public testing::TestWithParam<std::string> {};

TEST_P(ProviderLogTest, SaysWhatItWasWrittenToSay) {
  const std::string& name = GetParam();
  const auto lines = ReadLines(kLogs + name);
  ASSERT_FALSE(lines.empty());
  std::map<std::size_t, std::vector<std::vector<std::string>>> rows;
  for (const std::string& row : ReadLines(kExpected + name + ".tsv")) {
    rows[std::stoul(row)].push_back(Split(row, '\t'));
  }
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const bool text = name.ends_with(".log");
    const auto events =
        EventsOf(BuiltInMapper(), text ? UnparsedRecord(lines[i]) : lines[i]);
    const auto& expected = rows[i + 1];
    const std::string where = name + ":" + std::to_string(i + 1);
    ASSERT_EQ(events.size(), expected.size()) << where;
    for (std::size_t k = 0; k < events.size(); ++k) {
      Compare(events[k], expected[k], where);
    }
  }
}

std::vector<std::string> LogNames() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(kLogs)) {
    names.push_back(entry.path().filename().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::string TestName(const testing::TestParamInfo<std::string>& test) {
  std::string name = test.param;
  std::replace(name.begin(), name.end(), '.', '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Files, ProviderLogTest, testing::ValuesIn(LogNames()),
                         TestName);

TEST(ProviderLogs, EveryMappingHasLines) {
  std::map<std::string, int> seen;
  for (const std::string& name : LogNames()) {
    for (const std::string& line : ReadLines(kLogs + name)) {
      const bool text = name.ends_with(".log");
      for (const Event& event :
           EventsOf(BuiltInMapper(), text ? UnparsedRecord(line) : line)) {
        ++seen[event.provider];
      }
    }
  }
  for (const std::string& provider : BuiltInMapper().provider_names()) {
    EXPECT_GE(seen[provider], 2) << provider;
  }
}

// The story the files tell: a stolen refresh token, seen and revoked.
TEST(ProviderLogs, TellOfTheStolenToken) {
  for (const char* name : {"okta.jsonl", "auth0.jsonl",
                           "node_oidc_provider.jsonl", "authelia.jsonl"}) {
    bool reuse = false;
    bool revoke = false;
    for (const std::string& line : ReadLines(kLogs + name)) {
      const Event event = EventOf(line);
      reuse = reuse || event.kind == EventKind::kTokenReuse;
      revoke = revoke || event.kind == EventKind::kTokenRevoke;
    }
    EXPECT_TRUE(reuse && revoke) << name;
  }
}

}  // namespace
}  // namespace authseal
