// The seek table of zstd's seekable format (contrib/seekable_format in the
// zstd sources, version 0.1.0), without the optional checksums.
#ifndef AUTHSEAL_COMPRESS_SEEK_TABLE_H_
#define AUTHSEAL_COMPRESS_SEEK_TABLE_H_

#include <cstdint>
#include <span>
#include <vector>

#include "lib/base/bytes.h"
#include "lib/base/result.h"

namespace authseal {

inline constexpr std::uint32_t kSeekTableMagic = 0x184D2A5E;
inline constexpr std::size_t kSeekTableFooterSizeBytes = 9;

struct SeekTableEntry {
  std::uint32_t stored_size_bytes = 0;
  std::uint32_t content_size_bytes = 0;  // 0 for a skippable frame
  bool operator==(const SeekTableEntry&) const = default;
};

// The whole skippable frame.
ByteVector EncodeSeekTable(std::span<const SeekTableEntry> entries);
// Bytes of the table's frame, from the last 9 bytes of a file.
Result<std::uint64_t> SeekTableSize(Bytes last_9_bytes);
// `frame` is the whole skippable frame; kDamaged when it is not exactly one.
Result<std::vector<SeekTableEntry>> DecodeSeekTable(Bytes frame);

}  // namespace authseal

#endif  // AUTHSEAL_COMPRESS_SEEK_TABLE_H_
