#include "lib/index/packed_list.h"

#include <array>
#include <bit>
#include <cstring>

namespace authseal {
namespace {

constexpr std::uint32_t kWidthMax = 64;
constexpr std::size_t kWidthsSizeBytes = 2;
// A load of 8 bytes from any bit on holds at least these.
constexpr std::uint32_t kWindowBits = 57;

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

class BitWriter {
 public:
  explicit BitWriter(ByteVector& out) : out_(out) {}
  ~BitWriter() {
    for (; used_ > 0; used_ -= used_ < 8 ? used_ : 8) {
      out_.push_back(static_cast<std::uint8_t>(pending_));
      pending_ >>= 8;
    }
  }
  BitWriter(const BitWriter&) = delete;
  BitWriter& operator=(const BitWriter&) = delete;

  void Put(std::uint64_t value, std::uint32_t width) {
    constexpr std::uint32_t kHalf = 32;
    if (width > kHalf) {
      PutHalf(value & 0xffffffffu, kHalf);
      PutHalf(value >> kHalf, width - kHalf);
    } else {
      PutHalf(value, width);
    }
  }

 private:
  void PutHalf(std::uint64_t value, std::uint32_t width) {
    pending_ |= value << used_;
    for (used_ += width; used_ >= 8; used_ -= 8) {
      out_.push_back(static_cast<std::uint8_t>(pending_));
      pending_ >>= 8;
    }
  }

  ByteVector& out_;
  std::uint64_t pending_ = 0;
  std::uint32_t used_ = 0;  // less than 8 between calls
};

// Bits behind the end are 0: whether they were asked for shows at the end.
class BitReader {
 public:
  explicit BitReader(Bytes bytes) : bytes_(bytes) {}

  std::uint64_t Take(std::uint32_t width) {
    if (width > kWindowBits) {
      constexpr std::uint32_t kHalf = 32;
      const std::uint64_t low = Take(kHalf);
      return low | Take(width - kHalf) << kHalf;
    }
    const std::uint64_t mask = (std::uint64_t{1} << width) - 1;
    const std::uint64_t value = Window() & mask;
    at_bits_ += width;
    return value;
  }
  // A bit, and behind it as many as it says.
  std::uint64_t TakeTagged(const Widths& widths) {
    const std::uint64_t window = Window();
    const std::uint32_t width = (window & 1) != 0 ? widths.high : widths.low;
    ++at_bits_;
    if (width >= kWindowBits) {
      return Take(width);
    }
    at_bits_ += width;
    return window >> 1 & ((std::uint64_t{1} << width) - 1);
  }
  // Nothing but the padding of the last byte is left.
  bool AtEnd() const {
    return at_bits_ <= 8 * bytes_.size() && 8 * bytes_.size() - at_bits_ < 8;
  }

 private:
  std::uint64_t Window() const {
    const std::size_t at = at_bits_ / 8;
    std::uint64_t window = 0;
    if (std::endian::native == std::endian::little &&
        at + sizeof(window) <= bytes_.size()) {
      std::memcpy(&window, bytes_.data() + at, sizeof(window));
    } else {
      for (std::size_t i = 0; i < sizeof(window) && at + i < bytes_.size();
           ++i) {
        window |= std::uint64_t{bytes_[at + i]} << (8 * i);
      }
    }
    return window >> (at_bits_ % 8);
  }

  Bytes bytes_;
  std::size_t at_bits_ = 0;
};

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
      value = bits.TakeTagged(widths);
    }
  }
  return bits.AtEnd() ? Ok() : Status(damaged);
}

}  // namespace authseal
