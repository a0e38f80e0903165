// Compressed bytes as others write them, and contents to compress.
#ifndef AUTHSEAL_TESTS_UNIT_COMPRESS_FOREIGN_FRAMES_H_
#define AUTHSEAL_TESTS_UNIT_COMPRESS_FOREIGN_FRAMES_H_

#include <cstddef>

#include "lib/base/bytes.h"

namespace authseal {

struct ForeignFrameOptions {
  int level = 3;
  int window_log = 0;  // 0: the library's choice
  bool content_size = true;
  bool checksum = true;
  bool pledge = true;       // say the size beforehand
  bool dictionary = false;  // with an id of its own
};

// By the zstd library, with no code of ours.
ByteVector ForeignFrame(Bytes content, const ForeignFrameOptions& options = {});
// One gzip member by zlib.
ByteVector GzipMember(Bytes content, int level = 6);

// JSON-like lines, compressible.
ByteVector LogLines(std::size_t size_bytes);
// Bytes that do not compress, the same each time.
ByteVector Noise(std::size_t size_bytes, std::uint64_t seed = 1);

ByteVector Concatenated(std::initializer_list<Bytes> parts);

}  // namespace authseal

#endif  // AUTHSEAL_TESTS_UNIT_COMPRESS_FOREIGN_FRAMES_H_
