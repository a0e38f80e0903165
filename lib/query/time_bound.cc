#include "lib/query/time_bound.h"

#include <algorithm>
#include <array>
#include <ctime>
#include <limits>
#include <optional>
#include <string>

#include "lib/base/encoding.h"
#include "lib/base/time.h"

namespace authseal {

namespace {

constexpr std::int64_t kSecondsPerDay = 86'400;
constexpr int kIsoWeekYearMax = 2261;  // its last week fits int64 nanoseconds
// Longer than any log and short enough for int64 nanoseconds.
constexpr std::uint64_t kDurationSecondsMax = 100ull * 366 * 86'400;

Error NotATime(std::string_view text) {
  return Error{ErrorCode::kInvalidArgument,
               "\"" + std::string(text) + "\" is no time",
               "use 2026-03-01, 2026-03-01T12:30:00Z, 2026-W09, or a time "
               "back from now such as -7d, -12h, -30m"};
}

// `count` decimal digits at the front of `text`, which is moved on.
std::optional<int> TakeDigits(std::string_view& text, std::size_t count) {
  if (text.size() < count) {
    return std::nullopt;
  }
  int number = 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (text[i] < '0' || text[i] > '9') {
      return std::nullopt;
    }
    number = number * 10 + (text[i] - '0');
  }
  text.remove_prefix(count);
  return number;
}

bool TakeCharacter(std::string_view& text, std::string_view one_of) {
  if (text.empty() || one_of.find(text.front()) == std::string_view::npos) {
    return false;
  }
  text.remove_prefix(1);
  return true;
}

// Seconds that local time is ahead of UTC at a moment.
std::optional<std::int64_t> OffsetAt(std::int64_t unix_seconds) {
  const std::time_t moment = unix_seconds;
  std::tm local = {};
  if (::localtime_r(&moment, &local) == nullptr) {
    return std::nullopt;
  }
  return local.tm_gmtoff;
}

// The moment when a clock on the wall shows `wall`, seconds as if it were UTC.
// Where clocks went back it shows that twice, and `edge` says which is meant;
// where they went forward and never showed it, it is when they did.
std::optional<std::int64_t> MomentOfWall(std::int64_t wall, TimeEdge edge) {
  const auto before = OffsetAt(wall - kSecondsPerDay);
  const auto after = OffsetAt(wall + kSecondsPerDay);
  if (!before || !after) {
    return std::nullopt;
  }
  const std::int64_t with_before = wall - *before;
  const std::int64_t with_after = wall - *after;
  const bool before_holds = OffsetAt(with_before) == before;
  const bool after_holds = OffsetAt(with_after) == after;
  if (before_holds && after_holds) {
    return edge == TimeEdge::kBegin ? std::min(with_before, with_after)
                                    : std::max(with_before, with_after);
  }
  if (before_holds || after_holds) {
    return before_holds ? with_before : with_after;
  }
  std::int64_t low = std::min(with_before, with_after);
  std::int64_t high = std::max(with_before, with_after);
  while (high - low > 1) {
    const std::int64_t middle = low + (high - low) / 2;
    (OffsetAt(middle) == before ? low : high) = middle;
  }
  return high;
}

std::optional<UnixNanos> CivilIn(const CivilTime& civil, TimeZone zone,
                                 TimeEdge edge) {
  const std::optional<UnixNanos> utc = CivilToUnix(civil, 0);
  if (!utc || zone == TimeZone::kUtc) {
    return utc;
  }
  ::tzset();
  std::int64_t wall = utc->value / kNanosPerSecond;
  wall -= utc->value % kNanosPerSecond < 0 ? 1 : 0;
  const auto seconds = MomentOfWall(wall, edge);
  constexpr std::int64_t kSecondsMax =
      std::numeric_limits<std::int64_t>::max() / kNanosPerSecond - 1;
  if (!seconds || *seconds > kSecondsMax || *seconds < -kSecondsMax) {
    return std::nullopt;
  }
  return UnixNanos{*seconds * kNanosPerSecond + civil.nanos};
}

// A date, and perhaps hours and minutes, perhaps seconds; no zone.
std::optional<CivilTime> ParseCivil(std::string_view text) {
  CivilTime civil;
  const auto year = TakeDigits(text, 4);
  const bool dash = TakeCharacter(text, "-");
  const auto month = TakeDigits(text, 2);
  const bool second_dash = TakeCharacter(text, "-");
  const auto day = TakeDigits(text, 2);
  if (!year || !dash || !month || !second_dash || !day) {
    return std::nullopt;
  }
  civil = {.year = *year, .month = *month, .day = *day};
  if (text.empty()) {
    return civil;
  }
  const bool separator = TakeCharacter(text, "T ");
  const auto hour = TakeDigits(text, 2);
  const bool colon = TakeCharacter(text, ":");
  const auto minute = TakeDigits(text, 2);
  if (!separator || !hour || !colon || !minute) {
    return std::nullopt;
  }
  civil.hour = *hour;
  civil.minute = *minute;
  if (TakeCharacter(text, ":")) {
    const auto second = TakeDigits(text, 2);
    if (!second) {
      return std::nullopt;
    }
    civil.second = *second;
  }
  return text.empty() ? std::optional(civil) : std::nullopt;
}

// Days from Monday, of the date that begins `time` (UTC).
std::int64_t DaysFromMonday(UnixNanos midnight) {
  const std::int64_t days = midnight.value / (kSecondsPerDay * kNanosPerSecond);
  return ((days + 3) % 7 + 7) % 7;  // 1970-01-01 was a Thursday
}

// Monday of an ISO 8601 week, or the day of it that is named: week 1 holds
// January 4th.
std::optional<UnixNanos> ParseIsoWeek(std::string_view text, TimeZone zone,
                                      TimeEdge edge) {
  const auto year = TakeDigits(text, 4);
  const bool mark = TakeCharacter(text, "-") && TakeCharacter(text, "W");
  const auto week = TakeDigits(text, 2);
  const bool has_day = TakeCharacter(text, "-");
  const auto day = has_day ? TakeDigits(text, 1) : std::optional(1);
  if (!year || !mark || !week || !day || *day < 1 || *day > 7 ||
      !text.empty() || *week < 1 || *week > 53 || *year > kIsoWeekYearMax) {
    return std::nullopt;
  }
  const auto fourth = CivilToUnix({.year = *year, .month = 1, .day = 4}, 0);
  if (!fourth) {
    return std::nullopt;
  }
  const std::int64_t days = (*week - 1) * 7 - DaysFromMonday(*fourth);
  const UnixNanos monday{fourth->value +
                         days * kSecondsPerDay * kNanosPerSecond};
  const UnixNanos thursday{monday.value + 3 * kSecondsPerDay * kNanosPerSecond};
  if (UnixToCivil(thursday).year != *year) {
    return std::nullopt;  // week 53 of a year that has 52
  }
  const UnixNanos named{monday.value +
                        (*day - 1) * kSecondsPerDay * kNanosPerSecond};
  return CivilIn(UnixToCivil(named), zone, edge);
}

}  // namespace

Result<UnixNanos> ParseDuration(std::string_view text) {
  constexpr std::string_view kUnits = "smhdw";
  constexpr std::array<std::uint64_t, 5> kUnitSeconds = {1, 60, 3'600, 86'400,
                                                         604'800};
  const Error no_duration{ErrorCode::kInvalidArgument,
                          "\"" + std::string(text) + "\" is no length of time",
                          "use a number and s, m, h, d or w, such as 30m"};
  if (text.size() < 2) {
    return no_duration;
  }
  const std::size_t unit = kUnits.find(text.back());
  const Result<std::uint64_t> number =
      ParseDecimal(text.substr(0, text.size() - 1));
  if (unit == std::string_view::npos || !number || *number == 0 ||
      *number > kDurationSecondsMax / kUnitSeconds[unit]) {
    return no_duration;
  }
  return UnixNanos{static_cast<std::int64_t>(*number * kUnitSeconds[unit]) *
                   kNanosPerSecond};
}

Result<UnixNanos> ParseTimeBound(std::string_view text, UnixNanos now,
                                 TimeZone zone, TimeEdge edge) {
  if (text == "now") {
    return now;
  }
  if (text.starts_with('-')) {
    const Result<UnixNanos> length = ParseDuration(text.substr(1));
    if (!length) {
      return NotATime(text);
    }
    return UnixNanos{now.value - length->value};
  }
  if (const auto week = ParseIsoWeek(text, zone, edge)) {
    return *week;
  }
  if (const auto civil = ParseCivil(text)) {
    const auto time = CivilIn(*civil, zone, edge);
    return time ? Result<UnixNanos>(*time) : NotATime(text);
  }
  const Result<UnixNanos> time = ParseRfc3339(text);
  return time ? Result<UnixNanos>(*time) : NotATime(text);
}

}  // namespace authseal
