// Takes delivered logs into an archive: reads, splits, makes records, builds
// blocks on several cores, commits and seals in order.
#ifndef AUTHSEAL_INGEST_INGEST_H_
#define AUTHSEAL_INGEST_INGEST_H_

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "lib/archive/archive_writer.h"
#include "lib/base/types.h"
#include "lib/event/mapper.h"
#include "lib/index/index_rules.h"
#include "lib/ingest/draft_maker.h"
#include "lib/ingest/input_stream.h"
#include "lib/ingest/source_opening.h"
#include "lib/io/clock.h"

namespace authseal {

struct IngestOptions {
  std::vector<IngestSource> sources;
  bool follow = false;      // the one source, a file, for as long as it grows
  std::string provider;     // a name the mapper knows; empty: recognise
  bool strict = false;      // stop before a line that is no JSON object
  bool one_by_one = false;  // each line is acknowledged by itself: lines are
                            // not put together, and do not wait for others
  std::int64_t seal_every_nanos = 3600 * kNanosPerSecond;
  unsigned worker_count = 1;
};

struct IngestCounts {
  std::uint64_t line_count = 0;  // delivered, blank ones included
  std::uint64_t blank_count = 0;
  std::uint64_t record_count = 0;
  std::uint64_t unparsed_count = 0;  // lines
  std::uint64_t scrubbed_count = 0;  // values
  std::uint64_t bytes_in = 0;

  void Add(const IngestCounts& more);
};

// Only what is durable is counted.
struct IngestResult {
  struct Source {
    std::string name;
    std::uint64_t from_bytes = 0;
    std::uint64_t to_bytes = 0;
    bool restarted = false;  // was delivered before, but differs now
  };
  IngestCounts counts;
  std::uint64_t first_record = 0;  // [first_record, end_record): written by
  std::uint64_t end_record = 0;    // this run, seal records included
  std::uint64_t skipped_known_bytes = 0;
  std::uint64_t bytes_stored = 0;
  std::uint64_t seal_count = 0;
  // In order, one more for each new file that following met; only at the end.
  std::vector<Source> sources;
  std::vector<UnparsedLine> unparsed;      // the first kUnparsedDetailsMax
  std::optional<UnparsedLine> stopped_at;  // strict
};

// Told what happens; each call may come from another thread.
class IngestObserver {
 public:
  virtual ~IngestObserver() = default;
  // After a commit. `so_far` is for the time of the call only. An error ends
  // the run.
  virtual Status Committed(const IngestResult& so_far) = 0;
  // About every 200 ms while reading has to wait; `read_line_count` lines
  // went on to be committed so far.
  virtual Status Waiting(std::uint64_t read_line_count) = 0;
};

// All borrowed.
struct IngestSurroundings {
  InputFiles& inputs;
  const Clock& clock;
  const EventMapper& mapper;
  const std::atomic<bool>& stop;  // commit what was read, then return
  // Of the writer's indexer, to do its work on the workers; may be null.
  const IndexRules* index = nullptr;
  IngestObserver* observer = nullptr;
};

// Checks the sources before anything is read: kNotFound, kInvalidArgument.
Status CheckSources(InputFiles& inputs, const IngestOptions& options);

// Runs to the end of the sources, or to `stop`. `result` is good also after an
// error: what it counts is durable. Errors of reading come after what was read
// before them is committed; after errors of `writer` it is dead.
Status Ingest(ArchiveWriter& writer, const IngestOptions& options,
              const IngestSurroundings& surroundings, IngestResult& result);

}  // namespace authseal

#endif  // AUTHSEAL_INGEST_INGEST_H_
