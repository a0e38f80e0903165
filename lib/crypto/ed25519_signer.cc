#include "lib/crypto/ed25519_signer.h"

#include <algorithm>
#include <cerrno>
#include <memory>
#include <sys/random.h>
#include <utility>

#include <openssl/evp.h>

namespace authseal {
namespace {

constexpr std::size_t kSeedSizeBytes = 32;
// A call of this size or less is never cut short once the pool is ready.
constexpr std::size_t kRandomChunkSizeBytes = 256;

struct FreeKey {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
struct FreeContext {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
using KeyPair = std::unique_ptr<EVP_PKEY, FreeKey>;

// OpenSSL keeps its copy in memory that it cleanses when the pair is freed, and
// that is not locked: EVP_PKEY_fromdata() copies to the ordinary heap even
// where the secure one was set up. So pairs live as short as possible.
KeyPair MakeKeyPair(Bytes seed) {
  return KeyPair(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr,
                                              seed.data(), seed.size()));
}

Error OutOfMemory() {
  return {ErrorCode::kTemporary, "cannot set up an Ed25519 key",
          "free some memory and try again"};
}

}  // namespace

Result<Ed25519Signer> Ed25519Signer::FromSeed(Secret seed) {
  if (seed.view().size() != kSeedSizeBytes) {
    return Error{ErrorCode::kKey, "an Ed25519 seed has 32 bytes",
                 "check that the key file is whole"};
  }
  const KeyPair pair = MakeKeyPair(seed.view());
  Ed25519Signer signer;
  std::size_t size_bytes = signer.public_key_.bytes.size();
  if (pair == nullptr ||
      EVP_PKEY_get_raw_public_key(pair.get(), signer.public_key_.bytes.data(),
                                  &size_bytes) != 1 ||
      size_bytes != signer.public_key_.bytes.size()) {
    return OutOfMemory();
  }
  signer.seed_ = std::move(seed);
  return signer;
}

Result<Ed25519Signer> Ed25519Signer::Generate() {
  Secret seed(kSeedSizeBytes);
  TRY(RandomBytes(seed.span()));
  return FromSeed(std::move(seed));
}

Result<Ed25519Signature> Ed25519Signer::Sign(Bytes message) const {
  const KeyPair pair = MakeKeyPair(seed_.view());
  const std::unique_ptr<EVP_MD_CTX, FreeContext> context(EVP_MD_CTX_new());
  Ed25519Signature signature;
  std::size_t size_bytes = signature.bytes.size();
  if (pair == nullptr || context == nullptr ||
      EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr,
                         pair.get()) != 1 ||
      EVP_DigestSign(context.get(), signature.bytes.data(), &size_bytes,
                     message.data(), message.size()) != 1 ||
      size_bytes != signature.bytes.size()) {
    return OutOfMemory();
  }
  // A fault while signing can give the key away; it would not verify.
  if (!VerifyEd25519(public_key_, message, signature)) {
    return Error{ErrorCode::kInternal, "a fresh signature does not verify",
                 "check this machine's memory"};
  }
  return signature;
}

Status RandomBytes(MutableBytes out) {
  while (!out.empty()) {
    const std::size_t wanted = std::min(out.size(), kRandomChunkSizeBytes);
    const ssize_t filled = getrandom(out.data(), wanted, 0);
    if (filled < 0) {
      if (errno == EINTR) {
        continue;
      }
      return Error{ErrorCode::kTemporary, "the kernel gave no random bytes",
                   "try again"};
    }
    out = out.subspan(static_cast<std::size_t>(filled));
  }
  return Ok();
}

}  // namespace authseal
