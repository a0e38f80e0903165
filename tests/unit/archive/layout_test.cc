#include "lib/archive/layout.h"

#include <gtest/gtest.h>

namespace authseal {
namespace {

TEST(Layout, NamesFilesByTwelveDigits) {
  EXPECT_EQ(SealedSegmentName(0), "000000000000.jsonl.zst");
  EXPECT_EQ(OpenSegmentName(734212), "000000734212.jsonl.zst.open");
  EXPECT_EQ(IndexName(999'999'999'999), "999999999999.idx");
  EXPECT_EQ(CheckpointName(7), "000000000007.note");
}

TEST(Layout, ReadsItsOwnSegmentNames) {
  for (const std::uint64_t number : {0ull, 734212ull, 999'999'999'999ull}) {
    const auto sealed = ParseSegmentFileName(SealedSegmentName(number));
    ASSERT_TRUE(sealed.has_value());
    EXPECT_EQ(sealed->kind, SegmentFileKind::kSealed);
    EXPECT_EQ(sealed->first_record, number);
    const auto open = ParseSegmentFileName(OpenSegmentName(number));
    ASSERT_TRUE(open.has_value());
    EXPECT_EQ(open->kind, SegmentFileKind::kOpen);
    EXPECT_EQ(open->first_record, number);
    const auto index = ParseSegmentFileName(IndexName(number));
    ASSERT_TRUE(index.has_value());
    EXPECT_EQ(index->kind, SegmentFileKind::kIndex);
    EXPECT_EQ(index->first_record, number);
  }
}

TEST(Layout, ReadsCheckpointNames) {
  struct Case {
    const char* name;
    CheckpointFileKind kind;
  };
  for (const Case& c :
       {Case{"000000734212.note", CheckpointFileKind::kNote},
        Case{"000000734212.cosig", CheckpointFileKind::kCosignatures},
        Case{"000000734212.tsq", CheckpointFileKind::kTimestampRequest},
        Case{"000000734212.tsr", CheckpointFileKind::kTimestampReply}}) {
    const auto parsed = ParseCheckpointFileName(c.name);
    ASSERT_TRUE(parsed.has_value()) << c.name;
    EXPECT_EQ(parsed->kind, c.kind);
    EXPECT_EQ(parsed->tree_size, 734212u);
  }
}

TEST(Layout, TakesTemporaryFilesOfASegmentAsSuch) {
  const auto parsed = ParseSegmentFileName("000000000000.idx.tmp");
  ASSERT_TRUE(parsed.has_value());
  EXPECT_EQ(parsed->kind, SegmentFileKind::kTemporary);
}

TEST(Layout, RefusesEveryOtherName) {
  for (const char* name :
       {"", ".", "..", ".tmp", "x", "000000000000", "00000000000.jsonl.zst",
        "0000000000000.jsonl.zst", "00000000000a.jsonl.zst",
        "-00000000001.jsonl.zst", "+00000000001.idx", " 00000000000.idx",
        "000000000000.jsonl.zst ", "000000000000.JSONL.zst",
        "000000000000.jsonl.zst.open.open", "000000000000.jsonl",
        "000000000000.note", "000000000000.idx\n"}) {
    EXPECT_FALSE(ParseSegmentFileName(name).has_value()) << name;
  }
  for (const char* name :
       {"", ".note", "000000000000", "00000000000.note", "0000000000000.note",
        "000000000000.note.tmp", "000000000000.idx", "00000000000x.note"}) {
    EXPECT_FALSE(ParseCheckpointFileName(name).has_value()) << name;
  }
  EXPECT_FALSE(ParseSegmentFileName(std::string_view("000000000000.idx\0", 17))
                   .has_value());
}

}  // namespace
}  // namespace authseal
