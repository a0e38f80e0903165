// One target of authseal verify: its pin, what is remembered of it, the
// verification itself, and what is remembered afterwards.
#include <algorithm>
#include <utility>

#include "cmd/output.h"
#include "cmd/stamping.h"
#include "cmd/verify.h"
#include "cmd/verify_memory.h"
#include "cmd/verify_witnesses.h"
#include "lib/archive/archive_reader.h"
#include "lib/archive/layout.h"
#include "lib/base/encoding.h"
#include "lib/index/derived_check.h"
#include "lib/verify/archive_verifier.h"
#include "lib/verify/bundle_verifier.h"

namespace authseal {

namespace {

constexpr std::string_view kStateSource = "state";

Result<TargetMemory> OpenMemory(const VerifyCommandOptions& options,
                                const std::string& target, bool is_bundle,
                                Context& context) {
  if (options.no_state) {
    return TargetMemory();
  }
  const std::string directory = options.state_dir.empty()
                                    ? StateDirectoryPath(context)
                                    : options.state_dir;
  if (directory.empty()) {
    PrintNote(context,
              "nothing is remembered: neither STATE_DIRECTORY, XDG_STATE_HOME "
              "nor HOME is set");
    return TargetMemory();
  }
  // A bundle does not grow, so there is nothing to go back from; but where an
  // archive stood before it, that is known.
  return is_bundle ? TargetMemory::Peek(context, directory, target)
                   : TargetMemory::Open(context, directory, target);
}

// What is not there any more, where something is remembered of it.
Error SayWhatWasThere(const VerifyCommandOptions& options,
                      const std::string& target, Context& context,
                      Error error) {
  const std::string directory = options.state_dir.empty()
                                    ? StateDirectoryPath(context)
                                    : options.state_dir;
  if (error.code != ErrorCode::kNotArchive || options.no_state ||
      directory.empty()) {
    return error;
  }
  const auto memory = TargetMemory::Peek(context, directory, target);
  if (memory.has_value() && !memory->states().empty()) {
    const VerifierState& state = memory->states().front();
    error.message += "; an archive of " + state.key.name + " with " +
                     std::to_string(state.accepted.size) +
                     " sealed records was verified here before";
    error.hint =
        "mount or restore it; if nobody moved it, the whole log was taken away";
  }
  return error;
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
void CompareWithMemory(const VerifierState& state, bool is_bundle,
                       VerifyReport& report) {
  if (is_bundle) {
    AddFinding({FindingKind::kFileMissing, std::string(kArchiveNoteName),
                std::nullopt, std::nullopt, std::nullopt,
                "this path held the archive with genesis " +
                    HexEncode(state.genesis.view()) + " before, with " +
                    std::to_string(state.accepted.size) +
                    " sealed records; now an evidence bundle stands here: "
                    "find the archive, and verify that"},
               report);
    return;
  }
  if (report.key != state.key &&
      std::find(report.identities.begin(), report.identities.end(),
                state.key) == report.identities.end()) {
    AddFinding(
        {FindingKind::kKeyChanged, "", std::nullopt, std::nullopt, std::nullopt,
         "this path was verified under " + FormatVerificationKey(state.key) +
             " before; do not take a new key from the archive, ask whoever "
             "runs the log"},
        report);
  }
  if (report.genesis != state.genesis) {
    AddFinding({FindingKind::kGenesisMismatch, "", std::nullopt, std::nullopt,
                std::nullopt,
                "this path held the archive with genesis " +
                    HexEncode(state.genesis.view()) +
                    " before, and now another one; find out where that is, and "
                    "why"},
               report);
  }
}

// What is remembered of the pinned archive.
void AddRemembered(const Pin& pin, const IdentityChain& identities,
                   const TargetMemory& memory, KeptCheckpoints& kept) {
  for (const VerifierState& state : memory.states()) {
    if (identities.Contains(state.key) && state.accepted.size > 0 &&
        (!pin.genesis.has_value() || state.genesis == *pin.genesis)) {
      kept.known.push_back({std::string(kStateSource), state.accepted});
    }
  }
}

Result<VerifyOptions> MakeOptions(const VerifyCommandOptions& options,
                                  const Pin& pin,
                                  const IdentityChain& identities,
                                  const TargetMemory& memory, Context& context,
                                  KeptCheckpoints& kept) {
  VerifyOptions verify;
  verify.pin = pin;
  TRY(AddWitnessPolicy(options, identities, context, verify));
  verify.depth = options.quick ? VerifyDepth::kQuick : VerifyDepth::kFull;
  verify.threads = options.jobs == 0 ? context.cores : options.jobs;
  AddRemembered(pin, identities, memory, kept);
  for (const std::string& path : options.checkpoints) {
    TRY(LoadKeptCheckpoint(context, path, identities, kept));
  }
  if (!options.after_checkpoint.empty()) {
    const std::size_t count = kept.known.size();
    TRY(LoadKeptCheckpoint(context, options.after_checkpoint, identities,
                           kept));
    if (kept.known.size() > count) {
      verify.after = kept.known.size() - 1;
    }
  }
  verify.known = kept.known;
  return verify;
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

// Chooses the pin, verifies, and judges what was required.
Result<VerifiedTarget> VerifyWithMemory(const VerifyCommandOptions& options,
                                        VerifiedTarget verified,
                                        const TargetMemory& memory,
                                        Context& context) {
  const std::string& target = verified.target;
  TRY_ASSIGN(const ResolvedPin resolved,
             ResolvePin(context, target, options.key, options.keys,
                        verified.is_bundle ? std::nullopt : memory.state()));
  verified.key_source = resolved.source;
  verified.has_genesis = resolved.pin.genesis.has_value();
  if (resolved.source == PinSource::kFirstUse) {
    SayFirstUse(target, resolved.pin, context);
  }
  KeptCheckpoints kept;
  TRY_ASSIGN(const IdentityChain identities,
             LoadIdentities(context, target, verified.is_bundle, resolved.pin));
  TRY_ASSIGN(
      VerifyOptions verify,
      MakeOptions(options, resolved.pin, identities, memory, context, kept));
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
  for (const VerifierState& state : memory.states()) {
    CompareWithMemory(state, verified.is_bundle, verified.report);
  }
  TRY(CheckDerived(options, target, verify.threads, context, verified.report));
  if (!verified.report.known.empty()) {
    verified.previous = verified.report.known.front();
  }
  verified.unaccepted =
      UnacceptedEpochs(options.accept_reopened, memory.states(),
                       verified.report, !options.quiet, context);
  verified.unmet = UnmetRequirements(options, verified, verify);
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
    return SayWhatWasThere(options, target, context,
                           {ErrorCode::kNotArchive, "there is no " + target,
                            "name an archive or an evidence bundle"});
  }
  verified.is_bundle = is_bundle.has_value() && *is_bundle;
  Status is_target = CheckIsTarget(verified, context);
  if (!is_target.has_value()) {
    return SayWhatWasThere(options, target, context,
                           std::move(is_target).error());
  }
  TRY_ASSIGN(TargetMemory memory,
             OpenMemory(options, target, verified.is_bundle, context));
  TRY_ASSIGN(verified,
             VerifyWithMemory(options, std::move(verified), memory, context));
  if (verified.status() == ExitStatus::kDone) {
    TRY(memory.Remember(verified.report));
  }
  return verified;
}

}  // namespace authseal
