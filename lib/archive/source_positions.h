// Where reading of each source stopped, by the newest block that names it.
// Private to lib/archive's writing side.
#ifndef AUTHSEAL_ARCHIVE_SOURCE_POSITIONS_H_
#define AUTHSEAL_ARCHIVE_SOURCE_POSITIONS_H_

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/archive/archive_reader.h"
#include "lib/archive/archive_writer.h"
#include "lib/archive/block_header.h"
#include "lib/base/result.h"

namespace authseal {

// Reads headers from the newest block backwards, as far as it is asked, and
// each at most once.
class SourcePositions {
 public:
  // Of a block that was committed just now.
  void NoteNewer(const BlockHeader& header);
  Result<std::optional<SourcePosition>> Find(const ArchiveReader& archive,
                                             std::string_view source);

 private:
  Status ScanOneSegment(const ArchiveReader& archive);
  void NoteOlder(const BlockHeader& header);

  std::map<std::string, SourcePosition, std::less<>> positions_;
  std::optional<std::vector<SegmentFile>> unread_;  // the newest last
};

}  // namespace authseal

#endif  // AUTHSEAL_ARCHIVE_SOURCE_POSITIONS_H_
