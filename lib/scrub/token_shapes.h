// Secrets that are known by their shape, wherever they stand in a text. Each
// function looks at one place only and takes time linear in what it matches.
#ifndef AUTHSEAL_SCRUB_TOKEN_SHAPES_H_
#define AUTHSEAL_SCRUB_TOKEN_SHAPES_H_

#include <cstddef>
#include <optional>
#include <string_view>

namespace authseal {

// Bytes [begin, end) of a text.
struct TextRange {
  std::size_t begin = 0;
  std::size_t end = 0;
};

// The end of the JWS or JWE (RFC 7515, 7516, compact) that begins with the
// "eyJ" at `begin`; else where looking for another one may go on.
struct JwtMatch {
  bool found = false;
  std::size_t end = 0;
};
JwtMatch MatchJwt(std::string_view text, std::size_t begin);

enum class SchemeKind {
  kNone,
  kToken,       // Bearer, DPoP, SSWS …: the credentials are a token
  kBasic,       // RFC 7617
  kParameters,  // Digest, AWS4-HMAC-SHA256 …
};
SchemeKind KindOfScheme(std::string_view word);

// The credentials behind the scheme word that ends at `space`, in running
// text, where "Bearer token missing" and "Basic plan" must stay.
struct SchemeMatch {
  SchemeKind kind = SchemeKind::kNone;
  TextRange credentials;
};
SchemeMatch MatchScheme(std::string_view text, std::size_t space);

// A token with a provider's prefix (ory_at_, ghp_, xoxb-, ya29. …) whose first
// '_', '-', '.', '/' or 'w' stands at `anchor`.
std::optional<TextRange> MatchPrefixed(std::string_view text,
                                       std::size_t anchor);

// A PEM private key that begins with the "-----" at `begin`; one without its
// last line ends with the text.
std::optional<TextRange> MatchPrivateKey(std::string_view text,
                                         std::size_t begin);

// What follows the host and path of a web hook (Slack, Discord, Teams,
// Telegram), the "://" being at `colon`.
std::optional<TextRange> MatchHookUrl(std::string_view text, std::size_t colon);

// A whole string that is a token by its build: 42 bytes that begin with "00",
// Okta's API tokens.
bool IsTokenByBuild(std::string_view string);

// The token of scheme://token@host.
std::optional<TextRange> MatchUrlToken(std::string_view text,
                                       std::size_t colon);

// The password of scheme://user:password@host, the "://" being at `colon`.
std::optional<TextRange> MatchUrlPassword(std::string_view text,
                                          std::size_t colon);

}  // namespace authseal

#endif  // AUTHSEAL_SCRUB_TOKEN_SHAPES_H_
