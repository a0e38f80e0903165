// A mapper's working space remembers shapes of records from one to the next;
// that must never show in what it makes of them.
#include <filesystem>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/unit/event/test_mapper.h"

namespace authseal {
namespace {

std::string Provider(std::string_view record, EventMapper::Scratch& scratch) {
  std::vector<Event> events;
  BuiltInMapper().Map(record, {}, scratch, events);
  return events.at(0).provider;
}

TEST(Scratch, GivesWhatAFreshOneGivesForEveryKindOfRecordInTurn) {
  std::vector<std::string> records;
  for (const auto& entry : std::filesystem::directory_iterator(
           std::string(AUTHSEAL_SOURCE_DIR) + "/testdata/logs")) {
    for (const std::string& line : ReadLines(entry.path().string())) {
      records.push_back(line);
    }
  }
  ASSERT_GT(records.size(), 300u);
  EventMapper::Scratch kept;
  for (int round = 0; round < 2; ++round) {
    for (const std::string& record : records) {
      EventMapper::Scratch fresh;
      ASSERT_EQ(Provider(record, kept), Provider(record, fresh)) << record;
    }
  }
}

// The same members and types, so one shape: the values decide.
TEST(Scratch, TellsRecordsOfOneShapeApartByTheirValues) {
  const std::string shape =
      R"({"eventVersion":"1.08","eventName":"Token_POST","eventSource":)";
  EventMapper::Scratch scratch;
  EXPECT_EQ(Provider(shape + R"("x.example.com"})", scratch), "generic");
  EXPECT_EQ(Provider(shape + R"("cognito-idp.amazonaws.com"})", scratch),
            "cloudtrail");
  EXPECT_EQ(Provider(shape + R"("x.example.com"})", scratch), "generic");
}

// null counts as absent, and is no string either.
TEST(Scratch, TellsTypesApart) {
  const std::string rest =
      R"("eventName":"A","eventSource":"sts.amazonaws.com"})";
  EventMapper::Scratch scratch;
  EXPECT_EQ(Provider(R"({"eventVersion":null,)" + rest, scratch), "generic");
  EXPECT_EQ(Provider(R"({"eventVersion":"1",)" + rest, scratch), "cloudtrail");
  EXPECT_EQ(Provider(R"({"eventVersion":null,)" + rest, scratch), "generic");
}

TEST(Scratch, StaysRightWhenThereAreMoreShapesThanItKeeps) {
  EventMapper::Scratch scratch;
  const std::vector<std::string> names = {
      "uuid", "published", "log_id",  "type",  "date",  "action",   "actor",
      "org",  "time",      "message", "event", "level", "client_id"};
  for (unsigned bits = 0; bits < 1u << names.size(); bits += 3) {
    std::string record = "{\"z\":1";
    for (std::size_t i = 0; i < names.size(); ++i) {
      if ((bits >> i & 1) != 0) {
        record += ",\"" + names[i] + "\":\"a.b\"";
      }
    }
    record += "}";
    EventMapper::Scratch fresh;
    ASSERT_EQ(Provider(record, scratch), Provider(record, fresh)) << record;
  }
}

}  // namespace
}  // namespace authseal
