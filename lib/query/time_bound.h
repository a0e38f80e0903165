// How a person names a moment: --since and --until.
#ifndef AUTHSEAL_QUERY_TIME_BOUND_H_
#define AUTHSEAL_QUERY_TIME_BOUND_H_

#include <string_view>

#include "lib/base/result.h"
#include "lib/base/types.h"

namespace authseal {

enum class TimeZone {
  kUtc,
  kLocal
};

// RFC 3339; "2026-03-01", "2026-03-01T12:30", "2026-03-01 12:30:15" in `zone`;
// an ISO week "2026-W09" (its Monday) or a day of it "2026-W09-3"; "now"; and
// relative to `now`: "-90s", "-30m", "-12h", "-7d", "-2w". Error
// kInvalidArgument.
Result<UnixNanos> ParseTimeBound(std::string_view text, UnixNanos now,
                                 TimeZone zone);

// "30s", "5m", "1h", "7d", "2w": a length in nanoseconds, above zero.
Result<UnixNanos> ParseDuration(std::string_view text);

}  // namespace authseal

#endif  // AUTHSEAL_QUERY_TIME_BOUND_H_
