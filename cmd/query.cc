// authseal query: who did what, when, with which client and token.
#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>

#include "cmd/command.h"
#include "cmd/count_output.h"
#include "cmd/explain.h"
#include "cmd/filter_options.h"
#include "cmd/output.h"
#include "cmd/reading_options.h"
#include "cmd/trace_command.h"
#include "lib/base/encoding.h"
#include "lib/base/escape.h"
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
  TraceNames trace;
  std::uint64_t limit = 0;
  std::uint64_t top = 0;
  bool has_limit = false;
  bool has_top = false;
  bool count = false;
  bool all = false;
  bool no_unsealed = false;
  bool no_index = false;
  std::vector<std::string> checkpoints;
  bool vouched = false;
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

// What a query came to.
struct Concluded {
  const ScanReport& scan;
  bool empty = false;
  bool complete = true;
  unsigned passes = 1;
};

ExitStatus Conclude(const QueryOptions& options, const Concluded& concluded,
                    UnixNanos begin, Context& context) {
  context.out.flush();
  PrintFindings(concluded.scan.findings, context);
  SayReopened(concluded.scan.reopened, context);
  if (options.explain) {
    ExplainInText(concluded.scan, concluded.passes, begin, context);
    if (options.json || options.output == "json") {
      ExplainInJson(concluded.scan, concluded.passes, begin, context);
    }
  }
  if (!concluded.scan.findings.empty()) {
    return ExitStatus::kFindings;
  }
  if (!concluded.complete) {
    return ExitStatus::kPartial;
  }
  return concluded.empty && options.fail_if_empty ? ExitStatus::kNothing
                                                  : ExitStatus::kDone;
}

ScanOptions MakeScanOptions(const QueryOptions& options,
                            const Reading& reading) {
  return {.pin = reading.pin,
          .known = reading.known,
          .believes_vouched = options.vouched,
          .include_unsealed = !options.no_unsealed,
          .threads = reading.threads,
          .use_indexes = !options.no_index};
}

Result<RowOptions> MakeRowOptions(const QueryOptions& options,
                                  const Context& context) {
  RowOptions rows;
  TRY_ASSIGN(rows.format, ChooseFormat(options, context));
  if (!options.fields.empty()) {
    TRY_ASSIGN(rows.fields, ParseFieldList(options.fields));
  }
  rows.columns = context.columns;
  return rows;
}

Result<CountQueryOptions> MakeCountOptions(const QueryOptions& options) {
  CountQueryOptions counts;
  counts.with_control = options.all;
  if (!options.by.empty()) {
    TRY_ASSIGN(counts.by, ParseFieldList(options.by));
  }
  if (!options.histogram.empty()) {
    TRY_ASSIGN(const UnixNanos width, ParseDuration(options.histogram));
    counts.bucket_nanos = width.value;
  }
  counts.records_only = counts.by.empty() && counts.bucket_nanos == 0;
  return counts;
}

TextSink MakeSink(RowFormat format, Context& context) {
  const bool is_evidence =
      context.out_is_terminal && format != RowFormat::kTable;
  return [&context, is_evidence](std::string_view text) {
    // JSON remains JSON, lines remain lines.
    if (is_evidence) {
      context.out << EscapeExcept(text, "\\\n");
    } else {
      context.out << text;
    }
    return context.out.good();
  };
}

std::optional<std::uint64_t> TopOf(const QueryOptions& options) {
  return options.has_top ? std::optional(options.top) : std::nullopt;
}

bool WantsJson(const QueryOptions& options) {
  return options.json || options.output == "json";
}

Result<ExitStatus> RunRows(const QueryOptions& options, const Reading& reading,
                           const EventFilter& filter, Context& context) {
  RowQueryOptions query;
  TRY_ASSIGN(query.rows, MakeRowOptions(options, context));
  query.with_control = options.all;
  query.deduplicate = options.deduplicate;
  if (options.has_limit) {
    query.limit = options.limit;
  }
  const UnixNanos begin = context.clock.Now();
  TRY_ASSIGN(const RowQueryResult result,
             RunRowQuery(reading.archive, MakeScanOptions(options, reading),
                         reading.mapper, filter, query,
                         MakeSink(query.rows.format, context)));
  return Conclude(options, {.scan = result.scan, .empty = result.rows == 0},
                  begin, context);
}

Result<ExitStatus> RunCounts(const QueryOptions& options,
                             const Reading& reading, const EventFilter& filter,
                             Context& context) {
  TRY_ASSIGN(const RowFormat format, ChooseFormat(options, context));
  TRY_ASSIGN(const CountQueryOptions query, MakeCountOptions(options));
  const UnixNanos begin = context.clock.Now();
  TRY_ASSIGN(const CountQueryResult result,
             RunCountQuery(reading.archive, MakeScanOptions(options, reading),
                           reading.mapper, filter, query));
  if (!query.by.empty()) {
    PrintGroups(result, query, format, TopOf(options), context);
  } else if (query.bucket_nanos > 0) {
    PrintHistogram(result, query.bucket_nanos, format, context);
  } else {
    PrintTotal(result.total, WantsJson(options), context);
  }
  return Conclude(options, {.scan = result.scan, .empty = result.total == 0},
                  begin, context);
}

Result<ExitStatus> RunTraceQuery(const QueryOptions& options,
                                 const std::vector<std::string>& values,
                                 const Reading& reading,
                                 const EventFilter& filter, bool counts,
                                 Context& context) {
  TraceRequest request;
  request.values = values;
  TRY_ASSIGN(request.rows, MakeRowOptions(options, context));
  if (counts) {
    TRY_ASSIGN(request.counts, MakeCountOptions(options));
  }
  request.top = TopOf(options);
  request.deduplicate = options.deduplicate;
  request.with_control = options.all;
  request.json = WantsJson(options);
  if (options.has_limit) {
    request.limit = options.limit;
  }
  const UnixNanos begin = context.clock.Now();
  TRY_ASSIGN(
      const TraceOutcome outcome,
      RunTraceCommand(request, reading, MakeScanOptions(options, reading),
                      filter, MakeSink(request.rows.format, context), context));
  return Conclude(options,
                  {.scan = outcome.scan,
                   .empty = outcome.empty,
                   .complete = outcome.complete,
                   .passes = outcome.passes},
                  begin, context);
}

Result<ExitStatus> RunQuery(const QueryOptions& options, Context& context) {
  const bool counts =
      options.count || !options.by.empty() || !options.histogram.empty();
  TRY_ASSIGN(const RowFormat format, ChooseFormat(options, context));
  TRY(CheckCombination(options, counts, format));
  TRY_ASSIGN(const EventFilter filter, MakeFilter(options.filter, context));
  TRY_ASSIGN(const std::vector<std::string> traced,
             TraceValues(options.trace, context));
  TRY_ASSIGN(Reading reading, OpenReading(options.reading, context));
  TRY(AddKeptCheckpoints(options.checkpoints, options.reading.archive, context,
                         reading));
  for (const std::string& provider : filter.providers) {
    if (!reading.mapper.knows(provider)) {
      return Error{ErrorCode::kInvalidArgument,
                   "--provider \"" + provider + "\" is not known",
                   "authseal mappings lists them"};
    }
  }
  if (!traced.empty()) {
    return RunTraceQuery(options, traced, reading, filter, counts, context);
  }
  return counts ? RunCounts(options, reading, filter, context)
                : RunRows(options, reading, filter, context);
}

// CLI11 takes -1 for the largest number there is.
std::string CheckCount(const std::string& value) {
  return ParseDecimal(value) ? "" : value + " is no number";
}

// As of an unset shell variable.
std::string CheckNotEmpty(const std::string& value) {
  return value.empty() ? "an empty value" : "";
}

void AddOutputOptions(CLI::App& command, QueryOptions& options) {
  command.add_option("--output", options.output,
                     "table, jsonl, raw, events, csv or json");
  command.add_option("--fields", options.fields,
                     "Fields of table, csv, events and json, as in "
                     "time,user,client");
  for (const auto& [name, list, help] :
       {std::tuple("--trace", &options.trace.values,
                   "The whole life of a token, session, user or client"),
        std::tuple("--trace-file", &options.trace.files,
                   "The whole life of the tokens in a file, one a line, or "
                   "-")}) {
    command.add_option(name, *list, help)
        ->expected(1)
        ->allow_extra_args(false)  // "[a,b]" is one value
        ->check(CheckNotEmpty)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  }
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
  command
      .add_option("--checkpoint", options.checkpoints,
                  "A checkpoint kept elsewhere, which proves records behind "
                  "damage; repeatable")
      ->expected(1)
      ->allow_extra_args(false)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  command.add_flag(
      "--vouched", options.vouched,
      "Behind damage, show what only the identity key vouches for");
  command.add_flag("--no-unsealed", options.no_unsealed,
                   "Leave out records that are not sealed yet");
  command.add_flag("--no-index", options.no_index,
                   "Read every block, whatever the indexes say");
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
