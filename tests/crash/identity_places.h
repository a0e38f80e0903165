// Rotations of an identity key that is not as init leaves it: under a
// passphrase, or outside the key directory. For crash tests.
#ifndef AUTHSEAL_TESTS_CRASH_IDENTITY_PLACES_H_
#define AUTHSEAL_TESTS_CRASH_IDENTITY_PLACES_H_

#include "lib/archive/archive_writer.h"
#include "lib/base/result.h"
#include "lib/io/clock.h"
#include "lib/io/file_system.h"
#include "tests/support/memory_file_system.h"

namespace authseal {

// Puts the key of the test archive under a passphrase; opens and rotates with
// that, or completes what a crash cut off.
void LockIdentity(MemoryFileSystem& files);
Result<ArchiveWriter> OpenLocked(FileSystem& files, const Clock& clock);
Status RotateLocked(FileSystem& files);

// Moves it to a directory of its own; opens with the one that is not rotated
// away, and rotates unless that was done.
void MoveIdentity(MemoryFileSystem& files);
Result<ArchiveWriter> OpenElsewhere(FileSystem& files, const Clock& clock);
Status RotateElsewhere(FileSystem& files);

}  // namespace authseal

#endif  // AUTHSEAL_TESTS_CRASH_IDENTITY_PLACES_H_
