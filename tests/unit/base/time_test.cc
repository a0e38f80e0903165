#include "lib/base/time.h"

#include <limits>
#include <random>
#include <string>

#include <gtest/gtest.h>

namespace authseal {
namespace {

constexpr std::int64_t kInt64Max = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kInt64Min = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t kSecondsPerDay = 86'400;

// A calendar that only knows how to go on to the next day.
struct Calendar {
  int year = 1970;
  int month = 1;
  int day = 1;

  static int DaysIn(int year, int month) {
    switch (month) {
      case 2:
        return year % 400 == 0 || (year % 4 == 0 && year % 100 != 0) ? 29 : 28;
      case 4:
      case 6:
      case 9:
      case 11:
        return 30;
      default:
        return 31;
    }
  }
  void Forward() {
    if (++day > DaysIn(year, month)) {
      day = 1;
      if (++month > 12) {
        month = 1;
        ++year;
      }
    }
  }
  void Back() {
    if (--day < 1) {
      if (--month < 1) {
        month = 12;
        --year;
      }
      day = DaysIn(year, month);
    }
  }
};

void CheckDay(const Calendar& date, std::int64_t days,
              std::mt19937_64& random) {
  const auto second = static_cast<std::int64_t>(random() % kSecondsPerDay);
  const auto nanos = static_cast<std::int64_t>(random() % kNanosPerSecond);
  const UnixNanos time{(days * kSecondsPerDay + second) * kNanosPerSecond +
                       nanos};
  const CivilTime civil = UnixToCivil(time);
  ASSERT_EQ(civil.year, date.year) << days;
  ASSERT_EQ(civil.month, date.month) << days;
  ASSERT_EQ(civil.day, date.day) << days;
  ASSERT_EQ(civil.hour * 3600 + civil.minute * 60 + civil.second, second);
  ASSERT_EQ(civil.nanos, nanos);
  ASSERT_EQ(CivilToUnix(civil, 0), time);
}

TEST(CivilTime, AgreesWithCountingDaysFrom1677To2262) {
  std::mt19937_64 random(20260131);
  // 2262-04-11 and 1677-09-21 are cut by the range of 64 bits.
  constexpr std::int64_t kWholeDays = 106'751;
  Calendar date;
  for (std::int64_t days = 0; days < kWholeDays; ++days) {
    CheckDay(date, days, random);
    ASSERT_FALSE(HasFatalFailure());
    date.Forward();
  }
  EXPECT_EQ(date.year, 2262);
  EXPECT_EQ(date.month, 4);
  EXPECT_EQ(date.day, 11);
  date = Calendar{};
  for (std::int64_t days = 0; days > -kWholeDays; --days) {
    CheckDay(date, days, random);
    ASSERT_FALSE(HasFatalFailure());
    date.Back();
  }
  EXPECT_EQ(date.year, 1677);
  EXPECT_EQ(date.month, 9);
  EXPECT_EQ(date.day, 22);
}

TEST(CivilTime, ReachesBothEndsOfTheRangeAndNotBeyond) {
  CivilTime last = UnixToCivil(UnixNanos{kInt64Max});
  EXPECT_EQ(last.year, 2262);
  EXPECT_EQ(CivilToUnix(last, 0), UnixNanos{kInt64Max});
  ++last.nanos;
  EXPECT_FALSE(CivilToUnix(last, 0).has_value());

  CivilTime first = UnixToCivil(UnixNanos{kInt64Min});
  EXPECT_EQ(first.year, 1677);
  EXPECT_EQ(CivilToUnix(first, 0), UnixNanos{kInt64Min});
  --first.nanos;
  EXPECT_FALSE(CivilToUnix(first, 0).has_value());
}

TEST(CivilTime, RefusesFieldsOutOfRange) {
  const CivilTime good = {.year = 2024, .month = 2, .day = 29};
  ASSERT_TRUE(CivilToUnix(good, 0).has_value());
  const auto refuses = [&](auto member, auto value) {
    CivilTime civil = good;
    civil.*member = value;
    return !CivilToUnix(civil, 0).has_value();
  };
  EXPECT_TRUE(refuses(&CivilTime::year, 2023));  // no leap year
  EXPECT_TRUE(refuses(&CivilTime::year, 1600));
  EXPECT_TRUE(refuses(&CivilTime::year, 2400));
  EXPECT_TRUE(refuses(&CivilTime::year, std::numeric_limits<int>::max()));
  EXPECT_TRUE(refuses(&CivilTime::year, std::numeric_limits<int>::min()));
  EXPECT_TRUE(refuses(&CivilTime::month, 0));
  EXPECT_TRUE(refuses(&CivilTime::month, 13));
  EXPECT_TRUE(refuses(&CivilTime::month, -1));
  EXPECT_TRUE(refuses(&CivilTime::day, 0));
  EXPECT_TRUE(refuses(&CivilTime::day, 30));
  EXPECT_TRUE(refuses(&CivilTime::hour, 24));
  EXPECT_TRUE(refuses(&CivilTime::hour, -1));
  EXPECT_TRUE(refuses(&CivilTime::minute, 60));
  EXPECT_TRUE(refuses(&CivilTime::second, 61));
  EXPECT_TRUE(refuses(&CivilTime::nanos, kNanosPerSecond));
  EXPECT_TRUE(refuses(&CivilTime::nanos, -1));
  EXPECT_FALSE(CivilToUnix(good, 1440).has_value());
  EXPECT_FALSE(CivilToUnix(good, -1440).has_value());
  EXPECT_TRUE(CivilToUnix(good, 1439).has_value());
}

TEST(Rfc3339, FormatsTheFractionInGroupsOfThree) {
  const struct {
    std::int64_t value;
    std::string_view text;
  } kCases[] = {
      {0, "1970-01-01T00:00:00Z"},
      {1, "1970-01-01T00:00:00.000000001Z"},
      {1'000, "1970-01-01T00:00:00.000001Z"},
      {120'000'000, "1970-01-01T00:00:00.120Z"},
      {123'456'000, "1970-01-01T00:00:00.123456Z"},
      {-1, "1969-12-31T23:59:59.999999999Z"},
      {-1'000'000'000, "1969-12-31T23:59:59Z"},
      {1'769'903'998'123'456'789, "2026-01-31T23:59:58.123456789Z"},
      {951'782'400'000'000'000, "2000-02-29T00:00:00Z"},
      {kInt64Max, "2262-04-11T23:47:16.854775807Z"},
      {kInt64Min, "1677-09-21T00:12:43.145224192Z"},
  };
  for (const auto& c : kCases) {
    EXPECT_EQ(FormatRfc3339(UnixNanos{c.value}), c.text);
    const auto parsed = ParseRfc3339(c.text);
    ASSERT_TRUE(parsed.has_value()) << c.text;
    EXPECT_EQ(parsed->value, c.value);
  }
}

TEST(Rfc3339, RandomTimesRoundTrip) {
  std::mt19937_64 random(7);
  for (int i = 0; i < 20'000; ++i) {
    const UnixNanos time{static_cast<std::int64_t>(random())};
    const auto parsed = ParseRfc3339(FormatRfc3339(time));
    ASSERT_TRUE(parsed.has_value());
    ASSERT_EQ(*parsed, time);
  }
}

TEST(Rfc3339, ReadsOffsetsSpellingsAndLongFractions) {
  const struct {
    std::string_view text;
    std::string_view utc;
  } kCases[] = {
      // RFC 3339, section 5.8.
      {"1985-04-12T23:20:50.52Z", "1985-04-12T23:20:50.520Z"},
      {"1996-12-19T16:39:57-08:00", "1996-12-20T00:39:57Z"},
      {"1990-12-31T23:59:60Z", "1990-12-31T23:59:59Z"},
      {"1990-12-31T15:59:60-08:00", "1990-12-31T23:59:59Z"},
      {"1937-01-01T12:00:27.87+00:20", "1937-01-01T11:40:27.870Z"},
      {"2026-01-31 23:59:58Z", "2026-01-31T23:59:58Z"},
      {"2026-01-31t23:59:58z", "2026-01-31T23:59:58Z"},
      {"2026-01-01T00:00:00+23:59", "2025-12-31T00:01:00Z"},
      {"2026-01-01T00:00:00-23:59", "2026-01-01T23:59:00Z"},
      {"2026-01-01T00:00:00-00:00", "2026-01-01T00:00:00Z"},
      {"2026-01-01T00:00:00.1234567899Z", "2026-01-01T00:00:00.123456789Z"},
      {"1969-12-31T23:59:59.9999999999Z", "1969-12-31T23:59:59.999999999Z"},
      {"2026-01-01T00:00:00.000Z", "2026-01-01T00:00:00Z"},
      {"2024-02-29T24:00:00Z", ""},
      {"2262-04-12T00:00:00+01:00", "2262-04-11T23:00:00Z"},
  };
  for (const auto& c : kCases) {
    const auto parsed = ParseRfc3339(c.text);
    ASSERT_EQ(parsed.has_value(), !c.utc.empty()) << c.text;
    if (parsed.has_value()) {
      EXPECT_EQ(FormatRfc3339(*parsed), c.utc) << c.text;
    }
  }
}

TEST(Rfc3339, TakesAFractionOfAnyLengthInLinearTime) {
  const std::string text =
      "2026-01-01T00:00:00." + std::string(1 << 20, '9') + "Z";
  ASSERT_TRUE(ParseRfc3339(text).has_value());
  EXPECT_EQ(FormatRfc3339(*ParseRfc3339(text)),
            "2026-01-01T00:00:00.999999999Z");
}

TEST(Rfc3339, RefusesEverythingElse) {
  for (const std::string_view text : {
           "",
           "Z",
           "2026-01-31",
           "2026-01-31T23:59:58",             // no zone
           "2026-01-31T23:59Z",               // no seconds
           "2026-01-31T23:59:58.Z",           // no digits behind the point
           "2026-01-31T23:59:58,5Z",          //
           "2026-01-31T23:59:58+0100",        //
           "2026-01-31T23:59:58+01",          //
           "2026-01-31T23:59:58+24:00",       //
           "2026-01-31T23:59:58+01:60",       //
           "2026-01-31T23:59:58+1:00",        //
           "2026-01-31T23:59:58 Z",           //
           "2026-01-31T23:59:58Z ",           //
           " 2026-01-31T23:59:58Z",           //
           "2026-01-31T23:59:58Z\n",          //
           "2026-01-31T23:59:58ZZ",           //
           "2026-01-31  23:59:58Z",           //
           "2026-01-31_23:59:58Z",            //
           "2026-1-31T23:59:58Z",             //
           "2026-01-31T3:59:58Z",             //
           "26-01-31T23:59:58Z",              //
           "+2026-01-31T23:59:58Z",           //
           "-026-01-31T23:59:58Z",            //
           "02026-01-31T23:59:58Z",           //
           "20260131T235958Z",                //
           "2026-00-31T23:59:58Z",            //
           "2026-13-31T23:59:58Z",            //
           "2026-02-29T23:59:58Z",            // no leap year
           "2100-02-29T00:00:00Z",            //
           "2026-04-31T00:00:00Z",            //
           "2026-01-00T00:00:00Z",            //
           "2026-01-31T23:60:58Z",            //
           "2026-01-31T23:59:61Z",            //
           "2026-01-31T-1:59:58Z",            //
           "2026-01-31T+1:59:58Z",            //
           "2262-04-11T23:47:16.854775808Z",  // a nanosecond too late
           "1677-09-21T00:12:43.145224191Z",  // a nanosecond too early
           "0000-01-01T00:00:00Z",            //
           "9999-12-31T23:59:59Z",            //
           "2026-01-31T23:59:5\xd9\xa8Z",     // an Arabic digit
       }) {
    const auto parsed = ParseRfc3339(text);
    ASSERT_FALSE(parsed.has_value()) << text;
    EXPECT_EQ(parsed.error().code, ErrorCode::kInvalidArgument);
  }
  const std::string with_nul("2026-01-31T23:59:58Z\0", 21);
  EXPECT_FALSE(ParseRfc3339(with_nul).has_value());
}

}  // namespace
}  // namespace authseal
