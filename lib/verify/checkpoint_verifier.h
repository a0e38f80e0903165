// The archive's own checkpoints: reads and verifies them, and gives their
// roots to compare the tree with. See authseal-format(5), CHECKPOINTS.
#ifndef AUTHSEAL_VERIFY_CHECKPOINT_VERIFIER_H_
#define AUTHSEAL_VERIFY_CHECKPOINT_VERIFIER_H_

#include <string_view>

#include "lib/archive/archive_reader.h"
#include "lib/base/result.h"
#include "lib/note/signed_note.h"
#include "lib/verify/anchor_set.h"
#include "lib/verify/finding_list.h"

namespace authseal {

// Adds checkpoint-invalid, and for what belongs to no note file-unexpected.
// Signatures of witnesses must parse; they are not verified. Timestamps are
// checked elsewhere (timestamp_check.h).
// Errors: kIo, kTemporary.
Status VerifyCheckpoints(const ArchiveReader& archive,
                         const ArchiveListing& listing,
                         const VerificationKey& key, AnchorSet& anchors,
                         FindingList& findings);

}  // namespace authseal

#endif  // AUTHSEAL_VERIFY_CHECKPOINT_VERIFIER_H_
