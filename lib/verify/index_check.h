// The index file of a sealed segment against its footer. See
// authseal-format(5), INDEX.
#ifndef AUTHSEAL_VERIFY_INDEX_CHECK_H_
#define AUTHSEAL_VERIFY_INDEX_CHECK_H_

#include <span>

#include "lib/archive/segment_footer.h"
#include "lib/base/result.h"
#include "lib/io/file_system.h"
#include "lib/verify/block_sequence.h"
#include "lib/verify/finding_list.h"

namespace authseal {

// For a footer that names an index. Reads it in pieces. Of a search index also
// the table of its pages' hashes and its directory are checked, the latter
// against `blocks`, those of the segment; none when they are not all sound.
// Adds file-missing or index-mismatch. Errors: kIo, kTemporary.
Status CheckIndex(const Directory& segments, const SegmentFooter& footer,
                  std::span<const BlockSummary> blocks, FindingList& findings);

}  // namespace authseal

#endif  // AUTHSEAL_VERIFY_INDEX_CHECK_H_
