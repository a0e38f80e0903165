#include "lib/archive/open_segment_scan.h"

#include <optional>
#include <utility>

#include "lib/archive/format.h"
#include "lib/archive/header_search.h"
#include "lib/crypto/sha256.h"

namespace authseal {
namespace {

// Reads one block after the other for as long as each follows the one before.
class BlockFollower {
 public:
  BlockFollower(const SegmentReader& segment, const SegmentStart& start,
                ScanDepth depth)
      : segment_(segment),
        epoch_(start.epoch),
        depth_(depth),
        progress_(ProgressAt(start)) {}

  // False at the first block that does not follow. Errors: only of reading.
  Result<bool> Next() {
    const std::size_t block = progress_.block_count;
    if (block >= segment_.map().blocks.size()) {
      return false;
    }
    auto header = segment_.ReadHeader(block, frame_);
    if (!header.has_value()) {
      return header.error().code == ErrorCode::kDamaged
                 ? Result<bool>(false)
                 : Result<bool>(std::move(header).error());
    }
    header_ = *std::move(header);
    TRY_ASSIGN(const bool follows, Follows(segment_.map().blocks[block]));
    if (follows) {
      progress_.chain = Sha256Of(frame_);
    }
    return follows;
  }

  const BlockHeader& header() const { return header_; }
  const SegmentProgress& progress() const { return progress_; }

 private:
  Result<bool> Follows(const BlockExtent& extent) {
    if (header_.epoch != epoch_ ||
        header_.first_record != progress_.next_record() ||
        header_.previous != progress_.chain ||
        header_.stored_size_bytes != extent.data.size_bytes) {
      return false;
    }
    if (depth_ == ScanDepth::kStoredBytes) {
      TRY(segment_.Read(extent.data, kBlockStoredSizeBytesMax, data_));
      if (Sha256Of(data_) != header_.stored_hash) {
        return false;
      }
    }
    const auto range = CompactRange::FromHashes(
        header_.first_record, header_.records().end, header_.range_hashes);
    if (!range.has_value() || !progress_.tree.Append(*range).has_value()) {
      return false;
    }
    if (!progress_.begin_time.has_value()) {
      progress_.begin_time = header_.ingest_first;
    }
    ++progress_.block_count;
    progress_.content_size_bytes += header_.content_size_bytes;
    progress_.size_bytes = extent.header.end_bytes();
    return true;
  }

  const SegmentReader& segment_;
  std::uint64_t epoch_;
  ScanDepth depth_;
  SegmentProgress progress_;
  BlockHeader header_;
  ByteVector frame_;
  ByteVector data_;
};

bool Verifies(const BlockHeader& header, const SegmentTrust& trust) {
  return header.signature.has_value() &&
         VerifyEd25519(trust.epoch_key,
                       BlockHeaderSignedMessage(trust.genesis, header),
                       *header.signature);
}

enum class Signatures {
  kLastOnly,  // the chain carries it to all before
  kEach,
};

struct Pass {
  SegmentProgress end;
  bool verified = true;
};

Result<Pass> ScanOnce(const SegmentReader& segment, const SegmentStart& start,
                      const SegmentTrust& trust, ScanDepth depth,
                      Signatures signatures) {
  BlockFollower follower(segment, start, depth);
  Pass pass;
  pass.end = follower.progress();
  std::optional<BlockHeader> last_signed;
  std::size_t unsigned_count = 0;
  while (true) {
    TRY_ASSIGN(const bool follows, follower.Next());
    if (!follows) {
      break;
    }
    if (!follower.header().signature.has_value()) {
      if (++unsigned_count >= kCommitBlocksMax) {
        break;
      }
      continue;
    }
    if (signatures == Signatures::kEach &&
        !Verifies(follower.header(), trust)) {
      break;
    }
    unsigned_count = 0;
    pass.end = follower.progress();
    last_signed = follower.header();
  }
  if (signatures == Signatures::kLastOnly && last_signed.has_value()) {
    pass.verified = Verifies(*last_signed, trust);
  }
  return pass;
}

}  // namespace

Result<SegmentProgress> ScanOpenSegment(const SegmentReader& segment,
                                        const SegmentStart& start,
                                        const SegmentTrust& trust,
                                        ScanDepth depth) {
  TRY_ASSIGN(Pass pass,
             ScanOnce(segment, start, trust, depth, Signatures::kLastOnly));
  if (!pass.verified) {
    TRY_ASSIGN(pass, ScanOnce(segment, start, trust, depth, Signatures::kEach));
  }
  return std::move(pass.end);
}

Result<bool> HasLaterCommit(const SegmentReader& segment,
                            const SegmentStart& start,
                            const SegmentProgress& valid,
                            const SegmentTrust& trust) {
  HeaderSearch search(segment, valid.size_bytes);
  // The chain of the commit that begins at the valid end.
  Hash chain = valid.chain;
  std::uint64_t next_record = valid.next_record();
  std::size_t linked_count = 0;
  while (true) {
    TRY_ASSIGN(const auto found, search.Next());
    if (!found.has_value()) {
      return false;
    }
    const BlockHeader& header = found->header;
    if (header.epoch != start.epoch ||
        header.first_record < valid.next_record()) {
      continue;
    }
    const bool linked = header.previous == chain &&
                        header.first_record == next_record &&
                        linked_count < kCommitBlocksMax;
    if (Verifies(header, trust)) {
      const bool ends_the_torn_commit =
          linked && found->end_bytes == segment.map().file_size_bytes;
      return !ends_the_torn_commit;
    }
    if (linked && !header.signature.has_value()) {
      chain = found->hash;
      next_record = header.records().end;
      ++linked_count;
    }
  }
}

}  // namespace authseal
