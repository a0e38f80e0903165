// --match over an archive: the same answers as reading every line, and damage
// is found where nothing matches too.
#include <algorithm>
#include <optional>
#include <string>

#include <gtest/gtest.h>

#include "lib/compress/zstd_frame.h"
#include "lib/crypto/sha256.h"
#include "lib/query/delivered.h"
#include "tests/unit/query/archive_scan_fixture.h"
#include "tests/unit/query/hiding_lines.h"

namespace authseal {
namespace {

EventFilter Matching(const std::vector<std::string>& conditions) {
  EventFilter filter;
  for (const std::string& condition : conditions) {
    filter.members.push_back(*MemberMatch::Parse(condition));
  }
  return filter;
}

RowQueryOptions JsonLines() {
  RowQueryOptions options;
  options.rows.format = RowFormat::kJsonLines;
  return options;
}

CountQueryOptions CountingRecords() {
  CountQueryOptions options;
  options.records_only = true;
  return options;
}

// The answers among `records`, each parsed.
std::string SlowAnswers(const Records& records, const EventFilter& filter) {
  std::string lines;
  JsonDocument ours;
  JsonDocument document;
  for (const auto& [number, record] : records) {
    const std::string_view object =
        ProviderObject(record, MarkOf(record), ours);
    if (!object.empty() && document.Parse(object) == JsonFault::kNone &&
        filter.MatchesObject(document.root())) {
      lines += record + "\n";
    }
  }
  return lines;
}

TEST(MatchQuery, FindsWhatReadingEveryLineFinds) {
  RecordedArchive archive;
  archive.Commit({kHidingLines, {R"({"x":"only this"})"}});
  archive.Seal();
  archive.Commit({kHidingLines});
  const ArchiveFiles files = archive.Files();
  std::size_t answered = 0;
  for (const std::string& one : kHidingConditions) {
    for (const std::string& other : {one, std::string("/name~val|1")}) {
      const EventFilter filter = Matching({one, other});
      const std::string answers = SlowAnswers(archive.records(), filter);
      const QueriedRows rows =
          QueryRows(files, archive.pin(), filter, JsonLines(), 2);
      ASSERT_EQ(rows.text, answers) << one << " and " << other;
      ASSERT_EQ(FindingLines(rows.result.scan), "");
      const CountQueryResult counts =
          QueryCounts(files, archive.pin(), filter, CountingRecords());
      ASSERT_EQ(counts.total, static_cast<std::uint64_t>(std::count(
                                  answers.begin(), answers.end(), '\n')));
      answered += answers.empty() ? 0U : 1U;
    }
  }
  EXPECT_GT(answered, 40U);
}

// The holder of the epoch's key signs a last block of the open segment that is
// not what its tree says.
class LyingWriterTest : public ArchiveScanTest {
 protected:
  // `frame` and `content_size_bytes` in the place of what is there.
  void Forge(const ByteVector& frame, std::size_t content_size_bytes,
             const std::vector<MarkRun>& marks = {}) {
    files_ = archive_.Files();
    MemoryFileSystem file_system = FileSystemOf(files_);
    const auto archive = ArchiveReader::Open(file_system, "A");
    const auto listing = archive->List();
    const auto segment = archive->OpenSegment(listing->segments.back());
    const std::size_t last = segment->map().blocks.size() - 1;
    ByteVector header_frame;
    BlockHeader header = *segment->ReadHeader(last, header_frame);
    ASSERT_TRUE(header.signature.has_value());
    header.stored_size_bytes = static_cast<std::uint32_t>(frame.size());
    header.stored_hash = Sha256Of(frame);
    header.content_size_bytes = static_cast<std::uint32_t>(content_size_bytes);
    header.marks = marks;
    header.signature =
        *archive_.archive()
             .EpochSigner(header.epoch)
             .Sign(BlockHeaderSignedMessage(archive->genesis(), header));
    ByteVector& file = files_.at(kOpen);
    file.resize(segment->map().blocks[last].data.offset_bytes);
    file.insert(file.end(), frame.begin(), frame.end());
    const ByteVector forged = EncodeBlockHeader(header);
    file.insert(file.end(), forged.begin(), forged.end());
  }
  void ForgeContent(std::string_view content,
                    const std::vector<MarkRun>& marks = {}) {
    ByteVector frame;
    FrameCompressor compressor;
    ASSERT_TRUE(compressor.Compress(AsBytes(content), frame).has_value());
    Forge(frame, content.size(), marks);
  }
  // What a query for `condition` finds wrong, and what it prints.
  std::string Findings(const std::string& condition) {
    const EventFilter filter =
        condition.empty() ? EventFilter() : Matching({condition});
    const QueriedRows rows =
        QueryRows(files_, archive_.pin(), filter, JsonLines());
    text_ = rows.text;
    const CountQueryResult counts =
        QueryCounts(files_, archive_.pin(), filter, CountingRecords());
    EXPECT_EQ(FindingLines(counts.scan), FindingLines(rows.result.scan));
    EXPECT_EQ(counts.total, rows.result.rows);
    return FindingLines(rows.result.scan);
  }
  static std::string Finding(const std::string& name) {
    return name + " " + kOpen + " 49..51\n";
  }

  std::string text_;
};

TEST_F(LyingWriterTest, WhatIsNotTheTreesIsNeverAnAnswer) {
  ForgeContent("{\"smuggled\":\"x\"}\n{\"a\":{\"smuggled\":\"y\"}}\n");
  EXPECT_EQ(Findings("/smuggled=x"), Finding("leaf-mismatch"));
  EXPECT_EQ(text_, "");
  EXPECT_EQ(Findings("/a/smuggled~y"), Finding("leaf-mismatch"));
  EXPECT_EQ(Findings("/smuggled!=z"), Finding("leaf-mismatch"));
  EXPECT_EQ(text_.find("smuggled"), std::string::npos);
  EXPECT_EQ(Findings(""), Finding("leaf-mismatch"));
  EXPECT_EQ(text_.find("smuggled"), std::string::npos);
  // Nothing of it is handed on, so its leaves are for verify to look at.
  EXPECT_EQ(Findings("/smuggled=z"), "");
  EXPECT_EQ(Findings("/absent=x"), "");
}

TEST_F(LyingWriterTest, OtherFaultsAreFoundWhereNothingMatches) {
  ForgeContent("{}\n{}\n{}\n");
  EXPECT_EQ(Findings("/absent=x"), Finding("count-mismatch"));
  ForgeContent("{}\n{}");
  EXPECT_EQ(Findings("/absent=x"), Finding("count-mismatch"));
  ForgeContent("{\"a\":1}\n{\"b\":2}\n", {{0, 1, RecordMark::kControl}});
  EXPECT_EQ(Findings("/absent=x"), Finding("header-invalid"));
  EXPECT_EQ(Findings("/a=1"), Finding("header-invalid"));
}

TEST_F(LyingWriterTest,
       AFrameWithAWrongChecksumOrSizeIsFoundWhereNothingMatches) {
  const std::string content = "{\"a\":1}\n{\"b\":2}\n";
  ByteVector frame;
  FrameCompressor compressor;
  ASSERT_TRUE(compressor.Compress(AsBytes(content), frame).has_value());
  Forge(frame, content.size() + 1);
  EXPECT_EQ(Findings("/absent=x"), Finding("frame-corrupt"));
  frame.back() ^= 1;
  Forge(frame, content.size());
  EXPECT_EQ(Findings("/absent=x"), Finding("frame-corrupt"));
}

TEST_F(ArchiveScanTest, EveryFlippedByteOfABlockIsFoundWhereNothingMatches) {
  const ByteVector sound = files_.at(kSecond);
  const SegmentMap map = MapOf(files_, kSecond);
  const EventFilter filter = Matching({"/absent=x"});
  for (const BlockExtent& block : map.blocks) {
    for (std::uint64_t at = block.data.offset_bytes;
         at < block.data.end_bytes(); at += 5) {
      files_.at(kSecond) = sound;
      FlipByte(kSecond, at);
      const QueriedRows rows =
          QueryRows(files_, archive_.pin(), filter, JsonLines());
      ASSERT_FALSE(rows.result.scan.findings.empty()) << at;
      ASSERT_EQ(rows.text, "");
    }
  }
}

}  // namespace
}  // namespace authseal
