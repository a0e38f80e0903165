#include "lib/query/ip_range.h"

#include <string>

#include "lib/base/encoding.h"
#include "lib/base/ip_address.h"

namespace authseal {

namespace {

constexpr unsigned kMappedPrefixBits = 96;  // of ::ffff:0:0/96

}  // namespace

Result<IpRange> IpRange::Parse(std::string_view text) {
  const Error no_range{ErrorCode::kInvalidArgument,
                       "\"" + std::string(text) + "\" is no IP address",
                       "use an address, or a block such as 192.0.2.0/24"};
  const std::size_t slash = text.find('/');
  const auto address = ParseIpAddress(text.substr(0, slash));
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
  const auto other = ParseIpAddress(address);
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
