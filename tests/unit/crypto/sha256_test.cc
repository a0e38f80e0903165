#include "lib/crypto/sha256.h"

#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "tests/unit/crypto/hex.h"

namespace authseal {
namespace {

struct KnownAnswer {
  std::string message;
  std::string_view digest_hex;
};

// NIST, "Examples with intermediate values" for SHA-256, and FIPS 180-2 B.
const KnownAnswer kKnownAnswers[] = {
    {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
    {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
    {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
     "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
    {"abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnop"
     "jklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
     "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"},
    {std::string(1'000'000, 'a'),
     "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"},
};

ByteVector Pattern(std::size_t size_bytes, std::uint8_t seed) {
  ByteVector bytes(size_bytes);
  for (std::size_t i = 0; i < size_bytes; ++i) {
    bytes[i] = static_cast<std::uint8_t>(seed + i * 31);
  }
  return bytes;
}

TEST(Sha256, GivesTheKnownAnswers) {
  for (const KnownAnswer& known : kKnownAnswers) {
    EXPECT_EQ(HexEncode(Sha256Of(AsBytes(known.message)).view()),
              known.digest_hex);
  }
}

TEST(Sha256, DoesNotCareHowTheMessageIsCut) {
  const ByteVector message = Pattern(200, 7);
  const Hash expected = Sha256Of(message);
  for (std::size_t cut = 0; cut <= message.size(); ++cut) {
    Sha256 digest;
    digest.Update(Bytes(message).first(cut)).Update({});
    digest.Update(Bytes(message).subspan(cut));
    EXPECT_EQ(digest.Finish(), expected) << cut;
  }
}

TEST(Sha256, StartsAfreshAfterFinish) {
  Sha256 digest;
  digest.Update(AsBytes("something else")).Finish();
  EXPECT_EQ(digest.Update(AsBytes("abc")).Finish(), Sha256Of(AsBytes("abc")));
  EXPECT_EQ(digest.Finish(), Sha256Of({}));
}

TEST(Sha256, MovesWithItsState) {
  Sha256 digest;
  digest.Update(AsBytes("ab"));
  Sha256 moved = std::move(digest);
  Sha256 assigned;
  assigned = std::move(moved);
  EXPECT_EQ(assigned.Update(AsBytes("c")).Finish(), Sha256Of(AsBytes("abc")));
}

Hash OneByOne(std::uint8_t prefix, Bytes message) {
  return Sha256().Update({&prefix, 1}).Update(message).Finish();
}

// Lengths around each block boundary, neighbours of different lengths, odd and
// even counts: what a kernel for several messages at once can get wrong.
TEST(Sha256Prefixed, EqualsHashingOneByOne) {
  std::vector<ByteVector> owned;
  for (std::size_t size = 0; size < 300; ++size) {
    owned.push_back(
        Pattern((size * 89) % 300, static_cast<std::uint8_t>(size)));
  }
  owned.push_back(Pattern(100'000, 1));
  for (std::size_t count : {0u, 1u, 2u, 3u, 4u, 5u, 7u, 64u, 299u, 301u}) {
    std::vector<Bytes> messages;
    for (std::size_t i = 0; i < count; ++i) {
      messages.push_back(owned[owned.size() - 1 - i]);
    }
    for (int prefix : {0, 1, 255}) {
      std::vector<Hash> out(count);
      Sha256Prefixed(static_cast<std::uint8_t>(prefix), messages, out);
      for (std::size_t i = 0; i < count; ++i) {
        ASSERT_EQ(out[i],
                  OneByOne(static_cast<std::uint8_t>(prefix), messages[i]))
            << "message " << i << " of " << count;
      }
    }
  }
}

TEST(Sha256Prefixed, EqualsHashingOneByOneForEveryPairOfShortLengths) {
  for (std::size_t a = 0; a < 140; a += 3) {
    for (std::size_t b = 0; b < 140; ++b) {
      const ByteVector first = Pattern(a, 3);
      const ByteVector second = Pattern(b, 9);
      const Bytes messages[] = {first, second};
      Hash out[2];
      Sha256Prefixed(0, messages, out);
      ASSERT_EQ(out[0], OneByOne(0, first)) << a << " " << b;
      ASSERT_EQ(out[1], OneByOne(0, second)) << a << " " << b;
    }
  }
}

std::vector<Hash> SomeHashes(std::size_t count) {
  std::vector<Hash> hashes(count);
  for (std::size_t i = 0; i < count; ++i) {
    hashes[i] = Sha256Of(AsBytes(std::to_string(i)));
  }
  return hashes;
}

TEST(Sha256NodePairs, EqualsHashingOneByOneAlsoInPlace) {
  for (std::size_t nodes = 0; nodes < 40; ++nodes) {
    std::vector<Hash> pairs = SomeHashes(2 * nodes);
    std::vector<Hash> expected(nodes);
    for (std::size_t i = 0; i < nodes; ++i) {
      ByteVector both(pairs[2 * i].bytes.begin(), pairs[2 * i].bytes.end());
      both.insert(both.end(), pairs[2 * i + 1].bytes.begin(),
                  pairs[2 * i + 1].bytes.end());
      expected[i] = OneByOne(1, both);
    }
    std::vector<Hash> out(nodes);
    Sha256NodePairs(pairs, out);
    EXPECT_EQ(out, expected);

    Sha256NodePairs(pairs, std::span(pairs).first(nodes));
    pairs.resize(nodes);
    EXPECT_EQ(pairs, expected) << "in place, " << nodes;
  }
}

TEST(Sha256NodePairsDeathTest, StopsWhenThePairsDoNotMatchTheNodes) {
  const std::vector<Hash> pairs = SomeHashes(3);
  std::vector<Hash> out(1);
  EXPECT_DEATH(Sha256NodePairs(pairs, out), "");
}

}  // namespace
}  // namespace authseal
