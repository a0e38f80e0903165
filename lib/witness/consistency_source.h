// Consistency proofs out of an archive, between a seal's end and one of its
// checkpoints: from the compact range in the first newer footer and the block
// headers of the newer segments alone, so the cost is that of what is new.
#ifndef AUTHSEAL_WITNESS_CONSISTENCY_SOURCE_H_
#define AUTHSEAL_WITNESS_CONSISTENCY_SOURCE_H_

#include <cstdint>
#include <vector>

#include "lib/archive/archive_reader.h"
#include "lib/base/bytes.h"
#include "lib/base/result.h"
#include "lib/note/checkpoint.h"

namespace authseal {

// The proof that the tree of `next` extends the archive's own of `old_size`
// records, checked before it is given. Empty for old_size 0 and for equal
// sizes. Errors: kInvalidArgument (old_size above next.size), kNotFound (no
// seal ends there), kDamaged (the archive does not lead to the checkpoint),
// kIo.
Result<std::vector<Hash>> ProveConsistency(const ArchiveReader& archive,
                                           const ArchiveListing& listing,
                                           std::uint64_t old_size,
                                           const Checkpoint& next);

}  // namespace authseal

#endif  // AUTHSEAL_WITNESS_CONSISTENCY_SOURCE_H_
