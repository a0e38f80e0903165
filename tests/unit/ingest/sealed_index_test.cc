// The index that a seal makes is the same whatever is kept of its blocks and
// however many threads read them back.
#include <algorithm>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/ingest/sealed_index_fixture.h"

namespace authseal {
namespace {

using ::testing::HasSubstr;

TEST_F(SealedIndexTest, IsTheSameForAnyNumberOfThreads) {
  IngestAll();
  const ByteVector index = IndexOfRecords(1);
  EXPECT_GT(index.size(), 4096u);
  for (const unsigned threads : {2u, 3u, 8u, 32u}) {
    EXPECT_EQ(IndexOfRecords(threads), index) << threads;
  }
}

// Whatever share of the parts the writer still has.
TEST_F(SealedIndexTest, IsTheSameFromKeptPartsAndFromRecords) {
  for (const int kept : {0, 4, kRuns}) {
    for (const unsigned threads : {1u, 2u, 8u}) {
      MemoryFileSystem fresh = files_.CrashCopy({});
      {
        SegmentIndexBuilder indexer(*rules_);
        auto writer = Open(fresh, indexer, threads);
        ASSERT_TRUE(writer.has_value());
        for (int run = 0; run < kRuns - kept; ++run) {
          IngestRun(*writer, run);
        }
        ASSERT_TRUE(writer->Close().has_value());
        fresh.RemovePath(kParts);
      }
      SegmentIndexBuilder indexer(*rules_);
      auto writer = Open(fresh, indexer, threads);
      ASSERT_TRUE(writer.has_value());
      for (int run = kRuns - kept; run < kRuns; ++run) {
        IngestRun(*writer, run);
      }
      ASSERT_TRUE(writer->Seal().has_value());
      EXPECT_EQ(indexer.mapped_blocks(),
                static_cast<std::uint64_t>(kRuns - kept));
      ASSERT_TRUE(writer->Close().has_value());

      ExpectIndexesOfRecords(fresh);
    }
  }
}

TEST_F(SealedIndexTest, DamageBetweenStopsTheSealAndMakesNoIndex) {
  IngestAll();
  const auto archive = ArchiveReader::Open(files_, "A");
  const auto listing = archive->List();
  const auto segment = archive->OpenSegment(listing->segments.front());
  ASSERT_EQ(segment->map().blocks.size(), static_cast<std::size_t>(kRuns));
  for (const std::size_t block : {0u, 4u, 8u}) {
    for (const bool in_header : {false, true}) {
      for (const unsigned threads : {1u, 2u, 8u}) {
        const BlockExtent& extent = segment->map().blocks[block];
        MemoryFileSystem copy = files_.CrashCopy({});
        SegmentIndexBuilder indexer(*rules_);
        auto writer = Open(copy, indexer, threads);
        ASSERT_TRUE(writer.has_value());
        ByteVector bytes = *copy.ReadFile(kOpenSegment);
        const ByteExtent& where = in_header ? extent.header : extent.data;
        bytes[static_cast<std::size_t>(where.end_bytes() - 9)] ^= 1;
        ASSERT_TRUE(copy.WriteFile(kOpenSegment, bytes));
        const auto sealed = writer->Seal();
        ASSERT_FALSE(sealed.has_value());
        EXPECT_EQ(sealed.error().code, ErrorCode::kDamaged);
        EXPECT_THAT(sealed.error().message,
                    HasSubstr("seal-readback-mismatch"));
        EXPECT_THAT(sealed.error().message,
                    HasSubstr("block " + std::to_string(block)));
        EXPECT_FALSE(copy.ReadFile(kIndex).has_value());
        EXPECT_TRUE(copy.ReadFile(kOpenSegment).has_value());
      }
    }
  }
}

// Blocks that are whole, each by itself, but not in their order: what was made
// of them before that showed is thrown away.
TEST_F(SealedIndexTest, BlocksThatChangedPlacesStopTheSeal) {
  IngestAll();
  const auto archive = ArchiveReader::Open(files_, "A");
  const auto listing = archive->List();
  const auto segment = archive->OpenSegment(listing->segments.front());
  const auto at = [&](std::size_t block) {
    return static_cast<std::ptrdiff_t>(
        segment->map().blocks[block].data.offset_bytes);
  };
  for (const unsigned threads : {1u, 2u, 8u}) {
    MemoryFileSystem copy = files_.CrashCopy({});
    SegmentIndexBuilder indexer(*rules_);
    auto writer = Open(copy, indexer, threads);
    ASSERT_TRUE(writer.has_value());
    ByteVector bytes = *copy.ReadFile(kOpenSegment);
    std::rotate(bytes.begin() + at(3), bytes.begin() + at(4),
                bytes.begin() + at(5));
    ASSERT_TRUE(copy.WriteFile(kOpenSegment, bytes));
    const auto sealed = writer->Seal();
    ASSERT_FALSE(sealed.has_value());
    EXPECT_EQ(sealed.error().code, ErrorCode::kDamaged);
    EXPECT_THAT(sealed.error().message, HasSubstr("block 3"));
    EXPECT_FALSE(copy.ReadFile(kIndex).has_value());
  }
}

// The frames' places may be taken from the cache; what is sealed comes from
// behind it.
TEST_F(SealedIndexTest, WhatOnlyTheDeviceShowsStopsTheSeal) {
  IngestAll();
  const ByteVector good = *files_.ReadFile(kOpenSegment);
  for (std::size_t at = 3; at < good.size(); at += good.size() / 97) {
    MemoryFileSystem copy = files_.CrashCopy({});
    int drops = 0;
    FaultPlan plan;
    plan.counts = FaultPlan::Counts::kReading;
    plan.before_each = [&](const std::string& operation) {
      if (operation.starts_with("drop-cache")) {
        ++drops;
        ByteVector bytes = good;
        bytes[at] ^= 1;
        ASSERT_TRUE(copy.WriteFile(kOpenSegment, bytes));
      }
    };
    FaultyFileSystem device(copy, plan);
    SegmentIndexBuilder indexer(*rules_);
    auto writer = Open(device, indexer, 2);
    ASSERT_TRUE(writer.has_value());
    const auto sealed = writer->Seal();
    ASSERT_EQ(drops, 1);
    ASSERT_FALSE(sealed.has_value()) << "byte " << at;
    EXPECT_EQ(sealed.error().code, ErrorCode::kDamaged);
    EXPECT_THAT(sealed.error().message, HasSubstr("seal-readback-mismatch"));
  }
}

}  // namespace
}  // namespace authseal
