#include "lib/crypto/passphrase_box.h"

#include <algorithm>
#include <limits>
#include <memory>

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/params.h>

namespace authseal {
namespace {

constexpr std::size_t kKeySizeBytes = 32;
constexpr std::array<std::uint8_t, 12> kNonce = {};
constexpr std::uint64_t kLog2NMin = 10;
constexpr std::uint64_t kLog2NMax = 20;
constexpr std::uint64_t kRMax = 32;
constexpr std::uint64_t kPMax = 4;
constexpr std::uint64_t kMemorySizeBytesMax = std::uint64_t{1} << 30;
// Beside the large table scrypt wants 128 * r * p bytes and a little.
constexpr std::uint64_t kMemoryReserveBytes = std::uint64_t{1} << 20;

struct FreeKdf {
  void operator()(EVP_KDF* kdf) const { EVP_KDF_free(kdf); }
};
struct FreeKdfContext {
  void operator()(EVP_KDF_CTX* context) const { EVP_KDF_CTX_free(context); }
};
struct FreeCipherContext {
  void operator()(EVP_CIPHER_CTX* context) const {
    EVP_CIPHER_CTX_free(context);
  }
};
using CipherContext = std::unique_ptr<EVP_CIPHER_CTX, FreeCipherContext>;

std::uint64_t MemorySizeBytes(const ScryptCost& cost) {
  return (std::uint64_t{128} << cost.log2_n) * cost.r;
}

Error NoMemory() {
  return {ErrorCode::kTemporary, "cannot set up the passphrase's key",
          "free some memory and try again"};
}

Error WrongPassphrase() {
  return {ErrorCode::kKey, "the passphrase is wrong, or the key was changed",
          "try again; without the passphrase the key cannot be had"};
}

// OpenSSL counts in int; a key is far below.
bool Fits(Bytes bytes) {
  return bytes.size() <=
         static_cast<std::size_t>(std::numeric_limits<int>::max());
}

bool Feed(EVP_CIPHER_CTX* context, std::uint8_t* out, Bytes in) {
  int written = 0;
  return EVP_CipherUpdate(context, out, &written, in.data(),
                          static_cast<int>(in.size())) == 1 &&
         static_cast<std::size_t>(written) == in.size();
}

CipherContext Begin(const Secret& key, bool encrypt) {
  CipherContext context(EVP_CIPHER_CTX_new());
  if (context == nullptr || key.view().size() != kKeySizeBytes ||
      EVP_CipherInit_ex(context.get(), EVP_chacha20_poly1305(), nullptr,
                        key.view().data(), kNonce.data(),
                        encrypt ? 1 : 0) != 1) {
    return nullptr;
  }
  return context;
}

}  // namespace

Status CheckScryptCost(const ScryptCost& cost) {
  if (cost.log2_n < kLog2NMin || cost.log2_n > kLog2NMax || cost.r == 0 ||
      cost.r > kRMax || cost.p == 0 || cost.p > kPMax ||
      MemorySizeBytes(cost) > kMemorySizeBytesMax) {
    return Error{ErrorCode::kKey, "scrypt parameters out of bounds",
                 "the file is not as authseal wrote it; restore it"};
  }
  return Ok();
}

Result<Secret> DerivePassphraseKey(Bytes passphrase, const ScryptSalt& salt,
                                   const ScryptCost& cost) {
  TRY(CheckScryptCost(cost));
  const std::unique_ptr<EVP_KDF, FreeKdf> kdf(
      EVP_KDF_fetch(nullptr, "SCRYPT", nullptr));
  const std::unique_ptr<EVP_KDF_CTX, FreeKdfContext> context(
      kdf == nullptr ? nullptr : EVP_KDF_CTX_new(kdf.get()));
  if (context == nullptr) {
    return NoMemory();
  }
  std::uint64_t n = std::uint64_t{1} << cost.log2_n;
  std::uint64_t r = cost.r;
  std::uint64_t p = cost.p;
  std::uint64_t memory = MemorySizeBytes(cost) + kMemoryReserveBytes;
  // The interface takes what it only reads as not const.
  const std::array<OSSL_PARAM, 7> parameters = {
      OSSL_PARAM_construct_octet_string(
          OSSL_KDF_PARAM_PASSWORD, const_cast<std::uint8_t*>(passphrase.data()),
          passphrase.size()),
      OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SALT,
                                        const_cast<std::uint8_t*>(salt.data()),
                                        salt.size()),
      OSSL_PARAM_construct_uint64(OSSL_KDF_PARAM_SCRYPT_N, &n),
      OSSL_PARAM_construct_uint64(OSSL_KDF_PARAM_SCRYPT_R, &r),
      OSSL_PARAM_construct_uint64(OSSL_KDF_PARAM_SCRYPT_P, &p),
      OSSL_PARAM_construct_uint64(OSSL_KDF_PARAM_SCRYPT_MAXMEM, &memory),
      OSSL_PARAM_construct_end()};
  Secret key(kKeySizeBytes);
  if (EVP_KDF_derive(context.get(), key.span().data(), kKeySizeBytes,
                     parameters.data()) != 1) {
    return NoMemory();
  }
  return key;
}

Result<ByteVector> CloseBox(const Secret& key, Bytes plain, Bytes bound) {
  const CipherContext context = Begin(key, /*encrypt=*/true);
  ByteVector box(plain.size() + kBoxTagSizeBytes);
  std::uint8_t* const tag = box.data() + plain.size();
  int rest = 0;
  if (context == nullptr || !Fits(plain) || !Fits(bound) ||
      !Feed(context.get(), nullptr, bound) ||
      !Feed(context.get(), box.data(), plain) ||
      EVP_CipherFinal_ex(context.get(), tag, &rest) != 1 ||
      EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_GET_TAG,
                          static_cast<int>(kBoxTagSizeBytes), tag) != 1) {
    return NoMemory();
  }
  return box;
}

Result<Secret> OpenBox(const Secret& key, Bytes box, Bytes bound) {
  if (box.size() <= kBoxTagSizeBytes || !Fits(box) || !Fits(bound)) {
    return WrongPassphrase();
  }
  const CipherContext context = Begin(key, /*encrypt=*/false);
  const Bytes sealed = box.first(box.size() - kBoxTagSizeBytes);
  std::array<std::uint8_t, kBoxTagSizeBytes> tag = {};
  std::copy(box.end() - kBoxTagSizeBytes, box.end(), tag.begin());
  Secret plain(sealed.size());
  if (context == nullptr ||
      EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_SET_TAG,
                          static_cast<int>(kBoxTagSizeBytes),
                          tag.data()) != 1 ||
      !Feed(context.get(), nullptr, bound) ||
      !Feed(context.get(), plain.span().data(), sealed)) {
    return NoMemory();
  }
  int rest = 0;
  std::uint8_t nothing = 0;
  if (EVP_CipherFinal_ex(context.get(), &nothing, &rest) != 1) {
    return WrongPassphrase();
  }
  return plain;
}

}  // namespace authseal
