// Rows of the recovery table that no crash leaves, and what is refused. The
// others are met by tests/crash, which stops a seal at every operation.
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lib/archive/archive_writer.h"
#include "tests/support/faulty_file_system.h"
#include "tests/support/manual_clock.h"
#include "tests/support/memory_file_system.h"
#include "tests/unit/archive_writing/archive_fixture.h"

namespace authseal {
namespace {

using ::testing::HasSubstr;

class SealRecoveryTest : public ::testing::Test {
 protected:
  // An archive whose seal stopped just before the operation that begins with
  // `before`, of those after seal.intent was there.
  void StopSealBefore(std::string_view before) {
    MemoryFileSystem probe_memory;
    std::uint64_t stop_at = 0;
    {
      FaultyFileSystem probe(probe_memory);
      Run(probe, 0);
      const auto log = probe.operation_log();
      for (std::size_t i = 0; i < log.size() && stop_at == 0; ++i) {
        if (log[i].starts_with(before)) {
          stop_at = i + 1;
        }
      }
    }
    ASSERT_GT(stop_at, 0u) << before;
    FaultyFileSystem faulty(files_);
    Run(faulty, stop_at);
  }

  void Run(FaultyFileSystem& faulty, std::uint64_t stop_at) {
    ASSERT_TRUE(InitTestArchive(faulty));
    auto writer = OpenTestArchive(faulty, clock_);
    ASSERT_TRUE(writer.has_value());
    ASSERT_TRUE(CommitRecords(*writer, {"0"}));
    faulty.SetPlan({.fail_at = stop_at, .sticky = true});
    const auto sealed = writer->Seal();
    EXPECT_EQ(sealed.has_value(), stop_at == 0);
  }

  ErrorCode RefusedCode() {
    const auto paths = files_.ListPaths();
    const auto writer = OpenTestArchive(files_, clock_);
    EXPECT_FALSE(writer.has_value());
    EXPECT_EQ(files_.ListPaths(), paths) << "something was changed";
    if (writer.has_value()) {
      return ErrorCode::kInternal;
    }
    EXPECT_FALSE(writer.error().hint.empty()) << writer.error().message;
    return writer.error().code;
  }

  MemoryFileSystem files_;
  ManualClock clock_;
};

constexpr std::string_view kRenameToSealed =
    "rename 000000000000.jsonl.zst.open";

TEST_F(SealRecoveryTest, TheOperationsStoppedAtExist) {
  FaultyFileSystem faulty(files_);
  Run(faulty, 0);
  std::string log;
  for (const std::string& entry : faulty.operation_log()) {
    log += entry + "\n";
  }
  EXPECT_THAT(log, HasSubstr("overwrite epoch.key")) << log;
  EXPECT_THAT(log, HasSubstr(kRenameToSealed)) << log;
}

TEST_F(SealRecoveryTest, AnInterruptedSealIsCompletedAndSaysSo) {
  StopSealBefore(kRenameToSealed);
  const ByteVector tail = *files_.ReadFile("A.keys/seal.tail");
  const auto writer = OpenTestArchive(files_, clock_);
  ASSERT_TRUE(writer.has_value()) << writer.error().message;
  EXPECT_TRUE(writer->recovery().seal_completed);
  const ByteVector sealed =
      *files_.ReadFile("A/segments/000000000000.jsonl.zst");
  EXPECT_TRUE(std::equal(tail.rbegin(), tail.rend(), sealed.rbegin()))
      << "other bytes where it had signed already";
  EXPECT_EQ(writer->epoch(), 1u);
}

TEST_F(SealRecoveryTest, WithoutTheNextKeyAnUnsignedSealIsUndone) {
  StopSealBefore("create seal.tail.tmp");
  ASSERT_TRUE(files_.RemovePath("A.keys/epoch.next"));
  auto writer = OpenTestArchive(files_, clock_);
  ASSERT_TRUE(writer.has_value()) << writer.error().message;
  EXPECT_EQ(writer->epoch(), 0u);
  EXPECT_TRUE(writer->Seal().has_value());
  EXPECT_TRUE(ReadAndCheck(files_).has_value());
}

TEST_F(SealRecoveryTest, WithoutTheNextKeyASignedSealIsRefused) {
  StopSealBefore(kRenameToSealed);
  ASSERT_TRUE(files_.RemovePath("A.keys/epoch.next"));
  EXPECT_EQ(RefusedCode(), ErrorCode::kKey);
}

TEST_F(SealRecoveryTest, WithoutTheEpochKeyAnUnfinishedSealIsRefused) {
  StopSealBefore(kRenameToSealed);
  ASSERT_TRUE(files_.RemovePath("A.keys/epoch.key"));
  ASSERT_TRUE(files_.RemovePath("A.keys/seal.tail"));
  EXPECT_EQ(RefusedCode(), ErrorCode::kKey);
}

// The chain names the key that signed it, and the next one is there.
TEST_F(SealRecoveryTest, ASignedSealIsCompletedThoughItsKeyIsLost) {
  StopSealBefore(kRenameToSealed);
  ASSERT_TRUE(files_.RemovePath("A.keys/epoch.key"));
  const auto writer = OpenTestArchive(files_, clock_);
  ASSERT_TRUE(writer.has_value()) << writer.error().message;
  EXPECT_TRUE(writer->recovery().seal_completed);
  const auto checked = ReadAndCheck(files_);
  ASSERT_TRUE(checked.has_value()) << checked.error().message;
  EXPECT_EQ(checked->footers.size(), 1u);
  EXPECT_FALSE(checked->footers[0].reopens);
}

TEST_F(SealRecoveryTest, AnyChangedByteOfTheTailIsRefusedOrHarmless) {
  StopSealBefore(kRenameToSealed);
  const ByteVector tail = *files_.ReadFile("A.keys/seal.tail");
  // The footer is what is checked; it ends before the seek table.
  ByteVector bad = tail;
  bad[tail.size() - 100] ^= 1;
  ASSERT_TRUE(files_.WriteFile("A.keys/seal.tail", bad));
  EXPECT_EQ(RefusedCode(), ErrorCode::kDamaged);
  ASSERT_TRUE(files_.WriteFile("A.keys/seal.tail", {}));
  EXPECT_EQ(RefusedCode(), ErrorCode::kDamaged);
  ASSERT_TRUE(files_.WriteFile("A.keys/seal.tail", tail));
  EXPECT_TRUE(OpenTestArchive(files_, clock_).has_value());
}

TEST_F(SealRecoveryTest, ATailIsNotPutBehindOtherBlocks) {
  StopSealBefore(kRenameToSealed);
  const std::string name = "A/segments/000000000000.jsonl.zst.open";
  ByteVector bytes = *files_.ReadFile(name);
  bytes[bytes.size() / 8] ^= 1;
  ASSERT_TRUE(files_.WriteFile(name, bytes));
  const auto writer = OpenTestArchive(files_, clock_);
  if (writer.has_value()) {
    // Only when the byte is within a data frame, which the seal had read back
    // before: then a reader finds it.
    EXPECT_FALSE(ReadAndCheck(files_).has_value());
  } else {
    EXPECT_EQ(writer.error().code, ErrorCode::kDamaged);
  }
}

TEST_F(SealRecoveryTest, AnArchiveBehindItsKeysIsRefused) {
  FaultyFileSystem faulty(files_);
  Run(faulty, 0);
  ASSERT_TRUE(files_.RemovePath("A/segments/000000000000.jsonl.zst"));
  ASSERT_TRUE(files_.RemovePath("A/checkpoints/000000000002.note"));
  EXPECT_EQ(RefusedCode(), ErrorCode::kDamaged);
}

TEST_F(SealRecoveryTest, KeysBehindTheirArchiveAreRefused) {
  ASSERT_TRUE(InitTestArchive(files_));
  const ByteVector old_key = *files_.ReadFile("A.keys/epoch.key");
  {
    auto writer = OpenTestArchive(files_, clock_);
    ASSERT_TRUE(writer->Seal().has_value());
  }
  ASSERT_TRUE(files_.WriteFile("A.keys/epoch.key", old_key));
  EXPECT_EQ(RefusedCode(), ErrorCode::kKey);
  ASSERT_TRUE(files_.RemovePath("A.keys/epoch.key"));
  EXPECT_EQ(RefusedCode(), ErrorCode::kKey);
}

TEST_F(SealRecoveryTest, AForeignIntentDestroysNoKey) {
  FaultyFileSystem faulty(files_);
  Run(faulty, 0);
  auto keys = KeyStore::Open(files_, kTestKeys);
  for (const std::uint64_t epoch : {0ull, 1ull, 2ull}) {
    for (const std::uint64_t first : {0ull, 2ull}) {
      SealIntent intent;
      intent.epoch = epoch;
      intent.segment_first_record = first;
      intent.end_record = first + 9;
      ASSERT_TRUE(keys->WriteIntent(intent));
      const ByteVector key = *files_.ReadFile("A.keys/epoch.key");
      static_cast<void>(OpenTestArchive(files_, clock_));
      EXPECT_EQ(files_.ReadFile("A.keys/epoch.key"), key)
          << epoch << " " << first;
    }
  }
}

TEST_F(SealRecoveryTest, EpochKeyAndTwinAreRefused) {
  StopSealBefore("overwrite epoch.key");
  ASSERT_TRUE(files_.WriteFile("A.keys/epoch.key",
                               *files_.ReadFile("A.keys/epoch.next")));
  EXPECT_EQ(RefusedCode(), ErrorCode::kKey);
}

}  // namespace
}  // namespace authseal
