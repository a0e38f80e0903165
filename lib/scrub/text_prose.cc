// The part of TextScan that reads sentences.
#include <algorithm>

#include "lib/scrub/characters.h"
#include "lib/scrub/replacement.h"
#include "lib/scrub/text_scan.h"
#include "lib/scrub/value_look.h"

namespace authseal {

// "the access token is …", "refresh token '…' is malformed". Sentences say
// much behind such a word, so only what looks like chance counts; a UUID there
// is the id of a token.
std::size_t TextScan::AtProseName(std::size_t space) {
  constexpr std::size_t kWordBytesMax = 10;
  constexpr std::string_view kIs = "is ";
  std::size_t begin = space;
  while (begin > 0 && space - begin < kWordBytesMax &&
         (IsLower(text_[begin - 1]) || IsUpper(text_[begin - 1]))) {
    --begin;
  }
  if (ClassifyName(text_.substr(begin, space - begin)) !=
      NameClass::kPerhapsToken) {
    return space + 1;
  }
  std::size_t at = space + 1;
  at += text_.substr(at).starts_with(kIs) ? kIs.size() : 0;
  if (at >= text_.size()) {
    return space + 1;
  }
  const Value value =
      IsQuote(text_[at]) ? QuotedValue(at) : BareValue(at, false);
  const std::string_view word =
      text_.substr(value.range.begin, value.range.end - value.range.begin);
  // name=value in quotes is for others to read.
  const std::size_t padding = std::min(word.find('='), word.size());
  const bool is_one_word =
      word.find_first_not_of('=', padding) == std::string_view::npos;
  const bool is_done = word.find(kRedacted) != std::string_view::npos;
  if (!is_one_word || is_done || !IsRandomLooking(word) || IsUuid(word)) {
    return space + 1;
  }
  return FindNamed(value, NameClass::kPerhapsToken,
                   SecretFinder::Origin::kMember)
             ? std::max(value.resume, space + 1)
             : space + 1;
}

}  // namespace authseal
