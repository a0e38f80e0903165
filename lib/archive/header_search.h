// Finds header frames in bytes that need not tile: what stands behind the valid
// end of an open segment. Private to lib/archive's writing side.
#ifndef AUTHSEAL_ARCHIVE_HEADER_SEARCH_H_
#define AUTHSEAL_ARCHIVE_HEADER_SEARCH_H_

#include <cstdint>
#include <optional>

#include "lib/archive/block_header.h"
#include "lib/archive/segment_reader.h"
#include "lib/base/bytes.h"
#include "lib/base/result.h"

namespace authseal {

// Looks at each offset for the first bytes of a header frame, with bounded
// memory. `segment` outlives it.
class HeaderSearch {
 public:
  HeaderSearch(const SegmentReader& segment, std::uint64_t begin_bytes)
      : segment_(segment), at_bytes_(begin_bytes) {}

  struct Found {
    BlockHeader header;
    Hash hash;  // of the frame
    std::uint64_t end_bytes = 0;
  };

  // The next frame that decodes; empty at the end of the file. Errors: kIo.
  Result<std::optional<Found>> Next();

 private:
  Status FillWindow();
  Result<std::optional<std::uint64_t>> NextStart();
  Result<std::optional<Found>> DecodeAt(std::uint64_t offset_bytes);

  const SegmentReader& segment_;
  std::uint64_t at_bytes_;
  std::uint64_t window_begin_bytes_ = 0;
  ByteVector window_;
  ByteVector frame_;
};

}  // namespace authseal

#endif  // AUTHSEAL_ARCHIVE_HEADER_SEARCH_H_
