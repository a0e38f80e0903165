// Reads one segment file: where its frames are, and one frame at a time.
//
// Nothing here is believed: the map says where frames seem to be, by the seek
// table where it tiles the file, else by walking; the verifier and the query
// reader check what they read against headers and footer.
#ifndef AUTHSEAL_ARCHIVE_SEGMENT_READER_H_
#define AUTHSEAL_ARCHIVE_SEGMENT_READER_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "lib/archive/block_header.h"
#include "lib/archive/segment_footer.h"
#include "lib/base/bytes.h"
#include "lib/base/result.h"
#include "lib/io/file_system.h"

namespace authseal {

struct ByteExtent {
  std::uint64_t offset_bytes = 0;
  std::uint64_t size_bytes = 0;
  std::uint64_t end_bytes() const { return offset_bytes + size_bytes; }
  bool operator==(const ByteExtent&) const = default;
};

struct BlockExtent {
  ByteExtent data;
  ByteExtent header;
};

struct SegmentMap {
  std::uint64_t file_size_bytes = 0;  // when it was mapped
  std::vector<BlockExtent> blocks;
  std::optional<ByteExtent> footer;  // sealed segments
  std::optional<ByteExtent> seek_table;
  // Blocks, footer and seek table cover [0, tiled_end_bytes) without a gap;
  // what follows is a torn tail or damage.
  std::uint64_t tiled_end_bytes = 0;
  // The seek table was there, tiled the file exactly and was used.
  bool by_seek_table = false;
};

// Reads block by block. Owns the file. const calls may run in parallel.
class SegmentReader {
 public:
  // Maps `file`. `sealed`: expect footer and seek table. Damage is not an
  // error here: the map says how far the frames tile. Errors: kIo.
  static Result<SegmentReader> Open(std::unique_ptr<ReadableFile> file,
                                    bool sealed);

  // Maps again without the seek table, up to the same size: for a caller who
  // found that the frames are not where a well-formed table says. Not const.
  Status MapByWalking();

  const SegmentMap& map() const { return map_; }
  bool sealed() const { return sealed_; }  // what it was opened as
  const ReadableFile& file() const { return *file_; }

  // The bytes of an extent, replacing `out`; kDamaged when the file is
  // shorter, kInvalidArgument above `limit_bytes`.
  Status Read(const ByteExtent& extent, std::uint64_t limit_bytes,
              ByteVector& out) const;
  Result<BlockHeader> ReadHeader(std::size_t block,
                                 ByteVector& frame) const;  // frame: as stored
  Result<SegmentFooter> ReadFooter(ByteVector& frame) const;

 private:
  SegmentReader() = default;
  std::unique_ptr<ReadableFile> file_;
  SegmentMap map_;
  bool sealed_ = true;
};

// Cuts a block's content into its records; the views point into `content`.
// kDamaged unless there are exactly `record_count`, each ended by LF.
Status SplitRecords(Bytes content, std::uint32_t record_count,
                    std::vector<std::string_view>& records);

// Checks one block's stored bytes against its header and gives its records:
// stored hash, frame, record count, leaves against the compact range, marks
// against the records. Reused by one thread from block to block.
class BlockDecoder {
 public:
  BlockDecoder();
  ~BlockDecoder();
  BlockDecoder(BlockDecoder&&) noexcept;
  BlockDecoder& operator=(BlockDecoder&&) noexcept;

  enum class Fault {
    kNone,
    kStoredHash,
    kFrame,
    kCount,
    kLeaf,
    kMarks,
  };
  // On kNone and kMarks everything below is set; on kLeaf too, with the leaves
  // of what is really there. `header` is believed to be what was signed.
  // Throws std::bad_alloc, also for zstd: no memory is no fault of the block.
  Fault Decode(Bytes stored_frame, const BlockHeader& header);

  // The same in steps, for a reader who can tell from the signed bytes alone
  // that he needs no record of a block: hashing leaves is most of the work.
  // Stored hash, frame and count; on kNone records() is set.
  Fault Open(Bytes stored_frame, const BlockHeader& header);
  // After Open() of the same header. kNone or kLeaf; sets leaves(), range().
  Fault CheckLeaves(const BlockHeader& header);
  // After Open() of the same header. kNone or kMarks.
  Fault CheckMarks(const BlockHeader& header) const;

  const std::vector<std::string_view>& records() const;
  const std::vector<Hash>& leaves() const;
  const CompactRange& range() const;  // of leaves(), at header.first_record

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace authseal

#endif  // AUTHSEAL_ARCHIVE_SEGMENT_READER_H_
