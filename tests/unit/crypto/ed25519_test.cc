#include "lib/crypto/ed25519.h"

#include <string>

#include <gtest/gtest.h>
#include <openssl/evp.h>

#include "tests/unit/crypto/hex.h"
#include "tests/unit/crypto/rfc8032.h"

namespace authseal {
namespace {

bool OpenSslVerifies(const Ed25519PublicKey& key, Bytes message,
                     const Ed25519Signature& signature) {
  EVP_PKEY* const point = EVP_PKEY_new_raw_public_key(
      EVP_PKEY_ED25519, nullptr, key.bytes.data(), key.bytes.size());
  EVP_MD_CTX* const context = EVP_MD_CTX_new();
  EXPECT_EQ(EVP_DigestVerifyInit(context, nullptr, nullptr, nullptr, point), 1);
  const bool verified =
      EVP_DigestVerify(context, signature.bytes.data(), signature.bytes.size(),
                       message.data(), message.size()) == 1;
  EVP_MD_CTX_free(context);
  EVP_PKEY_free(point);
  return verified;
}

TEST(VerifyEd25519, AcceptsTheAnswersOfRfc8032) {
  for (const Rfc8032Case& known : kRfc8032Cases) {
    EXPECT_TRUE(
        VerifyEd25519(FixedFromHex<Ed25519PublicKey>(known.public_key_hex),
                      FromHex(known.message_hex),
                      FixedFromHex<Ed25519Signature>(known.signature_hex)));
  }
}

TEST(VerifyEd25519, RefusesEveryFlippedBit) {
  const Rfc8032Case& known = kRfc8032Cases[2];
  const auto key = FixedFromHex<Ed25519PublicKey>(known.public_key_hex);
  const auto signature = FixedFromHex<Ed25519Signature>(known.signature_hex);
  const ByteVector message = FromHex(known.message_hex);
  for (std::size_t bit = 0; bit < 8 * signature.bytes.size(); ++bit) {
    Ed25519Signature changed = signature;
    changed.bytes[bit / 8] ^= static_cast<std::uint8_t>(1u << bit % 8);
    EXPECT_FALSE(VerifyEd25519(key, message, changed)) << bit;
  }
  for (std::size_t bit = 0; bit < 8 * key.bytes.size(); ++bit) {
    Ed25519PublicKey changed = key;
    changed.bytes[bit / 8] ^= static_cast<std::uint8_t>(1u << bit % 8);
    EXPECT_FALSE(VerifyEd25519(changed, message, signature)) << bit;
  }
  for (std::size_t bit = 0; bit < 8 * message.size(); ++bit) {
    ByteVector changed = message;
    changed[bit / 8] ^= static_cast<std::uint8_t>(1u << bit % 8);
    EXPECT_FALSE(VerifyEd25519(key, changed, signature)) << bit;
  }
  EXPECT_FALSE(VerifyEd25519(key, {}, signature));
}

TEST(VerifyEd25519, RefusesAllZeros) {
  EXPECT_FALSE(VerifyEd25519({}, AsBytes("text"), {}));
  const auto key =
      FixedFromHex<Ed25519PublicKey>(kRfc8032Cases[0].public_key_hex);
  EXPECT_FALSE(VerifyEd25519(key, AsBytes("text"), {}));
}

// S + L satisfies the same equation; whoever took it would know two signatures
// for one statement.
TEST(VerifyEd25519, RefusesTheSameSignatureWithTheOrderAdded) {
  const auto order = FixedFromHex<Hash>(
      "edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");
  const Rfc8032Case& known = kRfc8032Cases[0];
  auto signature = FixedFromHex<Ed25519Signature>(known.signature_hex);
  unsigned carry = 0;
  for (std::size_t i = 0; i < 32; ++i) {
    const unsigned sum = signature.bytes[32 + i] + order.bytes[i] + carry;
    signature.bytes[32 + i] = static_cast<std::uint8_t>(sum);
    carry = sum >> 8;
  }
  ASSERT_EQ(carry, 0u);
  EXPECT_FALSE(
      VerifyEd25519(FixedFromHex<Ed25519PublicKey>(known.public_key_hex),
                    FromHex(known.message_hex), signature));
}

TEST(VerifyEd25519, RefusesAKeyThatIsNoPoint) {
  // y = 2 is on no point of the curve.
  Ed25519PublicKey key;
  key.bytes[0] = 2;
  const auto signature =
      FixedFromHex<Ed25519Signature>(kRfc8032Cases[0].signature_hex);
  EXPECT_FALSE(VerifyEd25519(key, {}, signature));
}

// R the neutral element and S = 0: nobody's signature, which OpenSSL accepts
// whenever the hash of the message is a multiple of the key's order. For each
// small-order key a message is searched for which it does, so that the refusal
// shown is ours.
TEST(VerifyEd25519, RefusesForgeriesUnderEverySmallOrderKey) {
  const std::string_view kY[] = {
      "0000000000000000000000000000000000000000000000000000000000000000",
      "0100000000000000000000000000000000000000000000000000000000000000",
      "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
      "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
      "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
      "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
      "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  };
  Ed25519Signature forged;
  forged.bytes[0] = 1;
  for (const std::string_view y : kY) {
    for (const bool negative : {false, true}) {
      auto key = FixedFromHex<Ed25519PublicKey>(y);
      key.bytes[31] =
          static_cast<std::uint8_t>(key.bytes[31] | (negative ? 0x80 : 0));
      bool openssl_was_fooled = false;
      for (int i = 0; i < 200; ++i) {
        const std::string message = "nobody signed this " + std::to_string(i);
        openssl_was_fooled |= OpenSslVerifies(key, AsBytes(message), forged);
        EXPECT_FALSE(VerifyEd25519(key, AsBytes(message), forged));
      }
      EXPECT_TRUE(openssl_was_fooled) << y << " " << negative;
    }
  }
}

}  // namespace
}  // namespace authseal
