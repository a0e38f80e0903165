// Copies part of a file into a new one that appears whole or not at all.
// Private to lib/archive's writing side.
#ifndef AUTHSEAL_ARCHIVE_DURABLE_COPY_H_
#define AUTHSEAL_ARCHIVE_DURABLE_COPY_H_

#include <cstdint>
#include <string_view>

#include "lib/archive/segment_reader.h"
#include "lib/base/bytes.h"
#include "lib/base/result.h"
#include "lib/io/file_system.h"

namespace authseal {

// A new, empty `name`, replacing what a crash left of an earlier try.
Result<std::unique_ptr<WritableFile>> CreateTemporary(Directory& directory,
                                                      std::string_view name,
                                                      std::uint32_t mode);

// `name` in `directory` becomes the bytes `extent` of `from`, then `tail`: as
// WriteFileDurably(), but in bounded memory.
Status CopyDurably(const ReadableFile& from, const ByteExtent& extent,
                   Bytes tail, Directory& directory, std::string_view name,
                   std::uint32_t mode);

// Whether `name` is exactly the bytes `extent` of `from`.
Result<bool> HasSameBytes(const ReadableFile& from, const ByteExtent& extent,
                          const Directory& directory, std::string_view name);

}  // namespace authseal

#endif  // AUTHSEAL_ARCHIVE_DURABLE_COPY_H_
