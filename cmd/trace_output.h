// A trace as a table and as JSON; see authseal-query(1), TRACE.
#ifndef AUTHSEAL_CMD_TRACE_OUTPUT_H_
#define AUTHSEAL_CMD_TRACE_OUTPUT_H_

#include <string>
#include <vector>

#include "lib/query/row_query.h"
#include "lib/query/trace_gaps.h"
#include "lib/query/trace_query.h"

namespace authseal {

// A line for each day, event and gap, and one that counts them. `shown` are
// the events to print.
void WriteTraceTable(const TraceResult& trace,
                     const std::vector<TraceGap>& gaps,
                     const std::vector<std::size_t>& shown,
                     const RowOptions& options, const TextSink& sink);

// One object: schema, trace, rows, gaps, links.
void WriteTraceJson(const std::vector<std::string>& values,
                    const TraceResult& trace, const std::vector<TraceGap>& gaps,
                    const std::vector<std::size_t>& shown,
                    const RowOptions& options, const TextSink& sink);

}  // namespace authseal

#endif  // AUTHSEAL_CMD_TRACE_OUTPUT_H_
