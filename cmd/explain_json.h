// The statistics of a query for programs.
#ifndef AUTHSEAL_CMD_EXPLAIN_JSON_H_
#define AUTHSEAL_CMD_EXPLAIN_JSON_H_

#include "cmd/context.h"
#include "lib/base/types.h"
#include "lib/query/archive_scan.h"

namespace authseal {

// One line of schema authseal/explain@1 to stderr: stdout has the answer.
// `begin`: when the query began.
void ExplainInJson(const ScanReport& scan, unsigned passes, UnixNanos begin,
                   Context& context);

}  // namespace authseal

#endif  // AUTHSEAL_CMD_EXPLAIN_JSON_H_
