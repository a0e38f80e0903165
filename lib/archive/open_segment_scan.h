// Finds how far an open segment is valid after a writer ended, in order or
// not. Private to lib/archive's writing side.
#ifndef AUTHSEAL_ARCHIVE_OPEN_SEGMENT_SCAN_H_
#define AUTHSEAL_ARCHIVE_OPEN_SEGMENT_SCAN_H_

#include <cstdint>

#include "lib/archive/commit.h"
#include "lib/archive/segment_reader.h"
#include "lib/base/result.h"

namespace authseal {

// What an open segment's signatures are checked against.
struct SegmentTrust {
  Hash genesis;
  Ed25519PublicKey epoch_key;
};

enum class ScanDepth {
  kHeaders,  // for a file whose every byte was synced
  kStoredBytes,
};

// Progress at the end of the last commit that is whole: each header follows
// the one before, its last one's signature verifies, and with kStoredBytes
// each data frame has its hash. What stands behind is torn or damage.
Result<SegmentProgress> ScanOpenSegment(const SegmentReader& segment,
                                        const SegmentStart& start,
                                        const SegmentTrust& trust,
                                        ScanDepth depth);

// Whether a later commit's signed header stands behind the end of the valid
// ones: then what lies between was durable once, and is damage.
//
// One commit is no proof: the last one, whose append was cut off by a crash. A
// disk may have kept its headers and lost its data. So a signed header that
// ends the file and is linked to the valid end by the unbroken chain of its
// own commit's headers is not a later one.
Result<bool> HasLaterCommit(const SegmentReader& segment,
                            const SegmentStart& start,
                            const SegmentProgress& valid,
                            const SegmentTrust& trust);

}  // namespace authseal

#endif  // AUTHSEAL_ARCHIVE_OPEN_SEGMENT_SCAN_H_
