// Makes the search index of a segment: authseal-format(5), INDEX.
#ifndef AUTHSEAL_INDEX_SEGMENT_INDEX_BUILDER_H_
#define AUTHSEAL_INDEX_SEGMENT_INDEX_BUILDER_H_

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <string_view>
#include <vector>

#include "lib/archive/index_file.h"
#include "lib/archive/segment_indexer.h"
#include "lib/base/result.h"
#include "lib/index/block_index_part.h"
#include "lib/index/index_rules.h"

namespace authseal {

struct ColumnSections;

// Bounds what a segment of hostile records may cost: blocks behind this have
// no terms, and are read whatever is looked up.
inline constexpr std::uint64_t kSegmentTermsMax = 12u << 20;
// Parts kept of the open segment; the seal makes the others again.
inline constexpr std::size_t kKeptPartsSizeBytesMax = 64u << 20;

// Owns nothing of the archive. One thread, but for its part makers.
class SegmentIndexBuilder : public SegmentIndexer {
 public:
  // `rules` are borrowed.
  explicit SegmentIndexBuilder(const IndexRules& rules);

  void Keep(const BlockHeader& header,
            std::shared_ptr<const IndexPart> part) override;
  Status ForEachKept(const TakeKept& take) const override;
  void UseStored(std::shared_ptr<const StoredIndexParts> parts) override;
  void BeginSegment() override;
  Status AddBlock(const BlockHeader& header,
                  const std::vector<std::string_view>& records) override;
  std::unique_ptr<PartMaker> NewPartMaker() override;
  Status AddMadePart(const BlockHeader& header,
                     std::shared_ptr<const IndexPart> part) override;
  // The same with a part that was made of this block.
  Status AddPart(const BlockHeader& header,
                 std::shared_ptr<const BlockIndexPart> part);
  // Kind 0 for a segment without blocks: there is nothing to look up.
  Result<Index> Finish() override;

  // Blocks whose records had to be mapped at the seal, of the last segment.
  std::uint64_t mapped_blocks() const { return mapped_blocks_; }

 private:
  struct Kept {
    Hash stored_hash;
    std::shared_ptr<const BlockIndexPart> part;
  };
  struct Block {
    IndexBlock entry;
    std::shared_ptr<const BlockIndexPart> part;
  };
  class KeptOrMappedPartMaker;
  // The part that was kept, or stored, else `maker`'s.
  Result<std::shared_ptr<const BlockIndexPart>> PartOf(
      const BlockHeader& header, const std::vector<std::string_view>& records,
      BlockIndexPartMaker& maker);
  // Without extents.
  IndexHeader MakeHeader();
  ColumnSections MakeColumns(const IndexHeader& header) const;
  void DropColumns();
  std::uint64_t ProviderBits(const BlockIndexPart& part,
                             const IndexHeader& header) const;

  const IndexRules& rules_;
  BlockIndexPartMaker maker_;
  std::map<std::uint64_t, Kept> kept_;  // by first record
  std::size_t kept_bytes_ = 0;
  std::shared_ptr<const StoredIndexParts> stored_;  // may be null
  std::vector<Block> blocks_;
  std::uint64_t offset_bytes_ = 0;
  std::uint64_t term_count_ = 0;
  unsigned threads_ = 0;  // that make parts
  std::atomic<std::uint64_t> mapped_blocks_ = 0;
};

}  // namespace authseal

#endif  // AUTHSEAL_INDEX_SEGMENT_INDEX_BUILDER_H_
