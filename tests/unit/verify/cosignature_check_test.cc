#include "lib/verify/cosignature_check.h"

#include <string>

#include <gtest/gtest.h>

#include "lib/note/cosignature_signer.h"
#include "tests/unit/verify/test_archive.h"

namespace authseal {
namespace {

constexpr std::uint64_t kNow = 1'767'225'600;

NamedSigner WitnessNumber(std::uint8_t number) {
  Secret seed(32);
  std::fill(seed.span().begin(), seed.span().end(), number);
  return {"w.example/" + std::to_string(number),
          *Ed25519Signer::FromSeed(std::move(seed))};
}

// Two sealed checkpoints, of 11 and 20 records, and two witnesses.
class CosignatureCheckTest : public ::testing::Test {
 protected:
  CosignatureCheckTest() {
    TestArchive archive;
    FillSample(archive);
    files_ = archive.Files();
    options_.pin = archive.pin();
    std::string text;
    for (const std::uint8_t number : {std::uint8_t{1}, std::uint8_t{2}}) {
      const NamedSigner signer = WitnessNumber(number);
      text += "witness w" + std::to_string(number) + " " +
              FormatWitnessKey(
                  MakeWitnessKey(signer.name, signer.signer.public_key())) +
              "\n";
    }
    auto policy = TrustPolicy::Parse(text + "group g all w1 w2\nquorum g\n");
    EXPECT_TRUE(policy.has_value());
    options_.witnesses = WitnessPolicy{*policy, kNow};
  }

  void AddLine(const std::string& size, std::uint8_t witness,
               std::uint64_t time = kNow) {
    const ByteVector& note = files_.at("checkpoints/" + size + ".note");
    const auto parsed = ParseSignedNote(AsText(note));
    const auto line = Cosign(parsed->text, time, WitnessNumber(witness));
    const std::string text = FormatSignatureLine(*line);
    ByteVector& file = files_["checkpoints/" + size + ".cosig"];
    file.insert(file.end(), text.begin(), text.end());
  }

  VerifyReport Report() {
    auto report = Verify(files_, options_);
    EXPECT_TRUE(report.has_value());
    return *report;
  }

  ArchiveFiles files_;
  VerifyOptions options_;
  const std::string older_ = "000000000011";
  const std::string newest_ = "000000000020";
};

TEST_F(CosignatureCheckTest, WitnessesOfTheNewestAreCounted) {
  AddLine(newest_, 1);
  AddLine(newest_, 2, kNow - 5);
  const VerifyReport report = Report();
  EXPECT_TRUE(report.verified()) << Describe(report);
  EXPECT_EQ(report.witnesses_of_newest, 2u);
  EXPECT_EQ(report.witnessed_size, 20u);
  ASSERT_EQ(report.witnesses.size(), 2u);
  EXPECT_EQ(report.witnesses[1].time_seconds, kNow - 5);
}

// Behind a missing segment a checkpoint alone could be a thief's; not so one
// that enough witnesses cosigned.
TEST_F(CosignatureCheckTest, WhatTheQuorumCosignedIsTrustedBehindDamage) {
  files_.erase("segments/000000000000.jsonl.zst");
  files_.erase("segments/000000000000.idx");
  const std::vector<RecordRange> behind = {{11, 28}};
  AddLine(newest_, 1);
  VerifyReport report = Report();
  EXPECT_TRUE(report.trustworthy.empty());
  EXPECT_EQ(report.vouched, behind);

  AddLine(older_, 2);  // the quorum, but not over one checkpoint
  report = Report();
  EXPECT_TRUE(report.trustworthy.empty());

  AddLine(newest_, 2);
  report = Report();
  EXPECT_EQ(report.trustworthy, behind);
  EXPECT_TRUE(report.vouched.empty());

  options_.witnesses.reset();
  EXPECT_TRUE(Report().trustworthy.empty());
}

TEST_F(CosignatureCheckTest, ALaterOneCoversAnEarlierSize) {
  AddLine(older_, 1);
  AddLine(newest_, 2);
  const VerifyReport report = Report();
  EXPECT_EQ(report.witnesses_of_newest, 1u);
  EXPECT_EQ(report.witnessed_size, 11u);
}

TEST_F(CosignatureCheckTest, WithoutAnyNothingIsCovered) {
  const VerifyReport report = Report();
  EXPECT_TRUE(report.verified());
  EXPECT_EQ(report.witnessed_size, 0u);
  EXPECT_EQ(report.witnesses[0].size, 0u);
}

TEST_F(CosignatureCheckTest, TheFutureDoesNotCount) {
  AddLine(newest_, 1);
  AddLine(newest_, 2, kNow + 1);
  const VerifyReport report = Report();
  EXPECT_TRUE(report.verified());
  EXPECT_EQ(report.witnesses_of_newest, 1u);
  EXPECT_EQ(report.witnessed_size, 0u);
  EXPECT_NE(NoteNames(report).find("cosignature-from-future"),
            std::string::npos);
}

TEST_F(CosignatureCheckTest, OneWitnessTwiceIsOne) {
  AddLine(newest_, 1);
  AddLine(newest_, 1, kNow - 9);
  const VerifyReport report = Report();
  EXPECT_EQ(report.witnesses_of_newest, 1u);
  EXPECT_EQ(report.witnessed_size, 0u);
}

TEST_F(CosignatureCheckTest, ALineUnderAnotherCheckpointIsAFinding) {
  AddLine(older_, 1);
  files_["checkpoints/" + newest_ + ".cosig"] =
      files_["checkpoints/" + older_ + ".cosig"];
  EXPECT_EQ(FindingNames(Report()), "checkpoint-invalid");
  options_.witnesses.reset();
  EXPECT_TRUE(Report().verified());
}

// A checkpoint that the tree contradicts is nothing that a witness vouches
// for, however many signed it.
TEST_F(CosignatureCheckTest, OnlyCheckpointsOfThisTreeCount) {
  AddLine(newest_, 1);
  AddLine(newest_, 2);
  files_.erase("segments/000000000011.jsonl.zst");
  files_.erase("segments/000000000020.jsonl.zst.open");
  const VerifyReport report = Report();
  EXPECT_FALSE(report.verified());
  EXPECT_LT(report.witnessed_size, 20u);
}

TEST_F(CosignatureCheckTest, EveryBitOfTheFileIsSignedOrSaysWhoSigned) {
  AddLine(newest_, 1);
  AddLine(newest_, 2);
  const std::string path = "checkpoints/" + newest_ + ".cosig";
  const ByteVector good = files_.at(path);
  for (std::size_t i = 0; i < good.size(); ++i) {
    for (int bit = 0; bit < 8; ++bit) {
      files_[path] = good;
      files_[path][i] ^= static_cast<std::uint8_t>(1 << bit);
      const VerifyReport report = Report();
      EXPECT_TRUE(!report.verified() || report.witnessed_size == 0)
          << i << " " << bit;
    }
  }
}

}  // namespace
}  // namespace authseal
