// Lists of whole numbers in few bits: most take `low` bits, and the few that
// are larger `high`, with a bit in front of each that says which. See
// authseal-format(5), INDEX.
#ifndef AUTHSEAL_INDEX_PACKED_LIST_H_
#define AUTHSEAL_INDEX_PACKED_LIST_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "lib/base/bytes.h"
#include "lib/base/result.h"

namespace authseal {

// Appends at least 2 bytes, in the form that takes the fewest.
void AppendPacked(std::span<const std::uint64_t> values, ByteVector& out);

// Replaces `values` by the `count` numbers that `packed` holds, exactly. Error
// kDamaged. `count` is bounded by whoever calls: it says what is allocated.
Status ReadPacked(Bytes packed, std::size_t count,
                  std::vector<std::uint64_t>& values);

}  // namespace authseal

#endif  // AUTHSEAL_INDEX_PACKED_LIST_H_
