// Identity keys that follow each other, and epochs that the identity key
// closed: what the verifier makes of both. See authseal-format(5), ROTATIONS
// and REOPENING.
#ifndef AUTHSEAL_VERIFY_IDENTITY_CHECK_H_
#define AUTHSEAL_VERIFY_IDENTITY_CHECK_H_

#include <string_view>
#include <vector>

#include "lib/archive/archive_reader.h"
#include "lib/archive/identity_chain.h"
#include "lib/base/result.h"
#include "lib/verify/anchor_set.h"
#include "lib/verify/finding.h"
#include "lib/verify/report.h"

namespace authseal {

// The chain of the archive's rotations that the pinned key has a place in.
// Adds checkpoint-invalid for each rotation that does not verify or does not
// link. Without a pinned key: a chain of nothing. Errors: kIo, kTemporary.
Result<IdentityChain> CheckIdentityChain(const ArchiveReader& archive,
                                         const ArchiveListing& listing,
                                         const Pin& pin,
                                         std::vector<Finding>& findings);

// The same for a bundle's file of rotation notes, one behind the other.
// `genesis` is of the bundle's own archive.note.
IdentityChain CheckBundleRotations(std::string_view text, const Pin& pin,
                                   const Hash& genesis, std::string_view file,
                                   std::vector<Finding>& findings);

// A rotation names a root too. Those of less than `from` records are left out.
void AddRotationAnchors(const IdentityChain& identities, std::uint64_t from,
                        AnchorSet& anchors);

// identity-rotated and reopened.
void AddIdentityNotes(const IdentityChain& identities, VerifyReport& report);

}  // namespace authseal

#endif  // AUTHSEAL_VERIFY_IDENTITY_CHECK_H_
