// JSON with other text around it, or cut off: where it ends, or what could
// stand behind it to make it whole.
#ifndef AUTHSEAL_SCRUB_BROKEN_JSON_H_
#define AUTHSEAL_SCRUB_BROKEN_JSON_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace authseal {

// Where the first object or array of a line may begin; npos for none.
std::size_t FindJsonBegin(std::string_view line);

struct BrokenJson {
  // Of the first value; all of the text when that was cut off.
  std::size_t size_bytes = 0;
  // To be tried behind it one after the other; none where none can help.
  std::vector<std::string> endings;
};

// `text` begins where FindJsonBegin said.
BrokenJson FindJsonEnd(std::string_view text);

}  // namespace authseal

#endif  // AUTHSEAL_SCRUB_BROKEN_JSON_H_
