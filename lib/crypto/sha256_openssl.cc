#include "lib/crypto/sha256_openssl.h"

#include <new>

#include <openssl/evp.h>

#include "lib/base/check.h"

namespace authseal {
namespace {

constexpr std::uint8_t kNodePrefix = 0x01;

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

OpenSslSha256::OpenSslSha256() : context_(EVP_MD_CTX_new()) {
  if (context_ == nullptr) {
    throw std::bad_alloc();
  }
  Start();
}

OpenSslSha256::~OpenSslSha256() {
  EVP_MD_CTX_free(context_);
}

void OpenSslSha256::Start() {
  if (EVP_DigestInit_ex2(context_, Algorithm(), nullptr) != 1) {
    throw std::bad_alloc();
  }
}

void OpenSslSha256::Update(Bytes bytes) {
  // Fails only for a context that is not running.
  AUTHSEAL_CHECK(EVP_DigestUpdate(context_, bytes.data(), bytes.size()) == 1);
}

Hash OpenSslSha256::Finish() {
  Hash digest;
  unsigned int size_bytes = 0;
  AUTHSEAL_CHECK(
      EVP_DigestFinal_ex(context_, digest.bytes.data(), &size_bytes) == 1);
  AUTHSEAL_CHECK(size_bytes == Hash::kSizeBytes);
  Start();
  return digest;
}

void OpenSslSha256Prefixed(std::uint8_t prefix, std::span<const Bytes> messages,
                           std::span<Hash> out) {
  OpenSslSha256 digest;
  for (std::size_t i = 0; i < messages.size(); ++i) {
    digest.Update({&prefix, 1});
    digest.Update(messages[i]);
    out[i] = digest.Finish();
  }
}

void OpenSslSha256NodePairs(std::span<const Hash> pairs, std::span<Hash> out) {
  OpenSslSha256 digest;
  for (std::size_t i = 0; i < out.size(); ++i) {
    digest.Update({&kNodePrefix, 1});
    digest.Update(pairs[2 * i].view());
    digest.Update(pairs[2 * i + 1].view());
    out[i] = digest.Finish();
  }
}

}  // namespace authseal
