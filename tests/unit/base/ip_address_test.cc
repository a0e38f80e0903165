#include "lib/base/ip_address.h"

#include <string>

#include <gtest/gtest.h>

namespace authseal {
namespace {

TEST(IpAddress, V4IsMappedIntoV6) {
  const auto address = ParseIpAddress("192.0.2.7");
  ASSERT_TRUE(address.has_value());
  EXPECT_EQ(*address, (IpAddress{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 192,
                                 0, 2, 7}));
  EXPECT_EQ(ParseIpAddress("::ffff:192.0.2.7"), address);
}

TEST(IpAddress, WhatIsNoAddressHasNone) {
  for (const char* text : {"", "192.0.2", "192.0.2.7 ", "192.0.2.7/24", "::g",
                           "localhost", "1.2.3.4:80", "256.1.1.1"}) {
    EXPECT_FALSE(ParseIpAddress(text).has_value()) << text;
  }
  EXPECT_FALSE(ParseIpAddress(std::string_view("1.2.3.4\0x", 9)).has_value());
  EXPECT_FALSE(ParseIpAddress(std::string(1 << 20, '1')).has_value());
}

}  // namespace
}  // namespace authseal
