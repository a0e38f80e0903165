// Compiled for machines with SHA instructions (see CMakeLists.txt), whatever
// the rest is compiled for: nothing here may run before Sha256LanesSupported()
// said so, and no header with code of its own may be included.
#include "lib/crypto/sha256_lanes.h"

#if defined(__x86_64__)

#include <immintrin.h>

namespace authseal {
namespace {

// FIPS 180-4, section 4.2.2.
alignas(16) constexpr std::uint32_t kRoundConstants[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1,
    0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3,
    0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786,
    0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147,
    0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13,
    0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b,
    0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a,
    0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208,
    0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

// What one message needs in registers. `w[i % 4]` are the message words of the
// four rounds of quad i.
struct Lane {
  __m128i feba;
  __m128i hgdc;
  __m128i w[4];
};

[[gnu::always_inline]] inline void Begin(Lane& lane,
                                         const Sha256LaneState& state) {
  const auto* const words = reinterpret_cast<const __m128i*>(state.words);
  lane.feba = _mm_load_si128(words);
  lane.hgdc = _mm_load_si128(words + 1);
}

[[gnu::always_inline]] inline void End(const Lane& lane,
                                       Sha256LaneState& state) {
  auto* const words = reinterpret_cast<__m128i*>(state.words);
  _mm_store_si128(words, _mm_add_epi32(lane.feba, _mm_load_si128(words)));
  _mm_store_si128(words + 1,
                  _mm_add_epi32(lane.hgdc, _mm_load_si128(words + 1)));
}

// Four rounds, and what they contribute to the words of later ones.
template <int kQuad>
[[gnu::always_inline]] inline void Rounds(Lane& lane,
                                          const std::uint8_t* block) {
  constexpr int kNow = kQuad % 4;
  constexpr int kNext = (kQuad + 1) % 4;
  constexpr int kBefore = (kQuad + 3) % 4;
  if constexpr (kQuad < 4) {
    const __m128i big_endian =
        _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);
    lane.w[kNow] = _mm_shuffle_epi8(
        _mm_loadu_si128(reinterpret_cast<const __m128i*>(block) + kQuad),
        big_endian);
  }
  const auto* const constants =
      reinterpret_cast<const __m128i*>(kRoundConstants);
  const __m128i sum =
      _mm_add_epi32(lane.w[kNow], _mm_load_si128(constants + kQuad));
  lane.hgdc = _mm_sha256rnds2_epu32(lane.hgdc, lane.feba, sum);
  if constexpr (kQuad >= 3 && kQuad < 15) {
    const __m128i seven_back =
        _mm_alignr_epi8(lane.w[kNow], lane.w[kBefore], 4);
    lane.w[kNext] = _mm_sha256msg2_epu32(
        _mm_add_epi32(lane.w[kNext], seven_back), lane.w[kNow]);
  }
  lane.feba =
      _mm_sha256rnds2_epu32(lane.feba, lane.hgdc, _mm_shuffle_epi32(sum, 0x0e));
  if constexpr (kQuad >= 1 && kQuad < 13) {
    lane.w[kBefore] = _mm_sha256msg1_epu32(lane.w[kBefore], lane.w[kNow]);
  }
}

template <int kQuad = 0>
[[gnu::always_inline]] inline void AllRounds(Lane& a,
                                             const std::uint8_t* block_a,
                                             Lane& b,
                                             const std::uint8_t* block_b) {
  Rounds<kQuad>(a, block_a);
  Rounds<kQuad>(b, block_b);
  if constexpr (kQuad < 15) {
    AllRounds<kQuad + 1>(a, block_a, b, block_b);
  }
}

template <int kQuad = 0>
[[gnu::always_inline]] inline void AllRounds(Lane& lane,
                                             const std::uint8_t* block) {
  Rounds<kQuad>(lane, block);
  if constexpr (kQuad < 15) {
    AllRounds<kQuad + 1>(lane, block);
  }
}

}  // namespace

void Sha256CompressTwo(Sha256LaneState& a, const std::uint8_t* blocks_a,
                       Sha256LaneState& b, const std::uint8_t* blocks_b,
                       std::size_t block_count) {
  for (std::size_t i = 0; i < block_count; ++i) {
    Lane lane_a;
    Lane lane_b;
    Begin(lane_a, a);
    Begin(lane_b, b);
    AllRounds(lane_a, blocks_a + i * kSha256BlockSizeBytes, lane_b,
              blocks_b + i * kSha256BlockSizeBytes);
    End(lane_a, a);
    End(lane_b, b);
  }
}

void Sha256CompressOne(Sha256LaneState& state, const std::uint8_t* blocks,
                       std::size_t block_count) {
  for (std::size_t i = 0; i < block_count; ++i) {
    Lane lane;
    Begin(lane, state);
    AllRounds(lane, blocks + i * kSha256BlockSizeBytes);
    End(lane, state);
  }
}

}  // namespace authseal

#else

namespace authseal {

void Sha256CompressTwo(Sha256LaneState& /*a*/, const std::uint8_t* /*blocks_a*/,
                       Sha256LaneState& /*b*/, const std::uint8_t* /*blocks_b*/,
                       std::size_t /*block_count*/) {}

void Sha256CompressOne(Sha256LaneState& /*state*/,
                       const std::uint8_t* /*blocks*/,
                       std::size_t /*block_count*/) {}

}  // namespace authseal

#endif
