#include <algorithm>
#include <memory>

#include "cmd/trace_output.h"
#include "lib/base/time.h"
#include "lib/json/writer.h"
#include "lib/query/trace_rows.h"

namespace authseal {

namespace {

void AddTrace(const std::vector<std::string>& values, const TraceResult& trace,
              JsonWriter& out) {
  out.Name("trace").BeginObject().Name("values").BeginArray();
  for (const std::string& value : values) {
    out.String(value);
  }
  out.End().Name("matched").BeginArray();
  for (const auto& [match, events] : trace.matches) {
    out.BeginObject().Name("server").String(match.server);
    out.Name("field").String(match.field);
    out.Name("events").Number(events).End();
  }
  out.End().Name("events").Number(trace.events.size());
  out.Name("passes").Number(trace.passes);
  out.Name("complete").Bool(trace.complete).End();
}

void AddRows(const TraceResult& trace, const std::vector<std::size_t>& shown,
             const RowOptions& options, JsonWriter& out) {
  const std::unique_ptr<RowWriter> writer = MakeRowWriter(options);
  out.Name("rows").BeginArray();
  for (const std::size_t i : shown) {
    std::string row;
    WithRow(trace.events[i], [&](const MatchedRecord& record) {
      writer->Append(record, row, [](const Event*) {});
    });
    out.Raw(row);
  }
  out.End();
}

void AddGap(const TraceResult& trace, const TraceGap& gap, JsonWriter& out) {
  const TracedEvent& traced = trace.events[gap.event];
  out.BeginObject().Name("name").String(GapName(gap.kind));
  out.Name("level").String(IsAlarm(gap.kind) ? "alarm" : "notice");
  out.Name("record").Number(traced.record);
  out.Name("time").String(FormatRfc3339(traced.time()));
  if (gap.cause) {
    const TracedEvent& cause = trace.events[*gap.cause];
    out.Name("cause_record").Number(cause.record);
    out.Name("cause_time").String(FormatRfc3339(cause.time()));
    out.Name("cause_kind").String(EventKindName(cause.event.kind));
  }
  out.End();
}

void AddLinks(const TraceResult& trace, JsonWriter& out) {
  out.Name("links").BeginArray();
  for (const FollowedLink& link : trace.links) {
    out.BeginObject().Name("kind").String(LinkKindName(link.link().kind));
    out.Name("server");
    if (link.link().server.empty()) {
      out.Null();
    } else {
      out.String(link.link().server);
    }
    out.Name("value").String(link.link().value);
    out.Name("followed").Bool(link.verdict() == LinkVerdict::kFollowed);
    if (link.verdict() == LinkVerdict::kFollowed) {
      out.Name("events").Number(link.events());
    } else {
      out.Name("reason").String(LinkVerdictName(link.verdict()));
    }
    out.End();
  }
  out.End();
}

}  // namespace

void WriteTraceJson(const std::vector<std::string>& values,
                    const TraceResult& trace, const std::vector<TraceGap>& gaps,
                    const std::vector<std::size_t>& shown,
                    const RowOptions& options, const TextSink& sink) {
  JsonWriter out;
  out.BeginObject().Name("schema").String("authseal/query@1");
  AddTrace(values, trace, out);
  AddRows(trace, shown, options, out);
  out.Name("gaps").BeginArray();
  for (const TraceGap& gap : gaps) {
    if (std::binary_search(shown.begin(), shown.end(), gap.event)) {
      AddGap(trace, gap, out);
    }
  }
  out.End();
  AddLinks(trace, out);
  out.End();
  sink(out.text() + "\n");
}

}  // namespace authseal
