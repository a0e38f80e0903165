#include "lib/base/ip_address.h"

#include <arpa/inet.h>
#include <string>

namespace authseal {

std::optional<IpAddress> ParseIpAddress(std::string_view text) {
  if (text.empty() || text.size() > INET6_ADDRSTRLEN ||
      text.find('\0') != std::string_view::npos) {
    return std::nullopt;
  }
  const std::string terminated(text);
  IpAddress address = {};
  if (inet_pton(AF_INET6, terminated.c_str(), address.data()) == 1) {
    return address;
  }
  address[10] = 0xFF;
  address[11] = 0xFF;
  if (inet_pton(AF_INET, terminated.c_str(), address.data() + 12) == 1) {
    return address;
  }
  return std::nullopt;
}

}  // namespace authseal
