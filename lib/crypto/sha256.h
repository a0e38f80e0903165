// SHA-256 (FIPS 180-4), one message at a time or many.
#ifndef AUTHSEAL_CRYPTO_SHA256_H_
#define AUTHSEAL_CRYPTO_SHA256_H_

#include <memory>
#include <span>

#include "lib/base/bytes.h"

namespace authseal {

// One running digest. Movable; not for use by two threads at once.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(Sha256&&) noexcept;
  Sha256& operator=(Sha256&&) noexcept;
  Sha256(const Sha256&) = delete;
  Sha256& operator=(const Sha256&) = delete;

  Sha256& Update(Bytes bytes);
  // Returns the digest and starts afresh, so one object serves many messages.
  Hash Finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

Hash Sha256Of(Bytes message);

// out[i] = SHA-256(prefix ‖ messages[i]). The bulk path of leaf hashing: the
// one place where several messages can be hashed side by side.
// messages.size() == out.size().
void Sha256Prefixed(std::uint8_t prefix, std::span<const Bytes> messages,
                    std::span<Hash> out);

// The same, and returns SHA-256(beside): one long message, without the prefix,
// that takes the second lane while the many take the first.
Hash Sha256PrefixedBeside(Bytes beside, std::uint8_t prefix,
                          std::span<const Bytes> messages, std::span<Hash> out);

// out[i] = SHA-256(0x01 ‖ pairs[2i] ‖ pairs[2i+1]); pairs.size() ==
// 2 * out.size(); out may begin where pairs begins.
void Sha256NodePairs(std::span<const Hash> pairs, std::span<Hash> out);

}  // namespace authseal

#endif  // AUTHSEAL_CRYPTO_SHA256_H_
