#include "lib/index/term_hash.h"

#include <algorithm>
#include <array>
#include <string>

#include <gtest/gtest.h>

namespace authseal {
namespace {

// Key 00 01 … 0f, message 00 01 … of each length, as in the reference
// implementation's vectors_sip64; the first sixteen.
constexpr std::array<std::uint64_t, 16> kVectors = {
    0x726fdb47dd0e0e31, 0x74f839c593dc67fd, 0x0d6c8009d9a94f5a,
    0x85676696d7fb7e2d, 0xcf2794e0277187b7, 0x18765564cd99a68d,
    0xcbc9466e58fee3ce, 0xab0200f58b01d137, 0x93f5f5799a932462,
    0x9e0082df0ba9e4b0, 0x7a5dbbc594ddb9f3, 0xf4b32f46226bada7,
    0x751e8fbc860ee5fb, 0x14ea5627c0843d90, 0xf723ca908e7af2ee,
    0xa129ca6149be45e5};

constexpr TermKey kKey = {.low = 0x0706050403020100,
                          .high = 0x0f0e0d0c0b0a0908};

ByteVector Counting(std::size_t count) {
  ByteVector bytes(count);
  for (std::size_t i = 0; i < count; ++i) {
    bytes[i] = static_cast<std::uint8_t>(i);
  }
  return bytes;
}

TEST(TermHash, IsSipHash24) {
  for (std::size_t size = 0; size < kVectors.size(); ++size) {
    EXPECT_EQ(SipHash24(kKey, std::nullopt, Counting(size)), kVectors[size])
        << size;
  }
}

TEST(TermHash, PrefixIsTheFirstByteOfTheMessage) {
  for (std::size_t size = 1; size < 100; ++size) {
    const ByteVector bytes = Counting(size);
    EXPECT_EQ(SipHash24(kKey, bytes[0], Bytes(bytes).subspan(1)),
              SipHash24(kKey, std::nullopt, bytes))
        << size;
  }
}

TEST(TermHash, KeyIsTheGenesisFirstSixteenBytes) {
  Hash genesis;
  const ByteVector bytes = Counting(Hash::kSizeBytes);
  std::copy(bytes.begin(), bytes.end(), genesis.bytes.begin());
  EXPECT_EQ(TermKeyOf(genesis).low, kKey.low);
  EXPECT_EQ(TermKeyOf(genesis).high, kKey.high);
}

TEST(TermHash, FieldsAreToldApart) {
  EXPECT_NE(TermHash(kKey, TermField::kUser, "a"),
            TermHash(kKey, TermField::kClient, "a"));
}

TEST(TermHash, AnAddressHasOneTermInAllItsForms) {
  const auto hash = IpTermHash(kKey, "192.0.2.7");
  ASSERT_TRUE(hash.has_value());
  EXPECT_EQ(IpTermHash(kKey, "::ffff:192.0.2.7"), hash);
  EXPECT_EQ(IpTermHash(kKey, "::FFFF:c000:207"), hash);
  EXPECT_NE(IpTermHash(kKey, "192.0.2.8"), hash);
  EXPECT_EQ(IpTermHash(kKey, "2001:DB8::1"),
            IpTermHash(kKey, "2001:db8:0:0::1"));
  EXPECT_FALSE(IpTermHash(kKey, "unknown").has_value());
}

}  // namespace
}  // namespace authseal
