// Where the parts of a segment file are, also of a damaged one.
#ifndef AUTHSEAL_VERIFY_SEGMENT_LAYOUT_H_
#define AUTHSEAL_VERIFY_SEGMENT_LAYOUT_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "lib/archive/segment_reader.h"
#include "lib/base/result.h"

namespace authseal {

struct SegmentLayout {
  std::vector<BlockExtent> blocks;  // by offset
  // Blocks before this one follow each other from the file's first byte; the
  // others were found behind damage.
  std::size_t tiled_blocks = 0;
  std::optional<ByteExtent> footer;
  std::optional<ByteExtent> seek_table;
  // Bytes between the parts that belong to none, by offset.
  std::vector<ByteExtent> gaps;
  // Behind the last part; not a gap.
  ByteExtent rest;
  bool by_seek_table = false;
};

// The reader's map as far as it goes, and behind it whatever headers and
// footer can be found. Errors: kIo.
Result<SegmentLayout> LayOutSegment(const SegmentReader& segment);

}  // namespace authseal

#endif  // AUTHSEAL_VERIFY_SEGMENT_LAYOUT_H_
