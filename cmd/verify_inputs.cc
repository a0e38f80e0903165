// What a user asks of authseal verify beyond the archive itself: checkpoints
// kept elsewhere, and how strong the result has to be.
#include "cmd/output.h"
#include "cmd/verify.h"
#include "lib/note/checkpoint.h"
#include "lib/note/signed_note.h"

namespace authseal {

namespace {

Result<std::string> ReadNoteFile(Context& context, const std::string& path) {
  const std::size_t slash = path.rfind('/');
  const bool has_slash = slash != std::string::npos;
  TRY_ASSIGN(const auto directory,
             context.file_system.OpenDirectory(
                 has_slash ? path.substr(0, slash + 1) : "."));
  const Result<ByteVector> note = ReadWholeFile(
      *directory, has_slash ? path.substr(slash + 1) : path, kNoteSizeBytesMax);
  if (!note.has_value()) {
    return Error(note.error()).With(path);
  }
  return std::string(AsText(*note));
}

Error NoCheckpoint(const std::string& path, const Error& error) {
  return {ErrorCode::kInvalidArgument,
          path + " is no checkpoint: " + error.message,
          "give a file like those in checkpoints/ of an archive"};
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
                          const VerificationKey& key, KeptCheckpoints& kept) {
  TRY_ASSIGN(const std::string text, ReadNoteFile(context, path));
  const Result<SignedNote> note = ParseSignedNote(text);
  if (!note.has_value()) {
    return NoCheckpoint(path, note.error());
  }
  const Result<Checkpoint> checkpoint = ParseCheckpointText(note->text);
  if (!checkpoint.has_value()) {
    return NoCheckpoint(path, checkpoint.error());
  }
  if (VerifySignedNote(*note, key) != NoteVerdict::kVerified) {
    kept.findings.push_back(
        {FindingKind::kCheckpointInvalid, path, std::nullopt, std::nullopt,
         std::nullopt,
         "the kept checkpoint is not signed by " + FormatVerificationKey(key) +
             ": it is of another log, or the key is not the one it was"});
    return Ok();
  }
  kept.known.push_back({path, *checkpoint});
  return Ok();
}

std::vector<std::string> UnmetRequirements(const VerifyCommandOptions& options,
                                           const VerifiedTarget& verified,
                                           const Pin& pin) {
  const VerifyReport& report = verified.report;
  std::vector<std::string> unmet;
  if (options.require_pin && (verified.key_source == PinSource::kFirstUse ||
                              !pin.genesis.has_value())) {
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
  if (options.require_witness > 0) {
    unmet.push_back("--require-witness " +
                    std::to_string(options.require_witness) +
                    ": this version does not check signatures of witnesses");
  }
  if (options.require_timestamp &&
      (!report.timestamp.has_value() ||
       report.timestamp->tree_size < report.checkpoint_size)) {
    unmet.push_back(UnmetTimestamp(options, report));
  }
  return unmet;
}

}  // namespace authseal
