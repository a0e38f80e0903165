#include "tests/unit/event/test_mapper.h"

#include <fstream>
#include <utility>

#include <gtest/gtest.h>

#include "lib/base/check.h"
#include "lib/json/writer.h"

namespace authseal {

const EventMapper& BuiltInMapper() {
  static const EventMapper* const kMapper = [] {
    auto mapper = EventMapper::Create({});
    AUTHSEAL_CHECK(mapper.has_value());
    return new EventMapper(*std::move(mapper));
  }();
  return *kMapper;
}

EventMapper MapperWith(std::string_view yaml) {
  const std::vector<MappingSource> extra = {{"mine.yaml", std::string(yaml)}};
  auto mapper = EventMapper::Create(extra);
  EXPECT_TRUE(mapper.has_value()) << mapper.error().message;
  AUTHSEAL_CHECK(mapper.has_value());
  return *std::move(mapper);
}

std::vector<Event> EventsOf(const EventMapper& mapper, std::string_view record,
                            std::string_view provider) {
  EventMapper::Scratch scratch;
  std::vector<Event> events;
  mapper.Map(record, provider, scratch, events);
  return events;
}

Event EventOf(std::string_view record, std::string_view provider) {
  const std::vector<Event> events = EventsOf(BuiltInMapper(), record, provider);
  EXPECT_EQ(events.size(), 1u) << record;
  AUTHSEAL_CHECK(!events.empty());
  return events[0];
}

std::string UnparsedRecord(std::string_view text) {
  JsonWriter out;
  out.BeginObject().Name("authseal").BeginObject().Name("unparsed");
  out.BeginObject().Name("reason").String("not-json").Name("text");
  out.String(text).End().End().End();
  return out.Take();
}

std::vector<std::string> ReadLines(const std::string& path) {
  std::ifstream file(path);
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) {
    lines.push_back(line);
  }
  return lines;
}

bool FileExists(const std::string& path) {
  return std::ifstream(path).good();
}

}  // namespace authseal
