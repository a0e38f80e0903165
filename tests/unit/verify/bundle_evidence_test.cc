// What a bundle proves: records, their places, their epochs.
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

TEST_F(BundleVerifierTest, FindsAChangedRecordWhateverElseIsChanged) {
  file("data/records.jsonl") =
      Replaced(file("data/records.jsonl"), "{\"n\":5}", "{\"n\":6}");
  VerifyReport report = VerifyRemade();
  ASSERT_THAT(KindsOf(report), ElementsAre(Kind::kRecordMismatch));
  EXPECT_EQ(report.findings[0].records, (RecordRange{5, 6}));
  EXPECT_THAT(report.trustworthy,
              ElementsAre(RecordRange{1, 3}, RecordRange{9, 10}));
  // The leaf changed with it: the proof fails.
  SampleLog forged = log_;
  forged.records[5] = "{\"n\":6}";
  file("data/proofs.jsonl") = log_.ProofLineOf(1) + log_.ProofLineOf(2) +
                              forged.ProofLineOf(5) + log_.ProofLineOf(9);
  report = VerifyRemade();
  ASSERT_THAT(KindsOf(report), ElementsAre(Kind::kProofInvalid));
  EXPECT_EQ(report.findings[0].records, (RecordRange{5, 6}));
  EXPECT_EQ(report.records.ok, 3u);
}

TEST_F(BundleVerifierTest, FindsRecordsInAnotherOrder) {
  std::string& records = file("data/records.jsonl");
  records = log_.records[2] + "\n" + log_.records[1] + "\n" + log_.records[5] +
            "\n" + log_.records[9] + "\n";
  EXPECT_THAT(KindsOf(VerifyRemade()),
              ElementsAre(Kind::kRecordMismatch, Kind::kRecordMismatch));
  // Proofs in the same order: each is right, the order is not.
  file("data/proofs.jsonl") = log_.ProofLineOf(2) + log_.ProofLineOf(1) +
                              log_.ProofLineOf(5) + log_.ProofLineOf(9);
  EXPECT_THAT(KindsOf(VerifyRemade()), ElementsAre(Kind::kProofInvalid));
  // The same record twice is no growth either.
  records = log_.records[1] + "\n" + log_.records[1] + "\n";
  file("data/proofs.jsonl") = log_.ProofLineOf(1) + log_.ProofLineOf(1);
  file("data/epochs.txt") = log_.EpochLineOf(3);
  const VerifyReport report = VerifyRemade();
  EXPECT_THAT(KindsOf(report), ElementsAre(Kind::kProofInvalid));
  EXPECT_EQ(report.records.ok, 1u);
}

TEST_F(BundleVerifierTest, ComparesTheNumbersOfLines) {
  const std::string records = file("data/records.jsonl");
  const std::string proofs = file("data/proofs.jsonl");
  file("data/records.jsonl") = records + log_.records[10] + "\n{}\n";
  VerifyReport report = VerifyRemade();
  EXPECT_THAT(KindsOf(report), ElementsAre(Kind::kCountMismatch));
  EXPECT_EQ(report.records.total, 6u);
  EXPECT_EQ(report.records.ok, 4u);
  file("data/records.jsonl") = records;
  file("data/proofs.jsonl") = proofs + log_.ProofLineOf(10);
  report = VerifyRemade();
  EXPECT_THAT(KindsOf(report), ElementsAre(Kind::kCountMismatch));
  EXPECT_EQ(report.records.total, 4u);
}

TEST_F(BundleVerifierTest, FindsLinesThatAreCutShort) {
  const std::string records = file("data/records.jsonl");
  file("data/records.jsonl") = records.substr(0, records.size() - 1);
  EXPECT_THAT(KindsOf(VerifyRemade()), Contains(Kind::kRecordMismatch));
  file("data/records.jsonl") = records;
  std::string& proofs = file("data/proofs.jsonl");
  proofs.pop_back();
  EXPECT_THAT(KindsOf(VerifyRemade()), Contains(Kind::kProofInvalid));
  proofs = std::string(1'000'000, 'x') + "\n";
  EXPECT_THAT(KindsOf(VerifyRemade()), Contains(Kind::kProofInvalid));
}

TEST_F(BundleVerifierTest, FindsIndicesBeyondTheTree) {
  for (const char* index : {"12", "999999999999", "18446744073709551615"}) {
    file("data/proofs.jsonl") = Replaced(
        MakeSampleBundle(log_, {1, 2, 5, 9}).files["data/proofs.jsonl"],
        "\"index\":9", std::string("\"index\":") + index);
    const VerifyReport report = VerifyRemade();
    EXPECT_THAT(KindsOf(report), Contains(Kind::kProofInvalid)) << index;
    EXPECT_EQ(report.records.ok, 3u);
  }
}

TEST_F(BundleVerifierTest, WantsTheSealOfEachRecordsEpochAndNoOther) {
  const std::string lines[] = {log_.EpochLineOf(3), log_.EpochLineOf(8),
                               log_.EpochLineOf(11)};
  std::string& epochs = file("data/epochs.txt");
  for (const std::string& missing : {lines[1] + lines[2], lines[0] + lines[2],
                                     lines[0] + lines[1], std::string()}) {
    epochs = missing;
    EXPECT_THAT(KindsOf(VerifyRemade()), Contains(Kind::kEpochGap));
  }
  epochs = lines[0] + lines[2] + lines[1];
  EXPECT_THAT(KindsOf(VerifyRemade()), Contains(Kind::kEpochGap));
  epochs = lines[0] + lines[0] + lines[1] + lines[2];
  EXPECT_THAT(KindsOf(VerifyRemade()), ElementsAre(Kind::kEpochGap));
  bundle_ = MakeSampleBundle(log_, {1, 9});
  file("data/epochs.txt") = lines[0] + lines[1] + lines[2];
  EXPECT_THAT(KindsOf(VerifyRemade()), ElementsAre(Kind::kEpochGap));
}

TEST_F(BundleVerifierTest, ProvesSealRecords) {
  const std::string good = file("data/epochs.txt");
  struct Case {
    std::string_view from;
    std::string_view to;
  };
  for (const Case& c :
       {Case{"\"epoch\":1", "\"epoch\":7"},
        Case{"\"index_kind\":0", "\"index_kind\":1"},
        Case{"\"first_record\":4", "\"first_record\":5"},
        Case{"\"end_record\":9", "\"end_record\":8"}, Case{"8 ", "7 "},
        Case{"8 ", "08 "}, Case{"{\"authseal\":{\"seal\":{", "{\"seal\":{"},
        Case{",", ", "}}) {
    file("data/epochs.txt") = Replaced(good, c.from, c.to);
    const VerifyReport report = VerifyRemade();
    EXPECT_THAT(KindsOf(report), Contains(Kind::kProofInvalid)) << c.to;
    EXPECT_LT(report.epochs, 3u);
  }
  file("data/epochs.txt") = good.substr(0, good.size() - 1);
  EXPECT_THAT(KindsOf(VerifyRemade()), Contains(Kind::kProofInvalid));
  file("data/epochs.txt") = good + std::string(100'000, 'x') + "\n";
  EXPECT_THAT(KindsOf(VerifyRemade()), Contains(Kind::kProofInvalid));
}

TEST_F(BundleVerifierTest, ComparesWithCheckpointsFromElsewhere) {
  Checkpoint same = log_.checkpoint;
  Checkpoint larger = same;
  larger.size = 20;
  Checkpoint nothing = same;
  nothing.size = 0;
  options_.known = {{"a", same}, {"b", larger}, {"state", nothing}};
  VerifyReport report = Verify();
  EXPECT_TRUE(report.verified());
  ASSERT_EQ(report.known.size(), 2u);
  EXPECT_TRUE(report.known[0].consistent);
  EXPECT_FALSE(report.known[1].consistent);
  EXPECT_THAT(report.not_checked, Contains(HasSubstr("at size 20 from b")));
  Checkpoint forked = same;
  forked.root = Hash{};
  options_.known = {{"witness", forked}};
  report = Verify();
  ASSERT_THAT(KindsOf(report), ElementsAre(Kind::kFork));
  EXPECT_THAT(report.findings[0].text, HasSubstr("witness"));
}

TEST_F(BundleVerifierTest, ReportsEveryFailedReadAsAnError) {
  bundle_.WriteTo(files_, "B");
  FaultyFileSystem faulty(files_);
  FaultPlan plan;
  plan.counts = FaultPlan::Counts::kReading;
  faulty.SetPlan(plan);
  ASSERT_TRUE(VerifyBundle(faulty, "B", options_).has_value());
  const std::uint64_t operations = faulty.operation_count();
  ASSERT_GT(operations, 20u);
  for (plan.fail_at = 1; plan.fail_at <= operations; ++plan.fail_at) {
    faulty.SetPlan(plan);
    const auto report = VerifyBundle(faulty, "B", options_);
    ASSERT_FALSE(report.has_value()) << plan.fail_at;
    EXPECT_EQ(report.error().code, ErrorCode::kIo);
  }
}

}  // namespace
}  // namespace authseal
