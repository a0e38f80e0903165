// Compiled for machines with AVX2 (see CMakeLists.txt), whatever the rest is
// compiled for: nothing here may run before AnchorLanesSupported() said so, and
// no header with code of its own may be included.
#include "lib/scrub/anchor_triples.h"

#if defined(__x86_64__)

#include <immintrin.h>

namespace authseal {
namespace {

struct Lookup {
  __m256i by_low_half;
  __m256i by_high_half;
};

[[gnu::always_inline]] inline __m256i Twice(const std::uint8_t* table) {
  return _mm256_broadcastsi128_si256(
      _mm_load_si128(reinterpret_cast<const __m128i*>(table)));
}

[[gnu::always_inline]] inline Lookup Load(const AnchorTriples::Byte& byte) {
  return {Twice(byte.by_low_half), Twice(byte.by_high_half)};
}

// The sets that each of 32 bytes belongs to.
[[gnu::always_inline]] inline __m256i SetsOf(const Lookup& lookup,
                                             const char* from) {
  const __m256i half = _mm256_set1_epi8(0x0F);
  const __m256i bytes =
      _mm256_loadu_si256(reinterpret_cast<const __m256i*>(from));
  const __m256i low = _mm256_and_si256(bytes, half);
  const __m256i high = _mm256_and_si256(_mm256_srli_epi16(bytes, 4), half);
  return _mm256_and_si256(_mm256_shuffle_epi8(lookup.by_low_half, low),
                          _mm256_shuffle_epi8(lookup.by_high_half, high));
}

}  // namespace

void MarkAnchors(const AnchorTriples& triples, const char* from,
                 std::size_t step_count, std::uint64_t* marks) {
  const Lookup anchor = Load(triples.anchor);
  const Lookup before = Load(triples.before);
  const Lookup second = Load(triples.second_before);
  const auto unmarked = [&](const char* at) {
    const __m256i sets = _mm256_and_si256(
        _mm256_and_si256(SetsOf(anchor, at), SetsOf(before, at - 1)),
        SetsOf(second, at - 2));
    return static_cast<std::uint32_t>(
        _mm256_movemask_epi8(_mm256_cmpeq_epi8(sets, _mm256_setzero_si256())));
  };
  for (std::size_t step = 0; step < step_count; ++step) {
    const std::uint64_t first = unmarked(from);
    const std::uint64_t second_half = unmarked(from + 32);
    marks[step] = ~(first | second_half << 32);
    from += kAnchorStepBytes;
  }
}

}  // namespace authseal

#else

namespace authseal {

void MarkAnchors(const AnchorTriples& /*triples*/, const char* /*from*/,
                 std::size_t /*step_count*/, std::uint64_t* /*marks*/) {
  __builtin_trap();
}

}  // namespace authseal

#endif
