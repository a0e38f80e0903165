#include "lib/note/encrypted_key.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lib/base/encoding.h"

namespace authseal {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr ScryptCost kCheap = {.log2_n = 10, .r = 1, .p = 1};

NamedSigner MakeIdentity() {
  return {.name = "example.com/log", .signer = *Ed25519Signer::Generate()};
}

std::string Encrypted(const NamedSigner& identity,
                      const ScryptCost& cost = kCheap) {
  return *EncryptSigningKey(identity, AsBytes("correct horse"), cost);
}

std::string Replaced(std::string text, const std::string& from,
                     const std::string& to) {
  return text.replace(text.find(from), from.size(), to);
}

TEST(EncryptedKey, ComesBackWithItsPassphraseAlone) {
  const NamedSigner identity = MakeIdentity();
  const std::string text = Encrypted(identity);
  EXPECT_TRUE(IsEncryptedSigningKey(text));
  const auto back = DecryptSigningKey(text, AsBytes("correct horse"));
  ASSERT_TRUE(back.has_value());
  EXPECT_EQ(back->name, identity.name);
  EXPECT_EQ(back->signer.public_key(), identity.signer.public_key());
  for (const std::string_view wrong :
       {"correct horsf", "correct horse ", "", "c"}) {
    const auto refused = DecryptSigningKey(text, AsBytes(wrong));
    ASSERT_FALSE(refused.has_value());
    EXPECT_EQ(refused.error().code, ErrorCode::kKey);
    EXPECT_THAT(refused.error().message, HasSubstr("passphrase is wrong"));
  }
}

TEST(EncryptedKey, ShowsItsVerificationKeyAndNoSeed) {
  const NamedSigner identity = MakeIdentity();
  const std::string text = Encrypted(identity);
  const auto key = VerificationKeyOfEncrypted(text);
  ASSERT_TRUE(key.has_value());
  EXPECT_EQ(*key,
            MakeVerificationKey(identity.name, identity.signer.public_key()));
  EXPECT_THAT(text, Not(HasSubstr(Base64Encode(identity.signer.seed()))));
}

TEST(EncryptedKey, UsesTheCostsOfThePageByDefault) {
  const auto text = EncryptSigningKey(MakeIdentity(), AsBytes("p"));
  ASSERT_TRUE(text.has_value());
  EXPECT_THAT(*text, HasSubstr("\nscrypt 17 8 1 "));
  EXPECT_TRUE(DecryptSigningKey(*text, AsBytes("p")).has_value());
}

TEST(EncryptedKey, HasAnotherSaltEachTime) {
  const NamedSigner identity = MakeIdentity();
  EXPECT_NE(Encrypted(identity), Encrypted(identity));
}

TEST(EncryptedKey, RefusesAnEmptyPassphrase) {
  const auto text = EncryptSigningKey(MakeIdentity(), {}, kCheap);
  ASSERT_FALSE(text.has_value());
  EXPECT_EQ(text.error().code, ErrorCode::kInvalidArgument);
}

TEST(EncryptedKey, RefusesEveryCutAndEveryChange) {
  const std::string text = Encrypted(MakeIdentity());
  const Bytes passphrase = AsBytes("correct horse");
  for (std::size_t size = 0; size < text.size(); ++size) {
    EXPECT_FALSE(DecryptSigningKey(text.substr(0, size), passphrase))
        << "cut at " << size;
  }
  for (std::size_t i = 0; i < text.size(); ++i) {
    std::string changed = text;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    EXPECT_FALSE(DecryptSigningKey(changed, passphrase)) << "changed at " << i;
  }
  EXPECT_FALSE(DecryptSigningKey(text + "\n", passphrase));
}

TEST(EncryptedKey, RefusesCostsOfAnAttackerBeforeTakingMemory) {
  const std::string text = Encrypted(MakeIdentity());
  for (const char* costs :
       {"scrypt 40 8 1 ", "scrypt 64 8 1 ", "scrypt 18446744073709551615 8 1 ",
        "scrypt 10 99999999 1 ", "scrypt 10 1 99999999 ", "scrypt 010 1 1 ",
        "scrypt -1 1 1 ", "scrypt 10 1 "}) {
    const auto refused = DecryptSigningKey(
        Replaced(text, "scrypt 10 1 1 ", costs), AsBytes("correct horse"));
    ASSERT_FALSE(refused.has_value()) << costs;
    EXPECT_EQ(refused.error().code, ErrorCode::kKey) << costs;
  }
}

TEST(EncryptedKey, SaysThatAnotherVersionIsOne) {
  const auto refused = DecryptSigningKey(
      Replaced(Encrypted(MakeIdentity()), "key v1", "key v2"), AsBytes("x"));
  ASSERT_FALSE(refused.has_value());
  EXPECT_THAT(refused.error().message, HasSubstr("another version"));
}

}  // namespace
}  // namespace authseal
