#include "lib/crypto/ed25519_signer.h"

#include <algorithm>
#include <array>
#include <thread>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "tests/unit/crypto/hex.h"
#include "tests/unit/crypto/rfc8032.h"

namespace authseal {
namespace {

Secret SecretFromHex(std::string_view hex) {
  const ByteVector bytes = FromHex(hex);
  Secret secret(bytes.size());
  std::copy(bytes.begin(), bytes.end(), secret.span().begin());
  return secret;
}

TEST(Ed25519Signer, GivesTheAnswersOfRfc8032) {
  for (const Rfc8032Case& known : kRfc8032Cases) {
    const auto signer = Ed25519Signer::FromSeed(SecretFromHex(known.seed_hex));
    ASSERT_TRUE(signer.has_value());
    EXPECT_EQ(HexEncode(signer->public_key().view()), known.public_key_hex);
    EXPECT_EQ(HexEncode(signer->seed()), known.seed_hex);
    for (int round = 0; round < 2; ++round) {
      const auto signature = signer->Sign(FromHex(known.message_hex));
      ASSERT_TRUE(signature.has_value());
      EXPECT_EQ(HexEncode(signature->view()), known.signature_hex);
    }
  }
}

TEST(Ed25519Signer, RefusesASeedOfAnotherLength) {
  for (const std::size_t size_bytes : {0u, 1u, 31u, 33u, 64u}) {
    const auto signer = Ed25519Signer::FromSeed(Secret(size_bytes));
    ASSERT_FALSE(signer.has_value()) << size_bytes;
    EXPECT_EQ(signer.error().code, ErrorCode::kKey);
  }
}

TEST(Ed25519Signer, GeneratesKeysThatDifferAndSign) {
  auto first = Ed25519Signer::Generate();
  auto second = Ed25519Signer::Generate();
  ASSERT_TRUE(first.has_value() && second.has_value());
  EXPECT_NE(first->public_key(), second->public_key());
  const Ed25519PublicKey key = first->public_key();
  const Ed25519Signer moved = *std::move(first);
  const auto signature = moved.Sign(AsBytes("text"));
  ASSERT_TRUE(signature.has_value());
  EXPECT_TRUE(VerifyEd25519(key, AsBytes("text"), *signature));
  EXPECT_FALSE(
      VerifyEd25519(second->public_key(), AsBytes("text"), *signature));
}

TEST(Ed25519Signer, SignsOnManyThreadsAtOnce) {
  const auto signer =
      Ed25519Signer::FromSeed(SecretFromHex(kRfc8032Cases[0].seed_hex));
  ASSERT_TRUE(signer.has_value());
  std::array<int, 4> wrong = {};
  std::vector<std::thread> threads;
  threads.reserve(wrong.size());
  for (int& count : wrong) {
    threads.emplace_back([&signer, &count] {
      for (int i = 0; i < 20; ++i) {
        const auto signature = signer->Sign({});
        count += !signature.has_value() ||
                 HexEncode(signature->view()) != kRfc8032Cases[0].signature_hex;
      }
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  EXPECT_EQ(wrong, (std::array<int, 4>{}));
}

TEST(RandomBytes, FillsTheWholeBuffer) {
  // 1000 zero bytes in a row from the kernel: less likely than a broken test.
  for (const std::size_t size_bytes : {16u, 256u, 257u, 1000u}) {
    ByteVector bytes(size_bytes);
    ASSERT_TRUE(RandomBytes(bytes).has_value());
    EXPECT_TRUE(std::any_of(bytes.end() - 16, bytes.end(),
                            [](std::uint8_t byte) { return byte != 0; }));
    EXPECT_TRUE(std::any_of(bytes.begin(), bytes.begin() + 16,
                            [](std::uint8_t byte) { return byte != 0; }));
  }
  EXPECT_TRUE(RandomBytes({}).has_value());
}

}  // namespace
}  // namespace authseal
