#include "lib/index/term_sort.h"

#include <algorithm>
#include <cstdint>
#include <random>
#include <vector>

#include <gtest/gtest.h>

namespace authseal {
namespace {

void ExpectSorted(std::vector<std::uint32_t> entries,
                  std::uint32_t entry_bits) {
  std::vector<std::uint32_t> expected = entries;
  std::sort(expected.begin(), expected.end());
  SortTermEntries(entries, entry_bits);
  EXPECT_EQ(entries, expected) << expected.size() << " of " << entry_bits;
}

TEST(TermSortTest, PutsAnyNumberOfEntriesInOrder) {
  std::mt19937 random(1);
  for (const std::uint32_t bits : {8u, 24u, 32u}) {
    for (const std::size_t count :
         {0u, 1u, 2u, 31u, 32u, 33u, 150u, 2047u, 2048u, 2049u, 5000u}) {
      std::vector<std::uint32_t> entries(count);
      for (std::uint32_t& entry : entries) {
        entry = static_cast<std::uint32_t>(random()) >> (32 - bits);
      }
      ExpectSorted(entries, bits);
    }
  }
}

// A term of every block, two of them side by side, and entries that somebody
// chose: the same first bits, in the worst order.
TEST(TermSortTest, EntriesMayCrowdInOnePlace) {
  constexpr std::uint32_t kBits = 24;
  std::vector<std::uint32_t> one;
  std::vector<std::uint32_t> two;
  std::vector<std::uint32_t> falling;
  for (std::uint32_t block = 0; block < 1000; ++block) {
    one.push_back(0x7fe000u | block);
    two.push_back(0x7fe400u | block);
    two.push_back(0x7fe000u | block);
    falling.push_back(0xffffffu - block);
  }
  ExpectSorted(one, kBits);
  ExpectSorted(two, kBits);
  ExpectSorted(falling, kBits);
  ExpectSorted(std::vector<std::uint32_t>(2000, 0xffffffu), kBits);
  ExpectSorted(std::vector<std::uint32_t>(2000, 0), kBits);
}

}  // namespace
}  // namespace authseal
