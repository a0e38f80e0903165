// What roots known from elsewhere prove of the segments before them.
#ifndef AUTHSEAL_QUERY_KNOWN_ENDS_H_
#define AUTHSEAL_QUERY_KNOWN_ENDS_H_

#include <span>
#include <vector>

#include "lib/archive/archive_reader.h"
#include "lib/base/result.h"
#include "lib/merkle/compact_range.h"
#include "lib/verify/report.h"

namespace authseal {

// The tree at the ends of segments, from each root back as far as the headers
// fold: a root proves the range it is made of, and so the end of the segment
// before. Reads footers and headers. Errors: kIo, kTemporary.
Result<std::vector<CompactRange>> FindKnownEnds(
    const ArchiveReader& archive, std::span<const KnownCheckpoint> known);

}  // namespace authseal

#endif  // AUTHSEAL_QUERY_KNOWN_ENDS_H_
