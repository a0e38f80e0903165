// The lanes and OpenSSL, whichever this machine's Sha256 uses, must agree on
// every length and every way of cutting.
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "lib/crypto/sha256_messages.h"
#include "lib/crypto/sha256_openssl.h"
#include "tests/unit/crypto/hex.h"

namespace authseal {
namespace {

ByteVector Pattern(std::size_t size_bytes, std::uint32_t seed) {
  ByteVector bytes(size_bytes);
  for (std::uint8_t& byte : bytes) {
    seed = seed * 1664525 + 1013904223;
    byte = static_cast<std::uint8_t>(seed >> 24);
  }
  return bytes;
}

Hash ByOpenSsl(Bytes message) {
  OpenSslSha256 digest;
  digest.Update(message);
  return digest.Finish();
}

class Sha256LanesTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!Sha256LanesSupported()) {
      GTEST_SKIP() << "this machine has no SHA instructions";
    }
  }
};

TEST_F(Sha256LanesTest, OneMessageEqualsOpenSslAtEveryLength) {
  for (std::size_t size = 0; size < 520; ++size) {
    const ByteVector message = Pattern(size, static_cast<std::uint32_t>(size));
    LaneSha256 digest;
    digest.Update(message);
    ASSERT_EQ(digest.Finish(), ByOpenSsl(message)) << size;
  }
}

TEST_F(Sha256LanesTest, OneMessageMayBeCutAnywhere) {
  const ByteVector message = Pattern(300, 5);
  const Hash expected = ByOpenSsl(message);
  LaneSha256 digest;  // starts afresh each time
  for (std::size_t first = 0; first <= message.size(); first += 7) {
    for (std::size_t second = first; second <= message.size(); second += 13) {
      digest.Update(Bytes(message).first(first));
      digest.Update(Bytes(message).subspan(first, second - first));
      digest.Update(Bytes(message).subspan(second));
      ASSERT_EQ(digest.Finish(), expected) << first << " " << second;
    }
  }
}

// Every pair of lengths over two blocks, so that each lane waits for the other
// at every place; then many of random lengths, so that they drift apart.
TEST_F(Sha256LanesTest, MessagesSideBySideEqualOpenSsl) {
  for (std::size_t a = 0; a < 150; ++a) {
    for (std::size_t b = 0; b < 150; b += 7) {
      const ByteVector first = Pattern(a, 1);
      const ByteVector second = Pattern(b, 2);
      const std::vector<Bytes> messages = {first, second, first};
      std::vector<Hash> lanes(3);
      std::vector<Hash> expected(3);
      LaneSha256Prefixed(0, messages, lanes);
      OpenSslSha256Prefixed(0, messages, expected);
      ASSERT_EQ(lanes, expected) << a << " " << b;
    }
  }
  std::vector<ByteVector> owned;
  std::uint32_t seed = 99;
  for (std::size_t i = 0; i < 500; ++i) {
    seed = seed * 1664525 + 1013904223;
    owned.push_back(Pattern((seed >> 16) % 3000, seed));
  }
  const std::vector<Bytes> messages(owned.begin(), owned.end());
  std::vector<Hash> lanes(messages.size());
  std::vector<Hash> expected(messages.size());
  LaneSha256Prefixed(7, messages, lanes);
  OpenSslSha256Prefixed(7, messages, expected);
  EXPECT_EQ(lanes, expected);
}

// The long one ends before, within and behind the many.
TEST_F(Sha256LanesTest, OneMessageBesideManyEqualsOpenSsl) {
  for (const std::size_t count : {0u, 1u, 2u, 9u}) {
    for (std::size_t size = 0; size < 1400; size += size < 200 ? 1 : 61) {
      const ByteVector beside = Pattern(size, 3);
      std::vector<ByteVector> owned;
      for (std::size_t i = 0; i < count; ++i) {
        owned.push_back(Pattern(37 * i + size % 131, 4));
      }
      const std::vector<Bytes> messages(owned.begin(), owned.end());
      std::vector<Hash> lanes(count);
      std::vector<Hash> expected(count);
      ASSERT_EQ(LaneSha256PrefixedBeside(beside, 0, messages, lanes),
                ByOpenSsl(beside))
          << count << " " << size;
      OpenSslSha256Prefixed(0, messages, expected);
      ASSERT_EQ(lanes, expected) << count << " " << size;
    }
  }
}

TEST_F(Sha256LanesTest, NodesEqualOpenSslAlsoInPlace) {
  for (std::size_t nodes = 0; nodes < 33; ++nodes) {
    std::vector<Hash> pairs(2 * nodes);
    for (std::size_t i = 0; i < pairs.size(); ++i) {
      pairs[i] = ByOpenSsl(AsBytes(std::to_string(i)));
    }
    std::vector<Hash> expected(nodes);
    OpenSslSha256NodePairs(pairs, expected);
    LaneSha256NodePairs(pairs, std::span(pairs).first(nodes));
    pairs.resize(nodes);
    ASSERT_EQ(pairs, expected) << nodes;
  }
}

// What a machine without the instructions computes; NIST's "abc".
TEST(OpenSslSha256Test, GivesTheKnownAnswer) {
  EXPECT_EQ(HexEncode(ByOpenSsl(AsBytes("abc")).view()),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

}  // namespace
}  // namespace authseal
