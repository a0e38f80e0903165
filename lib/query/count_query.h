// Counts of answers: how many, by field, over time.
#ifndef AUTHSEAL_QUERY_COUNT_QUERY_H_
#define AUTHSEAL_QUERY_COUNT_QUERY_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "lib/query/archive_scan.h"
#include "lib/query/event_filter.h"
#include "lib/query/record_matcher.h"
#include "lib/query/row_field.h"

namespace authseal {

struct GroupCount {
  std::uint64_t count = 0;
  UnixNanos first_time;
  UnixNanos last_time;
  void Add(UnixNanos time);
  void Add(const GroupCount& other);
};

struct CountQueryOptions {
  // Counted by the values of these; none: one group of all.
  std::vector<const RowField*> by;
  // Width of a histogram's bar; 0: none. Buckets begin at its multiples, UTC.
  std::int64_t bucket_nanos = 0;
  // Counts records rather than events, without mapping them where the filter
  // does not need it; only without `by` and bucket.
  bool records_only = false;
  bool with_control = false;
};

struct CountQueryResult {
  ScanReport scan;
  std::uint64_t total = 0;
  // By the values of `by`, in its order. Memory grows with distinct values.
  std::map<std::vector<std::string>, GroupCount> groups;
  std::map<std::int64_t, std::uint64_t> buckets;  // begin (ns) → count
};

// Adds one event to `counts`.
void CountEvent(const MatchedRecord& record, const Event& event,
                const CountQueryOptions& options, CountQueryResult& counts);

Result<CountQueryResult> RunCountQuery(const ArchiveReader& archive,
                                       const ScanOptions& scan_options,
                                       const EventMapper& mapper,
                                       const EventFilter& filter,
                                       const CountQueryOptions& options);

}  // namespace authseal

#endif  // AUTHSEAL_QUERY_COUNT_QUERY_H_
