// RFC 3161 replies: a timestamping authority's word that some bytes existed
// at a time. Part of the verify core: nothing here signs.
//
// Three steps, each an error of its own: the reply is well formed and signed
// by a certificate it carries (Decode), it is about these bytes (CheckIsFor),
// and an authority the verifier trusts signed it (Verify). Only after the
// third does the time mean anything.
#ifndef AUTHSEAL_CRYPTO_TIMESTAMP_REPLY_H_
#define AUTHSEAL_CRYPTO_TIMESTAMP_REPLY_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "lib/base/bytes.h"
#include "lib/base/result.h"
#include "lib/base/types.h"
#include "lib/crypto/timestamp_authorities.h"
#include "lib/crypto/timestamp_request.h"

namespace authseal {

// What a reply states.
struct TimestampStatement {
  Hash imprint;                     // SHA-256 of what was stamped
  UnixNanos time;                   // genTime; 1970 to 2262
  std::int64_t accuracy_nanos = 0;  // 0 where none is stated
  std::string policy;               // decimal dots
  std::string serial;               // hexadecimal digits
  std::optional<std::string> nonce;

  // The time by which the bytes existed, whatever the TSA's clock was off by.
  UnixNanos no_later_than() const { return {time.value + accuracy_nanos}; }
};

// Movable. Const calls on one object by one thread at a time.
class TimestampReply {
 public:
  // A whole, granted reply of version 1 over a SHA-256 digest, with exactly
  // one signature, which holds under a certificate inside. Error: kDamaged.
  static Result<TimestampReply> Decode(Bytes der);

  ~TimestampReply();
  TimestampReply(TimestampReply&&) noexcept;
  TimestampReply& operator=(TimestampReply&&) noexcept;
  TimestampReply(const TimestampReply&) = delete;
  TimestampReply& operator=(const TimestampReply&) = delete;

  const TimestampStatement& statement() const { return statement_; }
  // Subject of the certificate that signed, in the form of RFC 2253.
  const std::string& tsa() const { return tsa_; }

  // Whether it is about the bytes with this digest and, where there is a
  // request, has its nonce. Error: kDamaged.
  Status CheckIsFor(const Hash& imprint,
                    const std::optional<TimestampRequest>& request) const;

  // Whether the signer's certificate is the leaf of a chain to `authorities`,
  // all valid at the reply's time, fit to stamp and nothing else, the one its
  // ESSCertID names, and no digest or key on the way is weak (112 bits at
  // least). In what order certificates stand in the reply does not matter;
  // revocation is not looked up. Error: kDamaged.
  Status Verify(const TimestampAuthorities& authorities) const;

  struct Token;  // private to lib/crypto

 private:
  TimestampReply();
  std::unique_ptr<Token> token_;
  TimestampStatement statement_;
  std::string tsa_;
};

}  // namespace authseal

#endif  // AUTHSEAL_CRYPTO_TIMESTAMP_REPLY_H_
