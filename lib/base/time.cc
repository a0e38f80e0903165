#include "lib/base/time.h"

#include <array>

#include "lib/base/encoding.h"

namespace authseal {
namespace {

constexpr std::int64_t kSecondsPerDay = 86'400;
constexpr int kOffsetMinutesMax = 23 * 60 + 59;
// A year on each side of what 64-bit nanoseconds hold, so that an offset can
// bring a time back into range.
constexpr int kYearMin = 1676;
constexpr int kYearMax = 2263;
constexpr std::size_t kFractionDigitsMax = 9;

bool IsLeapYear(int year) {
  return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

int DaysInMonth(int year, int month) {
  constexpr std::array<int, 12> kDays = {31, 28, 31, 30, 31, 30,
                                         31, 31, 30, 31, 30, 31};
  const int days = kDays[static_cast<std::size_t>(month - 1)];
  return month == 2 && IsLeapYear(year) ? days + 1 : days;
}

// Days from 1970-01-01. The year is taken to begin in March, so that the leap
// day is its last; 153 days are five months from March on.
std::int64_t DaysFromCivil(int year, int month, int day) {
  const std::int64_t march_year = year - (month <= 2 ? 1 : 0);
  const std::int64_t march_month = (month + 9) % 12;
  const std::int64_t day_of_year = (153 * march_month + 2) / 5 + day - 1;
  constexpr std::int64_t kDaysTo1970March = 719'468;  // from 0000-03-01
  return march_year * 365 + march_year / 4 - march_year / 100 +
         march_year / 400 + day_of_year - kDaysTo1970March;
}

struct Date {
  int year;
  int month;
  int day;
};

// The inverse, by eras of 400 years (146,097 days).
Date CivilFromDays(std::int64_t days) {
  const std::int64_t since_year_0 = days + 719'468;
  const std::int64_t era = since_year_0 / 146'097;
  const std::int64_t day_of_era = since_year_0 % 146'097;
  const std::int64_t year_of_era =
      (day_of_era - day_of_era / 1'460 + day_of_era / 36'524 -
       day_of_era / 146'096) /
      365;
  const std::int64_t day_of_year =
      day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const std::int64_t march_month = (5 * day_of_year + 2) / 153;
  const std::int64_t day = day_of_year - (153 * march_month + 2) / 5 + 1;
  const std::int64_t month =
      march_month < 10 ? march_month + 3 : march_month - 9;
  const std::int64_t year = era * 400 + year_of_era + (month <= 2 ? 1 : 0);
  return {static_cast<int>(year), static_cast<int>(month),
          static_cast<int>(day)};
}

bool FieldsAreValid(const CivilTime& civil, int utc_offset_minutes) {
  return civil.year >= kYearMin && civil.year <= kYearMax && civil.month >= 1 &&
         civil.month <= 12 && civil.day >= 1 &&
         civil.day <= DaysInMonth(civil.year, civil.month) && civil.hour >= 0 &&
         civil.hour <= 23 && civil.minute >= 0 && civil.minute <= 59 &&
         civil.second >= 0 && civil.second <= 60 && civil.nanos >= 0 &&
         civil.nanos < kNanosPerSecond &&
         utc_offset_minutes >= -kOffsetMinutesMax &&
         utc_offset_minutes <= kOffsetMinutesMax;
}

// Seconds times 10^9 plus nanos, where the product alone may be out of range
// and the sum not.
std::optional<UnixNanos> JoinSeconds(std::int64_t seconds, std::int64_t nanos) {
  if (seconds < 0 && nanos > 0) {
    ++seconds;
    nanos -= kNanosPerSecond;
  }
  std::int64_t value = 0;
  if (__builtin_mul_overflow(seconds, kNanosPerSecond, &value) ||
      __builtin_add_overflow(value, nanos, &value)) {
    return std::nullopt;
  }
  return UnixNanos{value};
}

// Reads RFC 3339 from the front of a text; each step says whether it matched.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}

  bool Digits(std::size_t count, int& out) {
    if (rest_.size() < count) {
      return false;
    }
    int value = 0;
    for (const char c : rest_.substr(0, count)) {
      if (!IsDigit(c)) {
        return false;
      }
      value = value * 10 + (c - '0');
    }
    rest_.remove_prefix(count);
    out = value;
    return true;
  }

  bool OneOf(std::string_view allowed, char& out) {
    if (rest_.empty() || allowed.find(rest_[0]) == std::string_view::npos) {
      return false;
    }
    out = rest_[0];
    rest_.remove_prefix(1);
    return true;
  }

  bool OneOf(std::string_view allowed) {
    char ignored = 0;
    return OneOf(allowed, ignored);
  }

  // The digits behind the point; those beyond nanoseconds are cut.
  bool Fraction(std::int64_t& nanos) {
    std::size_t digits = 0;
    std::int64_t value = 0;
    for (; digits < rest_.size() && IsDigit(rest_[digits]); ++digits) {
      if (digits < kFractionDigitsMax) {
        value = value * 10 + (rest_[digits] - '0');
      }
    }
    for (std::size_t i = digits; i < kFractionDigitsMax; ++i) {
      value *= 10;
    }
    rest_.remove_prefix(digits);
    nanos = value;
    return digits > 0;
  }

  bool Zone(int& utc_offset_minutes) {
    char sign = 0;
    if (!OneOf("Zz+-", sign)) {
      return false;
    }
    if (sign == 'Z' || sign == 'z') {
      utc_offset_minutes = 0;
      return true;
    }
    int hours = 0;
    int minutes = 0;
    if (!Digits(2, hours) || !OneOf(":") || !Digits(2, minutes) || hours > 23 ||
        minutes > 59) {
      return false;
    }
    utc_offset_minutes = (hours * 60 + minutes) * (sign == '-' ? -1 : 1);
    return true;
  }

  bool AtEnd() const { return rest_.empty(); }

 private:
  static bool IsDigit(char c) { return c >= '0' && c <= '9'; }

  std::string_view rest_;
};

bool Scan(std::string_view text, CivilTime& civil, int& utc_offset_minutes) {
  Scanner in(text);
  const bool has_seconds =
      in.Digits(4, civil.year) && in.OneOf("-") && in.Digits(2, civil.month) &&
      in.OneOf("-") && in.Digits(2, civil.day) && in.OneOf("Tt ") &&
      in.Digits(2, civil.hour) && in.OneOf(":") && in.Digits(2, civil.minute) &&
      in.OneOf(":") && in.Digits(2, civil.second);
  if (!has_seconds || (in.OneOf(".") && !in.Fraction(civil.nanos))) {
    return false;
  }
  return in.Zone(utc_offset_minutes) && in.AtEnd();
}

// The lowest `digits` decimal digits.
void AppendDigits(std::int64_t number, std::size_t digits, std::string& out) {
  out.append(digits, '0');
  for (auto digit = out.rbegin(); digits > 0; --digits, ++digit) {
    *digit = static_cast<char>('0' + number % 10);
    number /= 10;
  }
}

}  // namespace

std::optional<UnixNanos> CivilToUnix(const CivilTime& civil,
                                     int utc_offset_minutes) {
  if (!FieldsAreValid(civil, utc_offset_minutes)) {
    return std::nullopt;
  }
  // POSIX time has no leap seconds.
  const int second = civil.second == 60 ? 59 : civil.second;
  const std::int64_t days = DaysFromCivil(civil.year, civil.month, civil.day);
  const std::int64_t minutes =
      std::int64_t{civil.hour} * 60 + civil.minute - utc_offset_minutes;
  const std::int64_t seconds = days * kSecondsPerDay + minutes * 60 + second;
  return JoinSeconds(seconds, civil.nanos);
}

CivilTime UnixToCivil(UnixNanos time) {
  std::int64_t seconds = time.value / kNanosPerSecond;
  std::int64_t nanos = time.value % kNanosPerSecond;
  if (nanos < 0) {
    nanos += kNanosPerSecond;
    --seconds;
  }
  std::int64_t days = seconds / kSecondsPerDay;
  std::int64_t second_of_day = seconds % kSecondsPerDay;
  if (second_of_day < 0) {
    second_of_day += kSecondsPerDay;
    --days;
  }
  const Date date = CivilFromDays(days);
  return CivilTime{.year = date.year,
                   .month = date.month,
                   .day = date.day,
                   .hour = static_cast<int>(second_of_day / 3'600),
                   .minute = static_cast<int>(second_of_day / 60 % 60),
                   .second = static_cast<int>(second_of_day % 60),
                   .nanos = nanos};
}

std::string FormatRfc3339(UnixNanos time) {
  const CivilTime civil = UnixToCivil(time);
  std::string text;
  text.reserve(std::string_view("2026-01-31T23:59:58.123456789Z").size());
  AppendDigits(civil.year, 4, text);
  const auto append = [&text](char before, std::int64_t number) {
    text += before;
    AppendDigits(number, 2, text);
  };
  append('-', civil.month);
  append('-', civil.day);
  append('T', civil.hour);
  append(':', civil.minute);
  append(':', civil.second);
  if (civil.nanos != 0) {
    text += '.';
    AppendDigits(civil.nanos, kFractionDigitsMax, text);
    while (text.ends_with("000")) {
      text.resize(text.size() - 3);
    }
  }
  text += 'Z';
  return text;
}

Result<UnixNanos> ParseRfc3339(std::string_view text) {
  CivilTime civil;
  int utc_offset_minutes = 0;
  if (!Scan(text, civil, utc_offset_minutes)) {
    return Error{ErrorCode::kInvalidArgument, "time is not RFC 3339",
                 "write it as 2026-01-31T23:59:58Z, zone included"};
  }
  const std::optional<UnixNanos> time = CivilToUnix(civil, utc_offset_minutes);
  if (!time.has_value()) {
    return Error{ErrorCode::kInvalidArgument,
                 "no such date or time, or one outside 1677 to 2262"};
  }
  return *time;
}

}  // namespace authseal
