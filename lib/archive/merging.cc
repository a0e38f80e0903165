#include "lib/archive/merging.h"

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "lib/archive/block_builder.h"
#include "lib/archive/commit.h"
#include "lib/archive/durable_copy.h"
#include "lib/archive/format.h"
#include "lib/archive/read_back.h"

namespace authseal {
namespace {

// A block's share of a header: enough room for the marks of all but hostile
// records, and half of the sources that a header may have.
constexpr std::size_t kMarksPerBlockMax = 64u << 10;

// Collects blocks into larger ones and writes them, commit by commit.
class BlockMerger : public BlockSink {
 public:
  BlockMerger(const SegmentStart& start, const Hash& genesis,
              const EpochKey& key, WritableFile& file)
      : genesis_(genesis),
        key_(key),
        file_(file),
        progress_(ProgressAt(start)),
        next_record_(start.first_record) {}

  Status Take(const BlockHeader& header,
              const std::vector<std::string_view>& records) override {
    if (!Fits(header)) {
      TRY(EndBlock());
    }
    if (draft_.record_ends_bytes.empty()) {
      draft_.ingest_first = header.ingest_first;
    }
    JoinSources(draft_.sources, header.sources, draft_.record_count());
    for (const std::string_view record : records) {
      draft_.content.insert(draft_.content.end(), record.begin(), record.end());
      draft_.record_ends_bytes.push_back(
          static_cast<std::uint32_t>(draft_.content.size()));
      draft_.content.push_back('\n');
    }
    draft_.ingest_last = header.ingest_last;
    draft_.scrubbed_count += header.scrubbed_count;
    mark_count_ += header.marks.size();
    return Ok();
  }

  Status End() {
    TRY(EndBlock());
    return EndCommit();
  }

  const SegmentProgress& progress() const { return progress_; }

 private:
  bool Fits(const BlockHeader& header) const {
    return draft_.content.size() + header.content_size_bytes <=
               kBlockContentSizeBytesTarget &&
           draft_.record_ends_bytes.size() + header.record_count <=
               kBlockRecordsMax &&
           draft_.sources.size() + header.sources.size() <= kBlockSourcesMax &&
           mark_count_ + header.marks.size() <= kMarksPerBlockMax &&
           UINT32_MAX - draft_.scrubbed_count >= header.scrubbed_count;
  }

  Status EndBlock() {
    if (draft_.record_ends_bytes.empty()) {
      return Ok();
    }
    TRY_ASSIGN(EncodedBlock block, builder_.Build(draft_, next_record_));
    next_record_ += draft_.record_count();
    blocks_.push_back(std::move(block));
    draft_ = BlockDraft();
    mark_count_ = 0;
    return blocks_.size() == kCommitBlocksMax ? EndCommit() : Ok();
  }

  Status EndCommit() {
    if (blocks_.empty()) {
      return Ok();
    }
    bytes_.clear();
    TRY_ASSIGN(progress_,
               EncodeCommit(blocks_, progress_, genesis_, key_, bytes_));
    blocks_.clear();
    return file_.Append(bytes_);
  }

  const Hash& genesis_;
  const EpochKey& key_;
  WritableFile& file_;
  SegmentProgress progress_;
  std::uint64_t next_record_;
  BlockBuilder builder_;
  BlockDraft draft_;
  std::size_t mark_count_ = 0;
  std::vector<EncodedBlock> blocks_;
  ByteVector bytes_;
};

bool GoesOn(const SourceRange& last, const SourceRange& next) {
  return last.name == next.name && last.end_bytes == next.begin_bytes &&
         std::uint64_t{last.first} + last.count == next.first;
}

}  // namespace

bool IsWorthMerging(const SegmentProgress& progress,
                    std::uint32_t merge_below_bytes) {
  return progress.block_count > 1 &&
         progress.content_size_bytes <
             std::uint64_t{progress.block_count} * merge_below_bytes;
}

void JoinSources(std::vector<SourceRange>& sources,
                 const std::vector<SourceRange>& added,
                 std::uint32_t first_record_offset) {
  for (SourceRange range : added) {
    range.first += first_record_offset;
    if (sources.empty() || !GoesOn(sources.back(), range)) {
      sources.push_back(std::move(range));
      continue;
    }
    SourceRange& last = sources.back();
    last.count += range.count;
    last.end_bytes = range.end_bytes;
    last.head_hash = range.head_hash;
    last.tail_hash = range.tail_hash;
  }
}

Result<OpenSegment> MergeBlocks(Directory& segments, const OpenSegment& open,
                                const Hash& genesis, const EpochKey& key) {
  const std::string temporary = open.name() + std::string(kTemporaryFileSuffix);
  TRY_ASSIGN(auto file, CreateTemporary(segments, temporary, kOpenSegmentMode));
  BlockMerger merger(open.start(), genesis, key, *file);
  const SegmentTrust trust = {.genesis = genesis,
                              .epoch_key = key.signer.public_key()};
  TRY_ASSIGN(
      const ReadBack before,
      ReadBackSegment(segments, open.name(), open.start(), trust, &merger, 1));
  TRY(merger.End());
  // The tree is what checkpoints and proofs are about.
  if (merger.progress().tree != open.progress().tree ||
      before.progress.tree != open.progress().tree ||
      merger.progress().content_size_bytes !=
          open.progress().content_size_bytes) {
    return Error{ErrorCode::kDamaged,
                 "merging " + open.name() + ": the blocks changed meanwhile",
                 "let nothing else write into the archive"};
  }
  TRY(file->SyncData());
  TRY(segments.Rename(temporary, open.name()));
  TRY(segments.Sync());
  file.reset();
  return OpenSegment::Resume(segments, open.start(), merger.progress());
}

}  // namespace authseal
