// Reads the records of a data frame without its header, for the case that only
// the header is damaged: the leaves may still fold to a root that is trusted,
// and collision resistance makes that enough.
#ifndef AUTHSEAL_VERIFY_LEAF_RECOVERY_H_
#define AUTHSEAL_VERIFY_LEAF_RECOVERY_H_

#include <cstdint>
#include <optional>

#include "lib/base/bytes.h"
#include "lib/base/result.h"
#include "lib/merkle/compact_range.h"

namespace authseal {

// The range of the frame's records when the first one is `first_record`; empty
// when they cannot be read. Error: kTemporary (no memory).
Result<std::optional<CompactRange>> RecoverLeaves(Bytes data_frame,
                                                  std::uint64_t first_record);

}  // namespace authseal

#endif  // AUTHSEAL_VERIFY_LEAF_RECOVERY_H_
