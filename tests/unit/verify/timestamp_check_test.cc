// Timestamps beside the checkpoints of an archive and in a bundle.
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lib/crypto/sha256.h"
#include "tests/support/test_tsa.h"
#include "tests/unit/verify/bundle_verifier_fixture.h"
#include "tests/unit/verify/test_archive.h"

namespace authseal {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kFirst[] = "checkpoints/000000000011";
constexpr char kSecond[] = "checkpoints/000000000020";

TestIdentity::Spec CaSpec() {
  TestIdentity::Spec spec;
  spec.name = "ca.example";
  spec.is_ca = true;
  return spec;
}

class TimestampCheckTest : public ::testing::Test {
 protected:
  TimestampCheckTest() {
    FillSample(archive_);
    files_ = archive_.Files();
    options_.pin = archive_.pin();
    options_.tsa_authorities = &authorities_;
  }

  TestReply ReplyFor(const std::string& checkpoint) const {
    TestReply reply;
    reply.imprint = Sha256Of(files_.at(checkpoint + ".note"));
    return reply;
  }
  void Stamp(const std::string& checkpoint) {
    files_[checkpoint + ".tsr"] = MakeTestReply(ReplyFor(checkpoint), tsa_);
  }
  VerifyReport VerifyFiles() const {
    const auto report = Verify(files_, options_);
    EXPECT_TRUE(report.has_value());
    return report.has_value() ? *report : VerifyReport();
  }

  TestArchive archive_;
  ArchiveFiles files_;
  TestIdentity ca_{CaSpec(), nullptr};
  TestIdentity tsa_{TestIdentity::Spec(), &ca_};
  TimestampAuthorities authorities_ = *TimestampAuthorities::FromPem(ca_.Pem());
  VerifyOptions options_;
};

TEST_F(TimestampCheckTest, TellsTheNewestThatVerifies) {
  EXPECT_FALSE(VerifyFiles().timestamp.has_value());
  EXPECT_THAT(VerifyFiles().not_checked, Not(Contains(HasSubstr("revoked"))));
  Stamp(kSecond);
  Stamp(kFirst);
  const VerifyReport report = VerifyFiles();
  EXPECT_TRUE(report.verified()) << Describe(report);
  ASSERT_TRUE(report.timestamp.has_value());
  EXPECT_EQ(report.timestamp->tree_size, 20u);
  EXPECT_EQ(report.timestamp->tsa, "CN=tsa.example");
  EXPECT_THAT(report.not_checked,
              Contains(HasSubstr("2 timestamps were revoked")));
}

TEST_F(TimestampCheckTest, BelievesNobodyWithoutAuthorities) {
  Stamp(kSecond);
  options_.tsa_authorities = nullptr;
  const VerifyReport report = VerifyFiles();
  EXPECT_TRUE(report.verified());
  EXPECT_FALSE(report.timestamp.has_value());
  EXPECT_THAT(report.not_checked,
              Contains(HasSubstr("who signed 1 timestamp")));
}

TEST_F(TimestampCheckTest, FindsABadOneThoughANewerIsGood) {
  Stamp(kSecond);
  TestReply expired = ReplyFor(kFirst);
  expired.time = "20400101000000Z";
  files_[std::string(kFirst) + ".tsr"] = MakeTestReply(expired, tsa_);
  const VerifyReport report = VerifyFiles();
  EXPECT_EQ(FindingNames(report), "checkpoint-invalid");
  ASSERT_EQ(report.findings.size(), 1u);
  EXPECT_EQ(report.findings[0].file, std::string(kFirst) + ".tsr");
  EXPECT_THAT(report.findings[0].text, HasSubstr("expired"));
  // What is sealed stays trustworthy.
  EXPECT_EQ(report.trustworthy, (std::vector<RecordRange>{{0, 28}}));
}

TEST_F(TimestampCheckTest, FindsOneOfAnotherCheckpoint) {
  files_[std::string(kSecond) + ".tsr"] = MakeTestReply(ReplyFor(kFirst), tsa_);
  for (const auto* authorities :
       {options_.tsa_authorities,
        static_cast<const TimestampAuthorities*>(nullptr)}) {
    options_.tsa_authorities = authorities;
    EXPECT_EQ(FindingNames(VerifyFiles()), "checkpoint-invalid");
  }
}

TEST_F(TimestampCheckTest, ComparesWithTheRequestThatIsThere) {
  Stamp(kSecond);
  const std::string request = std::string(kSecond) + ".tsq";
  const Hash imprint = Sha256Of(files_.at(std::string(kSecond) + ".note"));
  files_[request] = EncodeTimestampRequest(
      imprint, ByteVector{0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef});
  EXPECT_TRUE(VerifyFiles().verified());
  files_[request] = EncodeTimestampRequest(imprint, ByteVector{1});
  EXPECT_EQ(FindingNames(VerifyFiles()), "checkpoint-invalid");
  files_[request] = EncodeTimestampRequest(Hash{}, ByteVector{1});
  const VerifyReport report = VerifyFiles();
  ASSERT_EQ(report.findings.size(), 1u);
  EXPECT_EQ(report.findings[0].file, request);
  files_.erase(std::string(kSecond) + ".tsr");  // waits for its reply
  files_[request] = EncodeTimestampRequest(imprint, ByteVector{1});
  EXPECT_TRUE(VerifyFiles().verified());
}

TEST_F(TimestampCheckTest, FindsAPolicyThatWasNotGiven) {
  Stamp(kSecond);
  options_.tsa_policies = {"1.2.3", "1.3.6.1.4.1.99999.1"};
  EXPECT_TRUE(VerifyFiles().verified());
  options_.tsa_policies = {"1.2.3"};
  EXPECT_EQ(FindingNames(VerifyFiles()), "checkpoint-invalid");
  EXPECT_FALSE(VerifyFiles().timestamp.has_value());
}

TEST_F(TimestampCheckTest, FindsEveryByteChangedOrNothingDiffers) {
  Stamp(kSecond);
  const std::string name = std::string(kSecond) + ".tsr";
  const ByteVector good = files_.at(name);
  const VerifyReport before = VerifyFiles();
  for (std::size_t at = 0; at < good.size(); ++at) {
    files_[name] = good;
    files_[name][at] ^= 0xff;
    const VerifyReport report = VerifyFiles();
    if (report.verified()) {
      EXPECT_EQ(report.timestamp->statement.time,
                before.timestamp->statement.time);
    } else {
      EXPECT_EQ(FindingNames(report), "checkpoint-invalid") << at;
      EXPECT_FALSE(report.timestamp.has_value());
    }
  }
}

TEST_F(TimestampCheckTest, FindsOneThatIsTooLong) {
  Stamp(kSecond);
  files_[std::string(kSecond) + ".tsr"].resize(kTimestampSizeBytesMax + 1);
  EXPECT_EQ(FindingNames(VerifyFiles()), "checkpoint-invalid");
}

class BundleTimestampTest : public BundleVerifierTest {
 protected:
  BundleTimestampTest() {
    options_.tsa_authorities = &authorities_;
    TestReply reply;
    reply.imprint = Sha256Of(AsBytes(file("data/checkpoint.note")));
    const ByteVector der = MakeTestReply(reply, tsa_);
    file("data/checkpoint.tsr") = std::string(AsText(der));
  }

  TestIdentity ca_{CaSpec(), nullptr};
  TestIdentity tsa_{TestIdentity::Spec(), &ca_};
  TimestampAuthorities authorities_ = *TimestampAuthorities::FromPem(ca_.Pem());
};

TEST_F(BundleTimestampTest, VerifiesTheOneOfItsCheckpoint) {
  const VerifyReport report = VerifyRemade();
  EXPECT_EQ(KindsOf(report), std::vector<Kind>{});
  ASSERT_TRUE(report.timestamp.has_value());
  EXPECT_EQ(report.timestamp->tree_size, report.checkpoint_size);
}

TEST_F(BundleTimestampTest, FindsItWhereItDoesNotBelong) {
  file("data/checkpoint.tsr").back() ^= 1;
  EXPECT_EQ(KindsOf(VerifyRemade()),
            std::vector<Kind>{Kind::kCheckpointInvalid});
  const TestIdentity other(CaSpec(), nullptr);
  TestReply reply;
  reply.imprint = Sha256Of(AsBytes(file("data/checkpoint.note")));
  file("data/checkpoint.tsr") =
      AsText(MakeTestReply(reply, TestIdentity(TestIdentity::Spec(), &other)));
  EXPECT_EQ(KindsOf(VerifyRemade()),
            std::vector<Kind>{Kind::kCheckpointInvalid});
}

TEST_F(BundleTimestampTest, IsCoveredByTheManifest) {
  // There, and not listed.
  EXPECT_EQ(KindsOf(Verify()), std::vector<Kind>{Kind::kManifestMismatch});
}

}  // namespace
}  // namespace authseal
