#include "lib/query/indexed_blocks.h"

#include <optional>
#include <utility>

#include "lib/crypto/sha256.h"
#include "lib/query/header_chain.h"

namespace authseal {

namespace {

// What a header must be, whoever says so.
struct ExpectedHeader {
  std::size_t block = 0;
  Hash hash;
  std::optional<Hash> previous;
  RecordRange records;
  ByteExtent data;
};

// Empty when it is not there, or is another.
Result<std::optional<TrustedBlock>> ReadExpected(const SegmentReader& segment,
                                                 const ExpectedHeader& expected,
                                                 ByteVector& frame) {
  const std::vector<BlockExtent>& blocks = segment.map().blocks;
  if (expected.block >= blocks.size() ||
      blocks[expected.block].data != expected.data) {
    return std::optional<TrustedBlock>();
  }
  Result<BlockHeader> header = segment.ReadHeader(expected.block, frame);
  if (!header && !IsDamage(header.error())) {
    return std::move(header).error();
  }
  const bool good =
      header && Sha256Of(frame) == expected.hash &&
      header->first_record == expected.records.first &&
      header->records().end == expected.records.end &&
      (!expected.previous || header->previous == *expected.previous);
  return good
             ? std::optional<TrustedBlock>({expected.block, *std::move(header)})
             : std::nullopt;
}

ExpectedHeader ExpectedOf(std::size_t block, const IndexBlock& entry,
                          std::optional<Hash> previous) {
  return {.block = block,
          .hash = entry.header_hash,
          .previous = previous,
          .records = entry.records(),
          .data = {.offset_bytes = entry.data_offset_bytes,
                   .size_bytes = entry.stored_size_bytes}};
}

class Selection {
 public:
  Selection(const SegmentReader& segment, const TrustedSegment& trust,
            const IndexQuestion& question, IndexCounter* counter)
      : segment_(segment),
        trust_(trust),
        question_(question),
        counter_(counter) {}

  // False when a header is not what the index says. kDamaged: the index.
  Result<bool> Read(IndexReader& index, const TermKey& key) {
    TRY_ASSIGN(const bool all_counted, CountAll(index));
    if (all_counted) {
      blocks_counted_ = index.header().block_count;
      return true;
    }
    TRY_ASSIGN(std::vector<std::uint32_t> selected,
               SelectBlocks(index, key, question_));
    blocks_counted_ = selected.size();
    if (counter_ != nullptr) {
      TRY_ASSIGN(selected, counter_->Count(index, selected));
    }
    blocks_counted_ -= selected.size();
    for (const std::uint32_t block : selected) {
      TRY_ASSIGN(const IndexBlock entry, index.ReadBlock(block));
      std::optional<Hash> previous = trust_.previous;
      if (block > 0) {
        TRY_ASSIGN(const IndexBlock before, index.ReadBlock(block - 1));
        previous = before.header_hash;
      }
      TRY_ASSIGN(const bool good, Add(ExpectedOf(block, entry, previous)));
      if (!good) {
        return false;
      }
    }
    return question_.with_seal ? AddSeal(index) : Result<bool>(true);
  }

  std::vector<TrustedBlock> Take() && { return std::move(blocks_); }
  std::uint64_t blocks_counted() const { return blocks_counted_; }

 private:
  // Only where the question is about the events of whole segments.
  Result<bool> CountAll(IndexReader& index) {
    if (counter_ == nullptr || question_.with_seal || question_.wants_records ||
        question_.records != RecordRange{0, ~std::uint64_t{0}}) {
      return false;
    }
    return counter_->CountAll(index);
  }

  Result<bool> Add(const ExpectedHeader& expected) {
    auto block = ReadExpected(segment_, expected, frame_);
    if (!block) {
      // Damage of the segment is no damage of the index.
      return block.error().code == ErrorCode::kDamaged
                 ? Result<bool>(false)
                 : Result<bool>(std::move(block).error());
    }
    if (*block) {
      blocks_.push_back(**std::move(block));
    }
    return block->has_value();
  }

  // The seal block is the footer's to name.
  Result<bool> AddSeal(IndexReader& index) {
    const std::uint32_t block = index.header().block_count;
    const std::uint64_t seal_record = trust_.footer->end_record - 1;
    if (!question_.records.contains(seal_record)) {
      return true;
    }
    TRY_ASSIGN(const IndexBlock before, index.ReadBlock(block - 1));
    if (block >= segment_.map().blocks.size()) {
      return false;
    }
    const ByteExtent data = segment_.map().blocks[block].data;
    return Add({.block = block,
                .hash = trust_.footer->previous,
                .previous = before.header_hash,
                .records = {seal_record, seal_record + 1},
                .data = data});
  }

  const SegmentReader& segment_;
  const TrustedSegment& trust_;
  const IndexQuestion& question_;
  IndexCounter* counter_;
  std::uint64_t blocks_counted_ = 0;
  std::vector<TrustedBlock> blocks_;
  ByteVector frame_;
};

Finding IndexFinding(FindingKind kind, const SegmentFooter& footer,
                     std::string text) {
  return {
      .kind = kind,
      .file = std::string(kSegmentsName) + "/" + IndexName(footer.first_record),
      .offset_bytes = std::nullopt,
      .block = std::nullopt,
      .records = footer.records(),
      .text = std::move(text) + "; its records were read without it"};
}

bool IsUnable(const Error& error) {
  return error.code == ErrorCode::kIo || error.code == ErrorCode::kTemporary;
}

}  // namespace

Result<IndexUse> TrustIndexedBlocks(const ArchiveReader& archive,
                                    const SegmentFile& file,
                                    const SegmentReader& segment,
                                    const IndexQuestion& question,
                                    IndexCounter* counter,
                                    TrustedSegment& trust,
                                    std::vector<Finding>& findings) {
  const SegmentFooter& footer = *trust.footer;
  if (footer.index_kind == 0) {
    return IndexUse{};
  }
  if (footer.index_kind != kSearchIndexKind) {
    return IndexUse{.why_not = "its index is of a kind not known here"};
  }
  auto index_file = archive.segments().OpenRead(IndexName(footer.first_record));
  if (!index_file && IsUnable(index_file.error())) {
    return std::move(index_file).error().With(file.name);
  }
  if (!index_file) {
    findings.push_back(
        IndexFinding(FindingKind::kFileMissing, footer,
                     "the index that the footer names is not there"));
    return IndexUse{.why_not = "its index is not there"};
  }
  const auto damaged = [&](Error error) -> Result<IndexUse> {
    if (error.code != ErrorCode::kDamaged) {
      return std::move(error).With(IndexName(footer.first_record));
    }
    findings.push_back(IndexFinding(FindingKind::kIndexMismatch, footer,
                                    std::move(error.message)));
    return IndexUse{.why_not = "its index is damaged"};
  };
  Result<IndexReader> index = IndexReader::Open(*std::move(index_file), footer);
  if (!index) {
    return damaged(std::move(index).error());
  }
  if (index->header().mapping_id != question.mapping_id) {
    return IndexUse{.why_not =
                        "its index was made with other mappings than "
                        "this program has"};
  }
  Selection selection(segment, trust, question, counter);
  Result<bool> good = selection.Read(*index, TermKeyOf(archive.genesis()));
  if (!good) {
    return damaged(std::move(good).error());
  }
  if (!*good) {
    return IndexUse{.why_not = "a block is not what its index says"};
  }
  if (counter != nullptr) {
    counter->Accept();
  }
  const std::uint64_t blocks_counted = selection.blocks_counted();
  trust.blocks = std::move(selection).Take();
  return IndexUse{.used = true, .blocks_counted = blocks_counted};
}

}  // namespace authseal
