#include <chrono>

#include "lib/io/clock.h"

namespace authseal {
namespace {

class RealClock : public Clock {
 public:
  UnixNanos Now() const override {
    // C++20 fixes this clock's epoch to that of Unix time.
    const auto since_epoch =
        std::chrono::system_clock::now().time_since_epoch();
    return UnixNanos{
        std::chrono::duration_cast<std::chrono::nanoseconds>(since_epoch)
            .count()};
  }
};

}  // namespace

const Clock& SystemClock() {
  static const RealClock clock;
  return clock;
}

}  // namespace authseal
