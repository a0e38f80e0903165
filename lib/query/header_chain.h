// The headers of one segment, and which of them lead to its seal. Private to
// lib/query.
#ifndef AUTHSEAL_QUERY_HEADER_CHAIN_H_
#define AUTHSEAL_QUERY_HEADER_CHAIN_H_

#include <cstddef>
#include <vector>

#include "lib/archive/archive_reader.h"
#include "lib/base/result.h"
#include "lib/query/segment_trust.h"
#include "lib/verify/finding.h"

namespace authseal {

// One header that decodes, and the hash of its frame as stored.
struct StoredHeader {
  std::size_t block = 0;  // in the segment's map
  BlockHeader header;
  Hash hash;
};

struct StoredHeaders {
  std::vector<StoredHeader> list;
  bool complete = true;  // every header of the map decodes
};

// Bytes that contradict what is signed; a frame of an absurd size too.
bool IsDamage(const Error& error);

Result<StoredHeaders> ReadHeaders(const SegmentReader& segment);

// Whether `header` has a signature by the key of `descent`'s epoch.
bool SignedHeader(const BlockHeader& header, const Descent& descent);

// Whether the ranges of all headers lead from the footer's start range to its
// end range; then every range is what the end range commits to, whatever
// else may be wrong with a header.
bool RangesFold(const StoredHeaders& stored, const SegmentFooter& footer);

// The footer's own fields follow from the tree through the seal record.
bool SealRecordFolds(const StoredHeaders& stored, const SegmentFooter& footer);

// Gives `trust` the headers of a sealed segment that are under its believed
// footer; records without one are findings.
void TrustHeaders(const SegmentFile& file, const SegmentFooter& footer,
                  StoredHeaders stored, TrustedSegment& trust,
                  std::vector<Finding>& findings);

}  // namespace authseal

#endif  // AUTHSEAL_QUERY_HEADER_CHAIN_H_
