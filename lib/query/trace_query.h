// The life of a token, session, user or client: the events that a value names,
// and all events that identifiers tie to them. See authseal-query(1), TRACE.
//
// The archive is read several times, each time checked: first for the values,
// then for the identifiers that the events found so far have brought, until
// there is none left. So memory grows with the answer, not with the archive.
#ifndef AUTHSEAL_QUERY_TRACE_QUERY_H_
#define AUTHSEAL_QUERY_TRACE_QUERY_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "lib/event/mapper.h"
#include "lib/query/archive_scan.h"
#include "lib/query/event_filter.h"
#include "lib/query/row_key.h"
#include "lib/query/trace_links.h"

namespace authseal {

struct TraceLimits {
  std::uint64_t events_max = 100'000;
  std::uint64_t text_bytes_max = 128 << 20;  // of the kept events
  unsigned passes_max = 12;                  // over the archive
};

struct TraceOptions {
  // Token id, fingerprint, family, session, user, client or request id; an
  // event that has one of them belongs to the trace.
  std::vector<std::string> values;
  bool with_control = false;
  TraceLimits limits = {};
};

struct TracedEvent {
  std::uint64_t record = 0;
  std::size_t index = 0;  // among the events of its record
  UnixNanos ingest_time;
  Event event;
  RowKey key = {};
  bool repeat = false;  // of an event that was delivered before
  bool named = false;   // by a value, not found through an identifier
  bool shown = true;    // what the filter lets through

  UnixNanos time() const { return event.time.value_or(ingest_time); }
};

// Where a value was found: server, and "session", "user" …
struct TraceMatch {
  std::string server;
  std::string field;
  auto operator<=>(const TraceMatch&) const = default;
};

struct TraceResult {
  ScanReport scan;  // of all passes together; findings once
  unsigned passes = 0;
  // In order of time, then of record; an event without a time of its own
  // stands where its ingest time puts it.
  std::vector<TracedEvent> events;
  std::map<TraceMatch, std::uint64_t> matches;  // → events
  std::vector<FollowedLink> links;              // in order of server and value
  bool complete = true;                         // no limit was reached
};

// `filter` decides what is shown, not what is followed. `mapper` and `filter`
// are borrowed. Records that arrive after the first pass are not looked at.
Result<TraceResult> RunTrace(const ArchiveReader& archive,
                             const ScanOptions& scan_options,
                             const EventMapper& mapper,
                             const EventFilter& filter,
                             const TraceOptions& options);

}  // namespace authseal

#endif  // AUTHSEAL_QUERY_TRACE_QUERY_H_
