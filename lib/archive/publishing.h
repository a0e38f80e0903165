// Writes checkpoints. For lib/archive's writing side, and for lib/signing.
#ifndef AUTHSEAL_ARCHIVE_PUBLISHING_H_
#define AUTHSEAL_ARCHIVE_PUBLISHING_H_

#include <cstdint>
#include <string_view>

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

// The same for a note that was signed already. True when it was not there.
Result<bool> PublishNote(Directory& checkpoints, std::uint64_t tree_size,
                         std::string_view note);

}  // namespace authseal

#endif  // AUTHSEAL_ARCHIVE_PUBLISHING_H_
