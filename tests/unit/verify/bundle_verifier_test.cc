#include "lib/verify/bundle_verifier.h"

#include <functional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/faulty_file_system.h"
#include "tests/unit/verify/bundle_verifier_fixture.h"

namespace authseal {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

TEST_F(BundleVerifierTest, ProvesEachRecord) {
  std::uint64_t progress_records = 0;
  options_.progress = [&](const VerifyProgress& progress) {
    progress_records = progress.records;
    EXPECT_EQ(progress.done_bytes, progress.total_bytes);
  };
  const VerifyReport report = Verify();
  EXPECT_TRUE(report.verified());
  EXPECT_THAT(KindsOf(report), IsEmpty());
  EXPECT_EQ(report.records.total, 4u);
  EXPECT_EQ(report.records.ok, 4u);
  EXPECT_EQ(report.epochs, 3u);
  EXPECT_THAT(
      report.trustworthy,
      ElementsAre(RecordRange{1, 3}, RecordRange{5, 6}, RecordRange{9, 10}));
  EXPECT_EQ(report.tree_size, 12u);
  EXPECT_EQ(report.checkpoint_size, 12u);
  EXPECT_EQ(report.root, log_.checkpoint.root);
  EXPECT_EQ(report.genesis, log_.genesis);
  EXPECT_EQ(report.origin, kBundleOrigin);
  EXPECT_THAT(report.not_checked, Contains(HasSubstr("completeness")));
  EXPECT_EQ(progress_records, 4u);
}

TEST_F(BundleVerifierTest, ProvesAWholeLogAndAnEmptyChoice) {
  bundle_ = MakeSampleBundle(log_, {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11});
  const VerifyReport whole = Verify();
  EXPECT_TRUE(whole.verified());
  EXPECT_THAT(whole.trustworthy, ElementsAre(RecordRange{0, 12}));
  bundle_ = MakeSampleBundle(log_, {});
  const VerifyReport none = Verify();
  EXPECT_TRUE(none.verified());
  EXPECT_EQ(none.records.total, 0u);
}

TEST_F(BundleVerifierTest, IsTakenForABundleOnlyWithItsMarks) {
  bundle_.WriteTo(files_, "B");
  const auto is_bundle = [&](std::string_view path) {
    const auto result = IsBundle(files_, path);
    EXPECT_TRUE(result.has_value());
    return result.has_value() && *result;
  };
  EXPECT_TRUE(is_bundle("B"));
  EXPECT_FALSE(is_bundle("B/data"));
  EXPECT_FALSE(is_bundle("B/bagit.txt"));
  ASSERT_TRUE(files_.RemovePath("B/bagit.txt"));
  EXPECT_FALSE(is_bundle("B"));
  const auto missing = IsBundle(files_, "C");
  ASSERT_FALSE(missing.has_value());
  EXPECT_EQ(missing.error().code, ErrorCode::kNotFound);
}

TEST_F(BundleVerifierTest, NeedsAKey) {
  options_.pin.key.reset();
  const auto report = TryVerify();
  ASSERT_FALSE(report.has_value());
  EXPECT_EQ(report.error().code, ErrorCode::kKey);
}

TEST_F(BundleVerifierTest, SaysThatTheGenesisWasNotChecked) {
  EXPECT_THAT(Verify().not_checked, Not(Contains(HasSubstr("genesis"))));
  options_.pin.genesis.reset();
  const VerifyReport report = Verify();
  EXPECT_TRUE(report.verified());
  EXPECT_THAT(report.not_checked, Contains(HasSubstr("genesis")));
}

TEST_F(BundleVerifierTest, ChecksNotesUnderThePin) {
  const SampleLog other = MakeSampleLog(2);
  options_.pin = other.pin();
  EXPECT_THAT(
      KindsOf(Verify()),
      UnorderedElementsAre(Kind::kKeyChanged, Kind::kCheckpointInvalid));
  options_.pin = log_.pin();
  options_.pin.genesis = Hash{};
  EXPECT_THAT(KindsOf(Verify()), ElementsAre(Kind::kGenesisMismatch));
}

TEST_F(BundleVerifierTest, FindsNotesThatAreNot) {
  struct Case {
    const char* path;
    std::string content;
    Kind kind;
  };
  const std::string checkpoint = FormatCheckpointText(log_.checkpoint);
  const std::string huge(100'000, 'x');
  const Case cases[] = {
      {"data/archive.note", "", Kind::kKeyChanged},
      {"data/archive.note", huge, Kind::kKeyChanged},
      {"data/archive.note", log_.checkpoint_note, Kind::kKeyChanged},
      {"data/archive.note", SignAs(2, kBundleOrigin, "x\n"), Kind::kKeyChanged},
      {"data/checkpoint.note", "", Kind::kCheckpointInvalid},
      {"data/checkpoint.note", huge, Kind::kCheckpointInvalid},
      {"data/checkpoint.note", log_.archive_note, Kind::kCheckpointInvalid},
      {"data/checkpoint.note", SignAs(2, kBundleOrigin, checkpoint),
       Kind::kCheckpointInvalid},
      {"data/checkpoint.note", SignAs(1, "other.example", checkpoint),
       Kind::kCheckpointInvalid},
      {"data/checkpoint.note",
       SignAs(1, kBundleOrigin,
              Replaced(checkpoint, kBundleOrigin, "other.example")),
       Kind::kCheckpointInvalid},
      {"data/checkpoint.note",
       SignAs(1, kBundleOrigin, checkpoint + "extension\n"),
       Kind::kCheckpointInvalid},
      {"data/checkpoint.note",
       log_.checkpoint_note +
           log_.checkpoint_note.substr(log_.checkpoint_note.rfind("\n\n") + 2),
       Kind::kCheckpointInvalid},
  };
  for (std::size_t i = 0; i < std::size(cases); ++i) {
    bundle_ = MakeSampleBundle(log_, {1, 2, 5, 9});
    file(cases[i].path) = cases[i].content;
    const VerifyReport report = VerifyRemade();
    EXPECT_THAT(KindsOf(report), ElementsAre(cases[i].kind)) << i;
    const bool checkpoint_case = cases[i].kind == Kind::kCheckpointInvalid;
    EXPECT_EQ(report.records.ok, checkpoint_case ? 0u : 4u);
    EXPECT_EQ(report.records.total, 4u);
    EXPECT_EQ(report.trustworthy.empty(), checkpoint_case);
  }
}

TEST_F(BundleVerifierTest, RefusesANewerArchive) {
  file("data/archive.note") = "authseal archive v2\n";
  bundle_.RemakeManifests();
  const auto report = TryVerify();
  ASSERT_FALSE(report.has_value());
  EXPECT_EQ(report.error().code, ErrorCode::kNewerVersion);
}

TEST_F(BundleVerifierTest, MissesEveryFile) {
  const std::vector<std::string> paths = [&] {
    std::vector<std::string> names;
    for (const auto& [path, content] : bundle_.files) {
      names.push_back(path);
    }
    return names;
  }();
  ASSERT_EQ(paths.size(), 11u);
  for (const std::string& path : paths) {
    bundle_ = MakeSampleBundle(log_, {1, 2, 5, 9});
    bundle_.files.erase(path);
    const VerifyReport report = Verify();
    ASSERT_FALSE(report.verified()) << path;
    EXPECT_THAT(KindsOf(report), Contains(Kind::kFileMissing)) << path;
    EXPECT_EQ(report.findings[0].file, path);
  }
}

TEST_F(BundleVerifierTest, SeesAnyByteOfAnyFileChanged) {
  const SampleBundle good = bundle_;
  for (const auto& [path, content] : good.files) {
    for (const std::size_t at :
         {std::size_t{0}, content.size() / 2, content.size() - 1}) {
      bundle_ = good;
      file(path)[at] ^= 0x01;
      const auto report = TryVerify();
      // A note may also turn into one of another version.
      EXPECT_TRUE(!report.has_value() || !report->verified())
          << path << " at " << at;
    }
  }
}

TEST_F(BundleVerifierTest, NamesFilesThatDoNotBelong) {
  bundle_.WriteTo(files_, "B");
  ASSERT_TRUE(files_.WriteFile("B/data/extra.txt", AsBytes("x")));
  ASSERT_TRUE(files_.CreateDirectory("B/more", 0700).has_value());
  ASSERT_TRUE(files_.CreateDirectory("B/data/sub", 0700).has_value());
  ASSERT_TRUE(files_.RemovePath("B/README.txt"));
  ASSERT_TRUE(files_.AddSpecialFile("B/README.txt"));
  const auto report = VerifyBundle(files_, "B", options_);
  ASSERT_TRUE(report.has_value());
  std::vector<std::string> unexpected;
  for (const Finding& finding : report->findings) {
    if (finding.kind == Kind::kFileUnexpected) {
      unexpected.push_back(finding.file);
    }
  }
  EXPECT_THAT(unexpected, UnorderedElementsAre("data/extra.txt", "more",
                                               "data/sub", "README.txt"));
}

TEST_F(BundleVerifierTest, SurvivesAFileInThePlaceOfData) {
  bundle_.WriteTo(files_, "B");
  ASSERT_TRUE(files_.RemovePath("B/data"));
  ASSERT_TRUE(files_.WriteFile("B/data", AsBytes("x")));
  const auto report = VerifyBundle(files_, "B", options_);
  ASSERT_TRUE(report.has_value());
  EXPECT_FALSE(report->verified());
  EXPECT_THAT(KindsOf(*report), Contains(Kind::kFileUnexpected));
}

TEST_F(BundleVerifierTest, ReadsManifestsStrictly) {
  const std::string good = file("manifest-sha256.txt");
  const std::string hex(64, '0');
  const std::string cases[] = {
      "",
      good.substr(0, good.size() - 1),
      good + good.substr(0, good.find('\n') + 1),  // twice
      good + "\n",
      good + hex + "  /etc/passwd\n",
      good + hex + "  ../outside\n",
      good + hex + "  data/../../outside\n",
      good + hex + "  data//x\n",
      good + hex + "  ./data/x\n",
      good + hex + "  data/not-there\n",
      good + hex + "  README.txt\n",
      good + hex + "  \n",
      good + hex + "  data/a%0Ab\n",
      Replaced(good, "  data", " data"),
      Replaced(good, "  data", "   data"),
      Replaced(good, "  data", " *data"),
      Replaced(good, "data/archive.note\n", "data/archive.note\r\n"),
      std::string(100'000, 'a'),
  };
  for (const std::string& manifest : cases) {
    file("manifest-sha256.txt") = manifest;
    bundle_.RemakeTagManifest();  // the form alone is wrong
    const VerifyReport report = Verify();
    EXPECT_THAT(KindsOf(report), Contains(Kind::kManifestMismatch))
        << manifest.substr(0, 300);
    EXPECT_EQ(report.records.ok, 4u);  // proofs do not hang on manifests
  }
}

TEST_F(BundleVerifierTest, WantsTheBagItDeclarationToTheByte) {
  for (const char* text :
       {"", "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8",
        "BagIt-Version: 0.97\nTag-File-Character-Encoding: UTF-8\n",
        "BagIt-Version: 1.0\r\nTag-File-Character-Encoding: UTF-8\r\n"}) {
    file("bagit.txt") = text;
    EXPECT_THAT(KindsOf(VerifyRemade()), ElementsAre(Kind::kManifestMismatch));
  }
}

}  // namespace
}  // namespace authseal
