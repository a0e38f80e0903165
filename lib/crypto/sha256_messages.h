// Whole messages through the two lanes of sha256_lanes.h: cutting into blocks
// and padding (FIPS 180-4, section 5.1.1). Only where Sha256LanesSupported().
// Private to lib/crypto.
#ifndef AUTHSEAL_CRYPTO_SHA256_MESSAGES_H_
#define AUTHSEAL_CRYPTO_SHA256_MESSAGES_H_

#include <array>
#include <cstdint>
#include <span>

#include "lib/base/bytes.h"
#include "lib/crypto/sha256_lanes.h"

namespace authseal {

// As Sha256Prefixed, Sha256PrefixedBeside and Sha256NodePairs.
void LaneSha256Prefixed(std::uint8_t prefix, std::span<const Bytes> messages,
                        std::span<Hash> out);
Hash LaneSha256PrefixedBeside(Bytes beside, std::uint8_t prefix,
                              std::span<const Bytes> messages,
                              std::span<Hash> out);
void LaneSha256NodePairs(std::span<const Hash> pairs, std::span<Hash> out);

// One running digest.
class LaneSha256 {
 public:
  void Update(Bytes bytes);
  Hash Finish();  // and starts afresh

 private:
  Sha256LaneState state_ = kSha256LaneStart;
  std::array<std::uint8_t, kSha256BlockSizeBytes> pending_ = {};
  std::uint64_t size_bytes_ = 0;
};

}  // namespace authseal

#endif  // AUTHSEAL_CRYPTO_SHA256_MESSAGES_H_
