#include "lib/ingest/result_json.h"

#include "lib/json/writer.h"

namespace authseal {

std::string FormatIngestJson(const IngestResult& result) {
  const IngestCounts& counts = result.counts;
  JsonWriter out;
  out.BeginObject().Name("schema").String("authseal/ingest@1");
  out.Name("lines").Number(counts.line_count);
  out.Name("blank").Number(counts.blank_count);
  out.Name("records").Number(counts.record_count);
  out.Name("first_record").Number(result.first_record);
  out.Name("end_record").Number(result.end_record);
  out.Name("unparsed").Number(counts.unparsed_count);
  out.Name("skipped_known").Number(result.skipped_known_bytes);
  out.Name("scrubbed").Number(counts.scrubbed_count);
  out.Name("bytes_in").Number(counts.bytes_in);
  out.Name("bytes_stored").Number(result.bytes_stored);
  out.Name("seals").Number(result.seal_count);
  out.Name("sources").BeginArray();
  for (const IngestResult::Source& source : result.sources) {
    out.BeginObject().Name("name").String(source.name);
    out.Name("from").Number(source.from_bytes);
    out.Name("to").Number(source.to_bytes);
    out.Name("restarted").Bool(source.restarted).End();
  }
  out.End().End();
  return out.Take();
}

}  // namespace authseal
