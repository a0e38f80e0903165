// Views of bytes, and the 32-byte digest that everything here is made of.
#ifndef AUTHSEAL_BASE_BYTES_H_
#define AUTHSEAL_BASE_BYTES_H_

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace authseal {

using Bytes = std::span<const std::uint8_t>;   // borrowed, read only
using MutableBytes = std::span<std::uint8_t>;  // borrowed
using ByteVector = std::vector<std::uint8_t>;  // owned

inline Bytes AsBytes(std::string_view text) {
  // uint8_t may alias any object representation.
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

inline std::string_view AsText(Bytes bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// A SHA-256 digest.
struct Hash {
  static constexpr std::size_t kSizeBytes = 32;
  std::array<std::uint8_t, kSizeBytes> bytes = {};

  auto operator<=>(const Hash&) const = default;
  Bytes view() const { return bytes; }
};

// One after the other, to be read into.
inline MutableBytes BytesOf(std::span<Hash> hashes) {
  static_assert(sizeof(Hash) == Hash::kSizeBytes);
  return {reinterpret_cast<std::uint8_t*>(hashes.data()), hashes.size_bytes()};
}

}  // namespace authseal

#endif  // AUTHSEAL_BASE_BYTES_H_
