// Decides which headers of a segment may be believed, before any of its
// records is read.
#ifndef AUTHSEAL_QUERY_SEGMENT_TRUST_H_
#define AUTHSEAL_QUERY_SEGMENT_TRUST_H_

#include <optional>
#include <string>
#include <vector>

#include "lib/archive/archive_reader.h"
#include "lib/base/result.h"
#include "lib/query/descent.h"
#include "lib/verify/finding.h"
#include "lib/verify/report.h"

namespace authseal {

struct TrustedBlock {
  std::size_t block = 0;  // in the segment's map
  BlockHeader header;
};

struct TrustedSegment {
  std::vector<TrustedBlock> blocks;  // those to be believed, in order
  bool sealed = false;
  std::optional<SegmentFooter> footer;  // believed, of a sealed segment
  RecordRange records;  // of the whole segment, as far as it is believed
  // What the first header of a sealed one must name, where it is known.
  std::optional<Hash> previous;
};

// Begins at archive.note. Findings go to `findings`; without a trusted note
// the result is empty.
Result<std::optional<Descent>> BeginDescent(const ArchiveReader& archive,
                                            const Pin& pin,
                                            std::vector<Finding>& findings);

// Checks `segment`'s footer under the epoch key, where it is damaged its seal
// block, and where the key is lost under a root for its end; then its headers
// under the footer, and in an open segment under commit signatures. Moves
// `descent` on.
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
