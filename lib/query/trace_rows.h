// A trace as rows of the formats that queries have.
#ifndef AUTHSEAL_QUERY_TRACE_ROWS_H_
#define AUTHSEAL_QUERY_TRACE_ROWS_H_

#include <functional>
#include <optional>
#include <vector>

#include "lib/query/count_query.h"
#include "lib/query/row_query.h"
#include "lib/query/trace_query.h"

namespace authseal {

// Which of a trace's events are printed, in its order.
std::vector<std::size_t> ShownEvents(const TraceResult& trace, bool deduplicate,
                                     std::optional<std::uint64_t> limit);

// Calls `use` with the traced event as an answer of its own. The bytes of its
// record are not there.
void WithRow(const TracedEvent& traced,
             const std::function<void(const MatchedRecord&)>& use);

// Rows of kEvents or kCsv, in the order of `shown`.
void WriteTracedEvents(const TraceResult& trace,
                       const std::vector<std::size_t>& shown,
                       const RowOptions& options, const TextSink& sink);

// The records themselves (kJsonLines, kRaw), once each, in archive order; the
// blocks that hold them are read again, and checked.
Result<ScanReport> WriteTracedRecords(const ArchiveReader& archive,
                                      const ScanOptions& scan_options,
                                      const EventMapper& mapper,
                                      const TraceResult& trace,
                                      const std::vector<std::size_t>& shown,
                                      RowFormat format, const TextSink& sink);

// As RunCountQuery; `records_only` counts records.
CountQueryResult CountTraced(const TraceResult& trace,
                             const std::vector<std::size_t>& shown,
                             const CountQueryOptions& options);

}  // namespace authseal

#endif  // AUTHSEAL_QUERY_TRACE_ROWS_H_
