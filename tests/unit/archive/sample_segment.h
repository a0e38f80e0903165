// Segments made by hand for the readers' tests: right frames, hashes and
// order, signatures of zeros (reading checks none).
#ifndef AUTHSEAL_TESTS_UNIT_ARCHIVE_SAMPLE_SEGMENT_H_
#define AUTHSEAL_TESTS_UNIT_ARCHIVE_SAMPLE_SEGMENT_H_

#include <cstdint>
#include <string>
#include <vector>

#include "lib/archive/block_header.h"
#include "lib/archive/segment_reader.h"
#include "lib/base/bytes.h"

namespace authseal {

struct SampleBlock {
  BlockHeader header;
  ByteVector frame;
};

// A block whose content is `content`, with the header it should have.
SampleBlock MakeBlock(std::uint64_t first_record, const std::string& content);

struct SampleSegment {
  ByteVector bytes;
  SegmentMap map;  // what a reader shall find
};

// `block_count` blocks of a few records; sealed ones end in footer and table.
SampleSegment MakeSegment(std::size_t block_count, bool sealed);

}  // namespace authseal

#endif  // AUTHSEAL_TESTS_UNIT_ARCHIVE_SAMPLE_SEGMENT_H_
