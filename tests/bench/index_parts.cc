// The search index: made with the blocks, put together at the seal, asked.
#include <deque>
#include <memory>
#include <string>

#include "lib/archive/index_file.h"
#include "lib/archive/segment_footer.h"
#include "lib/base/check.h"
#include "lib/index/block_index_part.h"
#include "lib/index/index_reader.h"
#include "lib/index/segment_index_builder.h"
#include "lib/index/term_hash.h"
#include "tests/bench/sample_block.h"

namespace authseal {
namespace {

constexpr std::uint64_t kSegmentBlocks = 64;

const IndexRules& Rules() {
  static const IndexRules& rules = *[] {
    Result<IndexRules> made = IndexRules::Create(Hash{});
    AUTHSEAL_CHECK(made.has_value());
    return new IndexRules(*std::move(made));
  }();
  return rules;
}

// Mapping included: the part is made of events.
void MakeIndexPart(benchmark::State& state) {
  const SampleBlock& block = Sample();
  std::deque<JsonDocument> documents;
  for (const std::string_view record : block.records) {
    AUTHSEAL_CHECK(documents.emplace_back().Parse(record) == JsonFault::kNone);
  }
  BlockIndexPartMaker maker(Rules());
  for (auto _ : state) {
    maker.Begin(block.draft.ingest_first);
    for (std::size_t i = 0; i < block.records.size(); ++i) {
      maker.Add(block.records[i], &documents[i]);
    }
    benchmark::DoNotOptimize(maker.Take());
  }
  Report(state, block);
}
BENCHMARK(MakeIndexPart);

struct SampleSegment {
  std::vector<BlockHeader> headers;
  std::vector<std::shared_ptr<const BlockIndexPart>> parts;
};

const SampleSegment& Segment() {
  static const SampleSegment& segment = *[] {
    auto* made = new SampleSegment;
    BlockIndexPartMaker maker(Rules());
    std::uint64_t first_record = 0;
    for (std::uint64_t i = 0; i < kSegmentBlocks; ++i) {
      SampleBlock block;
      MakeSample(i, block);
      made->headers.push_back(Encoded(block, first_record).header);
      made->parts.push_back(
          maker.Make(block.draft.ingest_first, block.records));
      first_record += block.records.size();
    }
    return made;
  }();
  return segment;
}

SegmentIndexer::Index FinishIndex(SegmentIndexBuilder& builder) {
  const SampleSegment& segment = Segment();
  builder.BeginSegment();
  for (std::size_t i = 0; i < segment.headers.size(); ++i) {
    AUTHSEAL_CHECK(
        builder.AddPart(segment.headers[i], segment.parts[i]).has_value());
  }
  Result<SegmentIndexer::Index> index = builder.Finish();
  AUTHSEAL_CHECK(index.has_value());
  return *std::move(index);
}

// Of 64 blocks, by parts that are there: the seal's own share.
void FinishSegmentIndex(benchmark::State& state) {
  const SampleSegment& segment = Segment();
  SegmentIndexBuilder builder(Rules());
  std::size_t size_bytes = 0;
  for (auto _ : state) {
    size_bytes = FinishIndex(builder).bytes.size();
  }
  std::int64_t content_bytes = 0;
  double records = 0;
  for (const BlockHeader& header : segment.headers) {
    content_bytes += header.content_size_bytes;
    records += header.record_count;
  }
  state.SetBytesProcessed(state.iterations() * content_bytes);
  state.counters["per_record"] = benchmark::Counter(
      records, benchmark::Counter::kIsIterationInvariantRate |
                   benchmark::Counter::kInvert);
  state.counters["bytes_per_record"] =
      static_cast<double>(size_bytes) / records;
}
BENCHMARK(FinishSegmentIndex);

class FileInMemory : public ReadableFile {
 public:
  explicit FileInMemory(ByteVector bytes) : bytes_(std::move(bytes)) {}
  Result<std::size_t> ReadAt(std::uint64_t offset_bytes,
                             MutableBytes out) const override {
    const std::uint64_t begin =
        std::min<std::uint64_t>(offset_bytes, bytes_.size());
    const Bytes there = Bytes(bytes_).subspan(static_cast<std::size_t>(begin));
    const std::size_t size = std::min(there.size(), out.size());
    std::copy_n(there.begin(), size, out.begin());
    return size;
  }
  Result<FileInfo> Info() const override {
    FileInfo info;
    info.size_bytes = bytes_.size();
    return info;
  }
  Status DropCache() const override { return Ok(); }

 private:
  ByteVector bytes_;
};

// One term each time, as a needle does, opening included. A look-up, not a
// record, is what this costs: no per_record.
void LookUpTerm(benchmark::State& state) {
  SegmentIndexBuilder builder(Rules());
  const SegmentIndexer::Index index = FinishIndex(builder);
  const SampleSegment& segment = Segment();
  SegmentFooter footer;
  footer.first_record = 0;
  footer.end_record = segment.headers.back().records().end + 1;
  footer.block_count = static_cast<std::uint32_t>(kSegmentBlocks) + 1;
  footer.index_kind = index.kind;
  footer.index_size_bytes = index.bytes.size();
  footer.index_root = IndexRoot(index.bytes);
  std::vector<std::uint32_t> blocks;
  std::size_t next = 0;
  for (auto _ : state) {
    Result<IndexReader> reader =
        IndexReader::Open(std::make_unique<FileInMemory>(index.bytes), footer);
    AUTHSEAL_CHECK(reader.has_value());
    const auto& terms = segment.parts[next % kSegmentBlocks]->terms;
    blocks.clear();
    const std::uint64_t hash = std::uint64_t{terms[next * 7919 % terms.size()]}
                               << 32;
    AUTHSEAL_CHECK(reader->FindTerm(hash, blocks).has_value());
    AUTHSEAL_CHECK(!blocks.empty());
    ++next;
  }
}
BENCHMARK(LookUpTerm);

}  // namespace
}  // namespace authseal
