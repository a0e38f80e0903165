#include "lib/crypto/sha256.h"

#include <variant>

#include "lib/base/check.h"
#include "lib/crypto/sha256_messages.h"
#include "lib/crypto/sha256_openssl.h"

namespace authseal {

struct Sha256::State {
  std::variant<LaneSha256, OpenSslSha256> digest;

  State() {
    if (!Sha256LanesSupported()) {
      digest.emplace<OpenSslSha256>();
    }
  }
};

Sha256::Sha256() : state_(std::make_unique<State>()) {}
Sha256::~Sha256() = default;
Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;

Sha256& Sha256::Update(Bytes bytes) {
  std::visit([bytes](auto& digest) { digest.Update(bytes); }, state_->digest);
  return *this;
}

Hash Sha256::Finish() {
  return std::visit([](auto& digest) { return digest.Finish(); },
                    state_->digest);
}

Hash Sha256Of(Bytes message) {
  if (Sha256LanesSupported()) {
    LaneSha256 digest;
    digest.Update(message);
    return digest.Finish();
  }
  OpenSslSha256 digest;
  digest.Update(message);
  return digest.Finish();
}

void Sha256Prefixed(std::uint8_t prefix, std::span<const Bytes> messages,
                    std::span<Hash> out) {
  AUTHSEAL_CHECK(messages.size() == out.size());
  if (Sha256LanesSupported()) {
    LaneSha256Prefixed(prefix, messages, out);
  } else {
    OpenSslSha256Prefixed(prefix, messages, out);
  }
}

Hash Sha256PrefixedBeside(Bytes beside, std::uint8_t prefix,
                          std::span<const Bytes> messages,
                          std::span<Hash> out) {
  AUTHSEAL_CHECK(messages.size() == out.size());
  if (Sha256LanesSupported()) {
    return LaneSha256PrefixedBeside(beside, prefix, messages, out);
  }
  OpenSslSha256Prefixed(prefix, messages, out);
  return Sha256Of(beside);
}

void Sha256NodePairs(std::span<const Hash> pairs, std::span<Hash> out) {
  AUTHSEAL_CHECK(pairs.size() == 2 * out.size());
  if (Sha256LanesSupported()) {
    LaneSha256NodePairs(pairs, out);
  } else {
    OpenSslSha256NodePairs(pairs, out);
  }
}

}  // namespace authseal
