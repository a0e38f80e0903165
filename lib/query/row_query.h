// Answers as rows, written as they are found, in archive order.
#ifndef AUTHSEAL_QUERY_ROW_QUERY_H_
#define AUTHSEAL_QUERY_ROW_QUERY_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>

#include "lib/query/archive_scan.h"
#include "lib/query/event_filter.h"
#include "lib/query/row_writer.h"

namespace authseal {

struct RowQueryOptions {
  RowOptions rows;
  std::optional<std::uint64_t> limit;
  bool with_control = false;
  // Hides rows whose provider and event id, or else whose record, came before.
  // Takes about 64 bytes of memory a row.
  bool deduplicate = false;
};

// Takes text; false when nobody reads it any more, which ends the query.
using TextSink = std::function<bool(std::string_view)>;

struct RowQueryResult {
  ScanReport scan;
  std::uint64_t rows = 0;
};

// `mapper` and `filter` are borrowed. Only blocks of filter.records are read.
Result<RowQueryResult> RunRowQuery(const ArchiveReader& archive,
                                   const ScanOptions& scan_options,
                                   const EventMapper& mapper,
                                   const EventFilter& filter,
                                   const RowQueryOptions& options,
                                   const TextSink& sink);

}  // namespace authseal

#endif  // AUTHSEAL_QUERY_ROW_QUERY_H_
