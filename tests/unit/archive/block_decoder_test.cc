#include <gtest/gtest.h>

#include "lib/archive/segment_reader.h"
#include "lib/compress/zstd_frame.h"
#include "lib/crypto/sha256.h"
#include "lib/merkle/tree_hash.h"
#include "tests/unit/archive/sample_segment.h"

namespace authseal {
namespace {

using Fault = BlockDecoder::Fault;

constexpr char kContent[] =
    "{\"a\":1}\n"
    "{\"authseal\":{\"prefix\":\"x\",\"line\":{}}}\n"
    "{\"authseal\":{\"prefix\":\"y\",\"line\":{}}}\n"
    "{\"b\":2}\n"
    "{\"authseal\":{\"unparsed\":{\"reason\":\"nul\",\"text\":\"\"}}}\n";

// Stores other content under an unchanged claim about its records.
void StoreInstead(const std::string& content, SampleBlock& block) {
  const SampleBlock other = MakeBlock(block.header.first_record, content);
  block.frame = other.frame;
  block.header.stored_hash = other.header.stored_hash;
  block.header.stored_size_bytes = other.header.stored_size_bytes;
  block.header.content_size_bytes = other.header.content_size_bytes;
}

TEST(BlockDecoder, GivesRecordsLeavesAndRange) {
  const SampleBlock block = MakeBlock(3, kContent);
  BlockDecoder decoder;
  ASSERT_EQ(decoder.Decode(block.frame, block.header), Fault::kNone);
  ASSERT_EQ(decoder.records().size(), 5u);
  EXPECT_EQ(decoder.records()[0], "{\"a\":1}");
  EXPECT_EQ(decoder.records()[3], "{\"b\":2}");
  ASSERT_EQ(decoder.leaves().size(), 5u);
  EXPECT_EQ(decoder.leaves()[3], LeafHash(AsBytes("{\"b\":2}")));
  EXPECT_EQ(decoder.range().begin(), 3u);
  EXPECT_EQ(decoder.range().end(), 8u);
  EXPECT_EQ(decoder.range().hashes(), block.header.range_hashes);
}

TEST(BlockDecoder, HashesMoreRecordsThanOneBatch) {
  std::string content;
  for (int i = 0; i < 2500; ++i) {
    content += "{\"n\":" + std::to_string(i) + "}\n";
  }
  const SampleBlock block = MakeBlock(1, content);
  BlockDecoder decoder;
  ASSERT_EQ(decoder.Decode(block.frame, block.header), Fault::kNone);
  ASSERT_EQ(decoder.leaves().size(), 2500u);
  EXPECT_EQ(decoder.leaves()[2499], LeafHash(AsBytes("{\"n\":2499}")));
  EXPECT_EQ(decoder.leaves()[1024], LeafHash(AsBytes("{\"n\":1024}")));
}

TEST(BlockDecoder, SeesEveryFlipOfTheStoredFrame) {
  const SampleBlock block = MakeBlock(0, kContent);
  BlockDecoder decoder;
  for (std::size_t bit = 0; bit < block.frame.size() * 8; ++bit) {
    ByteVector frame = block.frame;
    frame[bit / 8] ^= static_cast<std::uint8_t>(1u << (bit % 8));
    EXPECT_EQ(decoder.Decode(frame, block.header), Fault::kStoredHash);
    // The same with a hash that follows: zstd's checksum or a leaf has it.
    BlockHeader header = block.header;
    header.stored_hash = Sha256Of(frame);
    EXPECT_NE(decoder.Decode(frame, header), Fault::kStoredHash);
  }
  EXPECT_EQ(decoder.Decode(block.frame, block.header), Fault::kNone);
}

TEST(BlockDecoder, SeesAnotherStoredSize) {
  SampleBlock block = MakeBlock(0, kContent);
  ++block.header.stored_size_bytes;
  EXPECT_EQ(BlockDecoder().Decode(block.frame, block.header),
            Fault::kStoredHash);
}

TEST(BlockDecoder, CallsWhatZstdRefusesAFrameFault) {
  SampleBlock block = MakeBlock(0, kContent);
  BlockDecoder decoder;
  BlockHeader header = block.header;
  ++header.content_size_bytes;
  EXPECT_EQ(decoder.Decode(block.frame, header), Fault::kFrame);
  EXPECT_TRUE(decoder.records().empty());
  header = block.header;
  const ByteVector twice = [&] {
    ByteVector bytes = block.frame;
    bytes.insert(bytes.end(), block.frame.begin(), block.frame.end());
    return bytes;
  }();
  header.stored_size_bytes = static_cast<std::uint32_t>(twice.size());
  header.stored_hash = Sha256Of(twice);
  EXPECT_EQ(decoder.Decode(twice, header), Fault::kFrame);
}

TEST(BlockDecoder, CountsRecords) {
  for (const char* content :
       {"{}\n{}\n", "{}\n{}\n{}\n{}\n", "{}\n{}\n{}", "{}\n{}\n{}\n{}"}) {
    SampleBlock block = MakeBlock(0, "{}\n{}\n{}\n");
    std::string stored(content);
    if (!stored.ends_with('\n')) {
      // MakeBlock wants whole lines, so this frame is made here.
      FrameCompressor compressor;
      ASSERT_TRUE(
          compressor.Compress(AsBytes(stored), block.frame).has_value());
      block.header.stored_hash = Sha256Of(block.frame);
      block.header.stored_size_bytes =
          static_cast<std::uint32_t>(block.frame.size());
      block.header.content_size_bytes =
          static_cast<std::uint32_t>(stored.size());
    } else {
      StoreInstead(stored, block);
    }
    BlockDecoder decoder;
    EXPECT_EQ(decoder.Decode(block.frame, block.header), Fault::kCount)
        << content;
    EXPECT_TRUE(decoder.records().empty());
    EXPECT_TRUE(decoder.leaves().empty());
  }
}

TEST(BlockDecoder, SeesChangedRecordsAndGivesTheLeavesOfWhatIsThere) {
  SampleBlock block = MakeBlock(0, "{\"a\":1}\n{\"b\":2}\n");
  StoreInstead("{\"b\":2}\n{\"a\":1}\n", block);
  BlockDecoder decoder;
  EXPECT_EQ(decoder.Decode(block.frame, block.header), Fault::kLeaf);
  ASSERT_EQ(decoder.leaves().size(), 2u);
  EXPECT_EQ(decoder.leaves()[0], LeafHash(AsBytes("{\"b\":2}")));
}

TEST(BlockDecoder, ComparesMarksWithRecords) {
  const SampleBlock block = MakeBlock(0, kContent);
  const std::vector<MarkRun> good = {{1, 2, RecordMark::kPrefix},
                                     {4, 1, RecordMark::kUnparsed}};
  ASSERT_EQ(block.header.marks, good);
  const std::vector<std::vector<MarkRun>> wrong = {
      {},
      {good[0]},
      {good[1]},
      {{0, 3, RecordMark::kPrefix}, good[1]},
      {{1, 1, RecordMark::kPrefix}, good[1]},
      {{1, 3, RecordMark::kPrefix}, good[1]},
      {{1, 2, RecordMark::kControl}, good[1]},
      {{1, 2, RecordMark::kPrefix}, {4, 1, RecordMark::kPart}},
  };
  BlockDecoder decoder;
  for (std::size_t i = 0; i < wrong.size(); ++i) {
    BlockHeader header = block.header;
    header.marks = wrong[i];
    EXPECT_EQ(decoder.Decode(block.frame, header), Fault::kMarks) << i;
    EXPECT_EQ(decoder.records().size(), 5u);
  }
}

TEST(BlockDecoder, OpensWithoutHashingRecords) {
  SampleBlock block = MakeBlock(0, "{\"a\":1}\n{\"b\":2}\n");
  StoreInstead("{\"b\":2}\n{\"a\":1}\n", block);
  BlockDecoder decoder;
  ASSERT_EQ(decoder.Open(block.frame, block.header), Fault::kNone);
  EXPECT_EQ(decoder.records(),
            (std::vector<std::string_view>{"{\"b\":2}", "{\"a\":1}"}));
  EXPECT_TRUE(decoder.leaves().empty());
  EXPECT_EQ(decoder.CheckMarks(block.header), Fault::kNone);
  EXPECT_EQ(decoder.CheckLeaves(block.header), Fault::kLeaf);
  EXPECT_EQ(decoder.leaves().size(), 2u);
  block.header.marks = {{0, 1, RecordMark::kControl}};
  EXPECT_EQ(decoder.CheckMarks(block.header), Fault::kMarks);
  EXPECT_EQ(decoder.Open(block.frame, MakeBlock(0, "{}\n").header),
            Fault::kStoredHash);
  EXPECT_TRUE(decoder.records().empty());
}

TEST(BlockDecoder, ForgetsTheBlockBeforeOnAFault) {
  const SampleBlock block = MakeBlock(0, kContent);
  BlockDecoder decoder;
  ASSERT_EQ(decoder.Decode(block.frame, block.header), Fault::kNone);
  EXPECT_EQ(decoder.Decode({}, block.header), Fault::kStoredHash);
  EXPECT_TRUE(decoder.records().empty());
  EXPECT_TRUE(decoder.leaves().empty());
  EXPECT_TRUE(decoder.range().hashes().empty());
}

TEST(SplitRecords, TakesEmptyRecordsAndRefusesHugeCounts) {
  std::vector<std::string_view> records;
  ASSERT_TRUE(SplitRecords(AsBytes("\n\na\n"), 3, records).has_value());
  EXPECT_EQ(records[0], "");
  EXPECT_EQ(records[2], "a");
  EXPECT_FALSE(SplitRecords(AsBytes("\n\na\n"), 0xFFFFFFFF, records));
  EXPECT_FALSE(SplitRecords(AsBytes("\n"), 0, records));
  EXPECT_TRUE(SplitRecords({}, 0, records).has_value());
}

}  // namespace
}  // namespace authseal
