// Values inside texts that other values hold: key="value" lists and URLs.
#ifndef AUTHSEAL_EVENT_EMBEDDED_TEXT_H_
#define AUTHSEAL_EVENT_EMBEDDED_TEXT_H_

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace authseal {

// Goes through name="value", name='value' and name=value, separated by commas
// or white space, and steps over what is neither. A backslash before a quote
// inside quotes does not end the value.
//
// Keycloak's JBoss event listener and PingFederate's audit log write this.
class KeyValueReader {
 public:
  struct Pair {
    std::string_view name;
    std::string_view value;  // between the quotes
    bool escaped = false;    // holds backslashes before quotes
  };

  explicit KeyValueReader(std::string_view text) : text_(text) {}
  std::optional<Pair> Next();

 private:
  Pair TakeQuoted(std::string_view name, char quote);
  Pair TakePlain(std::string_view name);

  std::string_view text_;
  std::size_t at_ = 0;
};

// Removes the backslashes that stand before a quote or a backslash.
void UnescapeQuotes(std::string_view value, std::string& out);

// The first parameter `name` of a URL's query or, after that, its fragment,
// still percent-encoded. Empty when there is none.
std::optional<std::string_view> UrlParameter(std::string_view url,
                                             std::string_view name);

// application/x-www-form-urlencoded; a malformed escape stays as it is.
void DecodeFormValue(std::string_view value, std::string& out);

}  // namespace authseal

#endif  // AUTHSEAL_EVENT_EMBEDDED_TEXT_H_
