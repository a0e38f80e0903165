// Makes one block from records: frame, leaves, compact range, marks. The part
// of writing that any core can do; order, chain and signature come later, in
// ArchiveWriter. Not part of the verify core.
#ifndef AUTHSEAL_ARCHIVE_BLOCK_BUILDER_H_
#define AUTHSEAL_ARCHIVE_BLOCK_BUILDER_H_

#include <cstdint>
#include <memory>
#include <vector>

#include "lib/archive/block_header.h"
#include "lib/archive/segment_indexer.h"
#include "lib/base/bytes.h"
#include "lib/base/result.h"
#include "lib/compress/zstd_frame.h"
#include "lib/merkle/compact_range.h"

namespace authseal {

// Records of one block before compression.
struct BlockDraft {
  ByteVector content;                            // records, each followed by LF
  std::vector<std::uint32_t> record_ends_bytes;  // offset of each record's LF
  UnixNanos ingest_first;
  UnixNanos ingest_last;
  std::uint32_t scrubbed_count = 0;
  std::vector<SourceRange> sources;

  std::uint32_t record_count() const {
    return static_cast<std::uint32_t>(record_ends_bytes.size());
  }
};

struct EncodedBlock {
  BlockHeader header;  // without epoch, previous and signature
  ByteVector frame;    // the data frame
  // For the writer's indexer; may be null.
  std::shared_ptr<const IndexPart> index_part = {};
};

// One a thread.
class BlockBuilder {
 public:
  // Error kInvalidArgument: an empty draft, one beyond format.h's limits, or
  // record ends that are not those of the content.
  Result<EncodedBlock> Build(const BlockDraft& draft,
                             std::uint64_t first_record);

 private:
  FrameCompressor compressor_;
  std::vector<Hash> leaves_;
  std::vector<Bytes> records_;
};

}  // namespace authseal

#endif  // AUTHSEAL_ARCHIVE_BLOCK_BUILDER_H_
