// Goes on with an archive whose epoch key was lost: the identity key closes the
// segment in the lost key's place, for ever visible. See authseal-format(5),
// REOPENING. Not part of the verify core.
#ifndef AUTHSEAL_ARCHIVE_REOPENING_H_
#define AUTHSEAL_ARCHIVE_REOPENING_H_

#include <string>
#include <string_view>

#include "lib/archive/archive_writer.h"
#include "lib/archive/key_store.h"
#include "lib/archive/segment_footer.h"
#include "lib/base/result.h"
#include "lib/base/types.h"
#include "lib/io/clock.h"
#include "lib/io/file_system.h"
#include "lib/note/checkpoint.h"

namespace authseal {

struct ReopenResult {
  SegmentFooter footer;
  std::string segment_name;
  Hash statement;  // SHA-256 of the reopen record
  Checkpoint checkpoint;
  RecoveryReport recovery;
};

// Keeps the open segment's valid commits, sets a torn tail aside, closes the
// segment with a reopen statement, makes the next epoch's key and publishes
// the checkpoint. Takes up again what a crash cut off.
//
// Errors: kKey (no identity key of this archive; an epoch.key is there that is
// not the lost one's successor and must be moved away first), kInvalidArgument
// (the epoch's key is there and fits), kDamaged (the archive lost its end, or
// is damaged before a later valid commit), kLocked, kIo. Never destroys a key.
Result<ReopenResult> ReopenArchive(FileSystem& file_system, const Clock& clock,
                                   std::string_view archive_path,
                                   KeyStore keys);

}  // namespace authseal

#endif  // AUTHSEAL_ARCHIVE_REOPENING_H_
