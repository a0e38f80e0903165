// The index file of a sealed segment against its footer. See
// authseal-format(5), INDEX.
#ifndef AUTHSEAL_VERIFY_INDEX_CHECK_H_
#define AUTHSEAL_VERIFY_INDEX_CHECK_H_

#include "lib/archive/segment_footer.h"
#include "lib/base/result.h"
#include "lib/io/file_system.h"
#include "lib/verify/finding_list.h"

namespace authseal {

// For a footer that names an index. Reads it in pieces. Adds file-missing or
// index-mismatch. Errors: kIo, kTemporary.
Status CheckIndex(const Directory& segments, const SegmentFooter& footer,
                  FindingList& findings);

}  // namespace authseal

#endif  // AUTHSEAL_VERIFY_INDEX_CHECK_H_
