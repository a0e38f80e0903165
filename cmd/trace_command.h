// query --trace: the life of a token, session, user or client.
#ifndef AUTHSEAL_CMD_TRACE_COMMAND_H_
#define AUTHSEAL_CMD_TRACE_COMMAND_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cmd/context.h"
#include "cmd/reading_options.h"
#include "lib/query/count_query.h"
#include "lib/query/row_query.h"

namespace authseal {

// What --trace and --trace-file name. Errors: kInvalidArgument when a value
// looks like a token itself, or a file holds none; kIo.
struct TraceNames {
  std::vector<std::string> values;
  std::vector<std::string> files;
  bool empty() const { return values.empty() && files.empty(); }
};
Result<std::vector<std::string>> TraceValues(const TraceNames& names,
                                             Context& context);

struct TraceRequest {
  std::vector<std::string> values;
  RowOptions rows;
  std::optional<CountQueryOptions> counts;  // instead of rows
  std::optional<std::uint64_t> top;
  std::optional<std::uint64_t> limit;
  bool deduplicate = false;
  bool with_control = false;
  bool json = false;  // of a bare count
};

struct TraceOutcome {
  ScanReport scan;
  unsigned passes = 0;
  bool empty = true;     // nothing to print
  bool complete = true;  // else stderr says what is missing
};

Result<TraceOutcome> RunTraceCommand(const TraceRequest& request,
                                     const Reading& reading,
                                     const ScanOptions& scan,
                                     const EventFilter& filter,
                                     const TextSink& sink, Context& context);

}  // namespace authseal

#endif  // AUTHSEAL_CMD_TRACE_COMMAND_H_
