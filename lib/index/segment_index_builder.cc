#include "lib/index/segment_index_builder.h"

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "lib/archive/format.h"
#include "lib/base/freed_memory.h"
#include "lib/base/ordered_workers.h"
#include "lib/crypto/sha256.h"
#include "lib/index/segment_columns.h"
#include "lib/index/stored_part.h"
#include "lib/index/term_layout.h"
#include "lib/index/term_section.h"

namespace authseal {

SegmentIndexBuilder::SegmentIndexBuilder(const IndexRules& rules)
    : rules_(rules), maker_(rules) {}

void SegmentIndexBuilder::Keep(const BlockHeader& header,
                               std::shared_ptr<const IndexPart> part) {
  auto own = std::dynamic_pointer_cast<const BlockIndexPart>(std::move(part));
  if (own == nullptr ||
      kept_bytes_ + own->size_bytes() > kKeptPartsSizeBytesMax) {
    return;
  }
  const std::size_t size_bytes = own->size_bytes();
  const bool is_new = kept_
                          .try_emplace(header.first_record,
                                       Kept{header.stored_hash, std::move(own)})
                          .second;
  kept_bytes_ += is_new ? size_bytes : 0;
}

Status SegmentIndexBuilder::ForEachKept(const TakeKept& take) const {
  for (const auto& [first_record, kept] : kept_) {
    TRY(take(first_record, kept.stored_hash,
             EncodeStoredPart(*kept.part, rules_.mapping_id)));
  }
  return Ok();
}

void SegmentIndexBuilder::UseStored(
    std::shared_ptr<const StoredIndexParts> parts) {
  stored_ = std::move(parts);
}

void SegmentIndexBuilder::BeginSegment() {
  blocks_.clear();
  offset_bytes_ = 0;
  term_count_ = 0;
  mapped_blocks_ = 0;
  threads_ = 0;
}

Result<std::shared_ptr<const BlockIndexPart>> SegmentIndexBuilder::PartOf(
    const BlockHeader& header, const std::vector<std::string_view>& records,
    BlockIndexPartMaker& maker) {
  const auto found = kept_.find(header.first_record);
  if (found != kept_.end() && found->second.stored_hash == header.stored_hash) {
    return found->second.part;
  }
  if (stored_ != nullptr) {
    TRY_ASSIGN(const auto bytes, stored_->Find(header));
    auto part = bytes.has_value() ? DecodeStoredPart(*bytes, rules_.mapping_id)
                                  : nullptr;
    if (part != nullptr) {
      return part;
    }
  }
  ++mapped_blocks_;
  return maker.Make(header.ingest_first, records);
}

Status SegmentIndexBuilder::AddBlock(
    const BlockHeader& header, const std::vector<std::string_view>& records) {
  TRY_ASSIGN(auto part, PartOf(header, records, maker_));
  return AddPart(header, std::move(part));
}

class SegmentIndexBuilder::KeptOrMappedPartMaker
    : public SegmentIndexer::PartMaker {
 public:
  explicit KeptOrMappedPartMaker(SegmentIndexBuilder& builder)
      : builder_(builder), maker_(builder.rules_) {}
  Result<std::shared_ptr<const IndexPart>> Make(
      const BlockHeader& header,
      const std::vector<std::string_view>& records) override {
    TRY_ASSIGN(auto part, builder_.PartOf(header, records, maker_));
    return std::shared_ptr<const IndexPart>(std::move(part));
  }

 private:
  SegmentIndexBuilder& builder_;
  BlockIndexPartMaker maker_;
};

std::unique_ptr<SegmentIndexer::PartMaker> SegmentIndexBuilder::NewPartMaker() {
  ++threads_;
  return std::make_unique<KeptOrMappedPartMaker>(*this);
}

Status SegmentIndexBuilder::AddMadePart(const BlockHeader& header,
                                        std::shared_ptr<const IndexPart> part) {
  auto own = std::dynamic_pointer_cast<const BlockIndexPart>(std::move(part));
  return own != nullptr
             ? AddPart(header, std::move(own))
             : Error{ErrorCode::kInternal, "index: a part that is not its own"};
}

Status SegmentIndexBuilder::AddPart(
    const BlockHeader& header, std::shared_ptr<const BlockIndexPart> part) {
  if (blocks_.size() + 1 >= kSegmentBlocksMax) {
    return Error{ErrorCode::kInvalidArgument, "index: too many blocks"};
  }
  if (part->terms.size() > kSegmentTermsMax - term_count_) {
    auto without_terms = std::make_shared<BlockIndexPart>(*part);
    without_terms->terms = {};
    without_terms->terms_incomplete = true;
    part = std::move(without_terms);
  }
  term_count_ += part->terms.size();
  const ByteVector header_frame = EncodeBlockHeader(header);
  IndexBlock entry;
  entry.data_offset_bytes = offset_bytes_;
  entry.stored_size_bytes = header.stored_size_bytes;
  entry.header_size_bytes = static_cast<std::uint32_t>(header_frame.size());
  entry.first_record = header.first_record;
  entry.record_count = header.record_count;
  entry.kinds = part->kinds;
  entry.time_min = part->time_min;
  entry.time_max = part->time_max;
  entry.outcomes = part->outcomes;
  entry.flags = part->terms_incomplete ? kIndexBlockTermsIncomplete : 0;
  entry.header_hash = Sha256Of(header_frame);
  offset_bytes_ +=
      std::uint64_t{entry.stored_size_bytes} + entry.header_size_bytes;
  blocks_.push_back({entry, std::move(part)});
  return Ok();
}

IndexHeader SegmentIndexBuilder::MakeHeader() {
  IndexHeader header;
  header.mapping_id = rules_.mapping_id;
  header.first_record = blocks_.front().entry.first_record;
  header.end_record = blocks_.back().entry.records().end;
  header.block_count = static_cast<std::uint32_t>(blocks_.size());
  header.bucket_bits = TermLayout::BucketBitsFor(term_count_);
  header.term_count = term_count_;
  std::set<std::string> providers;
  for (const Block& block : blocks_) {
    providers.insert(block.part->providers.begin(),
                     block.part->providers.end());
  }
  header.providers.assign(providers.begin(), providers.end());
  return header;
}

ColumnSections SegmentIndexBuilder::MakeColumns(
    const IndexHeader& header) const {
  std::vector<const BlockIndexPart*> parts;
  for (const Block& block : blocks_) {
    parts.push_back(block.part.get());
  }
  return EncodeColumns(parts, header.providers);
}

// Of parts that nobody else has. They were made to be changed; const is what
// their owners promise each other.
void SegmentIndexBuilder::DropColumns() {
  for (Block& block : blocks_) {
    if (block.part.use_count() == 1) {
      std::const_pointer_cast<BlockIndexPart>(block.part)->columns = {};
    }
  }
  ReturnFreedMemory();
}

std::uint64_t SegmentIndexBuilder::ProviderBits(
    const BlockIndexPart& part, const IndexHeader& header) const {
  std::uint64_t bits = 0;
  for (const std::string& provider : part.providers) {
    const auto at = std::lower_bound(header.providers.begin(),
                                     header.providers.end(), provider);
    bits |= std::uint64_t{1} << (at - header.providers.begin());
  }
  return bits;
}

Result<SegmentIndexer::Index> SegmentIndexBuilder::Finish() {
  kept_.clear();
  kept_bytes_ = 0;
  stored_.reset();
  Index index;
  if (blocks_.empty()) {
    return index;
  }
  IndexHeader header = MakeHeader();
  if (header.providers.size() > kIndexProvidersMax ||
      std::any_of(header.providers.begin(), header.providers.end(),
                  [](const std::string& provider) {
                    return provider.size() > kIndexProviderSizeBytesMax;
                  })) {
    return Error{ErrorCode::kInternal, "index: too many providers"};
  }
  std::vector<TermSection::BlockTerms> terms_of_blocks;
  for (Block& block : blocks_) {
    block.entry.providers = ProviderBits(*block.part, header);
    terms_of_blocks.emplace_back(block.part->terms);
  }
  // Side by side: the columns are one thread's work.
  ColumnSections columns;
  std::optional<TermSection> terms;
  TRY(OrderedWorkers<bool>::Run(
      2, threads_,
      [&](std::size_t /*worker*/, std::size_t work) -> Result<bool> {
        if (work == 0) {
          columns = MakeColumns(header);
        } else {
          TRY_ASSIGN(terms, TermSection::Make(
                                header, std::move(terms_of_blocks), threads_));
        }
        return true;
      },
      [](std::size_t /*work*/, bool) -> Result<bool> { return true; }));
  DropColumns();  // their memory is wanted for the terms
  TRY(terms->Encode(threads_));
  for (Block& block : blocks_) {
    block.part.reset();  // and this for the index
  }
  ReturnFreedMemory();
  header.terms.size_bytes = terms->terms_size_bytes();
  header.dictionaries.size_bytes = columns.dictionaries.size();
  header.columns.size_bytes = columns.columns.size();
  LayOutIndex(header);
  index.kind = kSearchIndexKind;
  const std::uint64_t body_size_bytes =
      header.columns.offset_bytes + header.columns.size_bytes;
  index.bytes.reserve(
      static_cast<std::size_t>((body_size_bytes / kIndexPageSizeBytes + 1) *
                               (kIndexPageSizeBytes + Hash::kSizeBytes)));
  const ByteVector encoded = EncodeIndexHeader(header);
  index.bytes.assign(encoded.begin(), encoded.end());
  index.bytes.resize(static_cast<std::size_t>(header.directory.offset_bytes));
  for (const Block& block : blocks_) {
    AppendIndexBlock(block.entry, index.bytes);
  }
  index.bytes.resize(static_cast<std::size_t>(body_size_bytes));
  terms->Write(header, index.bytes);
  const auto place = [&index](const ByteVector& bytes,
                              const IndexExtent& extent) {
    std::copy(
        bytes.begin(), bytes.end(),
        index.bytes.begin() + static_cast<std::ptrdiff_t>(extent.offset_bytes));
  };
  place(columns.dictionaries, header.dictionaries);
  place(columns.columns, header.columns);
  AppendIndexTable(index.bytes);
  blocks_.clear();
  return index;
}

}  // namespace authseal
