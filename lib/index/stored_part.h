// A block's index part as bytes that a later process takes up again. They stay
// in the key directory of the machine that wrote them.
#ifndef AUTHSEAL_INDEX_STORED_PART_H_
#define AUTHSEAL_INDEX_STORED_PART_H_

#include <memory>

#include "lib/base/bytes.h"
#include "lib/index/block_index_part.h"

namespace authseal {

// `mapping_id`: of the rules that the part was made with.
ByteVector EncodeStoredPart(const BlockIndexPart& part, const Hash& mapping_id);

// Null when it was made with other rules, or is none: who asks then makes the
// part from the records. Where it comes from is the caller's to have checked.
std::shared_ptr<const BlockIndexPart> DecodeStoredPart(Bytes bytes,
                                                       const Hash& mapping_id);

}  // namespace authseal

#endif  // AUTHSEAL_INDEX_STORED_PART_H_
