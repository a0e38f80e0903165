// The part of TextScan that knows command lines that somebody ran.
#include <algorithm>

#include "lib/scrub/characters.h"
#include "lib/scrub/replacement.h"
#include "lib/scrub/text_scan.h"
#include "lib/scrub/value_look.h"

namespace authseal {
namespace {

constexpr std::size_t kNameBytesMax = 64;
// -pwd; not the flags of one letter.
constexpr std::size_t kOptionBytesMin = 3;

}  // namespace

// curl -u and --user. Other programs' -u is followed by other things, such as
// owner:group.
bool TextScan::IsUserOption(std::string_view option, std::size_t dash) {
  if (option != "u" && option != "user" && option != "proxy-user" &&
      option != "U") {
    return false;
  }
  if (!curl_.has_value()) {
    curl_ = text_.find("curl");
  }
  return *curl_ < dash;
}

// name:password behind the option that ends at `option_end`.
std::size_t TextScan::AtUserPassword(std::size_t option_end) {
  const std::size_t word = RunEnd(text_, option_end, IsBlank);
  if (word == text_.size()) {
    return word;
  }
  const Value value =
      IsQuote(text_[word]) ? QuotedValue(word) : BareValue(word, false);
  const std::string_view credentials =
      text_.substr(value.range.begin, value.range.end - value.range.begin);
  const std::size_t colon = credentials.find(':');
  if (colon == std::string_view::npos ||
      IsMasked(credentials.substr(colon + 1))) {
    return word;
  }
  edits_.push_back(
      {value.range.begin + colon + 1, value.range.end, std::string(kRedacted)});
  return std::max(value.resume, word);
}

// --password hunter2, -ClientSecret hunter2, of commands that somebody ran.
std::size_t TextScan::AtOption(std::size_t dash) {
  const std::size_t begin =
      RunEnd(text_, dash, [](char c) { return c == '-'; });
  if (dash > 0 && !IsBlank(text_[dash - 1]) && !IsQuote(text_[dash - 1])) {
    return begin;
  }
  const std::size_t end =
      RunEnd(text_.substr(0, std::min(text_.size(), begin + kNameBytesMax)),
             begin, IsBase64Url);
  const std::size_t word = end + 1;
  if (IsUserOption(text_.substr(begin, end - begin), dash)) {
    return AtUserPassword(end);
  }
  if (end - begin < kOptionBytesMin || word >= text_.size() ||
      text_[end] != ' ' || text_[word] == '-') {
    return begin;
  }
  const NameClass name_class = ClassifyName(text_.substr(begin, end - begin));
  if (!IsAlwaysSecret(name_class) && !IsPerhapsSecret(name_class)) {
    return begin;
  }
  const Value value =
      IsQuote(text_[word]) ? QuotedValue(word) : BareValue(word, false);
  return FindNamed(value, name_class, SecretFinder::Origin::kMember)
             ? std::max(value.resume, begin)
             : begin;
}

}  // namespace authseal
