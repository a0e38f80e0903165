#include "lib/scrub/token_shapes.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>

#include "lib/base/encoding.h"
#include "lib/scrub/characters.h"
#include "lib/scrub/token_prefixes.h"
#include "lib/scrub/value_look.h"

namespace authseal {
namespace {

// {"alg":"none"} is 14 bytes, 19 in base64url.
constexpr std::size_t kJwtHeaderBytesMin = 12;

constexpr std::size_t kProbeBytes = 64;

bool HasDigit(std::string_view text) {
  return std::any_of(text.begin(), text.end(), IsDigit);
}

// A word of prose after "Bearer": all small letters, or one capital in front.
bool IsProse(std::string_view word) {
  constexpr std::size_t kProseBytesMax = 23;
  if (word.size() > kProseBytesMax || HasDigit(word)) {
    return false;
  }
  for (std::size_t i = 1; i < word.size(); ++i) {
    if (IsLower(word[i - 1]) && IsUpper(word[i])) {
      return false;
    }
  }
  return true;
}

// user:password, as RFC 7617 encodes it.
bool IsBasicCredentials(std::string_view base64) {
  std::string padded(base64);
  while (padded.size() % 4 != 0) {
    padded.push_back('=');
  }
  const auto decoded = Base64Decode(padded);
  return decoded.has_value() &&
         std::find(decoded->begin(), decoded->end(), ':') != decoded->end();
}

SchemeMatch MatchBearer(std::string_view text, std::size_t begin) {
  const std::size_t end = RunEnd(text, begin, IsTokenChar);
  const std::string_view token = text.substr(begin, end - begin);
  const std::string_view rest = text.substr(end);
  const std::size_t equals = token.find_last_not_of('=') + 1;
  // realm="x", error=invalid_token: parameters of a challenge; sha256:… is
  // ours.
  const bool parameter =
      token.substr(0, equals).find('=') != std::string_view::npos ||
      (equals < token.size() && rest.starts_with('"'));
  if (token.empty() || parameter || IsProse(token) ||
      (token == "sha256" && rest.starts_with(':'))) {
    return {};
  }
  return {SchemeKind::kToken, {begin, end}};
}

bool IsBoundary(std::string_view text, std::size_t at) {
  return at == 0 || !IsAlnum(text[at - 1]);
}

}  // namespace

JwtMatch MatchJwt(std::string_view text, std::size_t begin) {
  constexpr std::size_t kJweParts = 5;
  std::array<std::size_t, kJweParts> ends = {};
  std::size_t parts = 0;
  std::size_t at = begin;
  while (true) {
    at = RunEnd(text, at, IsBase64Url);
    ends[parts++] = at;
    if (parts == kJweParts || at == text.size() || text[at] != '.') {
      break;
    }
    ++at;
  }
  if (ends[0] - begin < kJwtHeaderBytesMin || parts < 3) {
    // What follows the first dot may begin a token of its own.
    return {false, ends[0]};
  }
  const bool jwe = parts == kJweParts && ends[4] > ends[3] + 1;
  std::size_t end = jwe ? ends[4] : ends[2];
  // Disclosures of an SD-JWT.
  if (end < text.size() && text[end] == '~') {
    end = RunEnd(text, end, [](char c) { return IsBase64Url(c) || c == '~'; });
  }
  return {true, end};
}

SchemeKind KindOfScheme(std::string_view word) {
  for (const std::string_view scheme :
       {"bearer", "dpop", "ssws", "token", "oauth", "apikey", "pop"}) {
    if (EqualsFolded(word, scheme)) {
      return SchemeKind::kToken;
    }
  }
  if (EqualsFolded(word, "basic")) {
    return SchemeKind::kBasic;
  }
  for (const std::string_view scheme :
       {"digest", "negotiate", "ntlm", "aws4-hmac-sha256", "hawk", "mac",
        "signature", "sharedkey", "sharedaccesssignature", "googlelogin",
        "gnap", "hoba", "mutual", "scram-sha-256", "splunk"}) {
    if (EqualsFolded(word, scheme)) {
      return SchemeKind::kParameters;
    }
  }
  return SchemeKind::kNone;
}

SchemeMatch MatchScheme(std::string_view text, std::size_t space) {
  std::size_t word = space;
  while (word > 0 && space - word < 7 && IsAlnum(text[word - 1])) {
    --word;
  }
  const std::string_view scheme = text.substr(word, space - word);
  const std::size_t begin =
      RunEnd(text, space, [](char c) { return c == ' '; });
  if (EqualsFolded(scheme, "bearer") || EqualsFolded(scheme, "dpop")) {
    return MatchBearer(text, begin);
  }
  if (scheme == "SSWS") {
    const std::size_t end = RunEnd(text, begin, IsBase64Url);
    const bool token = end - begin >= 20 && text.substr(begin, 2) == "00";
    return token ? SchemeMatch{SchemeKind::kToken, {begin, end}}
                 : SchemeMatch{};
  }
  if (EqualsFolded(scheme, "basic")) {
    const std::size_t end = RunEnd(text, begin, [](char c) {
      return IsAlnum(c) || c == '+' || c == '/' || c == '=';
    });
    return IsBasicCredentials(text.substr(begin, end - begin))
               ? SchemeMatch{SchemeKind::kBasic, {begin, end}}
               : SchemeMatch{};
  }
  return {};
}

std::optional<TextRange> MatchPrefixed(std::string_view text,
                                       std::size_t anchor) {
  if (anchor == 0) {
    return std::nullopt;
  }
  for (const TokenPrefix& prefix : kTokenPrefixes) {
    if (text[anchor - 1] != prefix.text[prefix.anchor - 1] ||
        anchor < prefix.anchor) {
      continue;
    }
    const std::size_t begin = anchor - prefix.anchor;
    if (!IsBoundary(text, begin) ||
        text.substr(begin, prefix.text.size()) != prefix.text) {
      continue;
    }
    const std::size_t rest = begin + prefix.text.size();
    // A look at the front first, so that a run full of false starts does not
    // cost its length each time.
    const std::string_view near =
        text.substr(rest, std::max(prefix.rest_bytes, kProbeBytes));
    const std::string_view probe = near.substr(0, RunEnd(near, 0, IsTokenChar));
    if (probe.size() < prefix.rest_bytes ||
        (prefix.random && !HasDigit(probe) && !IsRandomLooking(probe))) {
      continue;
    }
    std::size_t end = RunEnd(text, rest, IsTokenChar);
    while (end > rest && text[end - 1] == '.') {
      --end;  // of the sentence
    }
    return TextRange{begin, end};
  }
  return std::nullopt;
}

std::optional<TextRange> MatchPrivateKey(std::string_view text,
                                         std::size_t begin) {
  constexpr std::string_view kBegin = "-----BEGIN ";
  constexpr std::string_view kEnd = "-----END ";
  constexpr std::string_view kPrivateKey = "PRIVATE KEY";
  constexpr std::size_t kLabelBytesMax = 40;
  if (!text.substr(begin).starts_with(kBegin)) {
    return std::nullopt;
  }
  const std::string_view label =
      text.substr(begin + kBegin.size(), kLabelBytesMax);
  if (label.substr(0, label.find("-----")).find(kPrivateKey) ==
      std::string_view::npos) {
    return std::nullopt;
  }
  const std::size_t last = text.find(kEnd, begin);
  if (last == std::string_view::npos) {
    return TextRange{begin, text.size()};
  }
  const std::size_t dashes = text.find("-----", last + kEnd.size());
  return TextRange{begin,
                   dashes == std::string_view::npos ? text.size() : dashes + 5};
}

std::optional<TextRange> MatchHookUrl(std::string_view text,
                                      std::size_t colon) {
  constexpr std::size_t kSecretBytesMin = 16;
  std::string_view url = text.substr(colon + 3);
  for (const std::string_view place :
       {"hooks.slack.com/services/", "hooks.slack.com/workflows/",
        "hooks.slack.com/triggers/", "discord.com/api/webhooks/",
        "discordapp.com/api/webhooks/", "outlook.office.com/webhook/",
        "api.telegram.org/bot", "hooks.zapier.com/hooks/catch/"}) {
    if (!url.starts_with(place)) {
      continue;
    }
    const std::size_t begin = colon + 3 + place.size();
    const bool is_one_step = !place.ends_with('/');
    const std::size_t end = RunEnd(text, begin, [&](char c) {
      return (IsTokenChar(c) && !(c == '/' && is_one_step)) || c == ':' ||
             c == '@' || c == '%';
    });
    return end - begin < kSecretBytesMin ? std::nullopt
                                         : std::optional(TextRange{begin, end});
  }
  return std::nullopt;
}

bool IsTokenByBuild(std::string_view string) {
  constexpr std::size_t kOktaBytes = 42;
  return string.size() == kOktaBytes && string.starts_with("00") &&
         std::all_of(string.begin(), string.end(), IsBase64Url) &&
         std::any_of(string.begin(), string.end(), IsUpper) &&
         std::any_of(string.begin(), string.end(), IsLower);
}

std::optional<TextRange> MatchUrlToken(std::string_view text,
                                       std::size_t colon) {
  const std::size_t user = colon + 3;
  const std::size_t end =
      RunEnd(text, user, [](char c) { return IsBase64Url(c) || c == '.'; });
  const bool is_token = end < text.size() && text[end] == '@' &&
                        IsRandomLooking(text.substr(user, end - user));
  return is_token ? std::optional(TextRange{user, end}) : std::nullopt;
}

std::optional<TextRange> MatchUrlPassword(std::string_view text,
                                          std::size_t colon) {
  const std::size_t user = colon + 3;
  const std::size_t end = RunEnd(text, user, [](char c) {
    return !IsBlank(c) && !IsQuote(c) && c != '/' && c != '?' && c != '#' &&
           c != '<' && c != '>' && c != ',';
  });
  const std::string_view authority = text.substr(user, end - user);
  const std::size_t at = authority.rfind('@');
  const std::size_t password = authority.find(':');
  if (at == std::string_view::npos || password == std::string_view::npos ||
      password + 1 >= at) {
    return std::nullopt;
  }
  return TextRange{user + password + 1, user + at};
}

}  // namespace authseal
