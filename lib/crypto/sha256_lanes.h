// SHA-256's compression function (FIPS 180-4, section 6.2.2) for two messages
// side by side. One stream of SHA instructions waits for its own results half
// of the time; a second, independent one fills that half. Private to
// lib/crypto.
#ifndef AUTHSEAL_CRYPTO_SHA256_LANES_H_
#define AUTHSEAL_CRYPTO_SHA256_LANES_H_

#include <cstddef>
#include <cstdint>

namespace authseal {

inline constexpr std::size_t kSha256BlockSizeBytes = 64;

// A chaining value in the order of the instructions: F E B A, H G D C.
struct alignas(16) Sha256LaneState {
  std::uint32_t words[8];
};

// FIPS 180-4, section 5.3.3.
inline constexpr Sha256LaneState kSha256LaneStart = {
    {0x9b05688c, 0x510e527f, 0xbb67ae85, 0x6a09e667, 0x5be0cd19, 0x1f83d9ab,
     0xa54ff53a, 0x3c6ef372}};

// Whether this machine has the instructions; without them the two functions
// below must not be called.
bool Sha256LanesSupported();

// Compresses `block_count` blocks of each message into its state.
void Sha256CompressTwo(Sha256LaneState& a, const std::uint8_t* blocks_a,
                       Sha256LaneState& b, const std::uint8_t* blocks_b,
                       std::size_t block_count);
void Sha256CompressOne(Sha256LaneState& state, const std::uint8_t* blocks,
                       std::size_t block_count);

}  // namespace authseal

#endif  // AUTHSEAL_CRYPTO_SHA256_LANES_H_
