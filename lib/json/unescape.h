// From the inside of a JSON string to the text it means.
#ifndef AUTHSEAL_JSON_UNESCAPE_H_
#define AUTHSEAL_JSON_UNESCAPE_H_

#include <string>
#include <string_view>

namespace authseal {

// `escaped` is the inside of a string that was parsed; its escapes are known
// to be well formed. A lone surrogate becomes U+FFFD. Returns a view of
// `scratch`.
std::string_view UnescapeJson(std::string_view escaped, std::string& scratch);

}  // namespace authseal

#endif  // AUTHSEAL_JSON_UNESCAPE_H_
