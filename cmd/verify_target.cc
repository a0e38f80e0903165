// One target of authseal verify: its pin, what is remembered of it, the
// verification itself, and what is remembered afterwards.
#include <utility>

#include "cmd/output.h"
#include "cmd/stamping.h"
#include "cmd/verify.h"
#include "lib/archive/archive_reader.h"
#include "lib/base/encoding.h"
#include "lib/index/derived_check.h"
#include "lib/verify/archive_verifier.h"
#include "lib/verify/bundle_verifier.h"
#include "lib/verify/verifier_state.h"

namespace authseal {

namespace {

constexpr std::string_view kStateSource = "state";

// What was remembered, and the locked place to remember more.
struct Memory {
  std::string path;  // absolute, of the target
  std::optional<VerifierStateFile> file;
  std::optional<VerifierState> state;
};

Result<Memory> OpenMemory(const VerifyCommandOptions& options,
                          const std::string& target, bool is_bundle,
                          Context& context) {
  Memory memory;
  memory.path = AbsolutePath(target);
  const std::string directory = options.state_dir.empty()
                                    ? StateDirectoryPath(context)
                                    : options.state_dir;
  // A bundle does not grow; there is nothing to go back from.
  if (options.no_state || is_bundle) {
    return memory;
  }
  if (directory.empty()) {
    PrintNote(context,
              "nothing is remembered: neither STATE_DIRECTORY, XDG_STATE_HOME "
              "nor HOME is set");
    return memory;
  }
  Result<VerifierStateFile> file =
      VerifierStateFile::Open(context.file_system, directory, memory.path);
  if (!file.has_value()) {
    return std::move(file).error().With("state directory " + directory);
  }
  TRY_ASSIGN(memory.state, file->Load());
  memory.file = *std::move(file);
  return memory;
}

// Says aloud what trust rests on when nobody gave a key.
void SayFirstUse(const std::string& target, const Pin& pin, Context& context) {
  PrintWarning(context,
               "first use of " + target + ": taking the key " +
                   FormatVerificationKey(*pin.key) +
                   (pin.genesis.has_value()
                        ? " and genesis " + HexEncode(pin.genesis->view())
                        : std::string()) +
                   " from beside the archive; compare it with what you were "
                   "given, or pass --key");
}

void AddFinding(Finding finding, VerifyReport& report) {
  report.findings.push_back(std::move(finding));
  ++report.findings_total;
}

// A path that held another archive before is a finding, whatever --key says.
void CompareWithMemory(const VerifierState& state, VerifyReport& report) {
  if (report.key != state.key) {
    AddFinding(
        {FindingKind::kKeyChanged, "", std::nullopt, std::nullopt, std::nullopt,
         "this path was verified under " + FormatVerificationKey(state.key) +
             " before"},
        report);
  }
  if (report.genesis != state.genesis) {
    AddFinding({FindingKind::kGenesisMismatch, "", std::nullopt, std::nullopt,
                std::nullopt,
                "this path held the archive with genesis " +
                    HexEncode(state.genesis.view()) + " before"},
               report);
  }
}

Result<VerifyOptions> MakeOptions(const VerifyCommandOptions& options,
                                  const Pin& pin,
                                  const std::optional<VerifierState>& state,
                                  Context& context, KeptCheckpoints& kept) {
  VerifyOptions verify;
  verify.pin = pin;
  verify.depth = options.quick ? VerifyDepth::kQuick : VerifyDepth::kFull;
  verify.threads = options.jobs == 0 ? context.cores : options.jobs;
  if (state.has_value() && state->key == *pin.key && state->accepted.size > 0) {
    kept.known.push_back({std::string(kStateSource), state->accepted});
  }
  for (const std::string& path : options.checkpoints) {
    TRY(LoadKeptCheckpoint(context, path, *pin.key, kept));
  }
  if (!options.after_checkpoint.empty()) {
    const std::size_t count = kept.known.size();
    TRY(LoadKeptCheckpoint(context, options.after_checkpoint, *pin.key, kept));
    if (kept.known.size() > count) {
      verify.full_from_record = kept.known.back().checkpoint.size;
    }
  }
  verify.known = kept.known;
  return verify;
}

Status Remember(const VerifiedTarget& verified, Memory& memory) {
  const VerifyReport& report = verified.report;
  return memory.file->Save(
      {memory.path, report.key, report.genesis,
       Checkpoint{report.origin, report.tree_size, report.root}});
}

// Makes the indexes again from the records.
Status CheckDerived(const VerifyCommandOptions& options,
                    const std::string& target, unsigned threads,
                    Context& context, VerifyReport& report) {
  if (!options.derived) {
    return Ok();
  }
  const auto archive = ArchiveReader::Open(context.file_system, target);
  if (!archive.has_value()) {
    return Ok();  // a bundle, or what was reported already
  }
  TRY_ASSIGN(const IndexRules rules, IndexRules::Create(archive->genesis()));
  TRY_ASSIGN(DerivedCheck check, CheckDerivedIndexes(*archive, rules, threads));
  for (Finding& finding : check.findings) {
    AddFinding(std::move(finding), report);
  }
  for (std::string& line : check.not_checked) {
    report.not_checked.push_back(std::move(line));
  }
  return Ok();
}

// Opens what is remembered, chooses the pin, verifies, and judges what was
// required; `memory` is left open for what is to be remembered.
Result<VerifiedTarget> VerifyWithMemory(const VerifyCommandOptions& options,
                                        VerifiedTarget verified, Memory& memory,
                                        Context& context) {
  const std::string& target = verified.target;
  TRY_ASSIGN(
      const ResolvedPin resolved,
      ResolvePin(context, target, options.key, options.keys, memory.state));
  verified.key_source = resolved.source;
  if (resolved.source == PinSource::kFirstUse) {
    SayFirstUse(target, resolved.pin, context);
  }
  KeptCheckpoints kept;
  TRY_ASSIGN(VerifyOptions verify,
             MakeOptions(options, resolved.pin, memory.state, context, kept));
  std::optional<TimestampAuthorities> authorities;
  if (!options.tsa_ca.empty()) {
    TRY_ASSIGN(authorities, LoadTsaAuthorities(context, options.tsa_ca));
    verify.tsa_authorities = &*authorities;
    verify.tsa_policies = options.tsa_policies;
  }
  ProgressLine progress(context, "verify " + target);
  verify.progress = [&progress](const VerifyProgress& now) {
    progress.Update(now.done_bytes, now.total_bytes);
  };
  TRY_ASSIGN(verified.report,
             verified.is_bundle
                 ? VerifyBundle(context.file_system, target, verify)
                 : VerifyArchiveAt(context.file_system, target, verify));
  progress.Clear();
  for (Finding& finding : kept.findings) {
    AddFinding(std::move(finding), verified.report);
  }
  if (memory.state.has_value()) {
    CompareWithMemory(*memory.state, verified.report);
  }
  TRY(CheckDerived(options, target, verify.threads, context, verified.report));
  if (!verified.report.known.empty()) {
    verified.previous = verified.report.known.front();
  }
  verified.unmet = UnmetRequirements(options, verified, resolved.pin);
  return verified;
}

// Whether it is an archive at all comes before questions about keys.
Status CheckIsTarget(const VerifiedTarget& verified, Context& context) {
  if (verified.is_bundle) {
    return Ok();
  }
  auto archive = ArchiveReader::Open(context.file_system, verified.target);
  const bool was_archive =
      context.file_system.Info(verified.target + "/segments").has_value() &&
      context.file_system.Info(verified.target + "/checkpoints").has_value();
  if (!archive.has_value() &&
      ((archive.error().code == ErrorCode::kNotArchive && !was_archive) ||
       archive.error().code == ErrorCode::kNewerVersion)) {
    return std::move(archive).error();
  }
  return Ok();
}

}  // namespace

Result<VerifiedTarget> VerifyTarget(const VerifyCommandOptions& options,
                                    const std::string& target,
                                    Context& context) {
  VerifiedTarget verified;
  verified.target = target;
  const Result<bool> is_bundle = IsBundle(context.file_system, target);
  if (!is_bundle.has_value() &&
      is_bundle.error().code == ErrorCode::kNotFound) {
    return Error{ErrorCode::kNotArchive, "there is no " + target,
                 "name an archive or an evidence bundle"};
  }
  verified.is_bundle = is_bundle.has_value() && *is_bundle;
  TRY(CheckIsTarget(verified, context));
  TRY_ASSIGN(Memory memory,
             OpenMemory(options, target, verified.is_bundle, context));
  TRY_ASSIGN(verified,
             VerifyWithMemory(options, std::move(verified), memory, context));
  if (verified.status() == ExitStatus::kDone && memory.file.has_value()) {
    TRY(Remember(verified, memory));
  }
  return verified;
}

}  // namespace authseal
