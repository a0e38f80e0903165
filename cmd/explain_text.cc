#include <string>

#include "cmd/explain.h"
#include "lib/base/escape.h"

namespace authseal {

void ExplainInText(const ScanReport& scan, unsigned passes, UnixNanos begin,
                   Context& context) {
  const std::int64_t nanos = context.clock.Now().value - begin.value;
  context.err << "authseal: explain: segments " << scan.segments_read
              << " read of " << scan.segments_total << ", blocks "
              << scan.blocks_read << " read of " << scan.blocks_total
              << "; pruned " << scan.segments_total - scan.segments_read
              << " segments and "
              << scan.blocks_total - scan.blocks_read - scan.blocks_counted
              << " blocks; " << scan.stored_bytes_read << " stored bytes, "
              << nanos / 1'000'000 << " ms";
  if (passes > 1) {
    context.err << ", in " << passes << " passes";
  }
  if (scan.indexes_used > 0) {
    context.err << "; by the index of " << scan.indexes_used << " segments";
  }
  if (scan.blocks_counted > 0) {
    context.err << "; " << scan.blocks_counted
                << " blocks counted by it without reading them";
  }
  context.err << '\n';
  for (const std::string& unused : scan.indexes_unused) {
    context.err << "authseal: explain: read without index: "
                << EscapeForTerminal(unused) << '\n';
  }
}

}  // namespace authseal
