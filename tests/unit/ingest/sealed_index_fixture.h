// An archive that several runs of ingest filled, and seals of it by processes
// that have more or less of what those left.
#ifndef AUTHSEAL_TESTS_UNIT_INGEST_SEALED_INDEX_FIXTURE_H_
#define AUTHSEAL_TESTS_UNIT_INGEST_SEALED_INDEX_FIXTURE_H_

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <gtest/gtest.h>

#include "lib/index/derived_check.h"
#include "lib/index/segment_index_builder.h"
#include "tests/unit/ingest/ingest_fixture.h"

namespace authseal {

inline constexpr std::string_view kOpenSegment =
    "A/segments/000000000000.jsonl.zst.open";
inline constexpr std::string_view kParts = "A.keys/index.parts";
inline constexpr std::string_view kIndex = "A/segments/000000000000.idx";
inline constexpr int kRuns = 9;  // of ingest: a block each

inline std::string Lines(int run) {
  std::string lines;
  for (int i = 0; i < 40 + run; ++i) {
    const std::string n = std::to_string(run) + "-" + std::to_string(i);
    lines += R"({"event":"token_issued","client_id":"c)" + n + R"(","sid":"s)" +
             std::to_string(i) + R"(","ip":"192.0.2.)" + std::to_string(i) +
             "\"}\n";
    lines += "no JSON at all, Bearer abcdefghijklmnopqrstuvwxyz" + n + "\n";
  }
  return lines;
}

class SealedIndexTest : public IngestTest {
 protected:
  void SetUp() override {
    IngestTest::SetUp();
    const auto archive = ArchiveReader::Open(files_, "A");
    ASSERT_TRUE(archive.has_value());
    auto rules = IndexRules::Create(archive->genesis());
    ASSERT_TRUE(rules.has_value());
    rules_.emplace(*std::move(rules));
  }

  Result<ArchiveWriter> Open(FileSystem& files, SegmentIndexBuilder& indexer,
                             unsigned threads) {
    TRY_ASSIGN(KeyStore keys, KeyStore::Open(files, "A.keys"));
    return ArchiveWriter::Open(
        files, clock_, "A", std::move(keys),
        {.indexer = &indexer, .merge_below_bytes = 0, .threads = threads});
  }

  void IngestRun(ArchiveWriter& writer, int run) {
    const std::string name = "log" + std::to_string(run);
    inputs_.Add(name, Lines(run));
    IngestResult result;
    ASSERT_TRUE(Ingest(writer, Options({File(name)}),
                       {.inputs = inputs_,
                        .clock = clock_,
                        .mapper = Mapper(),
                        .stop = stop_,
                        .index = &*rules_},
                       result)
                    .has_value());
  }

  // One writer for all runs, which is closed unsealed.
  void IngestAll() {
    SegmentIndexBuilder indexer(*rules_);
    auto writer = Open(files_, indexer, 1);
    ASSERT_TRUE(writer.has_value());
    for (int run = 0; run < kRuns; ++run) {
      IngestRun(*writer, run);
    }
    ASSERT_TRUE(writer->Close().has_value());
  }

  struct Sealed {
    ByteVector index;
    std::uint64_t mapped_blocks = 0;
  };
  // By a process that has nothing but the files.
  Sealed SealLater(FileSystem& files, unsigned threads) {
    SegmentIndexBuilder indexer(*rules_);
    auto writer = Open(files, indexer, threads);
    EXPECT_TRUE(writer.has_value());
    const auto sealed = writer->Seal();
    EXPECT_TRUE(sealed.has_value())
        << (sealed.has_value() ? "" : sealed.error().message);
    return {ReadIndex(files), indexer.mapped_blocks()};
  }
  // By one that has only the archive: no parts.
  ByteVector IndexOfRecords(unsigned threads) {
    MemoryFileSystem copy = Copy();
    copy.RemovePath(kParts);
    const Sealed sealed = SealLater(copy, threads);
    EXPECT_EQ(sealed.mapped_blocks, static_cast<std::uint64_t>(kRuns));
    return sealed.index;
  }
  static ByteVector ReadIndex(FileSystem& files) {
    const auto segments = files.OpenDirectory("A/segments");
    return *ReadWholeFile(**segments, "000000000000.idx", 1u << 24);
  }
  // As it stands, what is not durable too.
  MemoryFileSystem Copy() const {
    return files_.CrashCopy({.names = CrashPolicy::Names::kKeepUnsynced,
                             .data = CrashPolicy::Data::kKeepUnsynced});
  }

  // Every sealed segment's index is the one that its records make.
  void ExpectIndexesOfRecords(MemoryFileSystem& files) {
    const auto archive = ArchiveReader::Open(files, "A");
    ASSERT_TRUE(archive.has_value());
    const auto checked = CheckDerivedIndexes(*archive, *rules_, 1);
    ASSERT_TRUE(checked.has_value());
    EXPECT_TRUE(checked->findings.empty());
    EXPECT_TRUE(checked->not_checked.empty());
    std::uint64_t indexes = 0;
    for (const std::string& path : files.ListPaths()) {
      indexes += path.ends_with(".idx") ? 1u : 0u;
    }
    EXPECT_EQ(checked->indexes_ok, indexes);
  }

  std::optional<IndexRules> rules_;
};

}  // namespace authseal

#endif  // AUTHSEAL_TESTS_UNIT_INGEST_SEALED_INDEX_FIXTURE_H_
