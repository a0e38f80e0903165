// Who makes the index of a segment, as the writer sees it.
#ifndef AUTHSEAL_ARCHIVE_SEGMENT_INDEXER_H_
#define AUTHSEAL_ARCHIVE_SEGMENT_INDEXER_H_

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "lib/archive/block_header.h"
#include "lib/base/bytes.h"
#include "lib/base/result.h"

namespace authseal {

// What an indexer made of a block while its records were at hand.
class IndexPart {
 public:
  virtual ~IndexPart() = default;
};

// Given each block of a segment at its seal, in order, and makes its index.
class SegmentIndexer {
 public:
  virtual ~SegmentIndexer() = default;
  struct Index {
    std::uint16_t kind = 0;
    ByteVector bytes;
  };
  // After a commit: the part of a block of the open segment, so that its seal
  // need not look at the records again. Only a shortcut: it may be forgotten.
  virtual void Keep(const BlockHeader& /*header*/,
                    std::shared_ptr<const IndexPart> /*part*/) {}
  virtual void BeginSegment() = 0;
  virtual Status AddBlock(const BlockHeader& header,
                          const std::vector<std::string_view>& records) = 0;
  virtual Result<Index> Finish() = 0;
};

}  // namespace authseal

#endif  // AUTHSEAL_ARCHIVE_SEGMENT_INDEXER_H_
