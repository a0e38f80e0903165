// Checks of notes against what the verifier knows beforehand; shared by the
// verification of archives and of bundles. See authseal-format(5),
// VERIFICATION, steps 1 and 6.
#ifndef AUTHSEAL_VERIFY_PIN_CHECK_H_
#define AUTHSEAL_VERIFY_PIN_CHECK_H_

#include <optional>
#include <string_view>
#include <vector>

#include "lib/archive/archive_note.h"
#include "lib/archive/identity_chain.h"
#include "lib/base/result.h"
#include "lib/note/checkpoint.h"
#include "lib/note/signed_note.h"
#include "lib/verify/finding.h"
#include "lib/verify/report.h"

namespace authseal {

// An archive.note after its check.
struct PinnedArchive {
  ArchiveNote note;
  Hash genesis;
  VerificationKey key;       // the pin's
  IdentityChain identities;  // what checkpoints are checked against
  // No finding was made: `note` is what the pinned identity said.
  bool trusted = false;
};

// Adds key-changed, genesis-mismatch and origin-changed, for `file`, to
// `findings`. Errors: kKey (the pin has no key), kNewerVersion, kDamaged (the
// text is no archive note). `identities`: the keys around the pinned one, whose
// first must have signed; without, the pinned key alone.
Result<PinnedArchive> CheckArchiveNote(
    const SignedNote& signed_note, const Pin& pin, std::string_view file,
    std::vector<Finding>& findings, const IdentityChain* identities = nullptr);

// The checkpoint in the bytes of a note that has exactly one signature line,
// by `key`, and names `origin`; else a finding checkpoint-invalid for `file`.
std::optional<Checkpoint> CheckCheckpointNote(std::string_view note,
                                              std::string_view origin,
                                              const VerificationKey& key,
                                              std::string_view file,
                                              std::vector<Finding>& findings);
// The same, by the identity key whose turn it is at the checkpoint's size.
std::optional<Checkpoint> CheckCheckpointNote(std::string_view note,
                                              const IdentityChain& identities,
                                              std::string_view file,
                                              std::vector<Finding>& findings);

// Whether the pinned identity signed this note, of another archive.
bool IsOtherArchive(const SignedNote& note, const Pin& pin,
                    const PinnedArchive& pinned);

}  // namespace authseal

#endif  // AUTHSEAL_VERIFY_PIN_CHECK_H_
