// An IP address or a CIDR block of them, v4 and v6. An IPv4 address written
// as ::ffff:a.b.c.d is the IPv4 address.
#ifndef AUTHSEAL_QUERY_IP_RANGE_H_
#define AUTHSEAL_QUERY_IP_RANGE_H_

#include <optional>
#include <string_view>

#include "lib/base/ip_address.h"
#include "lib/base/result.h"

namespace authseal {

class IpRange {
 public:
  // "192.0.2.7", "192.0.2.0/24", "2001:db8::/32". Error kInvalidArgument.
  static Result<IpRange> Parse(std::string_view text);

  // False for text that is no address.
  bool Contains(std::string_view address) const;

  // The address, where the range has only one.
  std::optional<IpAddress> single() const {
    return prefix_bits_ == 128 ? std::optional(address_) : std::nullopt;
  }

 private:
  IpAddress address_ = {};
  unsigned prefix_bits_ = 128;
};

}  // namespace authseal

#endif  // AUTHSEAL_QUERY_IP_RANGE_H_
