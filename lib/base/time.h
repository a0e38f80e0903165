// RFC 3339 times and our one way to print them.
#ifndef AUTHSEAL_BASE_TIME_H_
#define AUTHSEAL_BASE_TIME_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "lib/base/result.h"
#include "lib/base/types.h"

namespace authseal {

// A date of the proleptic Gregorian calendar and a time of day, zone-less.
struct CivilTime {
  int year = 1970;
  int month = 1;  // 1..12
  int day = 1;    // 1..31
  int hour = 0;
  int minute = 0;
  int second = 0;  // 60 is taken as the last second of the minute
  std::int64_t nanos = 0;
};

// Empty when a field is out of range or the result is outside int64.
std::optional<UnixNanos> CivilToUnix(const CivilTime& civil,
                                     int utc_offset_minutes);
CivilTime UnixToCivil(UnixNanos time);

// "2026-01-31T23:59:58.123456789Z"; the fraction is left out when zero and
// printed with 3, 6 or 9 digits otherwise.
std::string FormatRfc3339(UnixNanos time);

// RFC 3339 with any number of fraction digits (those beyond nine are cut),
// zone required, 'T' or one space between date and time; 't' and 'z' as the
// standard allows. Error: kInvalidArgument.
Result<UnixNanos> ParseRfc3339(std::string_view text);

}  // namespace authseal

#endif  // AUTHSEAL_BASE_TIME_H_
