#include "lib/query/pair_search.h"

#include <bit>
#include <cstdint>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace authseal {

namespace {

bool StopsAt(std::string_view text, std::size_t at, const PairPattern& pattern,
             EscapeStops stops) {
  const std::string_view rest = text.substr(at);
  if (pattern.second_at < rest.size() &&
      rest[pattern.first_at] == pattern.first &&
      rest[pattern.second_at] == pattern.second) {
    return true;
  }
  return rest.front() == '\\' &&
         (stops == EscapeStops::kAll || rest.substr(1, 1) == "u");
}

#if defined(__SSE2__)

constexpr std::size_t kLaneBytes = sizeof(__m128i);
constexpr std::size_t kStepBytes = 4 * kLaneBytes;

__m128i Load(const char* at) {
  return _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
}

// Of each byte of a lane whether the search stops there.
template <EscapeStops kStops>
[[gnu::always_inline]] inline __m128i StopsInLane(const char* text,
                                                  const PairPattern& pattern) {
  const __m128i pair =
      _mm_and_si128(_mm_cmpeq_epi8(Load(text + pattern.first_at),
                                   _mm_set1_epi8(pattern.first)),
                    _mm_cmpeq_epi8(Load(text + pattern.second_at),
                                   _mm_set1_epi8(pattern.second)));
  __m128i escape = _mm_cmpeq_epi8(Load(text), _mm_set1_epi8('\\'));
  if constexpr (kStops == EscapeStops::kUnicode) {
    escape = _mm_and_si128(escape,
                           _mm_cmpeq_epi8(Load(text + 1), _mm_set1_epi8('u')));
  }
  return _mm_or_si128(pair, escape);
}

std::uint64_t Mask(__m128i lane) {
  return static_cast<std::uint32_t>(_mm_movemask_epi8(lane));
}

// Moves `at` on over what has no stop, as far as whole steps can be read;
// true when it stands at one.
template <EscapeStops kStops>
bool SkipSteps(std::string_view text, std::size_t& at,
               const PairPattern& pattern) {
  const std::size_t reach_bytes = kStepBytes + pattern.second_at + 1;
  for (; at + reach_bytes <= text.size(); at += kStepBytes) {
    const char* const step = text.data() + at;
    const __m128i a = StopsInLane<kStops>(step, pattern);
    const __m128i b = StopsInLane<kStops>(step + kLaneBytes, pattern);
    const __m128i c = StopsInLane<kStops>(step + 2 * kLaneBytes, pattern);
    const __m128i d = StopsInLane<kStops>(step + 3 * kLaneBytes, pattern);
    const __m128i any = _mm_or_si128(_mm_or_si128(a, b), _mm_or_si128(c, d));
    if (_mm_movemask_epi8(any) != 0) {
      const std::uint64_t mask =
          Mask(a) | Mask(b) << 16 | Mask(c) << 32 | Mask(d) << 48;
      at += static_cast<std::size_t>(std::countr_zero(mask));
      return true;
    }
  }
  return false;
}

#endif

}  // namespace

std::size_t FindPair(std::string_view text, std::size_t from,
                     const PairPattern& pattern, EscapeStops stops) {
  std::size_t at = from;
#if defined(__SSE2__)
  const bool stopped =
      stops == EscapeStops::kAll
          ? SkipSteps<EscapeStops::kAll>(text, at, pattern)
          : SkipSteps<EscapeStops::kUnicode>(text, at, pattern);
  if (stopped) {
    return at;
  }
#endif
  for (; at < text.size(); ++at) {
    if (StopsAt(text, at, pattern, stops)) {
      return at;
    }
  }
  return std::string_view::npos;
}

}  // namespace authseal
