// Reads an open segment back from the device before it is sealed, and derives
// again everything that the seal will vouch for. Private to lib/archive's
// writing side.
#ifndef AUTHSEAL_ARCHIVE_READ_BACK_H_
#define AUTHSEAL_ARCHIVE_READ_BACK_H_

#include <memory>
#include <string_view>
#include <vector>

#include "lib/archive/archive_writer.h"
#include "lib/archive/commit.h"
#include "lib/archive/open_segment_scan.h"
#include "lib/archive/segment_indexer.h"
#include "lib/archive/segment_reader.h"
#include "lib/base/result.h"
#include "lib/compress/seek_table.h"
#include "lib/io/file_system.h"

namespace authseal {

struct ReadBack {
  SegmentProgress progress;
  std::vector<SeekTableEntry> frames;  // of the seek table to be
};

// Gets each block of the segment in order, decoded and checked.
class BlockSink {
 public:
  virtual ~BlockSink() = default;
  virtual Status Take(const BlockHeader& header,
                      const std::vector<std::string_view>& records) = 0;
  // With part makers, one for each thread of the read-back, TakePart() comes
  // in place of Take(). A part is made before its block is known to belong
  // where it stands; it then is thrown away.
  virtual std::unique_ptr<SegmentIndexer::PartMaker> NewPartMaker() {
    return nullptr;
  }
  virtual Status TakePart(const BlockHeader& /*header*/,
                          std::shared_ptr<const IndexPart> /*part*/) {
    return Ok();
  }
};

// Every block of the open segment `name`, to its last byte, on `threads`
// threads; memory is bounded by a few blocks each. `sink` may be null, and is
// called on this thread. Error kDamaged, "seal-readback-mismatch", for whatever
// differs; `valid`, if not null and at the segment's start before, then has the
// last whole commit before that.
Result<ReadBack> ReadBackSegment(const Directory& segments,
                                 std::string_view name,
                                 const SegmentStart& start,
                                 const SegmentTrust& trust, BlockSink* sink,
                                 unsigned threads,
                                 SegmentProgress* valid = nullptr);

// What is wrong with a block; empty for kNone.
std::string_view BlockFaultText(BlockDecoder::Fault fault);

}  // namespace authseal

#endif  // AUTHSEAL_ARCHIVE_READ_BACK_H_
