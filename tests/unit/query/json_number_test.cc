#include <gtest/gtest.h>

#include "lib/query/member_match.h"

namespace authseal {
namespace {

struct Case {
  const char* left;
  const char* right;
  int sign;
};

TEST(JsonNumber, ComparesAsDecimalsOfAnySize) {
  constexpr Case kCases[] = {
      {"1", "1", 0},
      {"1", "2", -1},
      {"10", "9", 1},
      {"99", "100", -1},
      {"120", "122", -1},
      {"0", "7", -1},
      {"10", "9.9", 1},
      {"-10", "-9", -1},
      {"-1", "1", -1},
      {"0", "-0", 0},
      {"0.0", "-0e99", 0},
      {"0", "1e-400", -1},
      {"0", "-1e-400", 1},
      {"1.0", "1", 0},
      {"1.50", "15e-1", 0},
      {"100", "1e2", 0},
      {"100", "1E+2", 0},
      {"0.001", "1e-3", 0},
      {"12", "123e-1", -1},
      {"9007199254740993", "9007199254740992", 1},  // 2^53 + 1
      {"18446744073709551616", "18446744073709551615", 1},
      {"123456789012345678901234567890", "123456789012345678901234567891", -1},
      {"0.1000000000000000000000001", "0.1", 1},
      {"1e400", "1e399", 1},
      {"1e400", "9e399", 1},
      {"-1e400", "1", -1},
      {"1e1000000001", "1e1000000002", -1},
      {"1e-1000000001", "1e-1000000002", 1},
      {"1e0000000000000000000000000000002", "100", 0},
      {"1e99999999999999999999999999", "1e5", 1},
      {"1e-99999999999999999999999999", "0", 1},
      {"1e-99999999999999999999999999", "1e-5", -1},
  };
  for (const Case& c : kCases) {
    EXPECT_EQ(CompareJsonNumbers(c.left, c.right), c.sign)
        << c.left << " " << c.right;
    EXPECT_EQ(CompareJsonNumbers(c.right, c.left), -c.sign)
        << c.right << " " << c.left;
  }
}

TEST(JsonNumber, KnowsTheGrammar) {
  for (const char* text : {"0", "-0", "1", "-1", "10.5", "0.5", "1e5", "1E-5",
                           "1.5e+10", "123456789012345678901234567890"}) {
    EXPECT_TRUE(IsJsonNumber(text)) << text;
  }
  for (const char* text :
       {"", "-", "+1", "01", "-01", "1.", ".5", "1e", "1e+", "0x10", "1 ", " 1",
        "1,5", "1e5.5", "--1", "NaN", "Infinity", "-=1", "1-2"}) {
    EXPECT_FALSE(IsJsonNumber(text)) << text;
  }
}

}  // namespace
}  // namespace authseal
