#include <algorithm>
#include <string>
#include <string_view>

#include "cmd/explain.h"
#include "lib/json/writer.h"

namespace authseal {
namespace {

void WriteCounts(JsonWriter& out, std::string_view name, std::uint64_t total,
                 std::uint64_t read, std::uint64_t counted) {
  out.Name(name).BeginObject();
  out.Name("total").Number(total);
  out.Name("read").Number(read);
  out.Name("pruned").Number(total - read - counted).End();
}

}  // namespace

void ExplainInJson(const ScanReport& scan, unsigned passes, UnixNanos begin,
                   Context& context) {
  const std::int64_t nanos =
      std::max<std::int64_t>(context.clock.Now().value - begin.value, 0);
  JsonWriter out;
  out.BeginObject().Name("schema").String("authseal/explain@1");
  WriteCounts(out, "segments", scan.segments_total, scan.segments_read, 0);
  WriteCounts(out, "blocks", scan.blocks_total, scan.blocks_read,
              scan.blocks_counted);
  out.Name("stored_bytes_read").Number(scan.stored_bytes_read);
  out.Name("passes").Number(std::uint64_t{passes});
  out.Name("milliseconds")
      .Number(static_cast<std::uint64_t>(nanos / 1'000'000));
  out.Name("indexes_used").Number(scan.indexes_used);
  out.Name("blocks_counted").Number(scan.blocks_counted);
  out.Name("indexes_unused").BeginArray();
  for (const std::string& unused : scan.indexes_unused) {
    out.String(unused);
  }
  out.End().End();
  context.err << out.text() << '\n';
}

}  // namespace authseal
