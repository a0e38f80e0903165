// Requests and replies beside checkpoints: durable, exclusive, never replaced.
#include "lib/archive/timestamping.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lib/crypto/sha256.h"
#include "tests/support/faulty_file_system.h"
#include "tests/support/manual_clock.h"
#include "tests/support/memory_file_system.h"
#include "tests/support/test_tsa.h"
#include "tests/unit/archive_writing/archive_fixture.h"

namespace authseal {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

const ByteVector kNonce = {1, 2, 3, 4, 5, 6, 7, 8};
constexpr std::string_view kRequestPath = "A/checkpoints/000000000001.tsq";
constexpr std::string_view kReplyPath = "A/checkpoints/000000000001.tsr";

class TimestampingTest : public ::testing::Test {
 protected:
  TimestampingTest() {
    EXPECT_TRUE(InitTestArchive(files_).has_value());
    Seal();
  }

  // An empty seal: one record more, and a checkpoint.
  void Seal() {
    auto writer = OpenTestArchive(files_, clock_);
    ASSERT_TRUE(writer.has_value());
    ASSERT_TRUE(writer->Seal().has_value());
  }
  Timestamping Open(FileSystem& files) const {
    auto made = Timestamping::Open(files, kTestArchive);
    EXPECT_TRUE(made.has_value());
    return *std::move(made);
  }
  Timestamping Open() { return Open(files_); }
  // The reply that `signer` gives to a request with kNonce.
  ByteVector Answer(const TestIdentity& signer,
                    const std::string& nonce_hex = "0102030405060708") const {
    TestReply reply;
    reply.imprint =
        Sha256Of(*files_.ReadFile("A/checkpoints/000000000001.note"));
    reply.nonce_hex = nonce_hex;
    return MakeTestReply(reply, signer);
  }

  ManualClock clock_;
  MemoryFileSystem files_;
  TestIdentity tsa_{TestIdentity::Spec(), nullptr};
};

TEST_F(TimestampingTest, UsesOneRequestUntilItIsAnswered) {
  Timestamping stamping = Open();
  EXPECT_EQ(*stamping.NewestSize(), 1u);
  const auto first = stamping.Request(1, kNonce);
  ASSERT_TRUE(first.has_value()) << first.error().message;
  EXPECT_EQ(*files_.ReadFile(kRequestPath), *first);
  EXPECT_EQ(*stamping.Request(1, ByteVector{9}), *first);
  EXPECT_THAT(*stamping.WaitingSizes(), ElementsAre(1u));
  const ByteVector answer = Answer(tsa_);
  ASSERT_TRUE(stamping.Check(1, answer, nullptr).has_value());
  ASSERT_TRUE(stamping.Keep(1, answer).has_value());
  EXPECT_EQ(*files_.ReadFile(kReplyPath), answer);
  EXPECT_THAT(*stamping.WaitingSizes(), ElementsAre());
  EXPECT_TRUE(stamping.Find(1)->has_value());
}

TEST_F(TimestampingTest, NeverReplacesAReply) {
  Timestamping stamping = Open();
  ASSERT_TRUE(stamping.Request(1, kNonce).has_value());
  const ByteVector answer = Answer(tsa_);
  ASSERT_TRUE(stamping.Keep(1, answer).has_value());
  ASSERT_TRUE(stamping.Keep(1, ByteVector{0}).has_value());
  EXPECT_EQ(*files_.ReadFile(kReplyPath), answer);
}

TEST_F(TimestampingTest, TellsABadFileFromABadAnswer) {
  Timestamping stamping = Open();
  EXPECT_EQ(stamping.Check(1, Answer(tsa_), nullptr).error().code,
            ErrorCode::kNotFound);  // no request
  ASSERT_TRUE(stamping.Request(1, kNonce).has_value());
  EXPECT_EQ(stamping.Check(1, Answer(tsa_, "07"), nullptr).error().code,
            ErrorCode::kInvalidArgument);
  files_.WriteFile(kReplyPath, ByteVector{0});
  EXPECT_EQ(stamping.Find(1).error().code, ErrorCode::kDamaged);
  EXPECT_THAT(stamping.Find(1).error().message,
              HasSubstr("checkpoints/000000000001.tsr"));
  files_.WriteFile(kRequestPath, ByteVector{0});
  EXPECT_EQ(stamping.Request(1, kNonce).error().code, ErrorCode::kDamaged);
  EXPECT_EQ(stamping.Find(2).error().code, ErrorCode::kNotFound);
  files_.WriteFile("A/checkpoints/000000000002.note",
                   *files_.ReadFile("A/checkpoints/000000000001.note"));
  EXPECT_EQ(stamping.Find(2).error().code, ErrorCode::kDamaged);
}

TEST_F(TimestampingTest, KeepsOthersOutWhileAFileIsMade) {
  Timestamping stamping = Open();
  const auto checkpoints = files_.OpenDirectory("A/checkpoints");
  auto lock = (*checkpoints)->Lock("stamp.tmp");
  ASSERT_TRUE(lock.has_value());
  EXPECT_EQ(stamping.Request(1, kNonce).error().code, ErrorCode::kLocked);
  lock->reset();
  EXPECT_TRUE(stamping.Request(1, kNonce).has_value());
  EXPECT_FALSE(files_.ReadFile("A/checkpoints/stamp.tmp").has_value());
}

TEST_F(TimestampingTest, SurvivesEveryFault) {
  const ByteVector answer = Answer(tsa_);
  const auto run = [&](FileSystem& files) -> Status {
    Timestamping stamping = Open(files);
    TRY(stamping.Request(1, kNonce));
    TRY(stamping.Keep(1, answer));
    return Ok();
  };
  for (const auto effect :
       {FaultPlan::Effect::kNothing, FaultPlan::Effect::kDoneAnyway,
        FaultPlan::Effect::kHalfWritten}) {
    for (std::uint64_t fail_at = 1;; ++fail_at) {
      MemoryFileSystem copy = files_.CrashCopy({});
      FaultPlan plan;
      plan.fail_at = fail_at;
      plan.effect = effect;
      FaultyFileSystem faulty(copy, plan);
      const Status status = run(faulty);
      if (!faulty.has_failed()) {
        EXPECT_TRUE(status.has_value());
        EXPECT_GT(fail_at, 8u);
        break;
      }
      EXPECT_FALSE(status.has_value()) << fail_at;
      // What is there is whole, also after a power cut, and the next run ends.
      MemoryFileSystem after = copy.CrashCopy({});
      for (const std::string_view path : {kRequestPath, kReplyPath}) {
        const auto bytes = after.ReadFile(path);
        EXPECT_TRUE(!bytes.has_value() || bytes->size() > 60) << path;
      }
      const Status again = run(after);
      EXPECT_TRUE(again.has_value()) << fail_at;
      EXPECT_EQ(*after.ReadFile(kReplyPath), answer);
    }
  }
}

}  // namespace
}  // namespace authseal
