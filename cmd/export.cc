// authseal export: evidence that stands without the archive.
#include <memory>
#include <string>

#include <CLI/CLI.hpp>

#include "cmd/command.h"
#include "cmd/export_tlog.h"
#include "cmd/filter_options.h"
#include "cmd/output.h"
#include "cmd/reading_options.h"
#include "lib/base/encoding.h"
#include "lib/base/escape.h"
#include "lib/export/bundle_writer.h"
#include "lib/json/writer.h"

namespace authseal {

namespace {

struct ExportOptions {
  ReadingOptions reading;
  FilterOptions filter;
  std::string out;
  std::string format = "bundle";
  bool json = false;
};

void PrintJson(const ExportOptions& options, const BundleResult& result,
               Context& context) {
  JsonWriter out;
  out.BeginObject().Name("schema").String("authseal/export@1");
  out.Name("out").String(options.out);
  out.Name("records").Number(result.records);
  out.Name("withheld").Number(result.withheld);
  out.Name("unsealed_skipped").Number(result.unsealed_skipped);
  out.Name("tree_size").Number(result.tree_size);
  out.Name("root").String(Base64Encode(result.root.view())).End();
  context.out << out.text() << '\n';
}

void PrintText(const ExportOptions& options, const BundleResult& result,
               Context& context) {
  const std::string path = EscapeForTerminal(options.out);
  context.out << "exported " << GroupDigits(result.records)
              << " records with their proofs in the tree of "
              << GroupDigits(result.tree_size) << '\n';
  if (result.withheld > 0) {
    context.out << "withheld " << GroupDigits(result.withheld)
                << " records, which the filter leaves out\n";
  } else {
    context.out << "withheld none: every record of the range is there\n";
  }
  context.out << "\n  authseal verify " << path << " --key identity.pub\n";
}

Result<ExitStatus> RunExport(const ExportOptions& options, Context& context) {
  if (options.format != "bundle" && options.format != "tlog-tiles" &&
      options.format != "tlog-proof") {
    return Error{ErrorCode::kInvalidArgument,
                 "--format \"" + options.format + "\" is not known",
                 "export writes bundle, tlog-tiles and tlog-proof; for csv, "
                 "jsonl and events use authseal query --output"};
  }
  TRY_ASSIGN(const EventFilter filter, MakeFilter(options.filter, context));
  TRY_ASSIGN(const Reading reading, OpenReading(options.reading, context));
  if (options.format == "tlog-tiles") {
    std::vector<std::string> words = DescribeFilter(options.filter);
    if (!options.reading.mappings.empty()) {
      words.emplace_back("--mapping");
    }
    return ExportTiles({reading, options.out, options.json}, words, context);
  }
  if (options.format == "tlog-proof") {
    return ExportTlogProofs({reading, options.out, options.json}, filter,
                            context);
  }
  TRY_ASSIGN(
      const BundleResult result,
      WriteBundle(context.file_system, context.clock, reading.archive,
                  reading.mapper, filter,
                  BundleOptions{.pin = reading.pin,
                                .out_path = options.out,
                                .filter_words = DescribeFilter(options.filter),
                                .threads = reading.threads}));
  if (options.json) {
    PrintJson(options, result, context);
  } else {
    PrintText(options, result, context);
  }
  SayReopened(result.reopened, context);
  if (result.records == 0) {
    PrintWarning(context, "no published record matches; the bundle is empty");
  }
  return ConcludeExport(result.unsealed_skipped, context);
}

}  // namespace

void RegisterExport(CLI::App& app, Context& context, Command& chosen) {
  auto options = std::make_shared<ExportOptions>();
  CLI::App* command = app.add_subcommand(
      "export", "Write evidence that stands without the archive");
  AddReadingOptions(*command, options->reading);
  AddFilterOptions(*command, options->filter);
  command->add_option("--out", options->out, "Directory to make")->required();
  command->add_option("--format", options->format,
                      "bundle (default), tlog-tiles, tlog-proof");
  command->add_flag("--json", options->json, "Print the result as JSON");
  command->callback([options, &context, &chosen] {
    chosen = {"export", options->json,
              [options, &context] { return RunExport(*options, context); }};
  });
}

}  // namespace authseal
