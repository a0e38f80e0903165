// The seek table of a sealed segment, byte for byte.
#ifndef AUTHSEAL_VERIFY_SEEK_TABLE_CHECK_H_
#define AUTHSEAL_VERIFY_SEEK_TABLE_CHECK_H_

#include "lib/base/result.h"
#include "lib/verify/block_sequence.h"
#include "lib/verify/segment_layout.h"

namespace authseal {

// Adds seek-table-mismatch. Where a header is damaged, what only it could say
// is not judged. Call after BindHeaders(). Errors: kIo.
Status CheckSeekTable(const SegmentReader& segment, const SegmentLayout& layout,
                      BlockSequence& sequence);

}  // namespace authseal

#endif  // AUTHSEAL_VERIFY_SEEK_TABLE_CHECK_H_
