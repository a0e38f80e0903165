// The bytes of one commit: blocks behind each other, chained, the last header
// signed. Private to lib/archive's writing side.
#ifndef AUTHSEAL_ARCHIVE_COMMIT_H_
#define AUTHSEAL_ARCHIVE_COMMIT_H_

#include <cstdint>
#include <optional>
#include <span>

#include "lib/archive/block_builder.h"
#include "lib/archive/key_store.h"
#include "lib/base/bytes.h"
#include "lib/base/result.h"
#include "lib/base/types.h"
#include "lib/merkle/compact_range.h"

namespace authseal {

// Where a segment begins: what its first block follows.
struct SegmentStart {
  std::uint64_t epoch = 0;
  std::uint64_t first_record = 0;
  Hash chain;         // genesis, or the hash of the footer before
  CompactRange tree;  // [0, first_record)
};

// How far a segment's blocks go.
struct SegmentProgress {
  std::uint64_t size_bytes = 0;
  std::uint32_t block_count = 0;
  std::uint64_t content_size_bytes = 0;
  Hash chain;         // hash of the last header frame
  CompactRange tree;  // [0, next record)
  std::optional<UnixNanos> begin_time;

  std::uint64_t next_record() const { return tree.end(); }
};

SegmentProgress ProgressAt(const SegmentStart& start);

// Sets epoch, previous and, in the last header, the signature; appends all
// frames to `bytes` and returns the progress after them. kInvalidArgument,
// with nothing changed: not 1 to 16 blocks, or records that do not follow
// `before`.
Result<SegmentProgress> EncodeCommit(std::span<EncodedBlock> blocks,
                                     const SegmentProgress& before,
                                     const Hash& genesis, std::uint64_t epoch,
                                     const Ed25519Signer& signer,
                                     ByteVector& bytes);
Result<SegmentProgress> EncodeCommit(std::span<EncodedBlock> blocks,
                                     const SegmentProgress& before,
                                     const Hash& genesis, const EpochKey& key,
                                     ByteVector& bytes);

// One block that closes a segment whose key is lost: its header is not signed.
Result<SegmentProgress> EncodeReopenBlock(EncodedBlock& block,
                                          const SegmentProgress& before,
                                          std::uint64_t epoch,
                                          ByteVector& bytes);

// kInvalidArgument when no block and no record number is left for a seal.
Status CheckRoomForSeal(const SegmentProgress& progress);

}  // namespace authseal

#endif  // AUTHSEAL_ARCHIVE_COMMIT_H_
