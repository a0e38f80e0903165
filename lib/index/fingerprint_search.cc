#include "lib/index/fingerprint_search.h"

#ifdef __SSE2__
#include <bit>
#include <emmintrin.h>
#endif

namespace authseal {

std::size_t FindFingerprintPrefix(std::string_view text, std::size_t from) {
#ifdef __SSE2__
  // Its last two bytes stand together seldom elsewhere.
  constexpr std::size_t kDigitAt = kFingerprintPrefix.size() - 2;
  constexpr std::size_t kColonAt = kFingerprintPrefix.size() - 1;
  constexpr std::size_t kStep = sizeof(__m128i);
  const __m128i digit = _mm_set1_epi8(kFingerprintPrefix[kDigitAt]);
  const __m128i colon = _mm_set1_epi8(kFingerprintPrefix[kColonAt]);
  const auto load = [text](std::size_t at) {
    return _mm_loadu_si128(reinterpret_cast<const __m128i*>(text.data() + at));
  };
  const auto both = [&](std::size_t at) {
    return _mm_and_si128(_mm_cmpeq_epi8(load(at + kDigitAt), digit),
                         _mm_cmpeq_epi8(load(at + kColonAt), colon));
  };
  constexpr std::size_t kStride = 4 * kStep;
  while (from + kColonAt + kStep <= text.size()) {
    // Most strides have neither.
    if (from + kColonAt + kStride <= text.size() &&
        _mm_movemask_epi8(_mm_or_si128(
            _mm_or_si128(both(from), both(from + kStep)),
            _mm_or_si128(both(from + 2 * kStep), both(from + 3 * kStep)))) ==
            0) {
      from += kStride;
      continue;
    }
    for (auto found = static_cast<unsigned>(_mm_movemask_epi8(both(from)));
         found != 0; found &= found - 1) {
      const std::size_t at =
          from + static_cast<std::size_t>(std::countr_zero(found));
      if (text.substr(at, kFingerprintPrefix.size()) == kFingerprintPrefix) {
        return at;
      }
    }
    from += kStep;
  }
#endif
  return text.find(kFingerprintPrefix, from);
}

}  // namespace authseal
