// Whether sealed segments were cut off an archive's end: a checkpoint that is
// left there names more records than are sealed. Private to lib/query.
#ifndef AUTHSEAL_QUERY_MISSING_END_H_
#define AUTHSEAL_QUERY_MISSING_END_H_

#include <cstdint>
#include <optional>

#include "lib/archive/archive_reader.h"
#include "lib/base/result.h"
#include "lib/verify/finding.h"
#include "lib/verify/pin_check.h"

namespace authseal {

// Empty where nothing is missing, or nobody can tell. Looks at names, and at
// the newest footer, which is only compared here; reads the checkpoint when it
// is about more. `sealed_records`: how many are sealed, where somebody has read
// that footer already. Errors: kIo, kTemporary.
Result<std::optional<Finding>> FindMissingEnd(
    const ArchiveReader& archive, const ArchiveListing& listing,
    const PinnedArchive& pinned, std::optional<std::uint64_t> sealed_records);

}  // namespace authseal

#endif  // AUTHSEAL_QUERY_MISSING_END_H_
