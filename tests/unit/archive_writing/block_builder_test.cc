#include "lib/archive/block_builder.h"

#include <functional>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lib/archive/format.h"
#include "lib/archive/segment_reader.h"
#include "tests/unit/archive_writing/archive_fixture.h"

namespace authseal {
namespace {

using ::testing::ElementsAre;

TEST(BlockBuilder, WhatItBuildsDecodesToTheSameRecords) {
  const std::vector<std::string> records = {R"({"a":1})", "", R"({"b":2})"};
  for (const std::uint64_t first_record : {0ull, 1ull, 7ull, 734212ull}) {
    BlockBuilder builder;
    const auto block = builder.Build(MakeDraft(records), first_record);
    ASSERT_TRUE(block.has_value()) << block.error().message;
    EXPECT_EQ(block->header.first_record, first_record);
    EXPECT_EQ(block->header.record_count, 3u);
    EXPECT_EQ(block->header.content_size_bytes, 17u);
    EXPECT_EQ(block->header.scrubbed_count, 1u);
    BlockDecoder decoder;
    ASSERT_EQ(decoder.Decode(block->frame, block->header),
              BlockDecoder::Fault::kNone);
    EXPECT_THAT(decoder.records(),
                ElementsAre(records[0], records[1], records[2]));
  }
}

TEST(BlockBuilder, ServesOneBlockAfterTheOther) {
  BlockBuilder builder;
  ASSERT_TRUE(builder.Build(MakeDraft({"long record", "another"}), 0));
  const auto again = builder.Build(MakeDraft({"x"}), 2);
  ASSERT_TRUE(again.has_value());
  const EncodedBlock fresh = MakeBlock(2, {"x"});
  EXPECT_EQ(again->header, fresh.header);
  EXPECT_EQ(again->frame, fresh.frame);
}

TEST(BlockBuilder, MarksRunsOfRecordsThatAreNotTheProviders) {
  const std::string prefix = R"({"authseal":{"prefix":"p","line":{}}})";
  const std::string unparsed =
      R"({"authseal":{"unparsed":{"reason":"nul","base64":""}}})";
  const EncodedBlock block = MakeBlock(
      0, {"{}", prefix, prefix, unparsed, "{}", R"({"authseal":{"x":1}})"});
  const std::vector<MarkRun> expected = {
      {.first = 1, .count = 2, .mark = RecordMark::kPrefix},
      {.first = 3, .count = 1, .mark = RecordMark::kUnparsed},
      {.first = 5, .count = 1, .mark = RecordMark::kControl}};
  EXPECT_EQ(block.header.marks, expected);
}

struct BadDraft {
  std::string name;
  std::function<void(BlockDraft&)> spoil;
};

void PrintTo(const BadDraft& draft, std::ostream* out) {
  *out << draft.name;
}

class BlockBuilderRefuses : public ::testing::TestWithParam<BadDraft> {};

TEST_P(BlockBuilderRefuses, AsInvalidArgument) {
  BlockDraft draft = MakeDraft({"aa", "bb"});
  draft.sources = {MakeSource("s", 0, 6, 2)};
  BlockBuilder builder;
  ASSERT_TRUE(builder.Build(draft, 0).has_value());
  GetParam().spoil(draft);
  const auto block = builder.Build(draft, 0);
  ASSERT_FALSE(block.has_value());
  EXPECT_EQ(block.error().code, ErrorCode::kInvalidArgument);
}

INSTANTIATE_TEST_SUITE_P(
    Drafts, BlockBuilderRefuses,
    ::testing::Values(
        BadDraft{"Empty", [](BlockDraft& draft) { draft = BlockDraft(); }},
        BadDraft{"NoEnds",
                 [](BlockDraft& draft) { draft.record_ends_bytes.clear(); }},
        BadDraft{"EndBeyondContent",
                 [](BlockDraft& draft) { draft.record_ends_bytes[1] = 6; }},
        BadDraft{"EndNotAtLf",
                 [](BlockDraft& draft) { draft.record_ends_bytes[0] = 1; }},
        BadDraft{"EndsOutOfOrder",
                 [](BlockDraft& draft) {
                   draft.record_ends_bytes = {5, 2};
                 }},
        BadDraft{"LfInsideARecord",
                 [](BlockDraft& draft) { draft.record_ends_bytes = {5}; }},
        BadDraft{"BytesBehind",
                 [](BlockDraft& draft) { draft.content.push_back('x'); }},
        BadDraft{"NoLfAtTheEnd",
                 [](BlockDraft& draft) { draft.content.back() = 'x'; }},
        BadDraft{"TooLarge",
                 [](BlockDraft& draft) {
                   draft.content.assign(kBlockContentSizeBytesMax + 1, 'x');
                   draft.content.back() = '\n';
                   draft.record_ends_bytes = {kBlockContentSizeBytesMax};
                 }},
        BadDraft{"SourceBeyondRecords",
                 [](BlockDraft& draft) { draft.sources[0].count = 3; }},
        BadDraft{"SourceCountOverflows",
                 [](BlockDraft& draft) {
                   draft.sources[0].first = 2;
                   draft.sources[0].count = UINT32_MAX;
                 }},
        BadDraft{"SourcesOverlap",
                 [](BlockDraft& draft) {
                   draft.sources.push_back(draft.sources[0]);
                 }},
        BadDraft{"SourceEndsBeforeItBegins",
                 [](BlockDraft& draft) { draft.sources[0].begin_bytes = 7; }},
        BadDraft{"SourceNameTooLong",
                 [](BlockDraft& draft) {
                   draft.sources[0].name.assign(kSourceNameSizeBytesMax + 1,
                                                'n');
                 }},
        BadDraft{"SourceNameNotUtf8",
                 [](BlockDraft& draft) { draft.sources[0].name = "\xff"; }},
        BadDraft{"SourceNameEmpty",
                 [](BlockDraft& draft) { draft.sources[0].name.clear(); }},
        BadDraft{"TooManySources",
                 [](BlockDraft& draft) {
                   draft.sources.assign(kBlockSourcesMax + 1,
                                        MakeSource("s", 0, 6, 0));
                 }},
        BadDraft{"SourceOfAControlRecord",
                 [](BlockDraft& draft) {
                   draft = MakeDraft({R"({"authseal":{}})"});
                   draft.sources = {MakeSource("s", 0, 6, 1)};
                 }}),
    [](const auto& named) { return named.param.name; });

TEST(BlockBuilder, RefusesRecordNumbersBeyondTwelveDigits) {
  BlockBuilder builder;
  const BlockDraft draft = MakeDraft({"a", "b"});
  EXPECT_TRUE(builder.Build(draft, kRecordNumberMax - 2).has_value());
  for (const std::uint64_t first :
       {kRecordNumberMax, kRecordNumberMax + 1, UINT64_MAX}) {
    const auto block = builder.Build(draft, first);
    ASSERT_FALSE(block.has_value());
    EXPECT_EQ(block.error().code, ErrorCode::kInvalidArgument);
  }
}

// Half of the records have a mark of their own.
BlockDraft MarkedDraft(int record_count) {
  std::vector<std::string> records;
  for (int i = 0; i < record_count; ++i) {
    records.emplace_back(i % 2 == 0 ? "{}" : R"({"authseal":0})");
  }
  return MakeDraft(records);
}

// More marks than a header has room for: refused, not cut or written.
TEST(BlockBuilder, RefusesMoreMarksThanAHeaderHolds) {
  BlockBuilder builder;
  EXPECT_TRUE(builder.Build(MarkedDraft(460'000), 0).has_value());
  const auto block = builder.Build(MarkedDraft(470'000), 0);
  ASSERT_FALSE(block.has_value());
  EXPECT_EQ(block.error().code, ErrorCode::kInvalidArgument);
  EXPECT_FALSE(block.error().hint.empty());
}

}  // namespace
}  // namespace authseal
