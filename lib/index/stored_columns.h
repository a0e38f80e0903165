// The columns of a stored part (stored_part.h). Private to lib/index.
#ifndef AUTHSEAL_INDEX_STORED_COLUMNS_H_
#define AUTHSEAL_INDEX_STORED_COLUMNS_H_

#include "lib/base/coding.h"
#include "lib/base/result.h"
#include "lib/index/block_columns.h"

namespace authseal {

void EncodeStoredColumns(const BlockColumns& columns, Encoder& out);

// `providers`: how many the part has. Every number is one of a value that is
// there. Error kDamaged.
Result<BlockColumns> DecodeStoredColumns(Decoder& in, std::size_t providers);

}  // namespace authseal

#endif  // AUTHSEAL_INDEX_STORED_COLUMNS_H_
