// Wall-clock time, from outside.
#ifndef AUTHSEAL_IO_CLOCK_H_
#define AUTHSEAL_IO_CLOCK_H_

#include "lib/base/types.h"

namespace authseal {

class Clock {
 public:
  virtual ~Clock() = default;
  virtual UnixNanos Now() const = 0;
};

// CLOCK_REALTIME.
const Clock& SystemClock();

}  // namespace authseal

#endif  // AUTHSEAL_IO_CLOCK_H_
