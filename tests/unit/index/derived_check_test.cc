#include "lib/index/derived_check.h"

#include <gtest/gtest.h>

#include "tests/unit/index/indexed_archive.h"

namespace authseal {
namespace {

std::string Client(int number) {
  return R"({"client_id":"c)" + std::to_string(number) + "\"}";
}

DerivedCheck Check(const ArchiveFiles& files, const IndexRules& rules) {
  MemoryFileSystem file_system = FileSystemOf(files);
  const auto archive = ArchiveReader::Open(file_system, "A");
  EXPECT_TRUE(archive.has_value());
  auto check = CheckDerivedIndexes(*archive, rules, 2);
  EXPECT_TRUE(check.has_value());
  return *std::move(check);
}

std::vector<Finding> Verified(const IndexedArchive& archive,
                              const ArchiveFiles& files) {
  VerifyOptions options;
  options.pin = archive.pin();
  auto report = Verify(files, options);
  EXPECT_TRUE(report.has_value());
  return report->findings;
}

TEST(DerivedCheck, SoundIndexesAreWhatTheRecordsMake) {
  IndexedArchive archive;
  archive.FillSamples();
  const auto check = Check(archive.Files(), archive.rules());
  EXPECT_TRUE(check.findings.empty());
  EXPECT_TRUE(check.not_checked.empty());
  EXPECT_EQ(check.indexes_ok, 3u);
  EXPECT_TRUE(Verified(archive, archive.Files()).empty());
}

TEST(DerivedCheck, FindsATermThatTheWriterLeftOut) {
  IndexedArchive archive;
  archive.indexer().change_part = [](BlockIndexPart& part) {
    part.terms.pop_back();
  };
  archive.Commit({{Client(1), Client(2)}, {Client(3)}});
  archive.Seal();
  // Sealed as it is, it is the index that the footer names.
  EXPECT_TRUE(Verified(archive, archive.Files()).empty());
  const auto check = Check(archive.Files(), archive.rules());
  ASSERT_EQ(check.findings.size(), 1u);
  EXPECT_EQ(check.findings[0].kind, FindingKind::kIndexMismatch);
  EXPECT_EQ(check.findings[0].file, "segments/000000000000.idx");
}

TEST(DerivedCheck, FindsTimesThatTheWriterMadeUp) {
  IndexedArchive archive;
  archive.indexer().change_part = [](BlockIndexPart& part) {
    part.time_max.value -= 1;
  };
  archive.Commit({{Client(1)}});
  archive.Seal();
  EXPECT_EQ(Check(archive.Files(), archive.rules()).findings.size(), 1u);
}

TEST(DerivedCheck, OtherMappingsAreNotCheckedAndSaidSo) {
  IndexedArchive archive;
  archive.rules().mapping_id.bytes[0] ^= 1;
  archive.Commit({{Client(1)}});
  archive.Seal();
  const ArchiveFiles files = archive.Files();
  archive.rules().mapping_id.bytes[0] ^= 1;
  const auto check = Check(files, archive.rules());
  EXPECT_TRUE(check.findings.empty());
  EXPECT_EQ(check.indexes_ok, 0u);
  ASSERT_EQ(check.not_checked.size(), 1u);
  EXPECT_NE(check.not_checked[0].find("other mappings"), std::string::npos);
}

TEST(DerivedCheck, SegmentsWithoutIndexHaveNothingToCompare) {
  TestArchive archive;
  FillSample(archive);
  const auto check =
      Check(archive.Files(), *IndexRules::Create(*archive.pin().genesis));
  EXPECT_TRUE(check.findings.empty());
  EXPECT_TRUE(check.not_checked.empty());
}

// What full verification sees of an index that its writer made wrong.
TEST(DerivedCheck, VerifyFindsADirectoryThatIsNotTheBlocks) {
  IndexedArchive archive;
  archive.indexer().change_body = [](ByteVector& body) {
    const IndexHeader header =
        *DecodeIndexHeader(Bytes(body).first(kIndexPageSizeBytes),
                           body.size() / kIndexPageSizeBytes);
    // The last byte of the first block's header hash.
    body[static_cast<std::size_t>(header.directory.offset_bytes) +
         kIndexBlockSizeBytes - 1] ^= 1;
  };
  archive.Commit({{Client(1)}, {Client(2)}});
  archive.Seal();
  const auto findings = Verified(archive, archive.Files());
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].kind, FindingKind::kIndexMismatch);
  EXPECT_NE(findings[0].text.find("block 0"), std::string::npos);
}

TEST(DerivedCheck, VerifyFindsATableThatIsNotThePages) {
  IndexedArchive archive;
  archive.indexer().change_file = [](ByteVector& file) { file.back() ^= 1; };
  archive.Commit({{Client(1)}});
  archive.Seal();
  const auto findings = Verified(archive, archive.Files());
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_NE(findings[0].text.find("table"), std::string::npos);
}

TEST(DerivedCheck, VerifyFindsAHeaderAboutOtherRecords) {
  IndexedArchive archive;
  archive.indexer().change_body = [](ByteVector& body) {
    body[36] = 1;  // first_record
    body[44] = 9;  // end_record
  };
  archive.Commit({{Client(1), Client(2)}});
  archive.Seal();
  EXPECT_EQ(Verified(archive, archive.Files()).size(), 1u);
}

}  // namespace
}  // namespace authseal
