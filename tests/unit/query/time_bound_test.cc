#include "lib/query/time_bound.h"

#include <cstdlib>
#include <ctime>
#include <string>

#include <gtest/gtest.h>

#include "lib/base/time.h"

namespace authseal {
namespace {

constexpr UnixNanos kNow{1'772'366'400 * kNanosPerSecond};  // 2026-03-01T12:00Z

struct Case {
  const char* text;
  const char* time;  // RFC 3339; empty: refused
};

std::string Parsed(std::string_view text, TimeZone zone) {
  const Result<UnixNanos> time = ParseTimeBound(text, kNow, zone);
  return time ? FormatRfc3339(*time) : "";
}

TEST(TimeBound, TakesEachWayToNameAMoment) {
  constexpr Case kCases[] = {
      {"now", "2026-03-01T12:00:00Z"},
      {"2026-03-01", "2026-03-01T00:00:00Z"},
      {"2024-02-29", "2024-02-29T00:00:00Z"},
      {"1969-12-31", "1969-12-31T00:00:00Z"},
      {"2026-03-01T12:30", "2026-03-01T12:30:00Z"},
      {"2026-03-01 12:30:15", "2026-03-01T12:30:15Z"},
      {"2026-03-01T12:30:15Z", "2026-03-01T12:30:15Z"},
      {"2026-03-01T12:30:15.25+02:00", "2026-03-01T10:30:15.250Z"},
      {"-90s", "2026-03-01T11:58:30Z"},
      {"-30m", "2026-03-01T11:30:00Z"},
      {"-12h", "2026-03-01T00:00:00Z"},
      {"-7d", "2026-02-22T12:00:00Z"},
      {"-2w", "2026-02-15T12:00:00Z"},
      {"-36600d", "1925-12-16T12:00:00Z"},
  };
  for (const Case& c : kCases) {
    EXPECT_EQ(Parsed(c.text, TimeZone::kUtc), c.time) << c.text;
  }
}

TEST(TimeBound, IsoWeeksBeginOnMondayAndFollowTheWeekYear) {
  constexpr Case kCases[] = {
      {"2026-W09", "2026-02-23T00:00:00Z"},
      {"2026-W01", "2025-12-29T00:00:00Z"},
      {"2021-W01", "2021-01-04T00:00:00Z"},
      {"2020-W53", "2020-12-28T00:00:00Z"},
      {"2026-W53", "2026-12-28T00:00:00Z"},
      {"2025-W52", "2025-12-22T00:00:00Z"},
      {"1970-W01", "1969-12-29T00:00:00Z"},
      {"1965-W10", "1965-03-08T00:00:00Z"},
      {"2261-W52", "2261-12-23T00:00:00Z"},
      {"2025-W53", ""},  // 2025 has 52 weeks
      {"2026-W00", ""},
      {"2026-W54", ""},
      {"2262-W53", ""},  // behind the last nanosecond of int64
      {"9999-W53", ""},
      {"2026-W9", ""},
      {"2026-W09-1", "2026-02-23T00:00:00Z"},
      {"2026-W09-7", "2026-03-01T00:00:00Z"},
      {"2026-W01-4", "2026-01-01T00:00:00Z"},
      {"2026-W09-0", ""},
      {"2026-W09-8", ""},
      {"2026-W09-", ""},
      {"2026-W09-11", ""},
  };
  for (const Case& c : kCases) {
    EXPECT_EQ(Parsed(c.text, TimeZone::kUtc), c.time) << c.text;
  }
}

TEST(TimeBound, RefusesNonsense) {
  constexpr const char* kCases[] = {"",
                                    "yesterday",
                                    "-",
                                    "-7",
                                    "-d",
                                    "-7x",
                                    "--7d",
                                    "- 7d",
                                    "-0d",
                                    "-7.5d",
                                    "7d",
                                    "+7d",
                                    "-36601d",
                                    "-99999999999999999999d",
                                    "2026-13-01",
                                    "2026-02-30",
                                    "2025-02-29",
                                    "2026-3-1",
                                    "2026-03-01T",
                                    "2026-03-01T25:00",
                                    "2026-03-01T12:60",
                                    "2026-03-01T12:30:",
                                    "2026-03-01x",
                                    "2026-03-01T12:30x",
                                    "2026-03-01T12:30:15.5",
                                    "1600-01-01",
                                    "2300-01-01",
                                    " 2026-03-01",
                                    "2026-03-01 ",
                                    "Now"};
  for (const char* text : kCases) {
    const Result<UnixNanos> time = ParseTimeBound(text, kNow, TimeZone::kUtc);
    ASSERT_FALSE(time.has_value()) << text;
    EXPECT_EQ(time.error().code, ErrorCode::kInvalidArgument);
    EXPECT_FALSE(time.error().hint.empty());
  }
}

class LocalTime : public ::testing::Test {
 protected:
  void SetUp() override {
    ::setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1);
    ::tzset();
  }
  void TearDown() override {
    ::unsetenv("TZ");
    ::tzset();
  }
};

TEST_F(LocalTime, AppliesOnlyWhereNoZoneIsWritten) {
  constexpr Case kCases[] = {
      {"2026-03-01", "2026-02-28T23:00:00Z"},
      {"2026-07-01", "2026-06-30T22:00:00Z"},  // summer time
      {"2026-07-01T12:30", "2026-07-01T10:30:00Z"},
      {"2026-W27", "2026-06-28T22:00:00Z"},
      {"2026-07-01T12:30:00Z", "2026-07-01T12:30:00Z"},
      {"-1h", "2026-03-01T11:00:00Z"},
      {"2026-02-30", ""},
  };
  for (const Case& c : kCases) {
    EXPECT_EQ(Parsed(c.text, TimeZone::kLocal), c.time) << c.text;
  }
}

TEST(Duration, IsANumberAndAUnit) {
  EXPECT_EQ(ParseDuration("30s")->value, 30 * kNanosPerSecond);
  EXPECT_EQ(ParseDuration("5m")->value, 300 * kNanosPerSecond);
  EXPECT_EQ(ParseDuration("1h")->value, 3'600 * kNanosPerSecond);
  EXPECT_EQ(ParseDuration("1d")->value, 86'400 * kNanosPerSecond);
  EXPECT_EQ(ParseDuration("2w")->value, 14 * 86'400 * kNanosPerSecond);
  for (const char* text : {"", "s", "0m", "5", "-5m", "5 m", "1y", "5M",
                           "18446744073709551616s", "9999999w"}) {
    EXPECT_FALSE(ParseDuration(text).has_value()) << text;
  }
}

}  // namespace
}  // namespace authseal
