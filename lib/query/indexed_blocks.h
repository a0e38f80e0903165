// The blocks of a sealed segment that its index says are to be read. Private
// to lib/query.
#ifndef AUTHSEAL_QUERY_INDEXED_BLOCKS_H_
#define AUTHSEAL_QUERY_INDEXED_BLOCKS_H_

#include <string>
#include <vector>

#include "lib/archive/archive_reader.h"
#include "lib/base/result.h"
#include "lib/index/block_selection.h"
#include "lib/query/index_counter.h"
#include "lib/query/segment_trust.h"
#include "lib/verify/finding.h"

namespace authseal {

struct IndexUse {
  bool used = false;
  std::uint64_t blocks_counted = 0;
  // Why not, for a reader of --explain; empty where the segment has none.
  std::string why_not = {};
};

// Gives `trust`, which has a believed footer and no headers yet, the headers
// of the blocks that may hold an answer to `question`: each is the one whose
// hash the index names, and what is signed vouches for the index. Where the
// index is damaged that is a finding; where it or a header proves wrong, or
// the index was made with other mappings, nothing is added and the segment is
// to be read as if it had none. Blocks that `counter`, where there is one, has
// no need of are not among them. Errors: kIo, kTemporary.
Result<IndexUse> TrustIndexedBlocks(const ArchiveReader& archive,
                                    const SegmentFile& file,
                                    const SegmentReader& segment,
                                    const IndexQuestion& question,
                                    IndexCounter* counter,
                                    TrustedSegment& trust,
                                    std::vector<Finding>& findings);

}  // namespace authseal

#endif  // AUTHSEAL_QUERY_INDEXED_BLOCKS_H_
