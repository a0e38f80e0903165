// The part of TextScan that knows names: name=value in URLs, forms and logs,
// "name": "value" of broken JSON, header lines.
#include <algorithm>

#include "lib/scrub/characters.h"
#include "lib/scrub/replacement.h"
#include "lib/scrub/text_scan.h"
#include "lib/scrub/value_look.h"

namespace authseal {
namespace {

constexpr std::size_t kNameBytesMax = 64;
// Between a name and its colon.
constexpr std::size_t kBlanksMax = 8;

bool IsNameChar(char c) {
  return IsBase64Url(c) || c == '.' || c == '%' || c == '[' || c == ']';
}

bool HasDigit(std::string_view text) {
  for (const char c : text) {
    if (IsDigit(c)) {
      return true;
    }
  }
  return false;
}

}  // namespace

TextRange TextScan::NameBefore(std::size_t end) const {
  std::size_t begin = end;
  while (begin > 0 && end - begin < kNameBytesMax &&
         IsNameChar(text_[begin - 1])) {
    --begin;
  }
  // "[user=…": a bracket around, not of the name.
  while (begin < end && text_[begin] == '[') {
    ++begin;
  }
  return {begin, end};
}

// Behind '?', '&', '#' or "&amp;".
bool TextScan::BeginsParameter(std::size_t name) const {
  if (name == 0) {
    return is_form_;
  }
  const char before = text_[name - 1];
  return before == '?' || before == '&' || before == '#' ||
         text_.substr(0, name).ends_with("&amp;");
}

// A form's first parameter: nothing but the '&' behind it shows what it is.
bool TextScan::FollowsAsForm(const Value& value, std::size_t name) const {
  const bool begins = name == 0 || IsBlank(text_[name - 1]) ||
                      IsQuote(text_[name - 1]) || text_[name - 1] == ':';
  return begins && !value.is_quoted && value.range.end < text_.size() &&
         text_[value.range.end] == '&';
}

std::size_t TextScan::AtEquals(std::size_t at) {
  std::size_t name_end = at;
  if (name_end > 0 && text_[name_end - 1] == ' ') {
    --name_end;
  }
  const bool spaced = name_end != at;
  if (name_end > 0 && IsQuote(text_[name_end - 1])) {
    --name_end;
  }
  const TextRange name = NameBefore(name_end);
  const NameClass name_class =
      finder_.ClassOfAssigned(text_.substr(name.begin, name.end - name.begin));
  if (!IsAlwaysSecret(name_class) && !IsPerhapsSecret(name_class) &&
      name_class != NameClass::kParameterToken) {
    return at + 1;
  }
  std::size_t begin = at + 1;
  if (begin < text_.size() && text_[begin] == '>') {
    ++begin;  // Ruby's =>
  }
  // name = value, name= "value".
  if (begin + 1 < text_.size() && text_[begin] == ' ' &&
      (spaced || IsQuote(text_[begin + 1]))) {
    ++begin;
  }
  const bool is_quoted = begin < text_.size() && IsQuote(text_[begin]);
  bool is_parameter = !spaced && !is_quoted && BeginsParameter(name.begin);
  Value value = is_quoted ? QuotedValue(begin) : BareValue(begin, is_parameter);
  is_parameter = is_parameter || FollowsAsForm(value, name.begin);
  if (!is_parameter && IsAlwaysSecret(name_class) &&
      value.range.begin == value.range.end &&
      text_.substr(value.range.end).starts_with(' ')) {
    value = WordBehind(value);
  }
  if (!is_quoted && name.begin > 0 && text_[name.begin - 1] == ';') {
    // /path;jsessionid=xyz?query
    value.range.end =
        std::min(value.range.end, text_.find('?', value.range.begin));
    value.resume = value.range.end;
  }
  // name=Bearer xyz
  const std::string_view word =
      text_.substr(value.range.begin, value.range.end - value.range.begin);
  if (!is_quoted && value.range.end < text_.size() &&
      text_[value.range.end] == ' ' &&
      KindOfScheme(word) != SchemeKind::kNone) {
    value.range.end = BareValue(value.range.end + 1, is_parameter).range.end;
    value.resume = value.range.end;
  }
  const bool settled = FindNamed(value, name_class,
                                 is_parameter ? SecretFinder::Origin::kParameter
                                              : SecretFinder::Origin::kMember);
  return settled ? std::max(value.resume, at + 1) : at + 1;
}

// "password= hunter2 user=bob"; not "password= user=bob".
TextScan::Value TextScan::WordBehind(const Value& nothing) const {
  const std::size_t begin = nothing.range.end + 1;
  const Value word = BareValue(begin, false);
  const std::string_view text =
      text_.substr(begin, word.range.end - word.range.begin);
  return text.find('=') == std::string_view::npos ? word : nothing;
}

TextScan::Value TextScan::QuotedValue(std::size_t quote) const {
  std::size_t at = quote + 1;
  while (at < text_.size() && text_[at] != text_[quote]) {
    at += text_[at] == '\\' ? 2U : 1U;
  }
  const std::size_t end = std::min(at, text_.size());
  return {{quote + 1, end}, std::min(end + 1, text_.size()), true};
}

bool TextScan::EndsBare(std::size_t at, std::size_t begin,
                        bool is_parameter) const {
  const char c = text_[at];
  if (IsBlank(c) || IsQuote(c) || c == '&' || c == '<' || c == '>' ||
      c == '`' || (c == '#' && is_parameter)) {
    return true;
  }
  if (c == '\\') {
    // An escape of the text around; else part of a password.
    return at + 1 < text_.size() &&
           std::string_view("\"'nu").find(text_[at + 1]) !=
               std::string_view::npos;
  }
  if (std::string_view(",;)]}").find(c) == std::string_view::npos) {
    return false;
  }
  if (c == ']' && text_[begin] == '[') {
    return false;  // [FILTERED]
  }
  // Punctuation of the text around, unless the value goes on behind it.
  const std::size_t next = at + 1;
  if (next == text_.size() || c == ')' || c == ']' || c == '}' ||
      IsBlank(text_[next]) || IsQuote(text_[next])) {
    return true;
  }
  const std::size_t name =
      RunEnd(text_.substr(0, std::min(text_.size(), next + kNameBytesMax)),
             next, IsNameChar);
  return name > next && name < text_.size() && text_[name] == '=';
}

TextScan::Value TextScan::BareValue(std::size_t begin,
                                    bool is_parameter) const {
  std::size_t end = begin;
  while (end < text_.size() && !EndsBare(end, begin, is_parameter)) {
    ++end;
  }
  return {{begin, end}, end, false};
}

std::size_t TextScan::AtColon(std::size_t at) {
  if (at == 0) {
    return at + 1;
  }
  if (text_.substr(at).starts_with("://")) {
    const auto password = MatchUrlPassword(text_, at);
    if (password.has_value() &&
        !IsMasked(
            text_.substr(password->begin, password->end - password->begin))) {
      edits_.push_back(
          {password->begin, password->end, std::string(kRedacted)});
      return password->end;
    }
    const auto user = MatchUrlToken(text_, at);
    if (user.has_value()) {
      edits_.push_back({user->begin, user->end,
                        TokenReplacement(text_.substr(
                            user->begin, user->end - user->begin))});
      return user->end;
    }
    return AtHookUrl(at);
  }
  std::size_t name_end = at;
  while (name_end > 1 && IsBlank(text_[name_end - 1]) &&
         at - name_end < kBlanksMax) {
    --name_end;
  }
  if (IsQuote(text_[name_end - 1])) {
    return AtQuotedName(at, name_end - 1);
  }
  return name_end == at ? AtHeaderName(at) : at + 1;
}

// "name": "value" or 'name' : 'value' of JSON that does not parse.
std::size_t TextScan::AtQuotedName(std::size_t colon, std::size_t quote) {
  const TextRange name = NameBefore(quote);
  if (name.begin == 0 || text_[name.begin - 1] != text_[quote]) {
    return colon + 1;
  }
  const NameClass name_class =
      ClassifyName(text_.substr(name.begin, name.end - name.begin));
  if (!IsAlwaysSecret(name_class) && !IsPerhapsSecret(name_class)) {
    return colon + 1;
  }
  const std::size_t begin = RunEnd(text_, colon + 1, IsBlank);
  if (begin == text_.size()) {
    return colon + 1;
  }
  if (IsQuote(text_[begin])) {
    const Value value = QuotedValue(begin);
    return FindNamed(value, name_class, SecretFinder::Origin::kMember)
               ? value.resume
               : colon + 1;
  }
  if (text_[begin] == '[') {
    return QuotedElements(begin, name_class);
  }
  const std::size_t end = RunEnd(text_, begin, [](char c) {
    return IsAlnum(c) || c == '.' || c == '-' || c == '+';
  });
  const Value value = {{begin, end}, end, false};
  return FindNumber(value, name_class) ? end : colon + 1;
}

// ["a", "b"]; returns where something else stands.
std::size_t TextScan::QuotedElements(std::size_t bracket,
                                     NameClass name_class) {
  const auto between = [](char c) { return IsBlank(c) || c == ','; };
  std::size_t at = RunEnd(text_, bracket + 1, IsBlank);
  while (at < text_.size() && IsQuote(text_[at])) {
    const Value value = QuotedValue(at);
    FindNamed(value, name_class, SecretFinder::Origin::kMember);
    at = RunEnd(text_, value.resume, between);
  }
  return at;
}

bool TextScan::FindNumber(const Value& value, NameClass name_class) {
  const std::string_view number =
      text_.substr(value.range.begin, value.range.end - value.range.begin);
  if (number.empty() || !IsAlwaysSecret(name_class) || IsMasked(number)) {
    return false;
  }
  edits_.push_back(
      {value.range.begin, value.range.end,
       '"' +
           (name_class == NameClass::kPassword ? std::string(kRedacted)
                                               : TokenReplacement(number)) +
           '"'});
  return true;
}

// Name: value, as headers are written, or in prose. Prose says "password:
// wrong" too, so there the value must hold a digit. Go's map[name:value
// name:[value]] looks the same.
std::size_t TextScan::AtHeaderName(std::size_t colon) {
  TextRange name = NameBefore(colon);
  const std::size_t bracket =
      text_.substr(name.begin, name.end - name.begin).rfind('[');
  if (bracket != std::string_view::npos) {
    name.begin += bracket + 1;
  }
  const NameClass name_class =
      ClassifyName(text_.substr(name.begin, name.end - name.begin));
  if (!IsAlwaysSecret(name_class) && !IsPerhapsSecret(name_class)) {
    return colon + 1;
  }
  const bool is_list = text_.substr(colon + 1).starts_with('[');
  const std::size_t begin = RunEnd(text_, is_list ? colon + 2 : colon + 1,
                                   [](char c) { return c == ' '; });
  const char quote = name.begin > 0 && IsQuote(text_[name.begin - 1])
                         ? text_[name.begin - 1]
                         : '\n';
  Value value;
  if (IsCredentialHeader(name_class)) {
    const std::size_t end = HeaderEnd(begin, is_list ? ']' : quote);
    value = {{begin, end}, end, false};
  } else if (begin < text_.size() && IsQuote(text_[begin])) {
    value = QuotedValue(begin);
  } else {
    value = BareValue(begin, false);
  }
  const std::string_view header =
      text_.substr(value.range.begin, value.range.end - value.range.begin);
  const bool has_scheme =
      KindOfScheme(header.substr(0, header.find(' '))) != SchemeKind::kNone &&
      header.find(' ') != std::string_view::npos;
  const bool is_cookie =
      name_class == NameClass::kCookie || name_class == NameClass::kSetCookie;
  const bool plausible = is_cookie
                             ? header.find('=') != std::string_view::npos
                             : has_scheme || value.is_quoted ||
                                   HasDigit(header) || IsRandomLooking(header);
  if (!plausible || header.empty()) {
    return colon + 1;
  }
  return FindNamed(value, name_class, SecretFinder::Origin::kMember)
             ? std::max(value.resume, colon + 1)
             : colon + 1;
}

// <password>hunter2</password>
std::size_t TextScan::AtTagEnd(std::size_t at) {
  const TextRange name = NameBefore(at);
  const bool is_tag =
      name.begin > 0 && name.begin < name.end &&
      (text_[name.begin - 1] == '<' || text_[name.begin - 1] == ':');
  const NameClass name_class =
      is_tag ? ClassifyName(text_.substr(name.begin, name.end - name.begin))
             : NameClass::kPlain;
  if (!IsAlwaysSecret(name_class)) {
    return at + 1;
  }
  const std::size_t end =
      RunEnd(text_, at + 1, [](char c) { return c != '<' && c != '>'; });
  if (end == at + 1 || !text_.substr(end).starts_with("</")) {
    return at + 1;
  }
  const Value value = {{at + 1, end}, end, false};
  FindNamed(value, name_class, SecretFinder::Origin::kMember);
  return end;
}

// A header ends with its line or the quote before its name; one in a line of
// other text at the first space that no scheme word or ';' explains.
std::size_t TextScan::HeaderEnd(std::size_t begin, char quote) const {
  std::size_t word = begin;
  std::size_t at = begin;
  while (at < text_.size() && text_[at] != '\n' && text_[at] != '\r' &&
         text_[at] != quote) {
    if (text_[at] == ' ' && at > begin && text_[at - 1] != ' ') {
      const char last = text_[at - 1];
      const SchemeKind kind = KindOfScheme(text_.substr(word, at - word));
      if (kind == SchemeKind::kNone && last != ';' && last != ',') {
        return at;
      }
    }
    if (text_[at] == ' ') {
      word = at + 1;
    }
    ++at;
  }
  return at;
}

}  // namespace authseal
