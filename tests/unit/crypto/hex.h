// Bytes from hex in tests: a wrong literal fails the test at once.
#ifndef AUTHSEAL_TESTS_UNIT_CRYPTO_HEX_H_
#define AUTHSEAL_TESTS_UNIT_CRYPTO_HEX_H_

#include <algorithm>
#include <string_view>

#include <gtest/gtest.h>

#include "lib/base/encoding.h"

namespace authseal {

inline ByteVector FromHex(std::string_view hex) {
  auto bytes = HexDecode(hex);
  EXPECT_TRUE(bytes.has_value()) << hex;
  return bytes.has_value() ? *std::move(bytes) : ByteVector();
}

// Into a type with a member `bytes` of fixed size.
template <typename T>
T FixedFromHex(std::string_view hex) {
  const ByteVector bytes = FromHex(hex);
  T value;
  EXPECT_EQ(bytes.size(), value.bytes.size());
  if (bytes.size() == value.bytes.size()) {
    std::copy(bytes.begin(), bytes.end(), value.bytes.begin());
  }
  return value;
}

}  // namespace authseal

#endif  // AUTHSEAL_TESTS_UNIT_CRYPTO_HEX_H_
