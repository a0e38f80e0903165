#include "lib/query/ip_range.h"

#include <arpa/inet.h>
#include <optional>
#include <string>

#include "lib/base/encoding.h"

namespace authseal {

namespace {

using Address = std::array<std::uint8_t, 16>;
constexpr unsigned kMappedPrefixBits = 96;  // of ::ffff:0:0/96

std::optional<Address> ParseAddress(std::string_view text) {
  if (text.empty() || text.size() > INET6_ADDRSTRLEN ||
      text.find('\0') != std::string_view::npos) {
    return std::nullopt;
  }
  const std::string terminated(text);
  Address address = {};
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

}  // namespace

Result<IpRange> IpRange::Parse(std::string_view text) {
  const Error no_range{ErrorCode::kInvalidArgument,
                       "\"" + std::string(text) + "\" is no IP address",
                       "use an address, or a block such as 192.0.2.0/24"};
  const std::size_t slash = text.find('/');
  const auto address = ParseAddress(text.substr(0, slash));
  if (!address) {
    return no_range;
  }
  IpRange range;
  range.address_ = *address;
  if (slash == std::string_view::npos) {
    return range;
  }
  const bool is_v6 = text.find(':') != std::string_view::npos;
  const Result<std::uint64_t> bits = ParseDecimal(text.substr(slash + 1));
  if (!bits || *bits > (is_v6 ? 128U : 32U)) {
    return no_range;
  }
  range.prefix_bits_ =
      static_cast<unsigned>(*bits) + (is_v6 ? 0U : kMappedPrefixBits);
  return range;
}

bool IpRange::Contains(std::string_view address) const {
  const auto other = ParseAddress(address);
  if (!other) {
    return false;
  }
  for (unsigned bit = 0; bit < prefix_bits_; ++bit) {
    const unsigned mask = 0x80U >> (bit % 8);
    if (((address_[bit / 8] ^ (*other)[bit / 8]) & mask) != 0) {
      return false;
    }
  }
  return true;
}

}  // namespace authseal
