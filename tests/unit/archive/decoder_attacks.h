// What every decoder of this format is put through.
#ifndef AUTHSEAL_TESTS_UNIT_ARCHIVE_DECODER_ATTACKS_H_
#define AUTHSEAL_TESTS_UNIT_ARCHIVE_DECODER_ATTACKS_H_

#include <cstddef>

#include <gtest/gtest.h>

#include "lib/base/bytes.h"
#include "lib/base/result.h"

namespace authseal {

// Every shorter length and one byte more: kDamaged.
template <typename Decode>
void ExpectRefusesOtherLengths(const ByteVector& good, Decode decode) {
  for (std::size_t size = 0; size < good.size(); ++size) {
    const auto result = decode(Bytes(good).first(size));
    ASSERT_FALSE(result.has_value()) << "cut to " << size;
    EXPECT_EQ(result.error().code, ErrorCode::kDamaged);
  }
  ByteVector longer = good;
  longer.push_back(0);
  EXPECT_FALSE(decode(Bytes(longer)).has_value());
}

// Every single bit flipped: kDamaged, or a value that encodes to exactly the
// flipped bytes. Returns how many flips were refused.
template <typename Decode, typename Encode>
std::size_t ExpectFlipsAreSeen(const ByteVector& good, Decode decode,
                               Encode encode) {
  std::size_t refused = 0;
  for (std::size_t bit = 0; bit < good.size() * 8; ++bit) {
    ByteVector flipped = good;
    flipped[bit / 8] ^= static_cast<std::uint8_t>(1u << (bit % 8));
    const auto result = decode(Bytes(flipped));
    if (result.has_value()) {
      EXPECT_EQ(encode(*result), flipped) << "bit " << bit;
    } else {
      EXPECT_EQ(result.error().code, ErrorCode::kDamaged) << "bit " << bit;
      ++refused;
    }
  }
  return refused;
}

}  // namespace authseal

#endif  // AUTHSEAL_TESTS_UNIT_ARCHIVE_DECODER_ATTACKS_H_
