// The spellings of time that occur in logs of OAuth servers.
#ifndef AUTHSEAL_EVENT_EVENT_TIME_H_
#define AUTHSEAL_EVENT_EVENT_TIME_H_

#include <optional>
#include <string_view>

#include "lib/base/types.h"

namespace authseal {

// Epoch numbers, whole or with a fraction, by magnitude: below 1e11 seconds,
// below 1e14 milliseconds, below 1e17 microseconds, else nanoseconds. Dates:
//   2026-03-01T12:00:00[.fraction][zone]   also with ' ' and ',' as separators
//   20260301120000[.fraction], 20260301T120000Z
//   3/1/2026 9:41:00 AM[ +01:00]           US order
//   [Sun, ]1 Mar 2026 12:00:00 GMT, Mar 01 2026 12:00:00.000
// A zone is Z, UTC, GMT, +hh:mm, +hhmm or +hh, perhaps after a space; without
// one the time is UTC. More than 9 fraction digits are cut. Empty for what is
// none of these or lies outside int64 nanoseconds.
std::optional<UnixNanos> ParseEventTime(std::string_view text);

}  // namespace authseal

#endif  // AUTHSEAL_EVENT_EVENT_TIME_H_
