#include "lib/crypto/passphrase_box.h"

#include <algorithm>
#include <string_view>

#include <gtest/gtest.h>

#include "tests/unit/crypto/hex.h"

namespace authseal {
namespace {

constexpr ScryptCost kCheap = {.log2_n = 10, .r = 8, .p = 1};

ScryptSalt CountingSalt() {
  ScryptSalt salt;
  for (std::size_t i = 0; i < salt.size(); ++i) {
    salt[i] = static_cast<std::uint8_t>(i);
  }
  return salt;
}

Secret SecretOf(std::string_view text) {
  Secret secret(text.size());
  std::copy(text.begin(), text.end(), secret.span().begin());
  return secret;
}

TEST(PassphraseKey, IsTheScryptOfPythonsHashlib) {
  const auto key = DerivePassphraseKey(AsBytes("correct horse"), CountingSalt(),
                                       {.log2_n = 14, .r = 8, .p = 1});
  ASSERT_TRUE(key.has_value());
  EXPECT_EQ(ByteVector(key->view().begin(), key->view().end()),
            FromHex("25b376840366f4d3b0e21e414476676e"
                    "3cd0e89af4430356a234ce0b65a021b5"));
}

TEST(PassphraseKey, IsAnotherForAnotherPassphraseSaltOrCost) {
  const auto key = DerivePassphraseKey(AsBytes("a"), CountingSalt(), kCheap);
  ScryptSalt salt = CountingSalt();
  salt[15] ^= 1;
  const auto other_salt = DerivePassphraseKey(AsBytes("a"), salt, kCheap);
  const auto other_text =
      DerivePassphraseKey(AsBytes("b"), CountingSalt(), kCheap);
  const auto other_cost = DerivePassphraseKey(AsBytes("a"), CountingSalt(),
                                              {.log2_n = 11, .r = 8, .p = 1});
  ASSERT_TRUE(key && other_salt && other_text && other_cost);
  for (const auto* other : {&*other_salt, &*other_text, &*other_cost}) {
    EXPECT_FALSE(std::equal(key->view().begin(), key->view().end(),
                            other->view().begin()));
  }
}

TEST(PassphraseKey, RefusesCostsThatTakeAllMemoryBeforeTakingAny) {
  const ScryptCost bad[] = {
      {.log2_n = 40, .r = 8, .p = 1},  {.log2_n = 64, .r = 8, .p = 1},
      {.log2_n = 0, .r = 8, .p = 1},   {.log2_n = 9, .r = 8, .p = 1},
      {.log2_n = 17, .r = 0, .p = 1},  {.log2_n = 17, .r = 8, .p = 0},
      {.log2_n = 17, .r = 33, .p = 1}, {.log2_n = 17, .r = 8, .p = 5},
      {.log2_n = 20, .r = 16, .p = 1}, {.log2_n = 17, .r = ~0ull, .p = ~0ull}};
  for (const ScryptCost& cost : bad) {
    const auto key = DerivePassphraseKey(AsBytes("a"), CountingSalt(), cost);
    ASSERT_FALSE(key.has_value()) << cost.log2_n << ' ' << cost.r;
    EXPECT_EQ(key.error().code, ErrorCode::kKey);
  }
  EXPECT_TRUE(CheckScryptCost(ScryptCost()).has_value());
  EXPECT_TRUE(CheckScryptCost({.log2_n = 20, .r = 8, .p = 4}).has_value());
}

TEST(Box, OpensWithItsKeyAndWhatItIsBoundToAlone) {
  const Secret key = SecretOf("0123456789abcdef0123456789abcdef");
  const auto box = CloseBox(key, AsBytes("seed"), AsBytes("bound"));
  ASSERT_TRUE(box.has_value());
  EXPECT_EQ(box->size(), 4 + kBoxTagSizeBytes);
  const auto plain = OpenBox(key, *box, AsBytes("bound"));
  ASSERT_TRUE(plain.has_value());
  EXPECT_EQ(AsText(plain->view()), "seed");

  const Secret other = SecretOf("1123456789abcdef0123456789abcdef");
  EXPECT_FALSE(OpenBox(other, *box, AsBytes("bound")).has_value());
  EXPECT_FALSE(OpenBox(key, *box, AsBytes("boune")).has_value());
  for (std::size_t i = 0; i < box->size() * 8; ++i) {
    ByteVector changed = *box;
    changed[i / 8] ^= static_cast<std::uint8_t>(1u << (i % 8));
    const auto opened = OpenBox(key, changed, AsBytes("bound"));
    ASSERT_FALSE(opened.has_value()) << "bit " << i;
    EXPECT_EQ(opened.error().code, ErrorCode::kKey);
  }
  for (std::size_t size = 0; size < box->size(); ++size) {
    EXPECT_FALSE(
        OpenBox(key, Bytes(*box).first(size), AsBytes("bound")).has_value());
  }
}

}  // namespace
}  // namespace authseal
