// What a life shows that should not be, or is worth knowing: used after
// revocation, refreshed after reuse, issued and never seen again. The exact
// meaning of each is in authseal-query(1), GAPS.
#ifndef AUTHSEAL_QUERY_TRACE_GAPS_H_
#define AUTHSEAL_QUERY_TRACE_GAPS_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/query/trace_query.h"

namespace authseal {

enum class GapKind : std::uint8_t {
  kUsedAfterRevocation,
  kRefreshedAfterReuse,
  kSessionUsedAfterEnd,
  // Notices: these happen where everything works.
  kPresentedAfterRevocation,
  kRefusedAfterRevocation,
  kRefusedAfterReuse,
  kUserRefreshedAfterReuse,
  kIssuedNeverSeenAgain
};
std::string_view GapName(GapKind kind);  // "used-after-revocation" …
// False for a notice.
bool IsAlarm(GapKind kind);

struct TraceGap {
  GapKind kind = GapKind::kUsedAfterRevocation;
  std::size_t event = 0;             // in the trace
  std::optional<std::size_t> cause;  // the revocation, reuse or end before it
};

// In order of their events. Repeats and events without a time of their own
// neither cause nor have gaps.
std::vector<TraceGap> FindGaps(const TraceResult& trace);

}  // namespace authseal

#endif  // AUTHSEAL_QUERY_TRACE_GAPS_H_
