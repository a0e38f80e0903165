#include "lib/io/clock.h"

#include <gtest/gtest.h>

#include "lib/base/time.h"
#include "tests/support/manual_clock.h"

namespace authseal {
namespace {

TEST(SystemClock, CountsNanosecondsFromTheUnixEpoch) {
  // No test may know the date, but seconds or microseconds taken for
  // nanoseconds would land in 1970, and milliseconds beyond 2262 in the past.
  EXPECT_GE(UnixToCivil(SystemClock().Now()).year, 2024);
}

TEST(ManualClock, MovesOnlyWhenToldTo) {
  ManualClock clock;
  EXPECT_EQ(FormatRfc3339(clock.Now()), "2026-01-01T00:00:00Z");
  clock.AdvanceSeconds(61);
  EXPECT_EQ(FormatRfc3339(clock.Now()), "2026-01-01T00:01:01Z");
  clock.AdvanceSeconds(-1);
  EXPECT_EQ(FormatRfc3339(clock.Now()), "2026-01-01T00:01:00Z");
  clock.Set(UnixNanos{5});
  EXPECT_EQ(clock.Now(), UnixNanos{5});
}

}  // namespace
}  // namespace authseal
