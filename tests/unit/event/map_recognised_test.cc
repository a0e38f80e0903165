// MapRecognised gives the events that MapParsed gives, or leaves them to it.
#include <filesystem>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/unit/event/test_mapper.h"

namespace authseal {
namespace {

std::string Shown(const std::vector<Event>& events) {
  std::string out;
  for (const Event& event : events) {
    out += event.provider + "|" + std::string(EventKindName(event.kind)) + "|" +
           event.raw_kind + "|" + std::string(EventOutcomeName(event.outcome)) +
           "|" + event.time_text + "|" + event.client + "|" + event.user + "|" +
           event.session + "|" + event.ip + "|" + event.token.id + "|" +
           event.request_id + "\n";
  }
  return out;
}

// True when the shortcut was taken.
bool Check(const std::string& record, EventMapper::Scratch& scratch) {
  JsonDocument document;
  if (document.Parse(record) != JsonFault::kNone) {
    return false;
  }
  EventMapper::Scratch fresh;
  std::vector<Event> slow;
  BuiltInMapper().MapParsed(document, {}, fresh, slow);
  std::vector<std::string> pointers;
  BuiltInMapper().TokenPointers(document, {}, scratch, pointers);
  std::vector<Event> fast;
  const bool done = BuiltInMapper().MapRecognised(scratch, fast);
  if (!done) {
    EXPECT_TRUE(fast.empty());
    return false;
  }
  EXPECT_EQ(Shown(fast), Shown(slow)) << record;
  return true;
}

std::vector<std::string> LogRecords() {
  std::vector<std::string> records;
  for (const auto& entry : std::filesystem::directory_iterator(
           std::string(AUTHSEAL_SOURCE_DIR) + "/testdata/logs")) {
    for (const std::string& line : ReadLines(entry.path().string())) {
      records.push_back(line);
    }
  }
  return records;
}

std::string Quoted(const std::string& record) {
  std::string out = "\"";
  for (const char c : record) {
    if (c == '"' || c == '\\') {
      out += '\\';
    }
    out += c;
  }
  return out + '"';
}

TEST(MapRecognised, GivesTheSameEventsForEveryProvidersRecords) {
  EventMapper::Scratch scratch;
  std::size_t done = 0;
  const std::vector<std::string> records = LogRecords();
  for (const std::string& record : records) {
    done += Check(record, scratch) ? 1u : 0u;
  }
  EXPECT_GT(done, records.size() / 2);
}

TEST(MapRecognised, GivesTheSameEventsInsideEnvelopesAndStrings) {
  EventMapper::Scratch scratch;
  std::size_t done = 0;
  const std::vector<std::string> records = LogRecords();
  for (std::size_t i = 0; i < records.size(); ++i) {
    const std::string text = Quoted(records[i]);
    done += Check(R"({"log":)" + text + "}", scratch) ? 1u : 0u;
    Check(R"({"Records":[)" + records[i] + "]}", scratch);
    // Of two strings of JSON the second is parsed over the first.
    const std::string other = Quoted(records[(i + 1) % records.size()]);
    Check(R"({"Records":[{"message":)" + text + R"(},{"message":)" + other +
              "}]}",
          scratch);
    Check(
        R"({"Records":[{"message":)" + text + R"(},{"message":"{\"x\":1}"}]})",
        scratch);
    Check(R"({"authseal":{"prefix":"p ","line":)" + records[i] + "}}", scratch);
  }
  EXPECT_GT(done, records.size() / 3);
}

TEST(MapRecognised, LeavesARecordOfSeveralPartsToMapParsed) {
  const std::string part =
      R"({"eventVersion":"1","eventName":"A","eventSource":"sts.amazonaws.com"})";
  EventMapper::Scratch scratch;
  EXPECT_TRUE(Check(R"({"Records":[)" + part + "]}", scratch));
  EXPECT_FALSE(Check(R"({"Records":[)" + part + "," + part + "]}", scratch));
  EXPECT_FALSE(Check(R"({"Records":[)" + part + R"(,{"x":1}]})", scratch));
}

TEST(MapRecognised, KnowsOurOwnRecords) {
  EventMapper::Scratch scratch;
  EXPECT_TRUE(Check(R"({"authseal":{"seal":{"epoch":1}}})", scratch));
  EXPECT_TRUE(
      Check(R"({"authseal":{"unparsed":{"reason":"utf8","base64":"/w=="}}})",
            scratch));
  EXPECT_TRUE(
      Check(R"({"authseal":{"unparsed":{"reason":"not-json","text":"x"}}})",
            scratch));
}

TEST(MapRecognised, SaysNothingBeforeARecordWasSeen) {
  EventMapper::Scratch scratch;
  std::vector<Event> events;
  EXPECT_FALSE(BuiltInMapper().MapRecognised(scratch, events));
}

}  // namespace
}  // namespace authseal
