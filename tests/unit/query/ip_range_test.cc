#include "lib/query/ip_range.h"

#include <string>

#include <gtest/gtest.h>

namespace authseal {
namespace {

struct Case {
  const char* range;
  const char* address;
  bool contains;
};

TEST(IpRange, ContainsWhatItsPrefixCovers) {
  constexpr Case kCases[] = {
      {"192.0.2.7", "192.0.2.7", true},
      {"192.0.2.7", "192.0.2.8", false},
      {"192.0.2.0/24", "192.0.2.255", true},
      {"192.0.2.0/24", "192.0.3.0", false},
      {"192.0.2.99/24", "192.0.2.1", true},  // host bits do not count
      {"192.0.2.0/23", "192.0.3.255", true},
      {"192.0.2.0/31", "192.0.2.1", true},
      {"192.0.2.0/31", "192.0.2.2", false},
      {"192.0.2.7/32", "192.0.2.6", false},
      {"0.0.0.0/0", "255.255.255.255", true},
      {"0.0.0.0/0", "2001:db8::1", false},
      {"2001:db8::/32", "2001:db8:ffff::1", true},
      {"2001:db8::/32", "2001:db9::1", false},
      {"2001:db8::/33", "2001:db8:8000::", false},
      {"2001:DB8::1", "2001:db8:0:0:0:0:0:1", true},
      {"2001:db8::1/128", "2001:db8::2", false},
      // One address, two spellings.
      {"192.0.2.0/24", "::ffff:192.0.2.9", true},
      {"::ffff:192.0.2.0/120", "192.0.2.9", true},
      {"::ffff:192.0.2.9", "192.0.2.9", true},
      {"192.0.2.0/24", "::192.0.2.9", false},
      // What is no address is in no range.
      {"0.0.0.0/0", "", false},
      {"0.0.0.0/0", "192.0.2.7:443", false},
      {"0.0.0.0/0", "192.0.2", false},
      {"0.0.0.0/0", "192.0.2.7 ", false},
      {"::/0", "example.org", false},
  };
  for (const Case& c : kCases) {
    const auto range = IpRange::Parse(c.range);
    ASSERT_TRUE(range.has_value()) << c.range;
    EXPECT_EQ(range->Contains(c.address), c.contains)
        << c.range << " " << c.address;
  }
}

TEST(IpRange, IsNotFooledByANulOrALongText) {
  const auto range = IpRange::Parse("192.0.2.7");
  ASSERT_TRUE(range.has_value());
  EXPECT_FALSE(range->Contains(std::string("192.0.2.7\0evil", 14)));
  EXPECT_FALSE(range->Contains("192.0.2.7" + std::string(100'000, ' ')));
  EXPECT_FALSE(IpRange::Parse(std::string("192.0.2.7\0", 10)).has_value());
}

TEST(IpRange, RefusesWhatIsNoRange) {
  for (const char* text :
       {"", "/", "/24", "192.0.2.7/", "192.0.2.7/33", "192.0.2.7/-1",
        "192.0.2.7/24/8", "2001:db8::/129", "2001:db8::/x", "192.0.2.0/ 24",
        "192.0.2.256", "localhost", "192.0.2.0-192.0.2.9", "fe80::1%eth0"}) {
    const auto range = IpRange::Parse(text);
    ASSERT_FALSE(range.has_value()) << text;
    EXPECT_EQ(range.error().code, ErrorCode::kInvalidArgument);
  }
}

}  // namespace
}  // namespace authseal
