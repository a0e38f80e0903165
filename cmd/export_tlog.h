// authseal export, the formats that other readers of transparency logs know.
#ifndef AUTHSEAL_CMD_EXPORT_TLOG_H_
#define AUTHSEAL_CMD_EXPORT_TLOG_H_

#include <cstdint>
#include <string>
#include <vector>

#include "cmd/context.h"
#include "cmd/exit_status.h"
#include "cmd/reading_options.h"
#include "lib/base/result.h"
#include "lib/query/event_filter.h"

namespace authseal {

struct TlogExport {
  const Reading& reading;
  std::string out;
  bool json = false;
};

// `filter_words` have to be empty: a tree has all its records or is none.
Result<ExitStatus> ExportTiles(const TlogExport& request,
                               const std::vector<std::string>& filter_words,
                               Context& context);
Result<ExitStatus> ExportTlogProofs(const TlogExport& request,
                                    const EventFilter& filter,
                                    Context& context);

// The exit status of an export that left so many matching records out, and a
// warning that says so.
ExitStatus ConcludeExport(std::uint64_t unsealed_skipped, Context& context);

}  // namespace authseal

#endif  // AUTHSEAL_CMD_EXPORT_TLOG_H_
