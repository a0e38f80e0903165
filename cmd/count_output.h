// Prints counts: by field, over time, as table, CSV or JSON.
#ifndef AUTHSEAL_CMD_COUNT_OUTPUT_H_
#define AUTHSEAL_CMD_COUNT_OUTPUT_H_

#include <cstdint>
#include <optional>

#include "cmd/context.h"
#include "lib/query/count_query.h"
#include "lib/query/row_writer.h"

namespace authseal {

// Largest first; the first `top` of them.
void PrintGroups(const CountQueryResult& counts,
                 const CountQueryOptions& options, RowFormat format,
                 std::optional<std::uint64_t> top, Context& context);

// A bar for every bucket between the first and the last on a terminal, rows
// elsewhere (at most 100 000 of them, then only those that count something).
void PrintHistogram(const CountQueryResult& counts, std::int64_t bucket_nanos,
                    RowFormat format, Context& context);

// The bare number, or an object.
void PrintTotal(std::uint64_t total, bool json, Context& context);

}  // namespace authseal

#endif  // AUTHSEAL_CMD_COUNT_OUTPUT_H_
