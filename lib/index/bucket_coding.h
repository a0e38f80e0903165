// The terms of one bucket of an index as bits, and back: authseal-format(5),
// INDEX.
#ifndef AUTHSEAL_INDEX_BUCKET_CODING_H_
#define AUTHSEAL_INDEX_BUCKET_CODING_H_

#include <cstdint>
#include <span>
#include <vector>

#include "lib/base/bytes.h"
#include "lib/base/result.h"

namespace authseal {

// `entries`: as TermLayout::Entry() makes them, ascending; one that is there
// twice counts once. No bytes for none. `block_count`: 1 to 65536, above every
// entry's block.
void AppendBucket(std::span<const std::uint32_t> entries,
                  std::uint32_t block_count, ByteVector& out);

// Appends the blocks of the term whose TermLayout::Rest() this is, in ascending
// order. Whatever `bucket` is, the time is in proportion to it, and a block is
// below `block_count`. Error kDamaged.
Status FindInBucket(Bytes bucket, std::uint32_t block_count, std::uint32_t rest,
                    std::vector<std::uint32_t>& blocks);

}  // namespace authseal

#endif  // AUTHSEAL_INDEX_BUCKET_CODING_H_
