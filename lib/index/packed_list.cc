#include "lib/index/packed_list.h"

#include <array>
#include <bit>

#include "lib/index/bit_stream.h"

namespace authseal {
namespace {

constexpr std::uint32_t kWidthMax = 64;
constexpr std::size_t kWidthsSizeBytes = 2;

struct Widths {
  std::uint32_t low = 0;
  std::uint32_t high = 0;
};

// The fewest bits in all; of equals the larger `low`, so that a list whose
// numbers are alike needs no bit in front of each.
Widths ChooseWidths(std::span<const std::uint64_t> values) {
  std::array<std::uint64_t, kWidthMax + 1> counts = {};
  for (const std::uint64_t value : values) {
    ++counts[static_cast<std::size_t>(std::bit_width(value))];
  }
  std::uint32_t high = kWidthMax;
  while (high > 0 && counts[high] == 0) {
    --high;
  }
  Widths best{.low = high, .high = high};
  std::uint64_t best_bits = values.size() * high;
  std::uint64_t fit = values.size() - counts[high];
  for (std::uint32_t low = high; low-- > 0;) {
    const std::uint64_t bits =
        values.size() + fit * low + (values.size() - fit) * high;
    if (bits < best_bits) {
      best_bits = bits;
      best.low = low;
    }
    fit -= counts[low];
  }
  return best;
}

// A bit, and behind it as many as it says.
std::uint64_t TakeTagged(BitReader& bits, const Widths& widths) {
  const std::uint64_t window = bits.Window();
  const std::uint32_t width = (window & 1) != 0 ? widths.high : widths.low;
  bits.Skip(1);
  if (width >= BitReader::kWindowBits) {
    return bits.Take(width);
  }
  bits.Skip(width);
  return window >> 1 & ((std::uint64_t{1} << width) - 1);
}

}  // namespace

void AppendPacked(std::span<const std::uint64_t> values, ByteVector& out) {
  const Widths widths = ChooseWidths(values);
  out.push_back(static_cast<std::uint8_t>(widths.low));
  out.push_back(static_cast<std::uint8_t>(widths.high));
  BitWriter bits(out);
  for (const std::uint64_t value : values) {
    std::uint32_t width = widths.high;
    if (widths.low != widths.high) {
      const bool large =
          static_cast<std::uint32_t>(std::bit_width(value)) > widths.low;
      bits.Put(large ? 1 : 0, 1);
      width = large ? widths.high : widths.low;
    }
    bits.Put(value, width);
  }
}

Status ReadPacked(Bytes packed, std::size_t count,
                  std::vector<std::uint64_t>& values) {
  const Error damaged{ErrorCode::kDamaged,
                      "a column of the index is not as long as it should be"};
  if (packed.size() < kWidthsSizeBytes) {
    return damaged;
  }
  const Widths widths{.low = packed[0], .high = packed[1]};
  if (widths.low > widths.high || widths.high > kWidthMax) {
    return damaged;
  }
  BitReader bits(packed.subspan(kWidthsSizeBytes));
  values.resize(count);
  if (widths.low == widths.high) {
    for (std::uint64_t& value : values) {
      value = bits.Take(widths.low);
    }
  } else {
    for (std::uint64_t& value : values) {
      value = TakeTagged(bits, widths);
    }
  }
  return bits.AtEnd() ? Ok() : Status(damaged);
}

}  // namespace authseal
