#include "lib/crypto/hmac_sha256.h"

#include <string>

#include <gtest/gtest.h>

#include "tests/unit/crypto/hex.h"

namespace authseal {
namespace {

std::string Mac(Bytes key, std::string_view message) {
  const auto mac = HmacSha256(key, AsBytes(message));
  return mac.has_value() ? HexEncode(mac->view()) : mac.error().message;
}

// RFC 4231, test cases 1, 2 and 6.
TEST(HmacSha256, GivesTheKnownAnswers) {
  EXPECT_EQ(Mac(ByteVector(20, 0x0b), "Hi There"),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  EXPECT_EQ(Mac(AsBytes("Jefe"), "what do ya want for nothing?"),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(Mac(ByteVector(131, 0xaa),
                "Test Using Larger Than Block-Size Key - Hash Key First"),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST(HmacSha256, DerivesAKeyForEachPurpose) {
  const ByteVector key(32, 5);
  const auto one = DeriveKey(key, AsBytes("one"));
  const auto two = DeriveKey(key, AsBytes("two"));
  ASSERT_TRUE(one.has_value());
  ASSERT_TRUE(two.has_value());
  EXPECT_EQ(HexEncode(one->view()), Mac(key, "one"));
  EXPECT_NE(HexEncode(one->view()), HexEncode(two->view()));
}

TEST(HmacSha256, ComparesEveryByte) {
  const Hash zero{};
  EXPECT_TRUE(EqualInConstantTime(zero, Hash{}));
  for (std::size_t i = 0; i < Hash::kSizeBytes; ++i) {
    Hash other{};
    other.bytes[i] = 1;
    EXPECT_FALSE(EqualInConstantTime(zero, other)) << i;
  }
}

}  // namespace
}  // namespace authseal
