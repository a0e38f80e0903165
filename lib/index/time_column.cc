#include "lib/index/time_column.h"

#include <algorithm>
#include <array>

#include "lib/base/coding.h"
#include "lib/index/packed_list.h"

namespace authseal {
namespace {

// Nanoseconds of the unit's number; the largest that divides all times.
constexpr std::array<std::int64_t, 4> kUnits = {1, 1'000, 1'000'000,
                                                1'000'000'000};
constexpr std::size_t kPrefixSizeBytes = 9;

std::size_t UnitOf(std::span<const UnixNanos> times) {
  std::size_t unit = kUnits.size() - 1;
  for (const UnixNanos time : times) {
    while (time.value % kUnits[unit] != 0) {
      --unit;
    }
  }
  return unit;
}

// Small distances either way become small numbers. Differences of any two
// times are taken modulo 2^64.
std::uint64_t ZigZag(std::uint64_t distance) {
  return distance << 1 ^ (distance >> 63 != 0 ? ~std::uint64_t{0} : 0);
}
std::uint64_t UnZigZag(std::uint64_t number) {
  return number >> 1 ^ ((number & 1) != 0 ? ~std::uint64_t{0} : 0);
}

}  // namespace

void AppendTimes(std::span<const UnixNanos> times, ByteVector& out) {
  const std::size_t unit = UnitOf(times);
  std::vector<std::uint64_t> distances;
  distances.reserve(times.size());
  std::int64_t latest = times.front().value / kUnits[unit];
  Encoder prefix;
  prefix.U8(static_cast<std::uint8_t>(unit)).I64(latest);
  for (const UnixNanos time : times) {
    const std::int64_t value = time.value / kUnits[unit];
    distances.push_back(ZigZag(static_cast<std::uint64_t>(value) -
                               static_cast<std::uint64_t>(latest)));
    latest = std::max(latest, value);
  }
  out.insert(out.end(), prefix.bytes().begin(), prefix.bytes().end());
  AppendPacked(distances, out);
}

Status ReadTimes(Bytes bytes, std::size_t count,
                 std::vector<std::uint64_t>& packed,
                 std::vector<UnixNanos>& times) {
  Decoder in(bytes);
  TRY_ASSIGN(const std::uint8_t unit, in.U8("unit of times"));
  TRY_ASSIGN(std::int64_t latest, in.I64("first time"));
  if (unit >= kUnits.size()) {
    return Error{ErrorCode::kDamaged, "the index has times of no known unit"};
  }
  TRY(ReadPacked(bytes.subspan(kPrefixSizeBytes), count, packed));
  times.resize(count);
  const auto nanos = static_cast<std::uint64_t>(kUnits[unit]);
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint64_t value =
        static_cast<std::uint64_t>(latest) + UnZigZag(packed[i]);
    times[i].value = static_cast<std::int64_t>(value * nanos);
    latest = std::max(latest, static_cast<std::int64_t>(value));
  }
  return Ok();
}

}  // namespace authseal
