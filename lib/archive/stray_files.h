// What an interrupted writer leaves beside the files that count. Private to
// lib/archive's writing side.
#ifndef AUTHSEAL_ARCHIVE_STRAY_FILES_H_
#define AUTHSEAL_ARCHIVE_STRAY_FILES_H_

#include "lib/base/result.h"
#include "lib/io/file_system.h"

namespace authseal {

// Removes temporary files under names of ours; leaves any other file alone,
// for the verifier to find.
Status RemoveStrayFiles(Directory& segments, Directory& checkpoints);

}  // namespace authseal

#endif  // AUTHSEAL_ARCHIVE_STRAY_FILES_H_
