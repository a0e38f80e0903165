// What is worth knowing about an archive that has nothing wrong.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/verify/test_archive.h"

namespace authseal {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;

VerifyReport VerifySound(const ArchiveFiles& files, const Pin& pin) {
  auto report = Verify(files, pin);
  EXPECT_TRUE(report.has_value());
  EXPECT_TRUE(report->verified()) << Describe(*report);
  return *std::move(report);
}

TEST(ArchiveNotes, AClockThatWentBackIsNotedOnce) {
  TestArchive archive;
  for (int i = 0; i < 3; ++i) {
    archive.Commit({{"{\"n\":" + std::to_string(i) + "}"}});
    archive.clock().AdvanceSeconds(-60);
  }
  const VerifyReport report = VerifySound(archive.Files(), archive.pin());
  EXPECT_EQ(NoteNames(report), "clock-stepped");
  EXPECT_THAT(report.notes[0].text, HasSubstr("1 times more"));
}

TEST(ArchiveNotes, AClockThatStandsStillIsNot) {
  TestArchive archive;
  archive.Commit({{"{}"}});
  archive.clock().AdvanceSeconds(-1);  // up to a second is slewing
  archive.Commit({{"{}"}});
  EXPECT_EQ(NoteNames(VerifySound(archive.Files(), archive.pin())), "");
}

TEST(ArchiveNotes, ASourceThatBeganAnewIsNoted) {
  TestArchive archive;
  archive.CommitFrom("/log", 0, 5000, 1, {"{}"});
  archive.CommitFrom("/log", 5000, 6000, 1, {"{}"});
  archive.CommitFrom("/other", 0, 10, 7, {"{}"});
  EXPECT_EQ(NoteNames(VerifySound(archive.Files(), archive.pin())), "");
  archive.CommitFrom("/log", 0, 4500, 2, {"{}"});
  const VerifyReport report = VerifySound(archive.Files(), archive.pin());
  EXPECT_EQ(NoteNames(report), "source-restarted");
  EXPECT_THAT(report.notes[0].text, HasSubstr("/log"));
}

TEST(ArchiveNotes, ManyRestartsAreCounted) {
  TestArchive archive;
  for (std::uint8_t i = 0; i < 20; ++i) {
    archive.CommitFrom("/log", 0, 5000, i, {"{}"});
  }
  const VerifyReport report = VerifySound(archive.Files(), archive.pin());
  EXPECT_EQ(report.notes.size(), 11u);
  EXPECT_THAT(report.notes.back().text, HasSubstr("9 more sources"));
}

TEST(ArchiveNotes, SealedAndUnpublishedIsNoted) {
  TestArchive archive;
  archive.Commit({{"{}"}});
  archive.Seal();
  archive.HideIdentity();
  archive.Commit({{"{}"}});
  archive.Seal();
  const VerifyReport report = VerifySound(archive.Files(), archive.pin());
  EXPECT_EQ(NoteNames(report), "unpublished");
  EXPECT_EQ(report.checkpoint_size, 2u);
  EXPECT_THAT(report.notes[0].text, HasSubstr("records 2 to 3"));
}

TEST(ArchiveNotes, SalvageIsNoted) {
  TestArchive archive;
  ArchiveFiles files = archive.Files();
  files["salvage/x"] = {1};
  EXPECT_EQ(NoteNames(VerifySound(files, archive.pin())), "salvage-present");
}

TEST(ArchiveNotes, ATemporaryFileAndAnIndexOfASealUnderWayAreNothing) {
  TestArchive archive("log.example.org", 100);
  FillSample(archive);
  ArchiveFiles files = archive.Files();
  files["segments/000000000020.idx"] = {1, 2};
  files["segments/000000000020.jsonl.zst.tmp"] = {1, 2};
  EXPECT_EQ(NoteNames(VerifySound(files, archive.pin())), "");
}

TEST(ArchiveNotes, AnArchiveWithoutRecordsIsSound) {
  TestArchive archive;
  const VerifyReport report = VerifySound(archive.Files(), archive.pin());
  EXPECT_EQ(report.tree_size, 0u);
  EXPECT_EQ(report.records.total, 0u);
  EXPECT_TRUE(report.trustworthy.empty());
}

TEST(ArchiveNotes, AnEmptySealIsSound) {
  TestArchive archive;
  archive.Seal();
  archive.Seal();
  const VerifyReport report = VerifySound(archive.Files(), archive.pin());
  EXPECT_EQ(report.tree_size, 2u);
  EXPECT_EQ(report.segments.ok, 2u);
  EXPECT_NE(report.last_seal_time.value, 0);
}

TEST(ArchiveNotes, WhatAQuickLookLeavesOutIsSaid) {
  TestArchive archive;
  FillSample(archive);
  auto report = Verify(archive.Files(), archive.pin(), VerifyDepth::kQuick);
  ASSERT_TRUE(report.has_value());
  EXPECT_THAT(report->not_checked,
              Contains(HasSubstr("content was not decompressed")));
  EXPECT_THAT(report->not_checked, Contains(HasSubstr("unsealed")).Times(0));
  EXPECT_THAT(report->not_checked, Contains(HasSubstr("cut off")));
  VerifyOptions options;
  options.pin = archive.pin();
  options.full_from_record = 11;
  report = Verify(archive.Files(), options);
  ASSERT_TRUE(report.has_value());
  EXPECT_TRUE(report->verified());
  EXPECT_THAT(report->not_checked,
              Contains(HasSubstr("end at or before record 11 was not")));
}

TEST(ArchiveNotes, CosignaturesMustBeSignatureLines) {
  TestArchive archive;
  FillSample(archive);
  ArchiveFiles files = archive.Files();
  const std::string line =
      FormatSignatureLine({"witness.example", 0x01020304, ByteVector(72, 9)});
  const auto put = [&files](const std::string& text) {
    files["checkpoints/000000000020.cosig"] =
        ByteVector(text.begin(), text.end());
  };
  put(line + line);
  const auto report = VerifySound(files, archive.pin());
  EXPECT_THAT(report.not_checked, Contains(HasSubstr("1 files beside")));
  for (const std::string& text :
       {std::string(), line.substr(0, line.size() - 1),
        std::string("\n") + line, line + "x\n", line + "\n" + line}) {
    put(text);
    const auto bad = Verify(files, archive.pin());
    ASSERT_TRUE(bad.has_value());
    EXPECT_EQ(FindingNames(*bad), "checkpoint-invalid") << text;
  }
}

}  // namespace
}  // namespace authseal
