#include "tests/unit/archive/sample_segment.h"

#include <gtest/gtest.h>

#include "lib/archive/segment_footer.h"
#include "lib/compress/seek_table.h"
#include "lib/compress/zstd_frame.h"
#include "lib/crypto/sha256.h"
#include "lib/merkle/tree_hash.h"

namespace authseal {
namespace {

void AddMark(std::uint32_t record, std::string_view text,
             std::vector<MarkRun>& marks) {
  const auto mark = MarkOf(text);
  if (!mark.has_value()) {
    return;
  }
  if (!marks.empty() && marks.back().mark == *mark &&
      marks.back().first + marks.back().count == record) {
    ++marks.back().count;
  } else {
    marks.push_back({record, 1, *mark});
  }
}

// Appends frames and notes where they are.
class SegmentMaker {
 public:
  ByteExtent Add(Bytes frame, std::uint32_t content_size_bytes) {
    const ByteExtent extent{segment_.bytes.size(), frame.size()};
    segment_.bytes.insert(segment_.bytes.end(), frame.begin(), frame.end());
    entries_.push_back(
        {static_cast<std::uint32_t>(frame.size()), content_size_bytes});
    return extent;
  }

  void AddBlock(const SampleBlock& block) {
    BlockExtent extent;
    extent.data = Add(block.frame, block.header.content_size_bytes);
    extent.header = Add(EncodeBlockHeader(block.header), 0);
    segment_.map.blocks.push_back(extent);
  }

  void AddEnd(const CompactRange& tree, std::uint32_t block_count) {
    SegmentFooter footer;
    footer.end_record = tree.end();
    footer.end = tree;
    footer.block_count = block_count;
    footer.content_size_bytes = tree.end();
    segment_.map.footer = Add(EncodeSegmentFooter(footer), 0);
    const ByteVector table = EncodeSeekTable(entries_);
    segment_.map.seek_table = Add(table, 0);
    segment_.map.by_seek_table = true;
  }

  SampleSegment Take() && {
    segment_.map.file_size_bytes = segment_.bytes.size();
    segment_.map.tiled_end_bytes = segment_.bytes.size();
    return std::move(segment_);
  }

 private:
  SampleSegment segment_;
  std::vector<SeekTableEntry> entries_;
};

}  // namespace

SampleBlock MakeBlock(std::uint64_t first_record, const std::string& content) {
  SampleBlock block;
  FrameCompressor compressor;
  EXPECT_TRUE(compressor.Compress(AsBytes(content), block.frame).has_value());
  BlockHeader& header = block.header;
  header.first_record = first_record;
  header.content_size_bytes = static_cast<std::uint32_t>(content.size());
  header.stored_size_bytes = static_cast<std::uint32_t>(block.frame.size());
  header.stored_hash = Sha256Of(block.frame);
  CompactRange range(first_record);
  std::string_view rest = content;
  while (!rest.empty()) {
    const std::string_view record = rest.substr(0, rest.find('\n'));
    range.Append(LeafHash(AsBytes(record)));
    AddMark(header.record_count++, record, header.marks);
    rest.remove_prefix(record.size() + 1);
  }
  header.range_hashes = range.hashes();
  return block;
}

SampleSegment MakeSegment(std::size_t block_count, bool sealed) {
  SegmentMaker maker;
  CompactRange tree;
  for (std::size_t i = 0; i < block_count; ++i) {
    const std::string record = "{\"block\":" + std::to_string(i) + "}\n";
    const SampleBlock block = MakeBlock(tree.end(), record + record);
    maker.AddBlock(block);
    tree.Append(LeafHash(AsBytes(record.substr(0, record.size() - 1))));
    tree.Append(LeafHash(AsBytes(record.substr(0, record.size() - 1))));
  }
  if (sealed) {
    maker.AddEnd(tree, static_cast<std::uint32_t>(block_count));
  }
  return std::move(maker).Take();
}

}  // namespace authseal
