// The certificates that a verifier trusts to say what a timestamping
// authority is. They come from the verifier, never from an archive.
#ifndef AUTHSEAL_CRYPTO_TIMESTAMP_AUTHORITIES_H_
#define AUTHSEAL_CRYPTO_TIMESTAMP_AUTHORITIES_H_

#include <memory>
#include <string_view>

#include "lib/base/result.h"

namespace authseal {

class TimestampAuthorities {
 public:
  // Every certificate of a PEM text; others may stand between. Error:
  // kInvalidArgument when there is none, or one cannot be read.
  static Result<TimestampAuthorities> FromPem(std::string_view pem);

  ~TimestampAuthorities();
  TimestampAuthorities(TimestampAuthorities&&) noexcept;
  TimestampAuthorities& operator=(TimestampAuthorities&&) noexcept;
  TimestampAuthorities(const TimestampAuthorities&) = delete;
  TimestampAuthorities& operator=(const TimestampAuthorities&) = delete;

  struct Certificates;  // private to lib/crypto
  const Certificates& certificates() const { return *certificates_; }

 private:
  TimestampAuthorities();
  std::unique_ptr<Certificates> certificates_;
};

}  // namespace authseal

#endif  // AUTHSEAL_CRYPTO_TIMESTAMP_AUTHORITIES_H_
