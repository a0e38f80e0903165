#include "cmd/reading_options.h"

#include <CLI/CLI.hpp>

#include "cmd/key_options.h"
#include "cmd/output.h"
#include "cmd/verify.h"
#include "cmd/verify_memory.h"
#include "lib/base/escape.h"

namespace authseal {

namespace {

constexpr std::uint64_t kMappingSizeBytesMax = 1 << 20;
constexpr unsigned kThreadsMax = 1024;

// What verify remembers of this archive, without making anything.
Result<std::optional<VerifierState>> RememberedState(
    const std::string& archive_path, Context& context) {
  const std::string directory = StateDirectoryPath(context);
  if (directory.empty()) {
    return std::optional<VerifierState>();
  }
  TRY_ASSIGN(const TargetMemory memory,
             TargetMemory::Peek(context, directory, archive_path));
  return memory.state();
}

}  // namespace

void AddReadingOptions(CLI::App& command, ReadingOptions& options) {
  command.add_option("archive", options.archive, "Archive directory")
      ->required();
  command.add_option("--key", options.key,
                     "Verification key, or a file with it (identity.pub)");
  command.add_option("--keys", options.keys,
                     "Key directory (default: ARCHIVE.keys)");
  command
      .add_option("--mapping", options.mappings,
                  "Mapping file of your own; see authseal-mapping(5)")
      ->expected(1)
      ->allow_extra_args(false)  // "[a,b]" is one value
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  command.add_option("--jobs", options.jobs, "Threads (default: one a core)")
      ->check(CLI::Range(1U, kThreadsMax));
}

Result<std::vector<MappingSource>> LoadMappings(
    const std::vector<std::string>& paths, Context& context) {
  std::vector<MappingSource> sources;
  for (const std::string& path : paths) {
    const std::size_t slash = path.rfind('/');
    const bool has_slash = slash != std::string::npos;
    TRY_ASSIGN(const auto directory,
               context.file_system.OpenDirectory(
                   has_slash ? path.substr(0, slash + 1) : "."));
    Result<ByteVector> text =
        ReadWholeFile(*directory, has_slash ? path.substr(slash + 1) : path,
                      kMappingSizeBytesMax);
    if (!text) {
      return std::move(text).error().With(path);
    }
    sources.push_back({path, std::string(AsText(*text))});
  }
  return sources;
}

Result<Reading> OpenReading(const ReadingOptions& options, Context& context) {
  TRY_ASSIGN(ArchiveReader archive,
             ArchiveReader::Open(context.file_system, options.archive));
  TRY_ASSIGN(const std::optional<VerifierState> state,
             RememberedState(options.archive, context));
  TRY_ASSIGN(
      const ResolvedPin resolved,
      ResolvePin(context, options.archive, options.key, options.keys, state));
  if (resolved.source == PinSource::kFirstUse) {
    PrintNote(context,
              "not pinned: the key was taken from beside the archive; pass "
              "--key, or run authseal verify first");
  }
  TRY_ASSIGN(const std::vector<MappingSource> sources,
             LoadMappings(options.mappings, context));
  TRY_ASSIGN(EventMapper mapper, EventMapper::Create(sources));
  std::vector<KnownCheckpoint> known;
  if (state.has_value() && state->genesis == resolved.pin.genesis &&
      state->accepted.size > 0) {
    known.push_back({"the verifier's state", state->accepted});
  }
  return Reading{.archive = std::move(archive),
                 .pin = resolved.pin,
                 .known = std::move(known),
                 .mapper = std::move(mapper),
                 .threads = options.jobs == 0 ? context.cores : options.jobs};
}

Status AddKeptCheckpoints(const std::vector<std::string>& paths,
                          const std::string& archive_path, Context& context,
                          Reading& reading) {
  if (paths.empty()) {
    return Ok();
  }
  TRY_ASSIGN(const IdentityChain identities,
             LoadIdentities(context, archive_path, false, reading.pin));
  KeptCheckpoints kept;
  for (const std::string& path : paths) {
    TRY(LoadKeptCheckpoint(context, path, identities, kept));
  }
  if (!kept.findings.empty()) {
    return Error{ErrorCode::kInvalidArgument, kept.findings.front().text,
                 "without it only what goes back to archive.note is shown"};
  }
  reading.known.insert(reading.known.end(), kept.known.begin(),
                       kept.known.end());
  return Ok();
}

void SayReopened(const std::vector<ReopenedEpoch>& reopened, Context& context) {
  for (const ReopenedEpoch& epoch : reopened) {
    PrintNote(context, "reopened: the key of epoch " +
                           std::to_string(epoch.epoch) +
                           " was lost and the identity key closed it; see "
                           "authseal-reopen(1)");
  }
}

void PrintFindings(const std::vector<Finding>& findings, Context& context) {
  for (const Finding& finding : findings) {
    context.err << "authseal: finding: " << FindingName(finding.kind) << ' '
                << EscapeForTerminal(finding.file);
    if (finding.records) {
      context.err << " records " << finding.records->first << ".."
                  << finding.records->end;
    }
    context.err << ": " << EscapeForTerminal(finding.text) << '\n';
  }
}

}  // namespace authseal
