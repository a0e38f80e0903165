#include "lib/index/term_sort.h"

#include <algorithm>
#include <array>
#include <cstddef>

namespace authseal {
namespace {

constexpr std::uint32_t kDealBits = 7;
constexpr std::size_t kPiles = std::size_t{1} << kDealBits;
// Above it a bucket is no ordinary one, and has no second copy.
constexpr std::size_t kDealtEntriesMax = 2048;
// Comparing beats dealing below the first, and std::sort inserting above the
// second.
constexpr std::size_t kDealtEntriesMin = 32;
constexpr std::size_t kInsertedEntriesMax = 24;

void SortPile(std::span<std::uint32_t> pile) {
  if (pile.size() > kInsertedEntriesMax) {
    std::sort(pile.begin(), pile.end());
    return;
  }
  for (std::size_t i = 1; i < pile.size(); ++i) {
    const std::uint32_t entry = pile[i];
    std::size_t at = i;
    for (; at > 0 && pile[at - 1] > entry; --at) {
      pile[at] = pile[at - 1];
    }
    pile[at] = entry;
  }
}

}  // namespace

void SortTermEntries(std::span<std::uint32_t> entries,
                     std::uint32_t entry_bits) {
  if (entries.size() < kDealtEntriesMin || entries.size() > kDealtEntriesMax ||
      entry_bits < kDealBits) {
    std::sort(entries.begin(), entries.end());
    return;
  }
  const std::uint32_t shift = entry_bits - kDealBits;
  std::array<std::uint16_t, kPiles + 1> starts = {};
  for (const std::uint32_t entry : entries) {
    ++starts[(entry >> shift) + 1];
  }
  for (std::size_t pile = 1; pile < kPiles; ++pile) {
    starts[pile + 1] =
        static_cast<std::uint16_t>(starts[pile + 1] + starts[pile]);
  }
  std::array<std::uint32_t, kDealtEntriesMax> dealt;
  std::array<std::uint16_t, kPiles + 1> next = starts;
  for (const std::uint32_t entry : entries) {
    dealt[next[entry >> shift]++] = entry;
  }
  std::copy_n(dealt.begin(), entries.size(), entries.begin());
  for (std::size_t pile = 0; pile < kPiles; ++pile) {
    const std::size_t count =
        static_cast<std::size_t>(starts[pile + 1] - starts[pile]);
    if (count > 1) {
      SortPile(entries.subspan(starts[pile], count));
    }
  }
}

}  // namespace authseal
