#include "lib/event/event_time.h"

#include <string>

#include <gtest/gtest.h>

namespace authseal {
namespace {

struct TimeCase {
  const char* text;
  std::int64_t nanos;
};

constexpr std::int64_t kNoon = 1'772'366'400'000'000'000;  // 2026-03-01T12:00Z

class EventTimeTest : public testing::TestWithParam<TimeCase> {};

TEST_P(EventTimeTest, IsReadToTheNanosecond) {
  const auto time = ParseEventTime(GetParam().text);
  ASSERT_TRUE(time.has_value()) << GetParam().text;
  EXPECT_EQ(time->value, GetParam().nanos) << GetParam().text;
}

INSTANTIATE_TEST_SUITE_P(
    Spellings, EventTimeTest,
    testing::Values(
        TimeCase{"2026-03-01T12:00:00Z", kNoon},
        TimeCase{"2026-03-01T12:00:00.12Z", kNoon + 120'000'000},
        TimeCase{"2026-03-01T12:00:00.123Z", kNoon + 123'000'000},
        TimeCase{"2026-03-01T12:00:00.123456Z", kNoon + 123'456'000},
        TimeCase{"2026-03-01T12:00:00.1234567Z", kNoon + 123'456'700},
        TimeCase{"2026-03-01T12:00:00.06743908Z", kNoon + 67'439'080},
        TimeCase{"2026-03-01T12:00:00.123456789Z", kNoon + 123'456'789},
        TimeCase{"2026-03-01T12:00:00.1234567899Z", kNoon + 123'456'789},
        TimeCase{"2026-03-01T17:30:00+05:30", kNoon},
        TimeCase{"2026-03-01T21:00:00+09:00", kNoon},
        TimeCase{"2026-03-01T21:30:00+0930", kNoon},
        TimeCase{"2026-03-01T09:00:00-03", kNoon},
        TimeCase{"2026-03-01T12:00:00", kNoon},
        TimeCase{"2026-03-01T12:00:00.487016", kNoon + 487'016'000},
        TimeCase{"2026-03-01 12:00:00.149000000", kNoon + 149'000'000},
        TimeCase{"2026-03-01 12:00:00 UTC", kNoon},
        TimeCase{"2026-03-01 04:00:00.000 -0800", kNoon},
        TimeCase{"2026-03-01 12:00:00,548", kNoon + 548'000'000},
        TimeCase{"2026-03-01", kNoon - 43'200'000'000'000},
        TimeCase{"3/1/2026 12:00:00 PM", kNoon},
        TimeCase{"3/1/2026 1:00:00 PM +01:00", kNoon},
        TimeCase{"03/01/2026 12:00:00", kNoon},
        TimeCase{"3/1/2026 12:00:00 AM", kNoon - 43'200'000'000'000},
        TimeCase{"20260301120000.569", kNoon + 569'000'000},
        TimeCase{"20260301T120000Z", kNoon},
        TimeCase{"Mar 01 2026 12:00:00.452", kNoon + 452'000'000},
        TimeCase{"Sun, 01 Mar 2026 12:00:00 GMT", kNoon},
        TimeCase{"1772366400", kNoon},
        TimeCase{"1772366400.25", kNoon + 250'000'000},
        TimeCase{"1772366400123", kNoon + 123'000'000},
        TimeCase{"1772366400123.5", kNoon + 123'500'000},
        TimeCase{"1772366400123456", kNoon + 123'456'000},
        TimeCase{"1772366400123456789", kNoon + 123'456'789},
        TimeCase{"1.7723664e9", kNoon}, TimeCase{"0", 0},
        TimeCase{"-1", -1'000'000'000}));

TEST(EventTime, WhatIsNoTimeIsNone) {
  for (const char* text : {"",
                           "redacted",
                           "...",
                           "21:01:42,548",
                           "2026-13-01T00:00:00Z",
                           "2026-03-32T00:00:00Z",
                           "2026-03-01T25:00:00Z",
                           "2026-03-01T12:00:00X",
                           "2026-03-01T12:00:00+99:00",
                           "2023-09-20T23:00:000.0Z",
                           "99999999999999999999",
                           "1e400",
                           "nan",
                           "inf",
                           "1772366400Z",
                           "12abc",
                           "13/13/2026 1:00:00 PM",
                           "3/1/2026 13:00:00 PM",
                           "Foo 01 2026 1:00:00",
                           "9999-01-01T00:00:00Z"}) {
    EXPECT_EQ(ParseEventTime(text), std::nullopt) << text;
  }
  EXPECT_EQ(ParseEventTime(std::string(100, '1')), std::nullopt);
}

}  // namespace
}  // namespace authseal
