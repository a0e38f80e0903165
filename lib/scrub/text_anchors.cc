#include "lib/scrub/text_anchors.h"

#include <algorithm>
#include <array>
#include <cstdint>

#ifdef __SSE2__
#include <bit>
#include <emmintrin.h>
#endif

#include "lib/scrub/characters.h"
#include "lib/scrub/token_prefixes.h"

namespace authseal {
namespace {

enum class Anchor : std::uint8_t {
  kNone,
  kPrefix,  // stands in a token's prefix
  kAlways,  // follows a name, begins an escape
  kColon,
  kSpace,
  kDash,
  kJwt,  // the J of eyJ
};

constexpr std::array<Anchor, 256> kAnchors = [] {
  std::array<Anchor, 256> anchors = {};
  for (const char c : std::string_view("_./w")) {
    anchors[static_cast<unsigned char>(c)] = Anchor::kPrefix;
  }
  for (const char c : std::string_view("=%\\>")) {
    anchors[static_cast<unsigned char>(c)] = Anchor::kAlways;
  }
  anchors[':'] = Anchor::kColon;
  anchors[' '] = Anchor::kSpace;
  anchors['-'] = Anchor::kDash;
  anchors['J'] = Anchor::kJwt;
  return anchors;
}();

// "://", a header's name or a quoted one. Names of secrets end with a letter,
// or with what is folded away behind one.
bool ColonCounts(std::string_view text, std::size_t at) {
  if (at == 0) {
    return false;
  }
  if (at + 1 < text.size() && text[at + 1] == '/') {
    return true;
  }
  const char before = text[at - 1];
  return IsLower(before) || IsUpper(before) || IsBlank(before) ||
         IsQuote(before) || before == '-' || before == '_' || before == '.';
}

// Behind bearer, basic, SSWS, DPoP; code, token, nonce, assertion.
bool SpaceCounts(std::string_view text, std::size_t at) {
  if (at < 2) {
    return false;
  }
  const char before = ToLower(text[at - 2]);
  switch (ToLower(text[at - 1])) {
    case 'r':
      return before == 'e';
    case 'c':
      return before == 'i';
    case 's':
      return before == 'w';
    case 'p':
      return before == 'o';
    case 'e':
      return before == 'd' || before == 'c';
    case 'n':
      return before == 'e' || before == 'o';
    default:
      return false;
  }
}

// "-----BEGIN", --option, glpat-…
bool DashCounts(std::string_view text, std::size_t at) {
  return at == 0 || text[at - 1] == ' ' ||
         (at + 1 < text.size() && text[at + 1] == '-') ||
         MayBePrefixed(text, at);
}

bool Counts(Anchor anchor, std::string_view text, std::size_t at) {
  switch (anchor) {
    case Anchor::kNone:
      return false;
    case Anchor::kPrefix:
      return MayBePrefixed(text, at);
    case Anchor::kAlways:
      return true;
    case Anchor::kColon:
      return ColonCounts(text, at);
    case Anchor::kSpace:
      return SpaceCounts(text, at);
    case Anchor::kDash:
      return DashCounts(text, at);
    case Anchor::kJwt:
      return at >= 2 && text[at - 1] == 'y' && text[at - 2] == 'e';
  }
  return true;
}

// By anchor character, a row of what the byte before it says: 0 where nothing
// behind that one counts. Most anchors are done with by this alone.
class BytesBefore {
 public:
  constexpr BytesBefore() {
    for (std::size_t i = 0; i < kCharacters.size(); ++i) {
      const char anchor = kCharacters[i];
      row_[static_cast<unsigned char>(anchor)] =
          static_cast<std::uint8_t>(i + 1);
      for (unsigned byte = 0; byte < kBytes; ++byte) {
        may_count_[i + 1][byte] = MayCount(static_cast<char>(byte), anchor);
      }
    }
  }
  // At the front of a text: what is before it is '\0'.
  bool MayCount(std::string_view text, std::size_t at) const {
    const auto before =
        static_cast<unsigned char>(at == 0 ? '\0' : text[at - 1]);
    return may_count_[row_[static_cast<unsigned char>(text[at])]][before];
  }

 private:
  static constexpr std::size_t kBytes = 256;
  static constexpr std::string_view kCharacters = "_./w=%\\>:-J ";

  static constexpr bool MayCount(char before, char anchor) {
    switch (kAnchors[static_cast<unsigned char>(anchor)]) {
      case Anchor::kNone:
        return false;
      case Anchor::kPrefix:
        return kAnchorPairs.HasAny(before, anchor);
      case Anchor::kSpace:
        return std::string_view("rcspenRCSPEN").find(before) !=
               std::string_view::npos;
      case Anchor::kJwt:
        return before == 'y';
      case Anchor::kAlways:
      case Anchor::kColon:
      case Anchor::kDash:
        break;
    }
    return true;
  }

  std::array<std::uint8_t, kBytes> row_ = {};  // 0: no anchor
  std::array<std::array<bool, kBytes>, kCharacters.size() + 1> may_count_ = {};
};

constexpr BytesBefore kBytesBefore;

bool CountsAt(std::string_view text, std::size_t at) {
  return kBytesBefore.MayCount(text, at) &&
         Counts(kAnchors[static_cast<unsigned char>(text[at])], text, at);
}

#ifdef __SSE2__
constexpr std::size_t kStep = sizeof(__m128i);

// A bit for each byte that may be an anchor: all of kAnchors, and the few that
// differ from one of two in a bit that is not looked at.
unsigned AnchorBits(const char* from) {
  const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(from));
  const auto is = [&bytes](char c) {
    return _mm_cmpeq_epi8(bytes, _mm_set1_epi8(c));
  };
  const auto is_with = [&bytes](char ignored, char c) {
    return _mm_cmpeq_epi8(_mm_or_si128(bytes, _mm_set1_epi8(ignored)),
                          _mm_set1_epi8(c));
  };
  const __m128i signs = _mm_or_si128(
      _mm_or_si128(is_with('-' ^ '=', '='), is_with('.' ^ '/', '/')),
      _mm_or_si128(is_with(':' ^ '>', '>'), is_with('\\' ^ '_', '_')));
  const __m128i others = _mm_or_si128(_mm_or_si128(is(' '), is('%')),
                                      _mm_or_si128(is('J'), is('w')));
  return static_cast<unsigned>(_mm_movemask_epi8(_mm_or_si128(signs, others)));
}

// Of the places [at, at + kStep) whose bits are set; npos for none.
std::size_t FirstThatCounts(std::string_view text, std::size_t at,
                            unsigned bits) {
  for (; bits != 0; bits &= bits - 1) {
    const std::size_t place =
        at + static_cast<std::size_t>(std::countr_zero(bits));
    if (CountsAt(text, place)) {
      return place;
    }
  }
  return std::string_view::npos;
}
#endif

}  // namespace

bool IsAnchorAt(std::string_view text, std::size_t at) {
  return CountsAt(text, at);
}

std::size_t FindAnchor(std::string_view text, std::size_t from) {
  std::size_t at = from;
#ifdef __SSE2__
  while (at + kStep <= text.size()) {
    const std::size_t found =
        FirstThatCounts(text, at, AnchorBits(text.data() + at));
    if (found != std::string_view::npos) {
      return found;
    }
    at += kStep;
  }
  if (at < text.size() && text.size() >= kStep) {
    // The last bytes together with some that are done.
    const std::size_t last = text.size() - kStep;
    const unsigned bits = AnchorBits(text.data() + last) >> (at - last);
    return std::min(FirstThatCounts(text, at, bits), text.size());
  }
#endif
  for (; at < text.size(); ++at) {
    if (CountsAt(text, at)) {
      return at;
    }
  }
  return text.size();
}

}  // namespace authseal
