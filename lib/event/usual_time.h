// The spelling of time that nearly all logs have, read quickly.
#ifndef AUTHSEAL_EVENT_USUAL_TIME_H_
#define AUTHSEAL_EVENT_USUAL_TIME_H_

#include <optional>
#include <string_view>

#include "lib/base/types.h"

namespace authseal {

// yyyy-MM-ddTHH:mm:ss[.fraction] and Z or +hh:mm, the fraction of at most 9
// digits. Empty for every other text, even if it is a time, and for what is
// none: ParseEventTime goes on from there.
std::optional<UnixNanos> ParseUsualTime(std::string_view text);

}  // namespace authseal

#endif  // AUTHSEAL_EVENT_USUAL_TIME_H_
