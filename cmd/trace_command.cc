#include "cmd/trace_command.h"

#include <algorithm>

#include "cmd/count_output.h"
#include "cmd/filter_options.h"
#include "cmd/output.h"
#include "cmd/trace_output.h"
#include "lib/query/trace_gaps.h"
#include "lib/query/trace_query.h"
#include "lib/query/trace_rows.h"

namespace authseal {

namespace {

constexpr std::size_t kNotesMax = 5;

std::string Describe(const FollowedLink& link) {
  std::string text(LinkKindName(link.link().kind));
  text += " \"" + link.link().value + "\"";
  if (!link.link().server.empty()) {
    text += " of " + link.link().server;
  }
  switch (link.verdict()) {
    case LinkVerdict::kUsers:
      return text + " names more than " + std::to_string(kLinkUsersMax) +
             " users";
    case LinkVerdict::kRequest:
      return text + " is no single request, with " +
             std::to_string(link.events()) + " events";
    case LinkVerdict::kPlaceholder:
      return text + " is too short or too common to follow";
    case LinkVerdict::kFollowed:
    case LinkVerdict::kLimit:
      break;
  }
  return text;
}

// What was left out, and why. Identifiers that the limit cut are one note.
void PrintLeftOut(const TraceResult& trace, Context& context) {
  std::size_t left_out = 0;
  for (const FollowedLink& link : trace.links) {
    const LinkVerdict verdict = link.verdict();
    if (verdict == LinkVerdict::kFollowed || verdict == LinkVerdict::kLimit) {
      continue;
    }
    if (++left_out <= kNotesMax) {
      PrintNote(context, "not followed: " + Describe(link));
    }
  }
  if (left_out > kNotesMax) {
    PrintNote(context, "not followed: " + std::to_string(left_out - kNotesMax) +
                           " more; --output json lists them as links");
  }
  if (!trace.complete) {
    PrintWarning(context, "the trace is not complete: it stopped at " +
                              std::to_string(trace.events.size()) +
                              " events in " + std::to_string(trace.passes) +
                              " passes; trace one session or token of it");
  }
}

void PrintCounts(const TraceRequest& request, const CountQueryResult& counts,
                 Context& context) {
  const CountQueryOptions& options = *request.counts;
  if (!options.by.empty()) {
    PrintGroups(counts, options, request.rows.format, request.top, context);
  } else if (options.bucket_nanos > 0) {
    PrintHistogram(counts, options.bucket_nanos, request.rows.format, context);
  } else {
    PrintTotal(counts.total, request.json, context);
  }
}

Status PrintRows(const TraceRequest& request, const Reading& reading,
                 const ScanOptions& scan, const TraceResult& trace,
                 const std::vector<std::size_t>& shown, const TextSink& sink,
                 TraceOutcome& outcome) {
  switch (request.rows.format) {
    case RowFormat::kJsonLines:
    case RowFormat::kRaw: {
      TRY_ASSIGN(const ScanReport report,
                 WriteTracedRecords(reading.archive, scan, reading.mapper,
                                    trace, shown, request.rows.format, sink));
      AddToReport(report, outcome.scan);
      ++outcome.passes;
      break;
    }
    case RowFormat::kEvents:
    case RowFormat::kCsv:
      WriteTracedEvents(trace, shown, request.rows, sink);
      break;
    case RowFormat::kTable:
      WriteTraceTable(trace, FindGaps(trace), shown, request.rows, sink);
      break;
    case RowFormat::kJson:
      WriteTraceJson(request.values, trace, FindGaps(trace), shown,
                     request.rows, sink);
      break;
  }
  return Ok();
}

}  // namespace

Result<std::vector<std::string>> TraceValues(const TraceNames& names,
                                             Context& context) {
  TRY(CheckNoTokens("--trace", names.values));
  std::vector<std::string> values = names.values;
  for (const std::string& file : names.files) {
    TRY(AddTokenFile(file, context, values));
  }
  return values;
}

Result<TraceOutcome> RunTraceCommand(const TraceRequest& request,
                                     const Reading& reading,
                                     const ScanOptions& scan,
                                     const EventFilter& filter,
                                     const TextSink& sink, Context& context) {
  TRY_ASSIGN(const TraceResult trace,
             RunTrace(reading.archive, scan, reading.mapper, filter,
                      {.values = request.values,
                       .with_control = request.with_control}));
  const std::vector<std::size_t> shown =
      ShownEvents(trace, request.deduplicate, request.limit);
  TraceOutcome outcome = {.scan = trace.scan,
                          .passes = trace.passes,
                          .empty = shown.empty(),
                          .complete = trace.complete};
  if (request.counts) {
    PrintCounts(request, CountTraced(trace, shown, *request.counts), context);
  } else {
    TRY(PrintRows(request, reading, scan, trace, shown, sink, outcome));
  }
  context.out.flush();
  PrintLeftOut(trace, context);
  return outcome;
}

}  // namespace authseal
