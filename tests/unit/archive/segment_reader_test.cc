#include "lib/archive/segment_reader.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "lib/archive/format.h"
#include "lib/compress/seek_table.h"
#include "lib/compress/zstd_frame.h"
#include "tests/support/memory_file_system.h"
#include "tests/unit/archive/sample_segment.h"

namespace authseal {
namespace {

SegmentReader Open(const ByteVector& bytes, bool sealed) {
  MemoryFileSystem files;
  EXPECT_TRUE(files.WriteFile("segment", bytes));
  auto root = files.OpenDirectory("/");
  EXPECT_TRUE(root.has_value());
  auto file = (*root)->OpenRead("segment");
  EXPECT_TRUE(file.has_value());
  auto reader = SegmentReader::Open(*std::move(file), sealed);
  EXPECT_TRUE(reader.has_value());
  return *std::move(reader);
}

void ExpectSameExtents(const SegmentMap& got, const SegmentMap& expected) {
  ASSERT_EQ(got.blocks.size(), expected.blocks.size());
  for (std::size_t i = 0; i < got.blocks.size(); ++i) {
    EXPECT_EQ(got.blocks[i].data, expected.blocks[i].data) << i;
    EXPECT_EQ(got.blocks[i].header, expected.blocks[i].header) << i;
  }
  EXPECT_EQ(got.footer, expected.footer);
  EXPECT_EQ(got.seek_table, expected.seek_table);
  EXPECT_EQ(got.file_size_bytes, expected.file_size_bytes);
  EXPECT_EQ(got.tiled_end_bytes, expected.tiled_end_bytes);
}

// The end of the last unit that fits into `size_bytes`.
std::uint64_t TiledEndOf(const SegmentMap& map, std::uint64_t size_bytes) {
  std::uint64_t end = 0;
  const auto take = [&](const ByteExtent& extent) {
    end = extent.end_bytes() <= size_bytes ? extent.end_bytes() : end;
  };
  for (const BlockExtent& block : map.blocks) {
    take(block.header);
  }
  if (map.footer.has_value()) {
    take(*map.footer);
    take(*map.seek_table);
  }
  return end;
}

TEST(SegmentReader, MapsASealedSegmentByItsSeekTable) {
  const SampleSegment segment = MakeSegment(3, true);
  const SegmentReader reader = Open(segment.bytes, true);
  EXPECT_TRUE(reader.sealed());
  EXPECT_TRUE(reader.map().by_seek_table);
  ExpectSameExtents(reader.map(), segment.map);
}

TEST(SegmentReader, WalksToTheSameMap) {
  for (const bool sealed : {true, false}) {
    const SampleSegment segment = MakeSegment(3, sealed);
    SegmentReader reader = Open(segment.bytes, sealed);
    ASSERT_TRUE(reader.MapByWalking().has_value());
    EXPECT_FALSE(reader.map().by_seek_table);
    ExpectSameExtents(reader.map(), segment.map);
  }
}

TEST(SegmentReader, MapsAThousandBlocks) {
  const SampleSegment segment = MakeSegment(1000, false);
  const SegmentReader reader = Open(segment.bytes, false);
  ExpectSameExtents(reader.map(), segment.map);
}

TEST(SegmentReader, ReadsHeadersAndFooter) {
  const SampleSegment segment = MakeSegment(3, true);
  const SegmentReader reader = Open(segment.bytes, true);
  ByteVector frame;
  for (std::size_t i = 0; i < 3; ++i) {
    const auto header = reader.ReadHeader(i, frame);
    ASSERT_TRUE(header.has_value());
    EXPECT_EQ(header->first_record, 2 * i);
    EXPECT_EQ(frame, EncodeBlockHeader(*header));
  }
  EXPECT_FALSE(reader.ReadHeader(3, frame).has_value());
  const auto footer = reader.ReadFooter(frame);
  ASSERT_TRUE(footer.has_value());
  EXPECT_EQ(footer->end_record, 6u);
  EXPECT_EQ(frame, EncodeSegmentFooter(*footer));
}

TEST(SegmentReader, ReadsExtentsWithinTheirLimits) {
  const SampleSegment segment = MakeSegment(2, true);
  const SegmentReader reader = Open(segment.bytes, true);
  const ByteExtent data = reader.map().blocks[1].data;
  ByteVector bytes;
  ASSERT_TRUE(reader.Read(data, data.size_bytes, bytes).has_value());
  EXPECT_TRUE(std::equal(
      bytes.begin(), bytes.end(),
      segment.bytes.begin() + static_cast<std::ptrdiff_t>(data.offset_bytes)));
  const auto above = reader.Read(data, data.size_bytes - 1, bytes);
  ASSERT_FALSE(above.has_value());
  EXPECT_EQ(above.error().code, ErrorCode::kInvalidArgument);
  for (const ByteExtent& beyond :
       {ByteExtent{segment.bytes.size(), 1}, ByteExtent{~0ull, 1},
        ByteExtent{~0ull, 0}, ByteExtent{1, segment.bytes.size()}}) {
    const auto status = reader.Read(beyond, ~0ull, bytes);
    ASSERT_FALSE(status.has_value());
    EXPECT_EQ(status.error().code, ErrorCode::kDamaged);
  }
}

TEST(SegmentReader, MapsEveryCutAsFarAsItTiles) {
  for (const bool sealed : {true, false}) {
    const SampleSegment segment = MakeSegment(3, sealed);
    for (std::size_t size = 0; size < segment.bytes.size(); ++size) {
      const ByteVector cut(
          segment.bytes.begin(),
          segment.bytes.begin() + static_cast<std::ptrdiff_t>(size));
      const SegmentReader reader = Open(cut, sealed);
      EXPECT_EQ(reader.map().tiled_end_bytes, TiledEndOf(segment.map, size));
      EXPECT_EQ(reader.map().file_size_bytes, size);
      EXPECT_FALSE(reader.map().by_seek_table);
    }
  }
}

TEST(SegmentReader, NeverMapsBeyondTheFileWhateverBitIsFlipped) {
  const SampleSegment segment = MakeSegment(2, true);
  for (std::size_t bit = 0; bit < segment.bytes.size() * 8; ++bit) {
    ByteVector flipped = segment.bytes;
    flipped[bit / 8] ^= static_cast<std::uint8_t>(1u << (bit % 8));
    const SegmentReader reader = Open(flipped, true);
    const SegmentMap& map = reader.map();
    ASSERT_LE(map.tiled_end_bytes, flipped.size());
    std::uint64_t at = 0;
    for (const BlockExtent& block : map.blocks) {
      ASSERT_EQ(block.data.offset_bytes, at);
      ASSERT_EQ(block.header.offset_bytes, block.data.end_bytes());
      at = block.header.end_bytes();
    }
    at = map.footer.has_value() ? map.footer->end_bytes() : at;
    at = map.seek_table.has_value() ? map.seek_table->end_bytes() : at;
    ASSERT_EQ(at, map.tiled_end_bytes);
  }
}

TEST(SegmentReader, FindsBlocksBehindADamagedOneByTheSeekTable) {
  SampleSegment segment = MakeSegment(3, true);
  segment.bytes[segment.map.blocks[0].data.offset_bytes] ^= 0xFF;
  SegmentReader reader = Open(segment.bytes, true);
  ExpectSameExtents(reader.map(), segment.map);
  ASSERT_TRUE(reader.MapByWalking().has_value());
  EXPECT_EQ(reader.map().tiled_end_bytes, 0u);
}

TEST(SegmentReader, StopsBeforeBytesThatAreAppended) {
  for (const bool sealed : {true, false}) {
    SampleSegment segment = MakeSegment(2, sealed);
    segment.bytes.push_back(0);
    const SegmentReader reader = Open(segment.bytes, sealed);
    EXPECT_EQ(reader.map().tiled_end_bytes, segment.bytes.size() - 1);
    EXPECT_FALSE(reader.map().by_seek_table);
    EXPECT_EQ(reader.map().blocks.size(), 2u);
  }
}

TEST(SegmentReader, StopsBeforeASkippableFrameThatHasNoPlace) {
  for (const std::uint32_t magic : {0x184D2A52u, kFooterFrameMagic}) {
    SampleSegment segment = MakeSegment(2, false);
    const ByteVector frame = EncodeSkippableFrame(magic, AsBytes("hidden"));
    const auto at =
        segment.bytes.begin() +
        static_cast<std::ptrdiff_t>(segment.map.blocks[0].header.end_bytes());
    segment.bytes.insert(at, frame.begin(), frame.end());
    const SegmentReader reader = Open(segment.bytes, false);
    EXPECT_EQ(reader.map().blocks.size(), 1u);
    EXPECT_EQ(reader.map().tiled_end_bytes,
              segment.map.blocks[0].header.end_bytes());
  }
}

TEST(SegmentReader, TakesNoFooterInAnOpenSegment) {
  const SampleSegment segment = MakeSegment(2, true);
  const SegmentReader reader = Open(segment.bytes, false);
  EXPECT_EQ(reader.map().blocks.size(), 2u);
  EXPECT_FALSE(reader.map().footer.has_value());
  EXPECT_EQ(reader.map().tiled_end_bytes, segment.map.footer->offset_bytes);
}

// Each table is well-formed; none tiles a sealed segment.
TEST(SegmentReader, UsesNoSeekTableThatDoesNotTile) {
  const std::vector<std::vector<SeekTableEntry>> tables = {
      {},
      {{10, 0}},                           // a footer alone
      {{10, 5}, {10, 0}},                  // no footer
      {{10, 5}, {10, 0}, {10, 5}},         // data in the footer's place
      {{10, 0}, {10, 0}, {10, 0}},         // no data
      {{10, 5}, {10, 5}, {10, 0}},         // no header
      {{10, 5}, {9, 0}, {10, 0}},          // one byte short
      {{10, 5}, {11, 0}, {10, 0}},         // one byte long
      {{0xFFFFFFFF, 5}, {31, 0}, {0, 0}},  // sum beyond the file
      {{30, 5}, {0, 0}, {0, 0}},           // empty frames
      {{10, kBlockContentSizeBytesMax + 1}, {10, 0}, {10, 0}},
  };
  for (std::size_t i = 0; i < tables.size(); ++i) {
    ByteVector bytes(30, 0);
    const ByteVector table = EncodeSeekTable(tables[i]);
    bytes.insert(bytes.end(), table.begin(), table.end());
    const SegmentReader reader = Open(bytes, true);
    EXPECT_FALSE(reader.map().by_seek_table) << i;
    EXPECT_EQ(reader.map().tiled_end_bytes, 0u) << i;
  }
  ByteVector bytes(30, 0);
  const ByteVector table =
      EncodeSeekTable(std::vector<SeekTableEntry>{{10, 5}, {10, 0}, {10, 0}});
  bytes.insert(bytes.end(), table.begin(), table.end());
  EXPECT_TRUE(Open(bytes, true).map().by_seek_table);
}

TEST(SegmentReader, SurvivesAHugeEntryCount) {
  ByteVector bytes(64, 0);
  const ByteVector end = {0xff, 0xff, 0xff, 0x07, 0, 0xB1, 0xEA, 0x92, 0x8F};
  bytes.insert(bytes.end(), end.begin(), end.end());
  EXPECT_FALSE(Open(bytes, true).map().by_seek_table);
}

TEST(SegmentReader, MapsAnEmptyFile) {
  for (const bool sealed : {true, false}) {
    const SegmentReader reader = Open({}, sealed);
    EXPECT_TRUE(reader.map().blocks.empty());
    EXPECT_EQ(reader.map().tiled_end_bytes, 0u);
  }
}

}  // namespace
}  // namespace authseal
