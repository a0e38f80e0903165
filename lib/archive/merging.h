// Rewrites an open segment of small blocks with fewer, larger ones, so that a
// trickle does not bloat the archive. Private to lib/archive's writing side.
#ifndef AUTHSEAL_ARCHIVE_MERGING_H_
#define AUTHSEAL_ARCHIVE_MERGING_H_

#include <cstdint>
#include <vector>

#include "lib/archive/block_header.h"
#include "lib/archive/key_store.h"
#include "lib/archive/open_segment.h"
#include "lib/archive/open_segment_scan.h"
#include "lib/base/result.h"
#include "lib/io/file_system.h"

namespace authseal {

// More than one block, and below `merge_below_bytes` of content on average.
bool IsWorthMerging(const SegmentProgress& progress,
                    std::uint32_t merge_below_bytes);

// Appends `added`, counted from `first_record_offset` on; a range that goes on
// where the last one ended becomes part of it.
void JoinSources(std::vector<SourceRange>& sources,
                 const std::vector<SourceRange>& added,
                 std::uint32_t first_record_offset);

// The same records in fewer blocks, under the same epoch's key, in place of
// the open segment. Everything is checked as it is read: kDamaged, with
// nothing changed.
Result<OpenSegment> MergeBlocks(Directory& segments, const OpenSegment& open,
                                const Hash& genesis, const EpochKey& key);

}  // namespace authseal

#endif  // AUTHSEAL_ARCHIVE_MERGING_H_
