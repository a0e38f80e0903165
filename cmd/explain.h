// The statistics of a query, on stderr: stdout has the answer.
#ifndef AUTHSEAL_CMD_EXPLAIN_H_
#define AUTHSEAL_CMD_EXPLAIN_H_

#include "cmd/context.h"
#include "lib/base/types.h"
#include "lib/query/archive_scan.h"

namespace authseal {

// For people. `begin`: when the query began.
void ExplainInText(const ScanReport& scan, unsigned passes, UnixNanos begin,
                   Context& context);
// One line of schema authseal/explain@1.
void ExplainInJson(const ScanReport& scan, unsigned passes, UnixNanos begin,
                   Context& context);

}  // namespace authseal

#endif  // AUTHSEAL_CMD_EXPLAIN_H_
