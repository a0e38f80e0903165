#include "lib/index/segment_index_builder.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "lib/archive/format.h"
#include "lib/crypto/sha256.h"
#include "lib/index/segment_columns.h"
#include "lib/index/term_layout.h"

namespace authseal {
namespace {

void StoreU32(std::uint32_t value, std::uint8_t* out) {
  out[0] = static_cast<std::uint8_t>(value);
  out[1] = static_cast<std::uint8_t>(value >> 8);
  out[2] = static_cast<std::uint8_t>(value >> 16);
  out[3] = static_cast<std::uint8_t>(value >> 24);
}

}  // namespace

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

void SegmentIndexBuilder::BeginSegment() {
  blocks_.clear();
  offset_bytes_ = 0;
  term_count_ = 0;
  mapped_blocks_ = 0;
}

std::shared_ptr<const BlockIndexPart> SegmentIndexBuilder::TakeKept(
    const BlockHeader& header) {
  const auto found = kept_.find(header.first_record);
  return found != kept_.end() && found->second.stored_hash == header.stored_hash
             ? found->second.part
             : nullptr;
}

Status SegmentIndexBuilder::AddBlock(
    const BlockHeader& header, const std::vector<std::string_view>& records) {
  auto part = TakeKept(header);
  if (part == nullptr) {
    part = maker_.Make(header.ingest_first, records);
    ++mapped_blocks_;
  }
  return AddPart(header, std::move(part));
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

// Counting first, each bucket's entries then have their place; they are
// sorted there, so no second copy of the terms is needed.
void SegmentIndexBuilder::WriteTerms(const IndexHeader& header,
                                     ByteVector& out) const {
  const TermLayout layout(header.bucket_bits, header.block_count);
  std::vector<std::uint32_t> starts(
      static_cast<std::size_t>(layout.bucket_count()) + 1);
  for (const Block& block : blocks_) {
    for (const std::uint64_t term : block.part->terms) {
      ++starts[static_cast<std::size_t>(layout.Bucket(term)) + 1];
    }
  }
  for (std::size_t i = 1; i < starts.size(); ++i) {
    starts[i] += starts[i - 1];
  }
  std::vector<std::uint32_t> entries(
      static_cast<std::size_t>(header.term_count));
  std::vector<std::uint32_t> next(starts.begin(), starts.end() - 1);
  std::uint32_t number = 0;
  for (const Block& block : blocks_) {
    for (const std::uint64_t term : block.part->terms) {
      entries[next[static_cast<std::size_t>(layout.Bucket(term))]++] =
          layout.Entry(term, number);
    }
    ++number;
  }
  for (std::size_t i = 0; i + 1 < starts.size(); ++i) {
    std::sort(entries.begin() + starts[i], entries.begin() + starts[i + 1]);
  }
  std::uint8_t* at = out.data() + header.buckets.offset_bytes;
  for (const std::uint32_t start : starts) {
    StoreU32(start, std::exchange(at, at + kIndexBucketSizeBytes));
  }
  at = out.data() + header.terms.offset_bytes;
  for (const std::uint32_t entry : entries) {
    layout.Store(entry, std::exchange(at, at + layout.entry_size_bytes()));
  }
}

Result<SegmentIndexer::Index> SegmentIndexBuilder::Finish() {
  kept_.clear();
  kept_bytes_ = 0;
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
  const ColumnSections columns = MakeColumns(header);
  header.dictionaries.size_bytes = columns.dictionaries.size();
  header.columns.size_bytes = columns.columns.size();
  LayOutIndex(header);
  index.kind = kSearchIndexKind;
  index.bytes = EncodeIndexHeader(header);
  index.bytes.resize(static_cast<std::size_t>(header.directory.offset_bytes));
  for (Block& block : blocks_) {
    block.entry.providers = ProviderBits(*block.part, header);
    AppendIndexBlock(block.entry, index.bytes);
  }
  index.bytes.resize(static_cast<std::size_t>(header.columns.offset_bytes +
                                              header.columns.size_bytes));
  WriteTerms(header, index.bytes);
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
