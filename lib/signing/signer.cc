#include "lib/signing/signer.h"

#include <utility>

#include "lib/archive/archive_note.h"
#include "lib/archive/layout.h"
#include "lib/base/encoding.h"
#include "lib/note/checkpoint.h"
#include "lib/signing/chain_check.h"
#include "lib/signing/memory_check.h"
#include "lib/signing/signing_request.h"

namespace authseal {
namespace {

Finding NoteFinding(std::string text) {
  return {.kind = FindingKind::kGenesisMismatch,
          .file = std::string(kArchiveNoteName),
          .offset_bytes = std::nullopt,
          .block = std::nullopt,
          .records = std::nullopt,
          .text = std::move(text)};
}

VerificationKey KeyOf(const NamedSigner& identity) {
  return MakeVerificationKey(identity.name, identity.signer.public_key());
}

Error NeverSigned(const SigningOutcome& outcome, const SignerStore& store) {
  return {ErrorCode::kInvalidArgument,
          "this signer never signed for " + outcome.origin + ", genesis " +
              HexEncode(outcome.genesis.view()),
          "if that is right, sign once with --new-log; if not, " +
              store.path() + " is not its store: name that with --store"};
}

Error BeginsLate(const SigningOutcome& outcome) {
  return {ErrorCode::kInvalidArgument,
          "this signer knows nothing of the log, and the request begins at " +
              std::to_string(outcome.from.size) + " records",
          "ask the host for 'authseal seal ARCHIVE --request FILE --from 0'; "
          "--trust-on-first-use believes what came before"};
}

// What an unknown log needs, and what is said about it.
Status CheckUnknown(const NamedSigner& identity, const SignerStore& store,
                    UnknownLog unknown, SigningOutcome& outcome) {
  TRY_ASSIGN(outcome.other_log_of_key,
             store.OtherLogOf(KeyOf(identity), outcome.genesis));
  if (unknown != UnknownLog::kRefuse) {
    return Ok();
  }
  if (outcome.other_log_of_key.has_value()) {
    outcome.findings.push_back(NoteFinding(
        "this signer knows " + outcome.origin + " by genesis " +
        HexEncode(outcome.other_log_of_key->view()) +
        "; this is another archive that names the same key: sign with "
        "--new-log only if you made it"));
    return Ok();
  }
  return NeverSigned(outcome, store);
}

Result<SigningOutcome> SignNewLog(std::string_view request,
                                  const NamedSigner& identity,
                                  SignerStore& store, UnknownLog unknown) {
  TRY_ASSIGN(const std::string text, ParseNewLogRequest(request));
  TRY_ASSIGN(const ArchiveNote note, ParseArchiveNoteText(text));
  SigningOutcome outcome;
  outcome.genesis = Genesis(text);
  outcome.origin = note.origin;
  outcome.new_log = true;
  outcome.from = StartOf(note);
  outcome.after = outcome.from;
  if (note.origin != identity.name) {
    outcome.findings.push_back(
        NoteFinding("the archive is to be " + note.origin +
                    ", and the identity key is of " + identity.name));
    return outcome;
  }
  TRY_ASSIGN(const auto memory, store.Load(outcome.genesis));
  if (memory.has_value()) {
    outcome.before = memory->last;
  } else {
    TRY(CheckUnknown(identity, store, unknown, outcome));
    if (!outcome.findings.empty()) {
      return outcome;
    }
    TRY(store.Save({.key = KeyOf(identity),
                    .genesis = outcome.genesis,
                    .last = outcome.after}));
  }
  TRY_ASSIGN(outcome.note, SignNote(text, identity.name, identity.signer));
  return outcome;
}

void NoteTimes(const SigningRequest& request, SigningOutcome& outcome) {
  const std::uint64_t known =
      outcome.before.has_value() ? outcome.before->epoch : 0;
  for (const SealStatement& seal : request.seals) {
    if (seal.footer.epoch < known) {
      continue;
    }
    if (!outcome.sealed_first.has_value()) {
      outcome.sealed_first = seal.footer.seal_time;
    }
    outcome.sealed_last = seal.footer.seal_time;
  }
}

// Adds a finding when the request does not go on from what is remembered.
Status CheckHistory(const SigningRequest& request, const NamedSigner& identity,
                    const SignerStore& store, UnknownLog unknown,
                    SigningOutcome& outcome) {
  TRY_ASSIGN(const auto memory, store.Load(outcome.genesis));
  if (memory.has_value()) {
    outcome.before = memory->last;
    TRY_ASSIGN(auto finding, CheckAgainstMemory(request, memory->last));
    if (finding.has_value()) {
      outcome.findings.push_back(*std::move(finding));
    }
    return Ok();
  }
  TRY(CheckUnknown(identity, store, unknown, outcome));
  if (outcome.findings.empty() && request.from.epoch > 0) {
    if (unknown != UnknownLog::kTrust) {
      return BeginsLate(outcome);
    }
    outcome.trusted_unseen = true;
  }
  return Ok();
}

// Fills genesis and origin; a finding when the archive is not this key's.
Result<ArchiveNote> CheckNote(const SigningRequest& request,
                              const NamedSigner& identity,
                              SigningOutcome& outcome) {
  TRY_ASSIGN(const SignedNote signed_note,
             ParseSignedNote(request.archive_note));
  TRY_ASSIGN(ArchiveNote note, ParseArchiveNoteText(signed_note.text));
  outcome.genesis = Genesis(signed_note.text);
  outcome.origin = note.origin;
  if (note.origin != identity.name ||
      VerifySignedNote(signed_note, KeyOf(identity)) !=
          NoteVerdict::kVerified) {
    outcome.findings.push_back(
        NoteFinding("the archive " + note.origin +
                    " was not begun under the identity key of " +
                    identity.name + " that is to sign"));
  }
  return note;
}

Result<SigningOutcome> SignCheckpoint(const SigningRequest& request,
                                      const NamedSigner& identity,
                                      SignerStore& store, UnknownLog unknown) {
  SigningOutcome outcome;
  outcome.from = request.from;
  outcome.after = request.newest();
  TRY_ASSIGN(const ArchiveNote note, CheckNote(request, identity, outcome));
  if (!outcome.findings.empty()) {
    return outcome;
  }
  auto finding = CheckSealChain(request, note, outcome.genesis);
  if (finding.has_value()) {
    outcome.findings.push_back(*std::move(finding));
    return outcome;
  }
  TRY(CheckHistory(request, identity, store, unknown, outcome));
  NoteTimes(request, outcome);
  if (!outcome.findings.empty()) {
    return outcome;
  }
  if (outcome.after.size == 0) {
    return Error{ErrorCode::kInvalidArgument, "the request seals nothing",
                 "seal the archive first"};
  }
  TRY_ASSIGN(std::string signed_text,
             SignNote(FormatCheckpointText({.origin = outcome.origin,
                                            .size = outcome.after.size,
                                            .root = outcome.after.root}),
                      identity.name, identity.signer));
  // Durable before anybody else has the signature.
  TRY(store.Save({.key = KeyOf(identity),
                  .genesis = outcome.genesis,
                  .last = outcome.after}));
  outcome.note = std::move(signed_text);
  return outcome;
}

}  // namespace

Result<SigningOutcome> SignRequest(std::string_view request,
                                   const NamedSigner& identity,
                                   SignerStore& store, UnknownLog unknown) {
  if (IsNewLogRequest(request)) {
    return SignNewLog(request, identity, store, unknown);
  }
  TRY_ASSIGN(const SigningRequest parsed, ParseSigningRequest(request));
  return SignCheckpoint(parsed, identity, store, unknown);
}

}  // namespace authseal
