// IP addresses as bytes, so that one address has one form.
#ifndef AUTHSEAL_BASE_IP_ADDRESS_H_
#define AUTHSEAL_BASE_IP_ADDRESS_H_

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace authseal {

// Network byte order; IPv4 as ::ffff:a.b.c.d.
using IpAddress = std::array<std::uint8_t, 16>;

// "192.0.2.7", "2001:db8::1"; empty for what is no address.
std::optional<IpAddress> ParseIpAddress(std::string_view text);

}  // namespace authseal

#endif  // AUTHSEAL_BASE_IP_ADDRESS_H_
