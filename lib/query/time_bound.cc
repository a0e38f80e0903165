#include "lib/query/time_bound.h"

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

std::optional<UnixNanos> CivilIn(const CivilTime& civil, TimeZone zone) {
  const std::optional<UnixNanos> utc = CivilToUnix(civil, 0);
  if (!utc || zone == TimeZone::kUtc) {
    return utc;
  }
  std::tm local = {};
  local.tm_year = civil.year - 1900;
  local.tm_mon = civil.month - 1;
  local.tm_mday = civil.day;
  local.tm_hour = civil.hour;
  local.tm_min = civil.minute;
  local.tm_sec = civil.second;
  local.tm_isdst = -1;  // mktime decides
  const std::time_t seconds = std::mktime(&local);
  constexpr std::int64_t kSecondsMax =
      std::numeric_limits<std::int64_t>::max() / kNanosPerSecond - 1;
  if (seconds > kSecondsMax || seconds < -kSecondsMax) {
    return std::nullopt;
  }
  return UnixNanos{std::int64_t{seconds} * kNanosPerSecond + civil.nanos};
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
std::optional<UnixNanos> ParseIsoWeek(std::string_view text, TimeZone zone) {
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
  return CivilIn(UnixToCivil(named), zone);
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
                                 TimeZone zone) {
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
  if (const auto week = ParseIsoWeek(text, zone)) {
    return *week;
  }
  if (const auto civil = ParseCivil(text)) {
    const auto time = CivilIn(*civil, zone);
    return time ? Result<UnixNanos>(*time) : NotATime(text);
  }
  const Result<UnixNanos> time = ParseRfc3339(text);
  return time ? Result<UnixNanos>(*time) : NotATime(text);
}

}  // namespace authseal
