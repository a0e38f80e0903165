// What the reader hands to a worker: about one block's worth of delivered
// bytes, already split into lines.
#ifndef AUTHSEAL_INGEST_RAW_CHUNK_H_
#define AUTHSEAL_INGEST_RAW_CHUNK_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/bytes.h"
#include "lib/base/types.h"

namespace authseal {

// Lines of one chunk at most; bounds what a stream of one-byte lines costs.
inline constexpr std::size_t kChunkLinesMax = 65536;

struct DeliveredLine {
  enum class Kind : std::uint8_t {
    kWhole,
    kFolded,    // an object put on one line: bytes are in RawChunk::folded
    kPart,      // a piece of a line longer than kRecordSizeBytesMax
    kLastPart,  // its last piece
  };
  std::uint32_t begin = 0;  // without line end
  std::uint32_t size = 0;
  std::uint32_t end = 0;  // in RawChunk::bytes, behind its line end
  Kind kind = Kind::kWhole;
  std::uint64_t part_number = 0;
  std::uint64_t line_number = 0;  // from 1, since reading the source began
};

// A run of one source's bytes: RawChunk::bytes [begin, end), with up to
// kSourceProbeSizeBytes of the bytes before them in front.
struct SourceSlice {
  std::size_t source_index = 0;  // among the sources of this run
  std::string name;
  std::uint64_t begin_bytes = 0;  // of the source, at `begin`
  std::size_t begin = 0;
  std::size_t look_back_size = 0;
  Hash head_hash;  // of its first kSourceProbeSizeBytes; unset while
                   // begin_bytes is below: then they are all here
  std::size_t first_line = 0;  // in RawChunk::lines
  std::size_t line_count = 0;
};

struct RawChunk {
  ByteVector bytes;  // kept at its size; [0, used_size) counts
  std::size_t used_size = 0;
  std::string folded;
  std::vector<DeliveredLine> lines;  // blank ones are not among them
  std::vector<SourceSlice> slices;
  std::uint64_t delivered_line_count = 0;  // blank ones included
  std::uint64_t blank_count = 0;
  std::uint64_t consumed_bytes = 0;  // of all slices
  UnixNanos first_time;              // when its first bytes came in
  UnixNanos last_time;

  std::string_view Text(const DeliveredLine& line) const {
    const std::string_view text = line.kind == DeliveredLine::Kind::kFolded
                                      ? std::string_view(folded)
                                      : AsText(bytes);
    return text.substr(line.begin, line.size);
  }
  bool empty() const { return lines.empty() && delivered_line_count == 0; }
};

}  // namespace authseal

#endif  // AUTHSEAL_INGEST_RAW_CHUNK_H_
