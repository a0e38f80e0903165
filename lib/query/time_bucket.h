// The steps of a histogram: they begin at the multiples of their width, UTC.
#ifndef AUTHSEAL_QUERY_TIME_BUCKET_H_
#define AUTHSEAL_QUERY_TIME_BUCKET_H_

#include <cstdint>
#include <limits>

#include "lib/base/types.h"

namespace authseal {

struct TimeBucket {
  std::int64_t begin = 0;  // nanoseconds since 1970
  std::int64_t last = -1;  // of its nanoseconds

  // `width_nanos` > 0. A step that would begin before all time does at its
  // beginning.
  static TimeBucket Of(UnixNanos time, std::int64_t width_nanos) {
    using Limits = std::numeric_limits<std::int64_t>;
    std::int64_t rest = time.value % width_nanos;
    rest += rest < 0 ? width_nanos : 0;
    const std::int64_t left = width_nanos - 1 - rest;
    return {.begin = time.value < Limits::min() + rest ? Limits::min()
                                                       : time.value - rest,
            .last = time.value > Limits::max() - left ? Limits::max()
                                                      : time.value + left};
  }
  bool Contains(UnixNanos time) const {
    return time.value >= begin && time.value <= last;
  }
};

}  // namespace authseal

#endif  // AUTHSEAL_QUERY_TIME_BUCKET_H_
