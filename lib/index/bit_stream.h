// Streams of bits, the lowest bit of each byte first: authseal-format(5),
// INDEX. Private to lib/index.
#ifndef AUTHSEAL_INDEX_BIT_STREAM_H_
#define AUTHSEAL_INDEX_BIT_STREAM_H_

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "lib/base/bytes.h"

namespace authseal {

// Appends to `out`, which is borrowed; whole when it is destroyed.
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

  // The lowest `width` (0 to 64) bits of `value`, which has no others.
  void Put(std::uint64_t value, std::uint32_t width) {
    if (width > kHalf) {
      PutHalf(value & 0xffffffffu, kHalf);
      PutHalf(value >> kHalf, width - kHalf);
    } else {
      PutHalf(value, width);
    }
  }
  // That many bits 0 and a bit 1.
  void PutZerosAndOne(std::uint64_t zeros) {
    for (; zeros >= kHalf; zeros -= kHalf) {
      PutHalf(0, kHalf);
    }
    PutHalf(std::uint64_t{1} << zeros, static_cast<std::uint32_t>(zeros) + 1);
  }

 private:
  static constexpr std::uint32_t kHalf = 32;

  void PutHalf(std::uint64_t value, std::uint32_t width) {
    pending_ |= value << used_;
    used_ += width;
    if (used_ >= kHalf) {
      const std::uint8_t bytes[] = {static_cast<std::uint8_t>(pending_),
                                    static_cast<std::uint8_t>(pending_ >> 8),
                                    static_cast<std::uint8_t>(pending_ >> 16),
                                    static_cast<std::uint8_t>(pending_ >> 24)};
      out_.insert(out_.end(), std::begin(bytes), std::end(bytes));
      pending_ >>= kHalf;
      used_ -= kHalf;
    }
  }

  ByteVector& out_;
  std::uint64_t pending_ = 0;
  std::uint32_t used_ = 0;  // less than kHalf between calls
};

// Bits behind the end are 0: whether they were asked for shows at the end.
class BitReader {
 public:
  // A load of 8 bytes from any bit on holds at least these.
  static constexpr std::uint32_t kWindowBits = 57;

  explicit BitReader(Bytes bytes) : bytes_(bytes) {}

  // Of `width` (0 to 64) bits.
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
  // How many bits 0 stand before the next bit 1, which is taken too. Behind
  // the last 1 of the stream it takes all there is and more: PastEnd().
  std::uint64_t TakeZerosAndOne() {
    std::uint64_t zeros = 0;
    for (;;) {
      const std::uint64_t window = Window() & ((1ull << kWindowBits) - 1);
      if (window != 0) {
        const auto more = static_cast<std::uint32_t>(std::countr_zero(window));
        at_bits_ += more + 1;
        return zeros + more;
      }
      zeros += kWindowBits;
      at_bits_ += kWindowBits;
      if (PastEnd()) {
        return zeros;
      }
    }
  }
  // The next bits, of which the lowest kWindowBits count; none is taken.
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
  void Skip(std::uint32_t bits) { at_bits_ += bits; }

  // More was taken than there is.
  bool PastEnd() const { return at_bits_ > 8 * bytes_.size(); }
  // Nothing but the padding of the last byte is left.
  bool AtEnd() const { return !PastEnd() && 8 * bytes_.size() - at_bits_ < 8; }

 private:
  Bytes bytes_;
  std::size_t at_bits_ = 0;
};

}  // namespace authseal

#endif  // AUTHSEAL_INDEX_BIT_STREAM_H_
