// A segment that the identity key closed: what counts, and what a thief of
// that key can add to it.
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "lib/archive/layout.h"
#include "lib/archive/reopening.h"
#include "lib/archive/sealed_tail.h"
#include "lib/archive/segment_reader.h"
#include "lib/crypto/sha256.h"
#include "lib/query/archive_scan.h"
#include "lib/verify/archive_verifier.h"
#include "tests/support/manual_clock.h"
#include "tests/support/memory_file_system.h"
#include "tests/unit/archive_writing/archive_fixture.h"

namespace authseal {
namespace {

class Reopened : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(InitTestArchive(files_).has_value());
    auto writer = OpenTestArchive(files_, clock_);
    ASSERT_TRUE(writer.has_value());
    ASSERT_TRUE(CommitRecords(*writer, {"{}", R"({"n":1})"}).has_value());
    ASSERT_TRUE(CommitRecords(*writer, {R"({"n":2})"}).has_value());
    ASSERT_TRUE(writer->Close().has_value());
    keys_.emplace(*KeyStore::Open(files_, kTestKeys));
    identity_.emplace(std::move(**keys_->LoadIdentity()));
    epoch_key_.emplace(std::move(**keys_->LoadEpochKey()));
  }

  VerifyReport Verify(VerifyDepth depth = VerifyDepth::kFull) {
    VerifyOptions options;
    options.pin.key =
        MakeVerificationKey(identity_->name, identity_->signer.public_key());
    options.depth = depth;
    auto report = VerifyArchiveAt(files_, kTestArchive, options);
    EXPECT_TRUE(report.has_value());
    return *std::move(report);
  }

  // The open segment's blocks as they are, then `more`, closed by the identity
  // key as if nothing were wrong.
  void Close(std::vector<std::string> more, const Ed25519Signer* commit_by,
             const Ed25519Signer& closed_by, bool reopens = true) {
    const auto archive = ArchiveReader::Open(files_, kTestArchive);
    const auto listing = archive->List();
    const auto segment = archive->OpenSegment(listing->segments.back());
    ReadBack back;
    back.progress.chain = archive->genesis();
    ByteVector frame;
    for (std::size_t i = 0; i < segment->map().blocks.size(); ++i) {
      const BlockExtent& extent = segment->map().blocks[i];
      const auto header = segment->ReadHeader(i, frame);
      Count(*header, extent.data.size_bytes, frame, back);
    }
    ByteVector bytes;
    ASSERT_TRUE(
        segment->Read({0, segment->map().file_size_bytes}, 1 << 20, bytes)
            .has_value());
    for (const std::string& record : more) {
      AddBlock(record, commit_by, archive->genesis(), back, bytes);
    }
    SealIntent intent;
    intent.reopens = reopens;
    intent.end_record = back.progress.next_record() + 1;
    intent.chain = back.progress.chain;
    intent.seal_time = clock_.Now();
    intent.next_key = Ed25519Signer::Generate()->public_key();
    SegmentStart start;
    const auto tail = BuildSealedTail(
        intent, start, std::move(back), {}, archive->genesis(),
        {.epoch_key = epoch_key_->signer.public_key(), .signer = closed_by});
    ASSERT_TRUE(tail.has_value()) << tail.error().message;
    bytes.insert(bytes.end(), tail->bytes.begin(), tail->bytes.end());
    ASSERT_TRUE(files_.RemovePath("A/segments/" + OpenSegmentName(0)));
    ASSERT_TRUE(files_.WriteFile("A/segments/" + SealedSegmentName(0), bytes));
  }

  static void Count(const BlockHeader& header, std::uint64_t data_size_bytes,
                    const ByteVector& frame, ReadBack& back) {
    ASSERT_TRUE(
        back.progress.tree
            .Append(*CompactRange::FromHashes(
                header.first_record, header.records().end, header.range_hashes))
            .has_value());
    back.progress.chain = Sha256Of(frame);
    ++back.progress.block_count;
    back.progress.content_size_bytes += header.content_size_bytes;
    back.frames.push_back({static_cast<std::uint32_t>(data_size_bytes),
                           header.content_size_bytes});
    back.frames.push_back({static_cast<std::uint32_t>(frame.size()), 0});
  }

  static void AddBlock(const std::string& record,
                       const Ed25519Signer* commit_by, const Hash& genesis,
                       ReadBack& back, ByteVector& bytes) {
    EncodedBlock block = MakeBlock(back.progress.next_record(), {record});
    block.header.previous = back.progress.chain;
    if (commit_by != nullptr) {
      block.header.signature =
          *commit_by->Sign(BlockHeaderSignedMessage(genesis, block.header));
    }
    const ByteVector frame = EncodeBlockHeader(block.header);
    bytes.insert(bytes.end(), block.frame.begin(), block.frame.end());
    bytes.insert(bytes.end(), frame.begin(), frame.end());
    Count(block.header, block.frame.size(), frame, back);
  }

  void ExpectFound(FindingKind kind) {
    for (const VerifyDepth depth : {VerifyDepth::kFull, VerifyDepth::kQuick}) {
      const VerifyReport report = Verify(depth);
      ASSERT_FALSE(report.verified());
      EXPECT_EQ(report.findings.front().kind, kind)
          << FindingName(report.findings.front().kind) << ' '
          << report.findings.front().text;
    }
  }

  // What a query finds that reads everything, or that asks the index first.
  std::vector<Finding> Scan(bool with_question) {
    const auto archive = ArchiveReader::Open(files_, kTestArchive);
    ScanOptions options;
    options.pin.key =
        MakeVerificationKey(identity_->name, identity_->signer.public_key());
    if (with_question) {
      options.question = std::make_shared<IndexQuestion>();
    }
    struct Looker : BlockEvaluator {
      std::unique_ptr<BlockResult> Evaluate(const ScannedBlock&) override {
        return std::make_unique<BlockResult>();
      }
    };
    auto report = ScanArchive(
        *archive, options, [] { return std::make_unique<Looker>(); },
        [](std::unique_ptr<BlockResult>) -> Result<bool> { return true; });
    EXPECT_TRUE(report.has_value());
    return report->findings;
  }

  MemoryFileSystem files_;
  ManualClock clock_;
  std::optional<KeyStore> keys_;
  std::optional<NamedSigner> identity_;
  std::optional<EpochKey> epoch_key_;
};

TEST_F(Reopened, IsVerifiedAndSaid) {
  ASSERT_TRUE(files_.RemovePath("A.keys/epoch.key"));
  const auto reopened =
      ReopenArchive(files_, clock_, kTestArchive, *std::move(keys_));
  ASSERT_TRUE(reopened.has_value()) << reopened.error().message;
  for (const VerifyDepth depth : {VerifyDepth::kFull, VerifyDepth::kQuick}) {
    const VerifyReport report = Verify(depth);
    EXPECT_TRUE(report.verified());
    ASSERT_EQ(report.reopened.size(), 1u);
    EXPECT_EQ(report.reopened[0].epoch, 0u);
    EXPECT_EQ(report.reopened[0].records, (RecordRange{0, 4}));
    EXPECT_EQ(report.records.ok, 4u);
  }
}

TEST_F(Reopened, TheForgersOwnPartIsSound) {
  Close({}, nullptr, identity_->signer);
  EXPECT_TRUE(Verify().verified());
}

TEST_F(Reopened, TheIdentityKeyAddsNoRecord) {
  Close({R"({"forged":1})"}, nullptr, identity_->signer);
  ExpectFound(FindingKind::kSealInvalid);
  const VerifyReport report = Verify();
  EXPECT_EQ(report.trustworthy, (std::vector<RecordRange>{RecordRange{0, 3}}));
  EXPECT_EQ(report.reopened.size(), 1u);
  for (const bool with_question : {false, true}) {
    const std::vector<Finding> findings = Scan(with_question);
    ASSERT_EQ(findings.size(), 1u) << with_question;
    EXPECT_EQ(findings.front().kind, FindingKind::kSealInvalid);
  }
}

TEST_F(Reopened, NorDoesACommitSignedByTheIdentityKey) {
  Close({R"({"forged":1})"}, &identity_->signer, identity_->signer);
  ExpectFound(FindingKind::kHeaderSignatureInvalid);
}

TEST_F(Reopened, WhoeverHasTheEpochKeyCannotReopen) {
  Close({}, nullptr, epoch_key_->signer);
  ExpectFound(FindingKind::kSealInvalid);
}

TEST_F(Reopened, TheIdentityKeyCannotSeal) {
  Close({}, nullptr, identity_->signer, false);
  ExpectFound(FindingKind::kHeaderSignatureInvalid);
}

TEST_F(Reopened, AThiefOfBothKeysIsSaidToHaveBeenThere) {
  Close({R"({"forged":1})"}, &epoch_key_->signer, identity_->signer);
  const VerifyReport report = Verify();
  EXPECT_TRUE(report.verified());
  EXPECT_EQ(report.reopened.size(), 1u);
}

}  // namespace
}  // namespace authseal
