// Writes checkpoints. Private to lib/archive's writing side.
#ifndef AUTHSEAL_ARCHIVE_PUBLISHING_H_
#define AUTHSEAL_ARCHIVE_PUBLISHING_H_

#include "lib/archive/segment_footer.h"
#include "lib/base/result.h"
#include "lib/io/file_system.h"
#include "lib/note/checkpoint.h"
#include "lib/note/signed_note_signer.h"

namespace authseal {

struct Published {
  Checkpoint checkpoint;
  bool is_new = false;  // it was not there before
};

// The checkpoint at a sealed segment's end, signed and durable. One that is
// there already must have the same bytes: kDamaged.
Result<Published> PublishCheckpoint(Directory& checkpoints,
                                    const NamedSigner& identity,
                                    const SegmentFooter& footer);

}  // namespace authseal

#endif  // AUTHSEAL_ARCHIVE_PUBLISHING_H_
