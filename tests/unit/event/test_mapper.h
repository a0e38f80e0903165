// A mapper and the events it makes, for tests.
#ifndef AUTHSEAL_TESTS_UNIT_EVENT_TEST_MAPPER_H_
#define AUTHSEAL_TESTS_UNIT_EVENT_TEST_MAPPER_H_

#include <string>
#include <string_view>
#include <vector>

#include "lib/event/mapper.h"

namespace authseal {

// The mapper with the built-in mappings only, made once.
const EventMapper& BuiltInMapper();

// A mapper with one mapping of the test's own; aborts on an error.
EventMapper MapperWith(std::string_view yaml);

std::vector<Event> EventsOf(const EventMapper& mapper, std::string_view record,
                            std::string_view provider = "");
// The built-in mapper's only event of `record`.
Event EventOf(std::string_view record, std::string_view provider = "");

// {"authseal":{"unparsed":{"reason":"not-json","text":…}}}
std::string UnparsedRecord(std::string_view text);

std::vector<std::string> ReadLines(const std::string& path);
bool FileExists(const std::string& path);

}  // namespace authseal

#endif  // AUTHSEAL_TESTS_UNIT_EVENT_TEST_MAPPER_H_
