// What is in an archive's directories; private to lib/archive.
#ifndef AUTHSEAL_ARCHIVE_ARCHIVE_LISTING_H_
#define AUTHSEAL_ARCHIVE_ARCHIVE_LISTING_H_

#include "lib/archive/archive_reader.h"
#include "lib/base/result.h"
#include "lib/io/file_system.h"

namespace authseal {

// Each adds to `listing` what it found; names that have no place there, and
// files that are not regular ones, go to `unexpected`. Errors: kIo.
Status ListRoot(const Directory& root, ArchiveListing& listing);
Status ListCheckpoints(const Directory& checkpoints, ArchiveListing& listing);
Status ListSegments(const Directory& segments, ArchiveListing& listing);

}  // namespace authseal

#endif  // AUTHSEAL_ARCHIVE_ARCHIVE_LISTING_H_
