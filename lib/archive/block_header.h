// The header behind each block. See authseal-format(5), BLOCK HEADER.
#ifndef AUTHSEAL_ARCHIVE_BLOCK_HEADER_H_
#define AUTHSEAL_ARCHIVE_BLOCK_HEADER_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/bytes.h"
#include "lib/base/result.h"
#include "lib/base/types.h"
#include "lib/crypto/ed25519.h"

namespace authseal {

enum class RecordMark : std::uint8_t {
  kControl = 1,
  kPrefix = 2,
  kUnparsed = 3,
  kPart = 4,
};

// What the first bytes of a record say; empty for a provider's own record.
std::optional<RecordMark> MarkOf(std::string_view record);

// A run of records of one kind, counted within the block.
struct MarkRun {
  std::uint32_t first = 0;
  std::uint32_t count = 0;
  RecordMark mark = RecordMark::kControl;
  bool operator==(const MarkRun&) const = default;
};

// Which records came from which bytes of which source.
struct SourceRange {
  std::uint32_t first = 0;  // record, counted within the block
  std::uint32_t count = 0;
  std::uint64_t begin_bytes = 0;  // of the source
  std::uint64_t end_bytes = 0;
  Hash head_hash;  // of source bytes [0, min(4096, end))
  Hash tail_hash;  // of source bytes [max(0, end-4096), end)
  std::string name;
  bool operator==(const SourceRange&) const = default;
};

struct BlockHeader {
  std::uint64_t epoch = 0;
  std::uint64_t first_record = 0;
  std::uint32_t record_count = 0;
  std::uint32_t content_size_bytes = 0;
  std::uint32_t stored_size_bytes = 0;
  Hash stored_hash;
  Hash previous;
  UnixNanos ingest_first;
  UnixNanos ingest_last;
  std::uint32_t scrubbed_count = 0;
  std::vector<Hash> range_hashes;
  std::vector<MarkRun> marks;
  std::vector<SourceRange> sources;
  std::optional<Ed25519Signature> signature;

  RecordRange records() const {
    return {first_record, first_record + record_count};
  }
  bool operator==(const BlockHeader&) const = default;
};

// The whole skippable frame. The header must keep the limits of format.h.
ByteVector EncodeBlockHeader(const BlockHeader& header);
// Of a whole skippable frame; every field is bounded and every list checked
// for order, so what decodes encodes to the same bytes. Error kDamaged.
Result<BlockHeader> DecodeBlockHeader(Bytes frame);
// What the signature of a header that is to be signed is over.
ByteVector BlockHeaderSignedMessage(const Hash& genesis,
                                    const BlockHeader& header);

}  // namespace authseal

#endif  // AUTHSEAL_ARCHIVE_BLOCK_HEADER_H_
