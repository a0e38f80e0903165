// Writes the columns of a segment from those of its blocks.
#ifndef AUTHSEAL_INDEX_SEGMENT_COLUMNS_H_
#define AUTHSEAL_INDEX_SEGMENT_COLUMNS_H_

#include <span>
#include <string>
#include <vector>

#include "lib/base/bytes.h"
#include "lib/index/block_index_part.h"

namespace authseal {

// Two sections of the index: authseal-format(5), INDEX.
struct ColumnSections {
  ByteVector dictionaries;
  ByteVector columns;
};

// `parts`: of the segment's blocks, in order. `providers`: all of theirs,
// sorted. Pure: the same parts give the same bytes.
ColumnSections EncodeColumns(std::span<const BlockIndexPart* const> parts,
                             const std::vector<std::string>& providers);

}  // namespace authseal

#endif  // AUTHSEAL_INDEX_SEGMENT_COLUMNS_H_
