// The pointer notation of the sample corpus' mappings.json, read a second
// time and independently of the mapper, to compare with what that finds.
#ifndef AUTHSEAL_TESTS_UNIT_EVENT_SAMPLE_POINTERS_H_
#define AUTHSEAL_TESTS_UNIT_EVENT_SAMPLE_POINTERS_H_

#include <optional>
#include <string>
#include <string_view>

#include "lib/json/document.h"

namespace authseal {

// "/a/b", "/a/[k=v|w]/b" or "kv:/message:name".
bool SampleHasValue(JsonValue record, std::string_view pointer);

// The text of what SampleHasValue found, where it is a scalar.
std::optional<std::string> SampleText(JsonValue record,
                                      std::string_view pointer);

// Whether something is there, be it empty; "/a|/b" is one of both.
bool SampleHasMember(JsonValue record, std::string_view alternatives);

}  // namespace authseal

#endif  // AUTHSEAL_TESTS_UNIT_EVENT_SAMPLE_POINTERS_H_
