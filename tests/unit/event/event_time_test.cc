#include "lib/event/event_time.h"

#include <array>
#include <cstdio>
#include <random>
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

// The usual spellings have a short way of their own; a 't' for the 'T' and a
// fraction behind an epoch number go the long way.
TEST(EventTime, TheUsualSpellingsAreReadAsTheUnusualOnesAre) {
  std::mt19937 random(20261125);
  const auto below = [&random](unsigned count) {
    return static_cast<unsigned>(random() % count);
  };
  constexpr std::string_view kOdd = "0123456789.:-+TZ /,e";
  std::size_t times = 0;
  for (int i = 0; i < 200'000; ++i) {
    std::array<char, 64> civil = {};
    std::snprintf(civil.data(), civil.size(), "%04u-%02u-%02uT%02u:%02u:%02u",
                  1660 + below(620), below(14), below(33), below(25), below(61),
                  below(62));
    std::string text = civil.data();
    for (unsigned digits = below(12); digits > 0; --digits) {
      text += text.size() == 19 ? '.' : static_cast<char>('0' + below(10));
    }
    constexpr std::array<std::string_view, 8> kZones = {
        "Z", "Z", "+00:00", "+01:00", "-23:59", "+24:00", "+0100", ""};
    text += kZones[below(kZones.size())];
    if (below(3) == 0) {
      text[below(static_cast<unsigned>(text.size()))] =
          kOdd[below(static_cast<unsigned>(kOdd.size()))];
    }
    std::string unusual = text;
    if (unusual[10] == 'T') {
      unusual[10] = 't';
    }
    const auto time = ParseEventTime(text);
    ASSERT_EQ(time, ParseEventTime(unusual)) << text;
    times += time ? 1u : 0u;

    std::string number(1 + below(15), '0');
    for (char& digit : number) {
      digit = static_cast<char>('0' + below(10));
    }
    // Of 14 digits and more, it may be a date.
    if (number.size() < 14) {
      ASSERT_EQ(ParseEventTime(number), ParseEventTime(number + ".0"))
          << number;
    }
  }
  EXPECT_GT(times, 50'000u);
}

}  // namespace
}  // namespace authseal
