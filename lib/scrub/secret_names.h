// What the name of a member, parameter or header says about its value.
#ifndef AUTHSEAL_SCRUB_SECRET_NAMES_H_
#define AUTHSEAL_SCRUB_SECRET_NAMES_H_

#include <cstdint>
#include <string_view>

namespace authseal {

enum class NameClass : std::uint8_t {
  kPlain,
  kToken,     // fingerprinted
  kPassword,  // redacted
  // These mean other things too. They count as URL or form parameters, else
  // only where the value is random-looking.
  kPerhapsToken,    // `code token nonce assertion`
  kPerhapsSession,  // `state session`, where a UUID is an identifier to keep
  kPerhapsPin,      // redacted
  kParameterToken,  // a token in a URL or form, nothing elsewhere
  kAuthorization,   // a scheme word and credentials
  kCookie,          // name=value; name=value
  kSetCookie,       // name=value; attributes
  kForm,            // no secret itself: a query string or form body
  kParameters,      // the same, or an object whose members are parameters
  kKeyPart,         // of a private JWK, RFC 7518: a secret beside "kty";
                    // an answer beside "question"
  kPairName,        // {"name":"cookie","value":"…"}
  kPairValue,
};

// The whole name counts, after folding case, '-', '_' and ' ', and without
// words in front such as "x-" and "http_" that only say that it is a header;
// of a name with dots also its last part, for the names that mean one thing.
NameClass ClassifyName(std::string_view name);

// As ClassifyName, for the name of a URL or form parameter: may be
// percent-encoded, of `user[password]` the brackets' inside counts.
NameClass ClassifyParameter(std::string_view name);

// As ClassifyName, for the name of an environment variable, in capitals:
// AUTH0_CLIENT_SECRET and GITHUB_TOKEN say it with their last words.
NameClass ClassifyVariable(std::string_view name);

// ClassifyParameter, and where that says nothing, ClassifyVariable.
NameClass ClassifyAssigned(std::string_view name);

// A header that holds credentials.
bool IsCredentialHeader(NameClass name_class);
// One of the kPerhaps… classes.
bool IsPerhapsSecret(NameClass name_class);
// Secret whatever the value looks like.
bool IsAlwaysSecret(NameClass name_class);

}  // namespace authseal

#endif  // AUTHSEAL_SCRUB_SECRET_NAMES_H_
