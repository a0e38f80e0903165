// What a writer leaves for the next one's seal saves work, and can do nothing
// else: whoever tampers with it, whenever a crash comes.
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/unit/ingest/sealed_index_fixture.h"

namespace authseal {
namespace {

using StoredIndexPartsTest = SealedIndexTest;

TEST_F(StoredIndexPartsTest, PartsOfTheWriterBeforeSaveTheMapping) {
  IngestAll();
  const ByteVector index = IndexOfRecords(2);
  for (const unsigned threads : {1u, 2u, 8u}) {
    MemoryFileSystem copy = Copy();
    const Sealed sealed = SealLater(copy, threads);
    EXPECT_EQ(sealed.index, index);
    EXPECT_EQ(sealed.mapped_blocks, 0u);
    EXPECT_FALSE(copy.ReadFile(kParts).has_value()) << "left behind";
  }
}

TEST_F(StoredIndexPartsTest, PartsOfManyWritersAreAllTaken) {
  for (int run = 0; run < kRuns; ++run) {
    SegmentIndexBuilder indexer(*rules_);
    auto writer = Open(files_, indexer, 1);
    ASSERT_TRUE(writer.has_value());
    IngestRun(*writer, run);
    ASSERT_TRUE(writer->Close().has_value());
  }
  MemoryFileSystem copy = Copy();
  const Sealed sealed = SealLater(copy, 2);
  EXPECT_EQ(sealed.index, IndexOfRecords(2));
  EXPECT_EQ(sealed.mapped_blocks, 0u);
}

// An index is signed: whatever was done to the parts, it is that of the
// records.
TEST_F(StoredIndexPartsTest, TamperedPartsChangeNothing) {
  IngestAll();
  const ByteVector index = IndexOfRecords(2);
  const ByteVector good = *Copy().ReadFile(kParts);
  std::uint64_t mapped_blocks = 0;
  const auto expect_same = [&](const ByteVector& parts) {
    MemoryFileSystem copy = Copy();
    ASSERT_TRUE(copy.WriteFile(kParts, parts));
    const Sealed sealed = SealLater(copy, 2);
    ASSERT_EQ(sealed.index, index);
    mapped_blocks += sealed.mapped_blocks;
  };
  int changes = 0;
  for (std::size_t at = 0; at < good.size(); at += good.size() / 60) {
    ByteVector flipped = good;
    flipped[at] ^= 0x20;
    expect_same(flipped);
    ByteVector cut = good;
    cut.resize(at);
    expect_same(cut);
    ++changes;
  }
  EXPECT_GE(mapped_blocks, static_cast<std::uint64_t>(2 * changes));
  ByteVector twice = good;
  twice.insert(twice.end(), good.begin(), good.end());
  expect_same(twice);
}

// What a writer made of other records, at the same place, under the same key.
TEST_F(StoredIndexPartsTest, PartsOfOtherRecordsAreNotTaken) {
  MemoryFileSystem other = Copy();
  IngestAll();
  const ByteVector index = IndexOfRecords(2);
  {
    SegmentIndexBuilder indexer(*rules_);
    auto writer = Open(other, indexer, 1);
    IngestRun(*writer, kRuns);  // other lines first
    for (int run = 1; run < kRuns; ++run) {
      IngestRun(*writer, run);
    }
    ASSERT_TRUE(writer->Close().has_value());
  }
  MemoryFileSystem copy = Copy();
  ASSERT_TRUE(copy.WriteFile(kParts, *other.ReadFile(kParts)));
  const Sealed sealed = SealLater(copy, 2);
  EXPECT_EQ(sealed.index, index);
  EXPECT_EQ(sealed.mapped_blocks, static_cast<std::uint64_t>(kRuns));
}

// Put back after the key that made them is gone.
TEST_F(StoredIndexPartsTest, PartsOfAnEarlierEpochAreNotTaken) {
  IngestAll();
  const ByteVector parts = *Copy().ReadFile(kParts);
  {
    SegmentIndexBuilder indexer(*rules_);
    auto writer = Open(files_, indexer, 2);
    ASSERT_TRUE(writer->Seal().has_value());
    IngestRun(*writer, kRuns);
    ASSERT_TRUE(writer->Close().has_value());
  }
  MemoryFileSystem copy = Copy();
  ASSERT_TRUE(copy.WriteFile(kParts, parts));
  EXPECT_EQ(SealLater(copy, 2).mapped_blocks, 1u);
  // A writer of this epoch begins them anew.
  copy = Copy();
  ASSERT_TRUE(copy.WriteFile(kParts, parts));
  SegmentIndexBuilder indexer(*rules_);
  auto writer = Open(copy, indexer, 2);
  IngestRun(*writer, kRuns + 1);
  ASSERT_TRUE(writer->Close().has_value());
  EXPECT_LT(copy.ReadFile(kParts)->size(), parts.size());
  EXPECT_EQ(SealLater(copy, 2).mapped_blocks, 1u);
}

TEST_F(StoredIndexPartsTest, PartsMadeWithOtherMappingsAreNotTaken) {
  IngestAll();
  MemoryFileSystem copy = Copy();
  rules_->mapping_id.bytes[0] ^= 1;
  EXPECT_EQ(SealLater(copy, 2).mapped_blocks,
            static_cast<std::uint64_t>(kRuns));
}

TEST_F(StoredIndexPartsTest, PartsThatOthersCanWriteAreNotTaken) {
  IngestAll();
  MemoryFileSystem copy = Copy();
  ASSERT_TRUE(copy.SetMode(kParts, 0620));
  EXPECT_EQ(SealLater(copy, 2).mapped_blocks,
            static_cast<std::uint64_t>(kRuns));
}

TEST_F(StoredIndexPartsTest, PartsThatCannotBeReadOrWrittenAreAnError) {
  IngestAll();
  for (const auto counts :
       {FaultPlan::Counts::kReading, FaultPlan::Counts::kMutating}) {
    bool failed_at_parts = false;
    for (std::uint64_t n = 1;; ++n) {
      MemoryFileSystem copy = Copy();
      FaultyFileSystem files(copy, {.fail_at = n, .counts = counts});
      SegmentIndexBuilder indexer(*rules_);
      auto writer = Open(files, indexer, 1);
      Status status = writer.has_value() ? Ok() : Status(writer.error());
      if (status.has_value()) {
        const auto sealed = writer->Seal();
        status = sealed.has_value() ? Ok() : Status(sealed.error());
      }
      if (status.has_value()) {
        status = writer->Close();
      }
      if (!files.has_failed()) {
        break;
      }
      const std::string operation = files.operation_log().at(n - 1);
      ASSERT_FALSE(status.has_value()) << operation << " was passed over";
      EXPECT_EQ(status.error().code, ErrorCode::kIo) << operation;
      failed_at_parts =
          failed_at_parts || operation.find("index.parts") != std::string::npos;
    }
    EXPECT_TRUE(failed_at_parts);
  }
}

TEST_F(StoredIndexPartsTest, ADiskFullOfThemDoesNotMakeTheEndBad) {
  IngestAll();
  bool failed_at_parts = false;
  for (std::uint64_t n = 1;; ++n) {
    MemoryFileSystem copy = Copy();
    FaultyFileSystem files(copy);
    SegmentIndexBuilder indexer(*rules_);
    auto writer = Open(files, indexer, 1);
    ASSERT_TRUE(writer.has_value());
    IngestRun(*writer, kRuns);
    files.SetPlan({.fail_at = n});
    const Status closed = writer->Close();
    if (!files.has_failed()) {
      break;
    }
    const std::string operation = files.operation_log().at(n - 1);
    const bool is_of_parts = operation.find("index.parts") != std::string::npos;
    EXPECT_EQ(closed.has_value(), is_of_parts) << operation;
    failed_at_parts = failed_at_parts || is_of_parts;
  }
  EXPECT_TRUE(failed_at_parts);
}

// A cut at every moment of a writer that leaves parts, of one that adds some,
// and of the seal after them.
TEST_F(StoredIndexPartsTest, AfterAnyCrashTheIndexIsThatOfTheRecords) {
  const auto run_all = [this](FileSystem& files) {
    for (int run = 0; run < 2; ++run) {
      SegmentIndexBuilder indexer(*rules_);
      auto writer = Open(files, indexer, 2);
      if (!writer.has_value()) {
        return;
      }
      const std::string name = "log" + std::to_string(run);
      inputs_.Add(name, Lines(run));
      IngestResult result;
      if (!Ingest(*writer, Options({File(name)}),
                  {.inputs = inputs_,
                   .clock = clock_,
                   .mapper = Mapper(),
                   .stop = stop_,
                   .index = &*rules_},
                  result)
               .has_value() ||
          !writer->Close().has_value()) {
        return;
      }
    }
    SegmentIndexBuilder indexer(*rules_);
    auto writer = Open(files, indexer, 2);
    if (writer.has_value() && writer->Seal().has_value()) {
      static_cast<void>(writer->Close());
    }
  };
  const std::vector<CrashPolicy> policies = {
      {},
      {CrashPolicy::Names::kKeepUnsynced, CrashPolicy::Data::kKeepUnsynced},
      {CrashPolicy::Names::kKeepUnsynced, CrashPolicy::Data::kTornAppend, 7},
      {CrashPolicy::Names::kKeepUnsynced, CrashPolicy::Data::kZeroedAppend, 8},
      {CrashPolicy::Names::kKeepPrefix, CrashPolicy::Data::kTornAppend, 9}};
  for (std::uint64_t n = 1;; ++n) {
    MemoryFileSystem memory = Copy();
    FaultyFileSystem files(memory, {.fail_at = n,
                                    .sticky = true,
                                    .effect = FaultPlan::Effect::kHalfWritten});
    run_all(files);
    if (!files.has_failed()) {
      break;
    }
    for (const CrashPolicy& policy : policies) {
      MemoryFileSystem after = memory.CrashCopy(policy);
      SegmentIndexBuilder indexer(*rules_);
      auto writer = Open(after, indexer, 2);
      ASSERT_TRUE(writer.has_value()) << n << ": " << writer.error().message;
      ASSERT_TRUE(writer->Seal().has_value()) << n;
      ASSERT_TRUE(writer->Close().has_value()) << n;
      ExpectIndexesOfRecords(after);
    }
  }
}

}  // namespace
}  // namespace authseal
