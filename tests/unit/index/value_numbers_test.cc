#include "lib/index/value_numbers.h"

#include <map>
#include <random>
#include <string>
#include <unordered_map>

#include <gtest/gtest.h>

#include "lib/base/quick_hash.h"

namespace authseal {
namespace {

TEST(ValueNumbers, AreGivenInTheOrderOfTheFirstOfEachValue) {
  std::mt19937 random(20261125);
  ValueNumbers numbers;
  for (const unsigned different : {1u, 300u, 9000u}) {
    numbers.Clear();
    std::map<std::string, std::uint16_t> known;
    std::size_t size = 0;
    for (int i = 0; i < 20'000; ++i) {
      // Of all lengths, the empty one too, and alike but for a byte.
      const unsigned n = static_cast<unsigned>(random() % different);
      std::string value(n % 40, 'v');
      if (n % 7 != 0) {
        value += std::to_string(n) + std::string(n % 3, '\0');
      }
      const auto [found, is_new] =
          known.try_emplace(value, static_cast<std::uint16_t>(known.size()));
      size += is_new ? value.size() : 0;
      const ValueNumbers::Numbered numbered = numbers.NumberOf(value);
      ASSERT_EQ(numbered.number, found->second);
      ASSERT_EQ(numbered.is_new, is_new);
      ASSERT_EQ(numbers.count(), known.size());
      ASSERT_EQ(numbers.size_bytes(), size);
    }
  }
}

// As far as the table looks at their hashes.
TEST(ValueNumbers, TellApartValuesOfOneHash) {
  std::unordered_map<std::uint32_t, std::string> by_hash;
  std::size_t pairs = 0;
  for (int i = 0; i < 300'000; ++i) {
    const std::string value = std::to_string(i);
    const auto [found, is_new] = by_hash.try_emplace(
        static_cast<std::uint32_t>(QuickHash(value)), value);
    if (!is_new) {
      ++pairs;
      ValueNumbers numbers;
      numbers.Clear();
      EXPECT_EQ(numbers.NumberOf(found->second).number, 0);
      EXPECT_EQ(numbers.NumberOf(value).number, 1);
      EXPECT_EQ(numbers.NumberOf(found->second).number, 0);
    }
  }
  EXPECT_GT(pairs, 0u);
  EXPECT_LT(pairs, 40u);  // about ten are to be expected
}

}  // namespace
}  // namespace authseal
