// Finds the frames of a segment file; private to lib/archive.
#ifndef AUTHSEAL_ARCHIVE_SEGMENT_MAP_H_
#define AUTHSEAL_ARCHIVE_SEGMENT_MAP_H_

#include <cstdint>
#include <optional>

#include "lib/archive/format.h"
#include "lib/archive/segment_reader.h"
#include "lib/base/result.h"
#include "lib/compress/zstd_frame.h"
#include "lib/io/file_system.h"

namespace authseal {

inline constexpr std::uint64_t kHeaderFrameSizeBytesMax =
    kHeaderContentSizeBytesMax + kSkippablePrefixSizeBytes;
inline constexpr std::uint64_t kFooterFrameSizeBytesMax =
    kFooterContentSizeBytesMax + kSkippablePrefixSizeBytes;

// By the table at the end of the first `file_size_bytes` bytes: three reads.
// Empty when there is none that is well-formed, fits a sealed segment and
// tiles the file. Errors: kIo.
Result<std::optional<SegmentMap>> MapBySeekTable(const ReadableFile& file,
                                                 std::uint64_t file_size_bytes);

// Frame by frame from the start, as far as frames of the right kinds follow
// each other. Errors: kIo.
Result<SegmentMap> MapByWalking(const ReadableFile& file,
                                std::uint64_t file_size_bytes, bool sealed);

}  // namespace authseal

#endif  // AUTHSEAL_ARCHIVE_SEGMENT_MAP_H_
