// The checkpoint that evidence leads to.
#ifndef AUTHSEAL_EXPORT_NEWEST_CHECKPOINT_H_
#define AUTHSEAL_EXPORT_NEWEST_CHECKPOINT_H_

#include <string>
#include <vector>

#include "lib/archive/archive_reader.h"
#include "lib/base/result.h"
#include "lib/note/checkpoint.h"
#include "lib/verify/finding.h"
#include "lib/verify/pin_check.h"

namespace authseal {

struct PublishedCheckpoint {
  Checkpoint checkpoint;
  std::string note;  // its bytes
};

// The newest one, which must verify: a later one that does not is damage.
// Errors: kNotFound (none yet), kDamaged, kIo.
Result<PublishedCheckpoint> ReadNewestCheckpoint(const ArchiveReader& archive,
                                                 const ArchiveListing& listing,
                                                 const PinnedArchive& pinned);

// Opens the archive's descent from the pin and reads it in one.
Result<PublishedCheckpoint> ReadNewestCheckpoint(const ArchiveReader& archive,
                                                 const Pin& pin);

// The note with the signature lines of witnesses that are kept beside it, if
// there are any. Errors: kDamaged (they are no such lines), kIo.
Result<std::string> WithCosignatures(const ArchiveReader& archive,
                                     const PublishedCheckpoint& published);

// The first of `findings` as an error that says that nothing was exported.
Error DamagedArchive(const std::vector<Finding>& findings);

}  // namespace authseal

#endif  // AUTHSEAL_EXPORT_NEWEST_CHECKPOINT_H_
