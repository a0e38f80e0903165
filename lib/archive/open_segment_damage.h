// What is left of an open segment in which something durable was damaged:
// which commits may stay, and which blocks behind them are still as they were
// signed. See authseal-recover(1). Not part of the verify core.
#ifndef AUTHSEAL_ARCHIVE_OPEN_SEGMENT_DAMAGE_H_
#define AUTHSEAL_ARCHIVE_OPEN_SEGMENT_DAMAGE_H_

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "lib/archive/commit.h"
#include "lib/archive/open_segment_scan.h"
#include "lib/archive/segment_reader.h"
#include "lib/base/result.h"

namespace authseal {

// A block behind the commits that may stay, whose header decodes.
struct BlockRemains {
  BlockHeader header;
  ByteExtent data;
  bool intact = false;  // a signature leads to it, and its data matches
  std::string fault;    // when not intact
};

struct OpenSegmentDamage {
  std::string segment_name;
  std::uint64_t file_size_bytes = 0;
  SegmentProgress valid;             // the whole commits before the damage
  std::string fault;                 // what the first damage is; empty without
  std::vector<BlockRemains> blocks;  // behind, in order

  std::uint64_t rest_size_bytes() const {
    return file_size_bytes - valid.size_bytes;
  }
  // Records behind the valid ones that were acknowledged, as far as signed
  // headers say: [valid.next_record(), end_record()).
  std::uint64_t end_record() const;
  std::vector<RecordRange> IntactRecords() const;
  std::vector<RecordRange> LostRecords() const;
  // Records behind end_record() that a header names to which no signature
  // leads: nobody can say whether they were acknowledged, nor that they were
  // not. Empty where no header names any.
  RecordRange PerhapsLostRecords() const;
  // At the end of the file, behind every header that decodes: they no longer
  // say whether they held records.
  std::uint64_t silent_size_bytes() const;
};

// Reads everything anew, page cache dropped. Errors: kIo, kTemporary.
Result<OpenSegmentDamage> ExamineOpenSegment(const Directory& segments,
                                             std::string_view name,
                                             const SegmentStart& start,
                                             const SegmentTrust& trust);

}  // namespace authseal

#endif  // AUTHSEAL_ARCHIVE_OPEN_SEGMENT_DAMAGE_H_
