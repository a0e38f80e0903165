// The times of a block's events in an index; authseal-format(5), INDEX.
#ifndef AUTHSEAL_INDEX_TIME_COLUMN_H_
#define AUTHSEAL_INDEX_TIME_COLUMN_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "lib/base/bytes.h"
#include "lib/base/result.h"
#include "lib/base/types.h"

namespace authseal {

// Appends at least one time, exactly.
void AppendTimes(std::span<const UnixNanos> times, ByteVector& out);

// Replaces `times` by the `count` that `bytes` hold. Error kDamaged.
Status ReadTimes(Bytes bytes, std::size_t count,
                 std::vector<std::uint64_t>& packed,
                 std::vector<UnixNanos>& times);

}  // namespace authseal

#endif  // AUTHSEAL_INDEX_TIME_COLUMN_H_
