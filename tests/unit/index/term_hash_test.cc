#include "lib/index/term_hash.h"

#include <algorithm>
#include <array>
#include <random>
#include <string>

#include <gtest/gtest.h>

#include "lib/base/ip_address.h"

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

// Most addresses are read the short way; what is one, and which, is for
// ParseIpAddress to say.
TEST(TermHash, TakesForAnAddressWhatIsOne) {
  std::mt19937 random(20261125);
  const auto below = [&random](std::size_t count) { return random() % count; };
  const std::array<std::string, 12> pieces = {
      "0", "00", "1", "01", "9", "25", "249", "255", "256", "1000", "", "a"};
  std::size_t count = 0;
  for (int i = 0; i < 100'000; ++i) {
    std::string text;
    for (std::size_t piece = 0; piece < (below(8) == 0 ? below(6) : 4);
         ++piece) {
      text += piece == 0 ? "" : ".";
      text += below(8) == 0 ? pieces[below(pieces.size())]
                            : std::to_string(below(256));
    }
    if (below(16) == 0) {
      constexpr std::string_view kOdd = " .:/x0";
      text.insert(below(text.size() + 1), 1, kOdd[below(kOdd.size())]);
    }
    if (below(32) == 0) {
      text.insert(0, "::ffff:");
    }
    const auto address = ParseIpAddress(text);
    const auto hash = IpTermHash(kKey, text);
    ASSERT_EQ(hash.has_value(), address.has_value()) << text;
    if (address) {
      ++count;
      ASSERT_EQ(*hash, SipHash24(kKey, 5, *address)) << text;
    }
  }
  EXPECT_GT(count, 20'000u);
  EXPECT_LT(count, 80'000u);
}

}  // namespace
}  // namespace authseal
