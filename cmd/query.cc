// authseal query: who did what, when, with which client and token.
#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <utility>

#include <CLI/CLI.hpp>

#include "cmd/command.h"
#include "cmd/count_output.h"
#include "cmd/filter_options.h"
#include "cmd/output.h"
#include "cmd/reading_options.h"
#include "lib/base/encoding.h"
#include "lib/base/escape.h"
#include "lib/json/writer.h"
#include "lib/query/count_query.h"
#include "lib/query/row_query.h"
#include "lib/query/time_bound.h"

namespace authseal {

namespace {

struct QueryOptions {
  ReadingOptions reading;
  FilterOptions filter;
  std::string output;
  std::string fields;
  std::string by;
  std::string histogram;
  std::uint64_t limit = 0;
  std::uint64_t top = 0;
  bool has_limit = false;
  bool has_top = false;
  bool count = false;
  bool all = false;
  bool no_unsealed = false;
  bool deduplicate = false;
  bool fail_if_empty = false;
  bool explain = false;
  bool json = false;
};

constexpr std::array<std::pair<std::string_view, RowFormat>, 6> kFormats = {{
    {"table", RowFormat::kTable},
    {"jsonl", RowFormat::kJsonLines},
    {"raw", RowFormat::kRaw},
    {"events", RowFormat::kEvents},
    {"csv", RowFormat::kCsv},
    {"json", RowFormat::kJson},
}};

Result<RowFormat> ChooseFormat(const QueryOptions& options,
                               const Context& context) {
  if (options.output.empty()) {
    if (options.json) {
      return RowFormat::kJson;
    }
    return context.out_is_terminal ? RowFormat::kTable : RowFormat::kJsonLines;
  }
  if (options.json && options.output != "json") {
    return Error{
        ErrorCode::kInvalidArgument,
        "--json and --output " + options.output + " exclude each other",
        "--json is the same as --output json"};
  }
  for (const auto& [name, format] : kFormats) {
    if (name == options.output) {
      return format;
    }
  }
  return Error{ErrorCode::kInvalidArgument,
               "--output \"" + options.output + "\" is none",
               "use table, jsonl, raw, events, csv or json"};
}

// An option that would be ignored is a mistake of the caller.
Status CheckCombination(const QueryOptions& options, bool counts,
                        RowFormat format) {
  const int ways = static_cast<int>(options.count) +
                   static_cast<int>(!options.by.empty()) +
                   static_cast<int>(!options.histogram.empty());
  const bool has_fields = !options.fields.empty();
  if (ways > 1) {
    return Error{ErrorCode::kInvalidArgument,
                 "--count, --by and --histogram exclude each other",
                 "run the query once for each"};
  }
  if (counts && (has_fields || options.has_limit || options.deduplicate)) {
    return Error{ErrorCode::kInvalidArgument,
                 "--fields, --limit and --dedup are about rows, not counts",
                 "leave them out; --top limits the rows of --by"};
  }
  if (options.has_top && options.by.empty()) {
    return Error{ErrorCode::kInvalidArgument, "--top is only for --by",
                 "use --limit for rows"};
  }
  if (has_fields &&
      (format == RowFormat::kJsonLines || format == RowFormat::kRaw)) {
    return Error{ErrorCode::kInvalidArgument,
                 "--fields does not apply to whole records",
                 "add --output table, csv, events or json"};
  }
  return Ok();
}

void Explain(const ScanReport& scan, UnixNanos begin, Context& context) {
  const std::int64_t nanos = context.clock.Now().value - begin.value;
  context.err << "authseal: explain: segments " << scan.segments_read
              << " read of " << scan.segments_total << ", blocks "
              << scan.blocks_read << " read of " << scan.blocks_total << ", "
              << scan.stored_bytes_read << " stored bytes, "
              << nanos / 1'000'000 << " ms\n";
}

ExitStatus Conclude(const QueryOptions& options, const ScanReport& scan,
                    bool empty, UnixNanos begin, Context& context) {
  context.out.flush();
  PrintFindings(scan.findings, context);
  SayReopened(scan.reopened, context);
  if (options.explain) {
    Explain(scan, begin, context);
  }
  if (!scan.findings.empty()) {
    return ExitStatus::kFindings;
  }
  return empty && options.fail_if_empty ? ExitStatus::kNothing
                                        : ExitStatus::kDone;
}

ScanOptions MakeScanOptions(const QueryOptions& options,
                            const Reading& reading) {
  return {.pin = reading.pin,
          .include_unsealed = !options.no_unsealed,
          .threads = reading.threads};
}

Result<ExitStatus> RunRows(const QueryOptions& options, const Reading& reading,
                           const EventFilter& filter, Context& context) {
  RowQueryOptions query;
  TRY_ASSIGN(query.rows.format, ChooseFormat(options, context));
  if (!options.fields.empty()) {
    TRY_ASSIGN(query.rows.fields, ParseFieldList(options.fields));
  }
  query.rows.columns = context.columns;
  query.with_control = options.all;
  query.deduplicate = options.deduplicate;
  if (options.has_limit) {
    query.limit = options.limit;
  }
  const bool is_evidence =
      context.out_is_terminal && query.rows.format != RowFormat::kTable;
  const UnixNanos begin = context.clock.Now();
  TRY_ASSIGN(const RowQueryResult result,
             RunRowQuery(reading.archive, MakeScanOptions(options, reading),
                         reading.mapper, filter, query,
                         [&context, is_evidence](std::string_view text) {
                           // JSON remains JSON, lines remain lines.
                           if (is_evidence) {
                             context.out << EscapeExcept(text, "\\\n");
                           } else {
                             context.out << text;
                           }
                           return context.out.good();
                         }));
  return Conclude(options, result.scan, result.rows == 0, begin, context);
}

void PrintTotal(const QueryOptions& options, std::uint64_t total,
                Context& context) {
  if (options.json || options.output == "json") {
    JsonWriter out;
    out.BeginObject().Name("schema").String("authseal/query@1");
    out.Name("count").Number(total).End();
    context.out << out.text() << '\n';
  } else {
    context.out << total << '\n';
  }
}

Result<ExitStatus> RunCounts(const QueryOptions& options,
                             const Reading& reading, const EventFilter& filter,
                             Context& context) {
  CountQueryOptions query;
  query.with_control = options.all;
  TRY_ASSIGN(RowFormat format, ChooseFormat(options, context));
  if (!options.by.empty()) {
    TRY_ASSIGN(query.by, ParseFieldList(options.by));
  }
  if (!options.histogram.empty()) {
    TRY_ASSIGN(const UnixNanos width, ParseDuration(options.histogram));
    query.bucket_nanos = width.value;
  }
  query.records_only = query.by.empty() && query.bucket_nanos == 0;
  const UnixNanos begin = context.clock.Now();
  TRY_ASSIGN(const CountQueryResult result,
             RunCountQuery(reading.archive, MakeScanOptions(options, reading),
                           reading.mapper, filter, query));
  if (!query.by.empty()) {
    PrintGroups(result, query, format,
                options.has_top ? std::optional(options.top) : std::nullopt,
                context);
  } else if (query.bucket_nanos > 0) {
    PrintHistogram(result, query.bucket_nanos, format, context);
  } else {
    PrintTotal(options, result.total, context);
  }
  return Conclude(options, result.scan, result.total == 0, begin, context);
}

Result<ExitStatus> RunQuery(const QueryOptions& options, Context& context) {
  const bool counts =
      options.count || !options.by.empty() || !options.histogram.empty();
  TRY_ASSIGN(const RowFormat format, ChooseFormat(options, context));
  TRY(CheckCombination(options, counts, format));
  TRY_ASSIGN(const EventFilter filter, MakeFilter(options.filter, context));
  TRY_ASSIGN(const Reading reading, OpenReading(options.reading, context));
  for (const std::string& provider : filter.providers) {
    if (!reading.mapper.knows(provider)) {
      return Error{ErrorCode::kInvalidArgument,
                   "--provider \"" + provider + "\" is not known",
                   "authseal mappings lists them"};
    }
  }
  return counts ? RunCounts(options, reading, filter, context)
                : RunRows(options, reading, filter, context);
}

// CLI11 takes -1 for the largest number there is.
std::string CheckCount(const std::string& value) {
  return ParseDecimal(value) ? "" : value + " is no number";
}

void AddOutputOptions(CLI::App& command, QueryOptions& options) {
  command.add_option("--output", options.output,
                     "table, jsonl, raw, events, csv or json");
  command.add_option("--fields", options.fields,
                     "Fields of table, csv, events and json, as in "
                     "time,user,client");
  command.add_flag("--count", options.count, "Print how many records match");
  command.add_option("--by", options.by,
                     "Count events by the values of these fields");
  command.add_option("--top", options.top, "Only the N largest of --by")
      ->check(CheckCount);
  command.add_option("--histogram", options.histogram,
                     "Count events over time, in steps such as 5m, 1h, 1d");
  command.add_option("--limit", options.limit, "Stop after N rows")
      ->check(CheckCount);
  command.add_flag("--dedup", options.deduplicate,
                   "Hide repeats of an event or a record");
  command.add_flag("--all", options.all, "Show our own control records too");
  command.add_flag("--no-unsealed", options.no_unsealed,
                   "Leave out records that are not sealed yet");
  command.add_flag("--fail-if-empty", options.fail_if_empty,
                   "Exit status 5 when nothing matches");
  command.add_flag("--explain", options.explain, "Say on stderr what was read");
  command.add_flag("--json", options.json, "The same as --output json");
}

}  // namespace

void RegisterQuery(CLI::App& app, Context& context, Command& chosen) {
  auto options = std::make_shared<QueryOptions>();
  CLI::App* command = app.add_subcommand(
      "query", "Who did what, when, with which client and token");
  AddReadingOptions(*command, options->reading);
  AddFilterOptions(*command, options->filter);
  AddOutputOptions(*command, *options);
  command->callback([options, command, &context, &chosen] {
    options->has_limit = command->count("--limit") > 0;
    options->has_top = command->count("--top") > 0;
    chosen = {"query", options->json,
              [options, &context] { return RunQuery(*options, context); }};
  });
}

}  // namespace authseal
