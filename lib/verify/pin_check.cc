#include "lib/verify/pin_check.h"

#include <string>
#include <utility>

namespace authseal {
namespace {

constexpr std::size_t kOwnSignatures = 1;  // cosignatures are kept elsewhere

Finding MakeFinding(FindingKind kind, std::string_view file, std::string text) {
  Finding finding;
  finding.kind = kind;
  finding.file = file;
  finding.text = std::move(text);
  return finding;
}

// What is wrong with the signatures of a note; empty when nothing is.
std::string SignatureFault(const SignedNote& note, const VerificationKey& key) {
  switch (VerifySignedNote(note, key)) {
    case NoteVerdict::kNoKnownSignature:
      return "it is not signed by the pinned key " + key.name;
    case NoteVerdict::kBadSignature:
      return "the signature by the pinned key " + key.name + " does not verify";
    case NoteVerdict::kVerified:
      break;
  }
  if (note.signatures.size() != kOwnSignatures) {
    return "it has signature lines beside the one by " + key.name;
  }
  return {};
}

// The same for a checkpoint, which also has to be one.
std::string ReadCheckpointNote(std::string_view note, std::string_view origin,
                               const VerificationKey& key,
                               Checkpoint& checkpoint) {
  const Result<SignedNote> signed_note = ParseSignedNote(note);
  if (!signed_note.has_value()) {
    return signed_note.error().message;
  }
  std::string fault = SignatureFault(*signed_note, key);
  if (!fault.empty()) {
    return fault;
  }
  Result<Checkpoint> parsed = ParseCheckpointText(signed_note->text);
  if (!parsed.has_value()) {
    return std::move(parsed).error().message;
  }
  if (parsed->origin != origin) {
    return "it is of " + parsed->origin + ", not of " + std::string(origin);
  }
  checkpoint = *std::move(parsed);
  return {};
}

}  // namespace

Result<PinnedArchive> CheckArchiveNote(const SignedNote& signed_note,
                                       const Pin& pin, std::string_view file,
                                       std::vector<Finding>& findings,
                                       const IdentityChain* identities) {
  if (!pin.key.has_value()) {
    return Error{ErrorCode::kKey, "no verification key to check against",
                 "give one with --key"};
  }
  PinnedArchive pinned;
  pinned.key = *pin.key;
  pinned.identities =
      identities != nullptr ? *identities : IdentityChain(*pin.key);
  pinned.genesis = Genesis(signed_note.text);
  TRY_ASSIGN(pinned.note, ParseArchiveNoteText(signed_note.text));
  const std::size_t findings_before = findings.size();
  const std::string fault =
      SignatureFault(signed_note, pinned.identities.first());
  if (!fault.empty()) {
    findings.push_back(MakeFinding(FindingKind::kKeyChanged, file, fault));
  }
  if (pin.genesis.has_value() && pinned.genesis != *pin.genesis) {
    findings.push_back(
        MakeFinding(FindingKind::kGenesisMismatch, file,
                    "this is another archive than the pinned one: it was "
                    "exchanged or made anew, by somebody who has the key where "
                    "that is right; ask whoever gave the pin"));
  }
  if (pinned.note.origin != pinned.key.name) {
    findings.push_back(MakeFinding(FindingKind::kOriginChanged, file,
                                   "it names " + pinned.note.origin +
                                       ", the pinned key is that of " +
                                       pinned.key.name));
  }
  pinned.trusted = findings.size() == findings_before;
  return pinned;
}

std::optional<Checkpoint> CheckCheckpointNote(std::string_view note,
                                              std::string_view origin,
                                              const VerificationKey& key,
                                              std::string_view file,
                                              std::vector<Finding>& findings) {
  Checkpoint checkpoint;
  std::string fault = ReadCheckpointNote(note, origin, key, checkpoint);
  if (!fault.empty()) {
    findings.push_back(
        MakeFinding(FindingKind::kCheckpointInvalid, file, std::move(fault)));
    return std::nullopt;
  }
  return checkpoint;
}

std::optional<Checkpoint> CheckCheckpointNote(std::string_view note,
                                              const IdentityChain& identities,
                                              std::string_view file,
                                              std::vector<Finding>& findings) {
  // What it says its size is, before anybody vouches for it.
  std::uint64_t size = 0;
  const Result<SignedNote> signed_note = ParseSignedNote(note);
  if (signed_note.has_value()) {
    const Result<Checkpoint> stated = ParseCheckpointText(signed_note->text);
    size = stated.has_value() ? stated->size : 0;
  }
  const VerificationKey& key = identities.KeyAt(size);
  return CheckCheckpointNote(note, key.name, key, file, findings);
}

bool IsOtherArchive(const SignedNote& note, const Pin& pin,
                    const PinnedArchive& pinned) {
  return pin.genesis.has_value() && *pin.genesis != pinned.genesis &&
         VerifySignedNote(note, pinned.identities.first()) ==
             NoteVerdict::kVerified;
}

}  // namespace authseal
