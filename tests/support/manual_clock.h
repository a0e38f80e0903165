// A clock that stands still until a test moves it.
#ifndef AUTHSEAL_TESTS_SUPPORT_MANUAL_CLOCK_H_
#define AUTHSEAL_TESTS_SUPPORT_MANUAL_CLOCK_H_

#include <atomic>
#include <cstdint>

#include "lib/io/clock.h"

namespace authseal {

// Threads: all calls may run in parallel.
class ManualClock : public Clock {
 public:
  // 2026-01-01T00:00:00Z, so that output shows a plausible time.
  static constexpr UnixNanos kDefaultStart{1'767'225'600 * kNanosPerSecond};

  explicit ManualClock(UnixNanos start = kDefaultStart) : now_(start.value) {}

  UnixNanos Now() const override { return UnixNanos{now_.load()}; }
  void Set(UnixNanos now) { now_.store(now.value); }
  void AdvanceSeconds(std::int64_t seconds) {
    now_.fetch_add(seconds * kNanosPerSecond);
  }

 private:
  std::atomic<std::int64_t> now_;
};

}  // namespace authseal

#endif  // AUTHSEAL_TESTS_SUPPORT_MANUAL_CLOCK_H_
