// Hashes of an RFC 6962 / RFC 9162 Merkle tree (section 2.1 of both).
#ifndef AUTHSEAL_MERKLE_TREE_HASH_H_
#define AUTHSEAL_MERKLE_TREE_HASH_H_

#include <cstdint>

#include "lib/base/bytes.h"

namespace authseal {

inline constexpr std::uint8_t kLeafPrefix = 0x00;
inline constexpr std::uint8_t kNodePrefix = 0x01;

// The largest tree that is spoken about here; so no path is longer than 63.
inline constexpr std::uint64_t kTreeSizeMax = std::uint64_t{1} << 63;

Hash LeafHash(Bytes record);                         // SHA-256(0x00 ‖ record)
Hash NodeHash(const Hash& left, const Hash& right);  // SHA-256(0x01 ‖ l ‖ r)
Hash EmptyRoot();                                    // SHA-256("")

}  // namespace authseal

#endif  // AUTHSEAL_MERKLE_TREE_HASH_H_
