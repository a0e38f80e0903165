// The spelling of where a value comes from; authseal-mapping(5), EXTRACTORS.
#ifndef AUTHSEAL_EVENT_EXTRACTOR_H_
#define AUTHSEAL_EVENT_EXTRACTOR_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "lib/base/result.h"

namespace authseal {

struct Extractor {
  enum class Source : std::uint8_t {
    kPointer,     // /a/b
    kMemberName,  // name:/a/[*]      the name of the member found there
    kKeyValue,    // kv:/message:name name="value" in a text
    kJson,        // json:/a:/b       /b of the JSON text in the string at /a
    kQuery,       // query:/url:name  parameter of a URL
    kGroup,       // group:name       group of one of the mapping's patterns
    kConstant,    // const:text       the text itself
  };
  Source source = Source::kPointer;
  bool of_item = false;  // '@' in front of the pointer: inside the `each` item
  std::string pointer;
  std::string name;  // parameter, key, group, inner pointer or text
};

// Error kInvalidArgument, without position.
Result<Extractor> ParseExtractor(std::string_view text);

}  // namespace authseal

#endif  // AUTHSEAL_EVENT_EXTRACTOR_H_
