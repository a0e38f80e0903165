// Decides which headers of a segment may be believed, before any of its
// records is read.
#ifndef AUTHSEAL_QUERY_SEGMENT_TRUST_H_
#define AUTHSEAL_QUERY_SEGMENT_TRUST_H_

#include <optional>
#include <string>
#include <vector>

#include "lib/archive/archive_reader.h"
#include "lib/base/result.h"
#include "lib/verify/finding.h"
#include "lib/verify/pin_check.h"
#include "lib/verify/report.h"

namespace authseal {

// What is carried from one segment to the next.
struct Descent {
  PinnedArchive archive;
  // Key of the next segment's epoch; empty behind damage.
  std::optional<Ed25519PublicKey> epoch_key;
  std::uint64_t epoch = 0;
  std::uint64_t next_record = 0;
  bool place_lost = false;  // next_record is not known behind a damaged seal
  Hash previous;            // what the next segment's first header names
  std::vector<ReopenedEpoch> reopened;  // so far; without their statements
};

struct TrustedBlock {
  std::size_t block = 0;  // in the segment's map
  BlockHeader header;
};

struct TrustedSegment {
  std::vector<TrustedBlock> blocks;  // those to be believed, in order
  bool sealed = false;
  std::optional<SegmentFooter> footer;  // believed, of a sealed segment
  RecordRange records;  // of the whole segment, as far as it is believed
  Hash previous;        // what the first header of a sealed one must name
};

// Begins at archive.note. Findings go to `findings`; without a trusted note
// the result is empty.
Result<std::optional<Descent>> BeginDescent(const ArchiveReader& archive,
                                            const Pin& pin,
                                            std::vector<Finding>& findings);

// Checks `segment`'s footer under the epoch key, or where that is lost under
// a checkpoint at its end; then its headers under the footer, and behind
// damage, or in an open segment, under commit signatures. Moves `descent` on.
//
// Of a sealed segment headers are read only when `wants_headers`;
// TrustSealedHeaders() reads them later.
Result<TrustedSegment> TrustSegment(const ArchiveReader& archive,
                                    const SegmentFile& file,
                                    const SegmentReader& segment,
                                    bool wants_headers, Descent& descent,
                                    std::vector<Finding>& findings);

// For `trust` with a believed footer and without headers.
Status TrustSealedHeaders(const SegmentFile& file, const SegmentReader& segment,
                          TrustedSegment& trust,
                          std::vector<Finding>& findings);

}  // namespace authseal

#endif  // AUTHSEAL_QUERY_SEGMENT_TRUST_H_
