// WriteFileDurably with each of its steps failing, and with the power cut
// after each: the old file or the new one is there, whole.
#include <string>
#include <tuple>

#include <gtest/gtest.h>

#include "lib/io/file_system.h"
#include "tests/support/faulty_file_system.h"
#include "tests/support/memory_file_system.h"

namespace authseal {
namespace {

constexpr std::string_view kOld = "the old text";
constexpr std::string_view kNew = "the new text, which is longer";

using Effect = FaultPlan::Effect;
using Names = CrashPolicy::Names;
using Data = CrashPolicy::Data;

// Each combination of: is there an old file; is there a leftover temporary
// file; the fault's effect; does the fault stay.
class DurableWriteFaults
    : public ::testing::TestWithParam<std::tuple<bool, bool, Effect, bool>> {
 protected:
  bool has_old() const { return std::get<0>(GetParam()); }

  MemoryFileSystem MakeStart() const {
    MemoryFileSystem memory;
    if (has_old()) {
      EXPECT_TRUE(memory.WriteFile("file", AsBytes(kOld)));
    }
    if (std::get<1>(GetParam())) {
      EXPECT_TRUE(memory.WriteFile("file.tmp", AsBytes("torn")));
    }
    return memory;
  }

  FaultPlan PlanFor(std::uint64_t operation) const {
    return FaultPlan{.fail_at = operation,
                     .sticky = std::get<3>(GetParam()),
                     .effect = std::get<2>(GetParam())};
  }

  void ExpectOldOrNew(const MemoryFileSystem& memory, bool must_be_new) const {
    const auto bytes = memory.ReadFile("file");
    if (!bytes.has_value()) {
      EXPECT_FALSE(has_old()) << "the old file is gone";
      EXPECT_FALSE(must_be_new) << "success was reported";
      return;
    }
    const std::string_view text = AsText(*bytes);
    EXPECT_TRUE(text == kNew || (has_old() && text == kOld)) << text;
    EXPECT_TRUE(text == kNew || !must_be_new) << text;
  }

  void ExpectOldOrNewAfterAnyCrash(const MemoryFileSystem& memory,
                                   bool must_be_new) const {
    for (const Names names :
         {Names::kDropUnsynced, Names::kKeepUnsynced, Names::kKeepPrefix}) {
      for (const Data data : {Data::kDropUnsynced, Data::kKeepUnsynced,
                              Data::kTornAppend, Data::kZeroedAppend}) {
        for (std::uint64_t seed = 0; seed < 8; ++seed) {
          const MemoryFileSystem after =
              memory.CrashCopy({.names = names, .data = data, .seed = seed});
          ExpectOldOrNew(after, must_be_new);
        }
      }
    }
  }
};

TEST_P(DurableWriteFaults, LeaveTheOldFileOrTheNewOne) {
  constexpr std::uint64_t kOperationsMax = 20;
  std::uint64_t operation = 1;
  for (; operation < kOperationsMax; ++operation) {
    SCOPED_TRACE(operation);
    MemoryFileSystem memory = MakeStart();
    FaultyFileSystem faulty(memory, PlanFor(operation));
    const auto root = faulty.OpenDirectory("/");
    const Status status = WriteFileDurably(**root, "file", AsBytes(kNew), 0600);
    ExpectOldOrNew(memory, status.has_value());
    ExpectOldOrNewAfterAnyCrash(memory, status.has_value());
    if (!faulty.has_failed()) {
      EXPECT_TRUE(status.has_value());
      break;  // that was a run without a fault
    }
    EXPECT_FALSE(status.has_value()) << "a failed step was not reported";

    // The next attempt finds whatever was left and goes through.
    faulty.SetPlan({});
    const Status again = WriteFileDurably(**root, "file", AsBytes(kNew), 0600);
    EXPECT_TRUE(again.has_value());
    ExpectOldOrNewAfterAnyCrash(memory, true);
    EXPECT_FALSE(memory.ReadFile("file.tmp").has_value());
  }
  // create, append, sync, rename, sync; with a leftover also remove, create.
  EXPECT_EQ(operation, std::get<1>(GetParam()) ? 8U : 6U);
}

INSTANTIATE_TEST_SUITE_P(
    AllKinds, DurableWriteFaults,
    ::testing::Combine(::testing::Bool(), ::testing::Bool(),
                       ::testing::Values(Effect::kNothing, Effect::kDoneAnyway,
                                         Effect::kHalfWritten),
                       ::testing::Bool()));

TEST(DurableWrite, FollowsThePublishedOrder) {
  MemoryFileSystem memory;
  FaultyFileSystem faulty(memory);
  const auto root = faulty.OpenDirectory("/");
  ASSERT_TRUE(WriteFileDurably(**root, "f", AsBytes("x"), 0600).has_value());
  EXPECT_EQ(
      faulty.operation_log(),
      (std::vector<std::string>{"create f.tmp", "append f.tmp", "sync f.tmp",
                                "rename f.tmp", "sync-directory "}));
}

TEST(DurableWrite, ReportsAReadErrorInsteadOfReplacing) {
  MemoryFileSystem memory;
  ASSERT_TRUE(memory.WriteFile("f", AsBytes("old")));
  FaultyFileSystem faulty(memory);
  const auto root = faulty.OpenDirectory("/");
  faulty.SetPlan({.fail_at = 1, .counts = FaultPlan::Counts::kReading});
  const Status status = CreateFileDurably(**root, "f", AsBytes("new"), 0600);
  ASSERT_FALSE(status.has_value());
  EXPECT_EQ(status.error().code, ErrorCode::kIo);
  EXPECT_EQ(AsText(*memory.ReadFile("f")), "old");
}

}  // namespace
}  // namespace authseal
