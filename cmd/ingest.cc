// authseal ingest: takes delivered logs into an archive.
#include "cmd/ingest.h"

#include <filesystem>
#include <memory>
#include <system_error>
#include <vector>

#include <CLI/CLI.hpp>

#include "cmd/command.h"
#include "cmd/identity_options.h"
#include "cmd/key_options.h"
#include "cmd/output.h"
#include "cmd/reading_options.h"
#include "lib/base/encoding.h"
#include "lib/event/mapper.h"
#include "lib/index/segment_index_builder.h"
#include "lib/ingest/omprog.h"
#include "lib/ingest/result_json.h"

namespace authseal {

namespace {

constexpr std::string_view kStandardInput = "-";

struct IngestFlags {
  std::string archive;
  std::vector<std::string> files;
  std::string keys;
  IdentityOptions identity;
  std::string provider = "auto";
  std::vector<std::string> mappings;
  std::string source;
  std::string seal_every = "1h";
  std::string protocol = "plain";
  unsigned jobs = 0;
  bool follow = false;
  bool strict = false;
  bool json = false;
  bool omprog() const { return protocol == "omprog"; }
};

Error Usage(std::string message, std::string hint) {
  return {ErrorCode::kInvalidArgument, std::move(message), std::move(hint)};
}

Status CheckFlags(const IngestFlags& flags, const Context& context) {
  if (flags.files.empty() && context.in_is_terminal) {
    return Usage("no input: standard input is a terminal",
                 "name the files, or pipe the log in; '-' reads a terminal "
                 "all the same");
  }
  if (!flags.source.empty() && flags.files.size() > 1) {
    return Usage("--source names one source, and there are several files",
                 "leave --source out: a file's name is its path");
  }
  const bool only_standard_input =
      flags.files.empty() ||
      (flags.files.size() == 1 && flags.files.front() == kStandardInput);
  if (flags.omprog() && (!only_standard_input || flags.json)) {
    return Usage(
        "--protocol omprog reads standard input and answers on "
        "standard output, and nothing else",
        "leave the files and --json out");
  }
  if (flags.follow && only_standard_input) {
    return Usage("--follow needs a file", "a pipe is read until it ends");
  }
  return Ok();
}

Result<IngestSource> MakeSource(const IngestFlags& flags,
                                const std::string& file) {
  // Links stay: what a fixed name points to may change, as in a rotation.
  IngestSource source{.path = file, .name = flags.source};
  if (file == kStandardInput) {
    source.resumable = !flags.source.empty() && !flags.omprog();
  } else if (flags.source.empty()) {
    std::error_code failed;
    const auto absolute = std::filesystem::absolute(file, failed);
    if (failed) {
      return Usage(file + ": " + failed.message(), "give an absolute path");
    }
    source.name = absolute.lexically_normal().string();
  }
  if (source.name.empty()) {
    source.name = file;
  }
  return source;
}

Result<IngestOptions> MakeOptions(const IngestFlags& flags,
                                  const EventMapper& mapper,
                                  const Context& context) {
  IngestOptions options;
  for (const std::string& file : flags.files) {
    TRY_ASSIGN(IngestSource source, MakeSource(flags, file));
    options.sources.push_back(std::move(source));
  }
  if (options.sources.empty()) {
    TRY_ASSIGN(IngestSource source,
               MakeSource(flags, std::string(kStandardInput)));
    options.sources.push_back(std::move(source));
  }
  if (flags.provider != "auto") {
    if (!mapper.knows(flags.provider)) {
      return Usage("--provider " + flags.provider + ": no such mapping",
                   "'authseal mappings' lists them; --mapping adds one");
    }
    options.provider = flags.provider;
  }
  TRY_ASSIGN(options.seal_every_nanos, ParseSealInterval(flags.seal_every));
  options.follow = flags.follow;
  options.strict = flags.strict;
  options.one_by_one = flags.omprog();
  options.worker_count = flags.jobs == 0 ? context.cores : flags.jobs;
  return options;
}

// Draws progress where somebody watches.
class ProgressObserver : public IngestObserver {
 public:
  explicit ProgressObserver(Context& context) : line_(context, "ingest") {}
  Status Committed(const IngestResult& so_far) override {
    line_.Update(so_far.counts.bytes_in, 0);
    return Ok();
  }
  Status Waiting(std::uint64_t /*read_line_count*/) override { return Ok(); }

 private:
  ProgressLine line_;
};

Status WriteToRsyslog(Context& context, std::string_view text) {
  context.out << text << std::flush;
  if (!context.out.good()) {
    return Error{ErrorCode::kIo, "cannot answer on standard output",
                 "what was read is kept; rsyslog sends the rest again"};
  }
  return Ok();
}

Result<ArchiveWriter> OpenWriter(const IngestFlags& flags,
                                 SegmentIndexBuilder& indexer,
                                 Context& context) {
  TRY_ASSIGN(KeyStore keys,
             KeyStore::Open(context.file_system,
                            KeysPath(context, flags.archive, flags.keys)));
  // Nobody is asked: a writer works unattended.
  TRY_ASSIGN(auto identity, LoadIdentityKey(context, flags.identity, &keys,
                                            LockedKey::kPassOver));
  if (identity.has_value()) {
    UseIdentity(*identity, keys);
  }
  ArchiveWriter::Options options;
  options.indexer = &indexer;
  options.threads = flags.jobs == 0 ? context.cores : flags.jobs;
  return ArchiveWriter::Open(context.file_system, context.clock, flags.archive,
                             std::move(keys), options);
}

Status RunToTheEnd(ArchiveWriter& writer, const IngestFlags& flags,
                   const IngestOptions& options,
                   IngestSurroundings surroundings, Context& context,
                   IngestResult& result) {
  if (flags.omprog()) {
    OmprogAcknowledger acknowledger(
        [&context](std::string_view text) {
          return WriteToRsyslog(context, text);
        },
        [] { return std::chrono::steady_clock::now(); });
    TRY(acknowledger.Ready());
    surroundings.observer = &acknowledger;
    return Ingest(writer, options, surroundings, result);
  }
  ProgressObserver progress(context);
  surroundings.observer = &progress;
  return Ingest(writer, options, surroundings, result);
}

// "1 line", "2 lines".
std::string Count(std::uint64_t number, std::string_view noun) {
  return GroupDigits(number) + " " + std::string(noun) +
         (number == 1 ? "" : "s");
}

std::string Describe(const UnparsedLine& line) {
  return line.source + ": line " + std::to_string(line.line_number) +
         " (ends at byte " + std::to_string(line.offset_bytes) +
         "): " + std::string(UnparsedReasonName(line.reason));
}

void PrintUnparsed(const IngestResult& result, Context& context) {
  const std::uint64_t count = result.counts.unparsed_count;
  if (count > 0) {
    PrintWarning(context, "kept unparsed: " + Count(count, "line"));
  }
  for (const UnparsedLine& line : result.unparsed) {
    PrintWarning(context, Describe(line));
  }
  if (count > result.unparsed.size()) {
    PrintWarning(context, "and " + GroupDigits(count - result.unparsed.size()) +
                              " more");
  }
}

void PrintSummary(const IngestResult& result, Context& context) {
  const IngestCounts& counts = result.counts;
  for (const IngestResult::Source& source : result.sources) {
    if (source.restarted) {
      PrintNote(context, "source-restarted: " + source.name +
                             " is not what it was when it was last read; "
                             "taken from its beginning");
    }
  }
  PrintUnparsed(result, context);
  context.err << "authseal: " << Count(counts.record_count, "record")
              << " from " << Count(counts.line_count, "line") << ", "
              << HumanSize(counts.bytes_in) << " stored in "
              << HumanSize(result.bytes_stored);
  if (result.skipped_known_bytes > 0) {
    context.err << "; " << HumanSize(result.skipped_known_bytes)
                << " known already";
  }
  if (counts.scrubbed_count > 0) {
    context.err << "; " << Count(counts.scrubbed_count, "secret")
                << " replaced";
  }
  if (result.seal_count > 0) {
    context.err << "; " << Count(result.seal_count, "seal");
  }
  context.err << '\n';
}

void PrintRecovery(const RecoveryReport& report, Context& context) {
  if (report.torn_bytes > 0) {
    PrintNote(context, "torn-tail: " + std::to_string(report.torn_bytes) +
                           " bytes of an unfinished commit were cut and kept "
                           "in " +
                           report.salvage_path);
  }
  if (report.seal_completed) {
    PrintNote(context, "a seal that was interrupted is complete now");
  }
  if (report.rewritten) {
    PrintNote(context,
              "the open segment is not as a writer leaves it that ends in "
              "order; it was checked and copied");
  }
}

ExitStatus Report(const IngestFlags& flags, const IngestResult& result,
                  Context& context) {
  if (flags.json) {
    context.out << FormatIngestJson(result) << '\n';
  } else {
    PrintSummary(result, context);
  }
  if (result.stopped_at.has_value()) {
    const UnparsedLine& line = *result.stopped_at;
    const Error stopped{
        ErrorCode::kInvalidArgument,
        "stopped before " + line.source + ": line " +
            std::to_string(line.line_number) + ", which is no JSON object (" +
            std::string(UnparsedReasonName(line.reason)) + ")",
        "everything before it is in the archive; without --strict the line "
        "is kept unparsed"};
    PrintError(context, stopped, ExitStatus::kPartial, /*json=*/false);
  }
  const bool partial =
      result.stopped_at.has_value() || result.counts.unparsed_count > 0;
  return partial ? ExitStatus::kPartial : ExitStatus::kDone;
}

Result<ExitStatus> RunIngest(const IngestFlags& flags, Context& context) {
  TRY(CheckFlags(flags, context));
  TRY_ASSIGN(const std::vector<MappingSource> mappings,
             LoadMappings(flags.mappings, context));
  TRY_ASSIGN(const EventMapper mapper, EventMapper::Create(mappings));
  TRY_ASSIGN(const IngestOptions options, MakeOptions(flags, mapper, context));
  const auto inputs = MakePosixInputFiles(context.input_fd);
  TRY(CheckSources(*inputs, options));
  // Whether it is an archive at all comes before questions about keys.
  TRY_ASSIGN(const ArchiveReader archive,
             ArchiveReader::Open(context.file_system, flags.archive));
  TRY_ASSIGN(const IndexRules index, IndexRules::Create(archive.genesis()));
  SegmentIndexBuilder indexer(index);
  TRY_ASSIGN(ArchiveWriter writer, OpenWriter(flags, indexer, context));
  PrintRecovery(writer.recovery(), context);
  IngestResult result;
  Status status = RunToTheEnd(writer, flags, options,
                              IngestSurroundings{.inputs = *inputs,
                                                 .clock = context.clock,
                                                 .mapper = mapper,
                                                 .stop = context.stop,
                                                 .index = &index},
                              context, result);
  Status closed = writer.Close();
  if (!status) {
    // What is durable stays; the user must know how far it went.
    PrintSummary(result, context);
    return std::move(status).error();
  }
  TRY(closed);
  if (context.stop && !flags.follow) {
    PrintNote(context,
              "stopped by a signal; what was read is durable, run the same "
              "command again for the rest");
  }
  return Report(flags, result, context);
}

}  // namespace

Result<std::int64_t> ParseSealInterval(std::string_view text) {
  constexpr std::int64_t kSecondsMax = 366 * std::int64_t{86'400};
  std::int64_t unit_seconds = 0;
  switch (text.empty() ? '\0' : text.back()) {
    case 's':
      unit_seconds = 1;
      break;
    case 'm':
      unit_seconds = 60;
      break;
    case 'h':
      unit_seconds = 3600;
      break;
    case 'd':
      unit_seconds = 86'400;
      break;
    default:
      break;
  }
  const auto number =
      ParseDecimal(text.substr(0, text.empty() ? 0 : text.size() - 1));
  if (unit_seconds == 0 || !number || *number == 0 ||
      *number > static_cast<std::uint64_t>(kSecondsMax / unit_seconds)) {
    return Usage("--seal-every " + std::string(text) + ": not a time",
                 "write a number with s, m, h or d, for instance 30m; at most "
                 "366d");
  }
  return static_cast<std::int64_t>(*number) * unit_seconds * kNanosPerSecond;
}

void RegisterIngest(CLI::App& app, Context& context, Command& chosen) {
  auto flags = std::make_shared<IngestFlags>();
  CLI::App* command = app.add_subcommand("ingest", "Append logs to an archive");
  command->add_option("archive", flags->archive, "Archive directory")
      ->required();
  command->add_option("file", flags->files,
                      "Files, plain, .gz or .zst; '-' or none: standard input");
  command->add_option("--keys", flags->keys,
                      "Key directory (default: ARCHIVE.keys)");
  AddIdentityOptions(*command, flags->identity);
  command->add_option("--provider", flags->provider,
                      "Whose log it is (default: auto)");
  command
      ->add_option("--mapping", flags->mappings,
                   "Mapping file of your own; see authseal-mapping(5)")
      ->expected(1)
      ->allow_extra_args(false)  // what follows is the archive, or a log
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  command->add_option("--source", flags->source,
                      "Name to resume the input by (default: its path)");
  command->add_flag("--follow", flags->follow,
                    "Go on as the file grows, also through rotation");
  command->add_option("--seal-every", flags->seal_every,
                      "Seal at least so often (default: 1h)");
  command
      ->add_option("--protocol", flags->protocol,
                   "plain, or omprog: confirm each line to rsyslog")
      ->check(CLI::IsMember({"plain", "omprog"}));
  command->add_flag("--strict", flags->strict,
                    "Stop before a line that is no JSON object");
  command->add_option("--jobs", flags->jobs, "Threads (default: one a core)");
  command->add_flag("--json", flags->json, "Print the result as JSON");
  command->callback([flags, &context, &chosen] {
    chosen = {"ingest", flags->json,
              [flags, &context] { return RunIngest(*flags, context); }};
  });
}

}  // namespace authseal
