// Quantities with a type of their own.
//
// A record number counts records of one archive from 0; a tree size is a
// record number used as a count. Ranges are half open.
#ifndef AUTHSEAL_BASE_TYPES_H_
#define AUTHSEAL_BASE_TYPES_H_

#include <compare>
#include <cstdint>

namespace authseal {

// Nanoseconds since 1970-01-01T00:00:00Z; covers 1677 to 2262.
struct UnixNanos {
  std::int64_t value = 0;
  auto operator<=>(const UnixNanos&) const = default;
};

inline constexpr std::int64_t kNanosPerSecond = 1'000'000'000;

// Records [first, end).
struct RecordRange {
  std::uint64_t first = 0;
  std::uint64_t end = 0;

  auto operator<=>(const RecordRange&) const = default;
  std::uint64_t count() const { return end - first; }
  bool empty() const { return end <= first; }
  bool contains(std::uint64_t record) const {
    return record >= first && record < end;
  }
};

}  // namespace authseal

#endif  // AUTHSEAL_BASE_TYPES_H_
