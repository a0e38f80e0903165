// What a user asks of authseal verify beyond the archive itself: checkpoints
// kept elsewhere, and how strong the result has to be.
#include <algorithm>
#include <utility>

#include "cmd/checkpoint_file.h"
#include "cmd/output.h"
#include "cmd/verify.h"
#include "cmd/verify_witnesses.h"
#include "lib/note/checkpoint.h"
#include "lib/note/signed_note.h"

namespace authseal {

namespace {

// Why a kept checkpoint is not signed by the pinned key.
Finding NotOfKey(const std::string& path, const SignedNote& note,
                 const Checkpoint& checkpoint, const VerificationKey& key) {
  const std::string pinned = FormatVerificationKey(key);
  const auto finding = [&path](FindingKind kind, std::string text) {
    return Finding{kind,         path,         std::nullopt,
                   std::nullopt, std::nullopt, std::move(text)};
  };
  if (checkpoint.origin != key.name) {
    return finding(FindingKind::kOriginChanged,
                   "the kept checkpoint is of " + checkpoint.origin +
                       ", the pinned key is " + pinned +
                       ": it is of another log, or another log stands here");
  }
  const bool other_key = std::any_of(
      note.signatures.begin(), note.signatures.end(),
      [&key](const NoteSignature& signature) {
        return signature.name == key.name && signature.key_id != key.id;
      });
  if (other_key) {
    return finding(FindingKind::kKeyChanged,
                   "the kept checkpoint is signed by another key of this name "
                   "than " +
                       pinned +
                       ": the log's identity key was exchanged; ask whoever "
                       "runs the log, and do not take a key from the archive");
  }
  return finding(FindingKind::kCheckpointInvalid,
                 "the kept checkpoint is not signed by " + pinned +
                     ": the file was changed, or is no copy of a published "
                     "checkpoint");
}

std::string UnmetTimestamp(const VerifyCommandOptions& options,
                           const VerifyReport& report) {
  const std::string name = "--require-timestamp: ";
  if (report.checkpoint_size == 0) {
    return name + "there is no checkpoint";
  }
  if (options.tsa_ca.empty()) {
    return name + "without --tsa-ca no timestamp counts";
  }
  return name + "the checkpoint of " + GroupDigits(report.checkpoint_size) +
         " records has none that verifies";
}

}  // namespace

Status LoadKeptCheckpoint(Context& context, const std::string& path,
                          const IdentityChain& identities,
                          KeptCheckpoints& kept) {
  TRY_ASSIGN(CheckpointFile file, ReadCheckpointFile(context, path));
  const VerificationKey& key = identities.KeyAt(file.checkpoint.size);
  if (VerifySignedNote(file.note, key) != NoteVerdict::kVerified) {
    kept.findings.push_back(NotOfKey(path, file.note, file.checkpoint, key));
    return Ok();
  }
  kept.known.push_back({path, std::move(file.checkpoint)});
  return Ok();
}

std::vector<std::string> UnmetRequirements(const VerifyCommandOptions& options,
                                           const VerifiedTarget& verified,
                                           const VerifyOptions& verify) {
  const VerifyReport& report = verified.report;
  std::vector<std::string> unmet;
  if (options.require_pin && (verified.key_source == PinSource::kFirstUse ||
                              !verify.pin.genesis.has_value())) {
    unmet.push_back(verified.key_source == PinSource::kFirstUse
                        ? "--require-pin: the key was taken on first use"
                        : "--require-pin: a key alone does not say which "
                          "archive is meant; give its genesis too");
  }
  if (options.require_checkpoint &&
      (report.checkpoint_size == 0 ||
       report.checkpoint_size < report.tree_size)) {
    unmet.push_back("--require-checkpoint: checkpoints cover " +
                    GroupDigits(report.checkpoint_size) + " of " +
                    GroupDigits(report.tree_size) + " sealed records");
  }
  if (options.require_sealed && report.unsealed_records > 0) {
    unmet.push_back(
        "--require-sealed: " + GroupDigits(report.unsealed_records) +
        " records are not sealed");
  }
  AddUnmetWitnesses(options, report, verify.witnesses, unmet);
  if (options.require_timestamp &&
      (!report.timestamp.has_value() ||
       report.timestamp->tree_size < report.checkpoint_size)) {
    unmet.push_back(UnmetTimestamp(options, report));
  }
  return unmet;
}

}  // namespace authseal
