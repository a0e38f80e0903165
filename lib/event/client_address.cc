#include "lib/event/client_address.h"

#include <algorithm>

namespace authseal {
namespace {

bool IsDigit(char c) {
  return c >= '0' && c <= '9';
}

bool AllDigits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), IsDigit);
}

std::string_view Trim(std::string_view text) {
  while (!text.empty() && text.front() == ' ') {
    text.remove_prefix(1);
  }
  while (!text.empty() && text.back() == ' ') {
    text.remove_suffix(1);
  }
  return text;
}

std::string_view WithoutPort(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos || text.rfind(':') != colon) {
    return text;  // no port, or IPv6 without brackets
  }
  return AllDigits(text.substr(colon + 1)) ? text.substr(0, colon) : text;
}

}  // namespace

std::string_view BareAddress(std::string_view text) {
  // Nothing but digits and dots has nothing to be taken off.
  if (std::all_of(text.begin(), text.end(),
                  [](char c) { return IsDigit(c) || c == '.'; })) {
    return text;
  }
  text = Trim(text.substr(0, std::min(text.find(','), text.size())));
  if (text.starts_with('[')) {
    const std::size_t close = text.find(']');
    if (close != std::string_view::npos) {
      text = text.substr(1, close - 1);
    }
  } else {
    text = WithoutPort(text);
  }
  for (const std::string_view mapped : {"::ffff:", "::FFFF:"}) {
    if (text.starts_with(mapped) &&
        text.substr(mapped.size()).find('.') != std::string_view::npos) {
      return WithoutPort(text.substr(mapped.size()));
    }
  }
  return text;
}

}  // namespace authseal
