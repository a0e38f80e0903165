#include "lib/scrub/broken_json.h"

#include <algorithm>

#include "lib/json/document.h"

namespace authseal {

std::size_t FindJsonBegin(std::string_view line) {
  // Not every bracket of a prefix: "[12] INFO {…}".
  const std::size_t brace = line.find('{');
  return brace == std::string_view::npos && line.starts_with('[') ? 0 : brace;
}

BrokenJson FindJsonEnd(std::string_view text) {
  std::string closers;
  bool in_string = false;
  bool after_backslash = false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (in_string) {
      const bool escaped = after_backslash;
      after_backslash = c == '\\' && !escaped;
      in_string = c != '"' || escaped;
    } else if (c == '"') {
      in_string = true;
    } else if (c == '{' || c == '[') {
      if (closers.size() == kJsonDepthMax) {
        return {};
      }
      closers.push_back(c == '{' ? '}' : ']');
    } else if (c == '}' || c == ']') {
      if (closers.empty() || closers.back() != c) {
        return {};
      }
      closers.pop_back();
      if (closers.empty()) {
        return {at + 1, {""}};
      }
    }
  }
  std::reverse(closers.begin(), closers.end());
  const std::string quote = in_string ? (after_backslash ? "\\\"" : "\"") : "";
  // Behind a value, behind a colon or an array's comma, behind a name, behind
  // an object's comma.
  return {text.size(),
          {quote + closers, quote + "null" + closers, quote + ":null" + closers,
           quote + "\"\":null" + closers}};
}

}  // namespace authseal
