#include "lib/signing/signer.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "lib/archive/archive_note.h"
#include "lib/archive/identity_chain.h"
#include "lib/archive/layout.h"
#include "lib/archive/segment_footer.h"
#include "lib/base/encoding.h"
#include "lib/crypto/sha256.h"
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

Finding RequestFinding(FindingKind kind, std::string text) {
  return {.kind = kind,
          .file = "request",
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
    if (seal.footer.reopens) {
      outcome.reopened.push_back(
          {seal.footer.epoch,
           Sha256Of(AsBytes(SealRecord(seal.footer, seal.chain)))});
    }
  }
}

// Adds a finding when the request does not go on from what is remembered.
Status CheckHistory(const SigningRequest& request, const NamedSigner& identity,
                    const IdentityChain& identities, const SignerStore& store,
                    UnknownLog unknown, SigningOutcome& outcome) {
  TRY_ASSIGN(const auto memory, store.Load(outcome.genesis));
  if (memory.has_value()) {
    outcome.before = memory->last;
    if (!identities.Contains(memory->key)) {
      outcome.findings.push_back(RequestFinding(
          FindingKind::kKeyChanged,
          "this signer signed last with " + FormatVerificationKey(memory->key) +
              ", and no rotation in the request leads on from it"));
      return Ok();
    }
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

// Fills genesis, origin and `identities`; a finding when the archive is not
// this key's.
Result<ArchiveNote> CheckNote(const SigningRequest& request,
                              const NamedSigner& identity,
                              IdentityChain& identities,
                              SigningOutcome& outcome) {
  TRY_ASSIGN(const SignedNote signed_note,
             ParseSignedNote(request.archive_note));
  TRY_ASSIGN(ArchiveNote note, ParseArchiveNoteText(signed_note.text));
  outcome.genesis = Genesis(signed_note.text);
  outcome.origin = note.origin;
  std::vector<RotationFault> faults;
  const std::vector<Hash> genesis = {outcome.genesis};
  identities =
      IdentityChain::Build(KeyOf(identity), genesis, request.rotations, faults);
  if (note.origin != identity.name ||
      VerifySignedNote(signed_note, identities.first()) !=
          NoteVerdict::kVerified) {
    outcome.findings.push_back(
        NoteFinding("the archive " + note.origin +
                    " was not begun under the identity key of " +
                    identity.name + " that is to sign"));
  }
  for (const RotationFault& fault : faults) {
    outcome.findings.push_back(
        RequestFinding(FindingKind::kCheckpointInvalid,
                       "the rotation at " + std::to_string(fault.size) +
                           " records does not count: " + fault.text));
  }
  return note;
}

// A checkpoint is signed by the key that the rotations name for its size.
Status CheckKeyIsCurrent(const IdentityChain& identities,
                         const VerificationKey& key, std::uint64_t size) {
  if (identities.newest() != key) {
    return Error{ErrorCode::kKey, "this identity key was rotated away",
                 "sign with the one that has the verification key " +
                     FormatVerificationKey(identities.newest())};
  }
  if (identities.KeyAt(size) != key) {
    return Error{ErrorCode::kInvalidArgument,
                 "the identity key was rotated at " +
                     std::to_string(identities.rotations().back().size) +
                     " records, and the request ends at " +
                     std::to_string(size) +
                     ", which the key before it has to sign",
                 "seal the archive once more, and ask again"};
  }
  return Ok();
}

// Whoever had the identity key can have reopened an epoch, so somebody has to
// say that it is known.
Status CheckReopened(const SigningOutcome& outcome,
                     std::span<const KnownReopening> accepted) {
  for (const ReopenedSeal& seal : outcome.reopened) {
    const bool is_known = std::any_of(
        accepted.begin(), accepted.end(), [&seal](const KnownReopening& known) {
          return known.epoch == seal.epoch &&
                 known.statement.value_or(seal.statement) == seal.statement;
        });
    if (!is_known) {
      const std::string epoch = std::to_string(seal.epoch);
      return Error{ErrorCode::kInvalidArgument,
                   "epoch " + epoch +
                       " was reopened: the identity key, not the epoch's, "
                       "closed it",
                   "if you know who did that and why, and reopen printed the "
                   "same, sign with --accept-reopened " +
                       epoch + ":" + HexEncode(seal.statement.view())};
    }
  }
  return Ok();
}

Result<SigningOutcome> SignCheckpoint(
    const SigningRequest& request, const NamedSigner& identity,
    SignerStore& store, UnknownLog unknown,
    std::span<const KnownReopening> accepted) {
  SigningOutcome outcome;
  outcome.from = request.from;
  outcome.after = request.newest();
  IdentityChain identities(KeyOf(identity));
  TRY_ASSIGN(const ArchiveNote note,
             CheckNote(request, identity, identities, outcome));
  if (!outcome.findings.empty()) {
    return outcome;
  }
  TRY(CheckKeyIsCurrent(identities, KeyOf(identity), outcome.after.size));
  auto finding = CheckSealChain(request, note, outcome.genesis, &identities);
  if (finding.has_value()) {
    outcome.findings.push_back(*std::move(finding));
    return outcome;
  }
  TRY(CheckHistory(request, identity, identities, store, unknown, outcome));
  NoteTimes(request, outcome);
  if (!outcome.findings.empty()) {
    return outcome;
  }
  TRY(CheckReopened(outcome, accepted));
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
                  .last = outcome.after},
                 identities));
  outcome.note = std::move(signed_text);
  return outcome;
}

}  // namespace

Result<SigningOutcome> SignRequest(std::string_view request,
                                   const NamedSigner& identity,
                                   SignerStore& store, UnknownLog unknown,
                                   std::span<const KnownReopening> accepted) {
  if (IsNewLogRequest(request)) {
    return SignNewLog(request, identity, store, unknown);
  }
  TRY_ASSIGN(const SigningRequest parsed, ParseSigningRequest(request));
  return SignCheckpoint(parsed, identity, store, unknown, accepted);
}

}  // namespace authseal
