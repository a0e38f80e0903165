// Values whose name says that they are secrets.
#include <algorithm>

#include "lib/scrub/characters.h"
#include "lib/scrub/replacement.h"
#include "lib/scrub/secret_finder.h"
#include "lib/scrub/value_look.h"

namespace authseal {
namespace {

TextRange Trimmed(std::string_view text, TextRange range) {
  while (range.begin < range.end && IsBlank(text[range.begin])) {
    ++range.begin;
  }
  while (range.begin < range.end && IsBlank(text[range.end - 1])) {
    --range.end;
  }
  return range;
}

std::string_view Cut(std::string_view text, TextRange range) {
  return text.substr(range.begin, range.end - range.begin);
}

// A quoted string inside a string, as audit logs of changes have it.
TextRange Unquoted(std::string_view text, TextRange range) {
  const std::string_view part = Cut(text, range);
  if (part.size() >= 2 && part.front() == '"' && part.back() == '"') {
    return {range.begin + 1, range.end - 1};
  }
  return range;
}

// Replaces a token unless it is masked. `decoded`: percent-escapes are gone.
void ReplaceToken(std::string_view text, TextRange range, bool decoded,
                  ScrubEdits& edits) {
  range = Unquoted(text, Trimmed(text, range));
  const std::string_view token = Cut(text, range);
  if (IsMasked(token)) {
    return;
  }
  const bool escaped = !decoded && HasPercentEscape(token);
  edits.push_back({range.begin, range.end,
                   escaped ? TokenReplacement(DecodePercent(token).text)
                           : TokenReplacement(token)});
}

void Redact(std::string_view text, TextRange range, ScrubEdits& edits) {
  range = Trimmed(text, range);
  if (!IsMasked(Cut(text, range))) {
    edits.push_back({range.begin, range.end, std::string(kRedacted)});
  }
}

bool IsCookieAttribute(std::string_view name) {
  constexpr std::string_view kAttributes[] = {"path",    "domain",   "expires",
                                              "max-age", "samesite", "priority",
                                              "version", "comment"};
  return std::any_of(std::begin(kAttributes), std::end(kAttributes),
                     [&](std::string_view attribute) {
                       return EqualsFolded(name, attribute);
                     });
}

// Several Set-Cookie headers folded into one: a comma before name=.
bool BeginsCookie(std::string_view text) {
  const std::size_t name = RunEnd(text, 0, IsBlank);
  const std::size_t end = RunEnd(text, name, [](char c) {
    return IsAlnum(c) || c == '-' || c == '_' || c == '.';
  });
  return end > name && end < text.size() && text[end] == '=';
}

std::size_t CookieEnd(std::string_view text, std::size_t begin,
                      bool is_set_cookie) {
  std::size_t at = begin;
  while (at < text.size() && text[at] != ';' &&
         !(is_set_cookie && text[at] == ',' &&
           BeginsCookie(text.substr(at + 1)))) {
    ++at;
  }
  return at;
}

bool CountsAsSecret(std::string_view value, NameClass name_class) {
  if (HasPercentEscape(value)) {
    return IsRandomLooking(DecodePercent(value).text);
  }
  return IsUuid(value) ? name_class != NameClass::kPerhapsSession
                       : IsRandomLooking(value);
}

}  // namespace

bool SecretFinder::FindInNamed(std::string_view value, NameClass name_class,
                               Origin origin, std::size_t depth,
                               ScrubEdits& edits) {
  const bool is_parameter = origin == Origin::kParameter;
  const bool counts =
      IsAlwaysSecret(name_class) ||
      (IsPerhapsSecret(name_class) &&
       (is_parameter || CountsAsSecret(value, name_class))) ||
      (name_class == NameClass::kParameterToken && is_parameter);
  if (!counts) {
    return false;
  }
  // {"client_secret":"{…}"} is a secret whatever is in it; a token may have
  // been written as its claims.
  const bool is_password = name_class == NameClass::kPassword ||
                           name_class == NameClass::kPerhapsPin;
  if (IsMasked(value) ||
      (!is_password && FindInNestedJson(value, name_class, depth, edits))) {
    return true;
  }
  switch (name_class) {
    case NameClass::kPassword:
    case NameClass::kPerhapsPin:
      Redact(value, Unquoted(value, {0, value.size()}), edits);
      break;
    case NameClass::kAuthorization:
      FindInAuthorization(value, origin, depth, edits);
      break;
    case NameClass::kCookie:
    case NameClass::kSetCookie:
      FindInCookies(value, name_class == NameClass::kSetCookie, origin, edits);
      break;
    case NameClass::kToken:
    case NameClass::kPerhapsToken:
    case NameClass::kPerhapsSession:
    case NameClass::kParameterToken:
    case NameClass::kPlain:
    case NameClass::kForm:
    case NameClass::kParameters:
    case NameClass::kKeyPart:
    case NameClass::kPairName:
    case NameClass::kPairValue:
      FindToken(value, origin, edits);
      break;
  }
  return true;
}

void SecretFinder::FindToken(std::string_view value, Origin origin,
                             ScrubEdits& edits) {
  const bool decoded = origin == Origin::kParameter;
  TextRange token = Trimmed(value, {0, value.size()});
  const std::size_t space = value.find(' ', token.begin);
  if (space < token.end) {
    const auto kind =
        KindOfScheme(value.substr(token.begin, space - token.begin));
    if (kind == SchemeKind::kBasic || kind == SchemeKind::kParameters) {
      Redact(value, {space, token.end}, edits);
      return;
    }
    if (kind == SchemeKind::kToken) {
      token.begin = space;
    }
  }
  ReplaceToken(value, token, decoded, edits);
}

void SecretFinder::FindInAuthorization(std::string_view value, Origin origin,
                                       std::size_t depth, ScrubEdits& edits) {
  const TextRange all = Trimmed(value, {0, value.size()});
  const std::size_t word =
      RunEnd(value, all.begin, [](char c) { return !IsBlank(c); });
  const SchemeKind kind =
      KindOfScheme(value.substr(all.begin, word - all.begin));
  const bool decoded = origin == Origin::kParameter;
  if (word == all.end) {
    // A scheme word alone says nothing; another word is the credential.
    if (kind == SchemeKind::kNone) {
      ReplaceToken(value, all, decoded, edits);
    }
    return;
  }
  if (kind != SchemeKind::kToken) {
    Redact(value, {kind == SchemeKind::kNone ? all.begin : word, all.end},
           edits);
    return;
  }
  const std::size_t begin = RunEnd(value, word, IsBlank);
  const std::size_t end =
      RunEnd(value, begin, [](char c) { return !IsBlank(c) && c != ','; });
  ReplaceToken(value, {begin, end}, decoded, edits);
  // A second credential behind a comma.
  const std::size_t first = edits.size();
  FindInText(value.substr(end), false, depth, edits);
  for (std::size_t i = first; i < edits.size(); ++i) {
    edits[i].begin += end;
    edits[i].end += end;
  }
}

void SecretFinder::FindInCookies(std::string_view value, bool is_set_cookie,
                                 Origin origin, ScrubEdits& edits) {
  const bool decoded = origin == Origin::kParameter;
  std::size_t begin = 0;
  while (begin < value.size()) {
    const std::size_t end = CookieEnd(value, begin, is_set_cookie);
    const TextRange cookie = Trimmed(value, {begin, end});
    const std::size_t equals = value.find('=', cookie.begin);
    if (equals < cookie.end) {
      const TextRange name = Trimmed(value, {cookie.begin, equals});
      if (!is_set_cookie || !IsCookieAttribute(Cut(value, name))) {
        ReplaceToken(value, {equals + 1, cookie.end}, decoded, edits);
      }
    } else if ((begin == 0 && end == value.size()) ||
               IsRandomLooking(Cut(value, cookie))) {
      ReplaceToken(value, cookie, decoded, edits);  // without a name
    }
    begin = end + 1;
  }
}

}  // namespace authseal
