#include "lib/crypto/sha256.h"

#include <new>

#include <openssl/evp.h>

#include "lib/base/check.h"

namespace authseal {
namespace {

// Looked up once and kept for the life of the process: an implicit fetch costs
// more than hashing a tree node. Immutable, so threads may share it.
const EVP_MD* Algorithm() {
  static const EVP_MD* const algorithm = [] {
    const EVP_MD* fetched = EVP_MD_fetch(nullptr, "SHA256", nullptr);
    if (fetched == nullptr) {
      throw std::bad_alloc();  // SHA-256 is in every provider we run with
    }
    return fetched;
  }();
  return algorithm;
}

}  // namespace

struct Sha256::State {
  EVP_MD_CTX* context = EVP_MD_CTX_new();

  State() {
    if (context == nullptr) {
      throw std::bad_alloc();
    }
    Start();
  }
  ~State() { EVP_MD_CTX_free(context); }
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  void Start() {
    if (EVP_DigestInit_ex2(context, Algorithm(), nullptr) != 1) {
      EVP_MD_CTX_free(context);
      context = nullptr;
      throw std::bad_alloc();
    }
  }
};

Sha256::Sha256() : state_(std::make_unique<State>()) {}
Sha256::~Sha256() = default;
Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;

Sha256& Sha256::Update(Bytes bytes) {
  // Fails only for a context that is not running.
  AUTHSEAL_CHECK(
      EVP_DigestUpdate(state_->context, bytes.data(), bytes.size()) == 1);
  return *this;
}

Hash Sha256::Finish() {
  Hash digest;
  unsigned int size_bytes = 0;
  AUTHSEAL_CHECK(EVP_DigestFinal_ex(state_->context, digest.bytes.data(),
                                    &size_bytes) == 1);
  AUTHSEAL_CHECK(size_bytes == Hash::kSizeBytes);
  state_->Start();
  return digest;
}

Hash Sha256Of(Bytes message) {
  return Sha256().Update(message).Finish();
}

void Sha256Prefixed(std::uint8_t prefix, std::span<const Bytes> messages,
                    std::span<Hash> out) {
  AUTHSEAL_CHECK(messages.size() == out.size());
  Sha256 digest;
  for (std::size_t i = 0; i < messages.size(); ++i) {
    out[i] = digest.Update({&prefix, 1}).Update(messages[i]).Finish();
  }
}

void Sha256NodePairs(std::span<const Hash> pairs, std::span<Hash> out) {
  AUTHSEAL_CHECK(pairs.size() == 2 * out.size());
  constexpr std::uint8_t kNodePrefix = 0x01;
  Sha256 digest;
  for (std::size_t i = 0; i < out.size(); ++i) {
    digest.Update({&kNodePrefix, 1});
    digest.Update(pairs[2 * i].view()).Update(pairs[2 * i + 1].view());
    out[i] = digest.Finish();
  }
}

}  // namespace authseal
