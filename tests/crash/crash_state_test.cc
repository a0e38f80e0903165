// Stops a writer after every single operation, takes the power away in several
// ways, and asks of what is left everything that authseal promises.
#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/crash/writer_script.h"
#include "tests/support/faulty_file_system.h"
#include "tests/support/manual_clock.h"
#include "tests/support/memory_file_system.h"
#include "tests/unit/archive_writing/archive_fixture.h"

namespace authseal {
namespace {

using Names = CrashPolicy::Names;
using Data = CrashPolicy::Data;
using Effect = FaultPlan::Effect;

std::vector<CrashPolicy> Policies(std::uint64_t seed) {
  return {
      {.names = Names::kDropUnsynced, .data = Data::kDropUnsynced},
      {.names = Names::kKeepUnsynced, .data = Data::kKeepUnsynced},
      {.names = Names::kKeepUnsynced, .data = Data::kDropUnsynced},
      {.names = Names::kDropUnsynced, .data = Data::kKeepUnsynced},
      {.names = Names::kKeepUnsynced, .data = Data::kTornAppend, .seed = seed},
      {.names = Names::kKeepUnsynced, .data = Data::kZeroedAppend},
      {.names = Names::kKeepPrefix, .data = Data::kTornAppend, .seed = seed},
      {.names = Names::kKeepPrefix,
       .data = Data::kKeepUnsynced,
       .seed = seed + 1},
  };
}

// How many operations the whole script has.
std::uint64_t CountOperations(FaultPlan::Counts counts) {
  MemoryFileSystem memory;
  FaultyFileSystem files(memory, {.counts = counts});
  ManualClock clock;
  const Acknowledged told = RunScript(files, memory, clock);
  EXPECT_TRUE(told.finished) << told.error.message;
  EXPECT_EQ(told.records, ScriptRecords());
  return files.operation_count();
}

bool Contains(const ByteVector& bytes, const ByteVector& part) {
  return !part.empty() && std::search(bytes.begin(), bytes.end(), part.begin(),
                                      part.end()) != bytes.end();
}

// The seed's line of an epoch key file.
ByteVector SeedOf(const ByteVector& key) {
  const std::string_view text = AsText(key);
  const std::size_t at = text.find("seed ");
  const Bytes seed = Bytes(key).subspan(std::min(at, key.size()));
  return {seed.begin(), seed.end()};
}

void ExpectKeysAreGone(const MemoryFileSystem& files,
                       const Acknowledged& told) {
  for (const std::string& path : files.ListPaths()) {
    const auto bytes = files.ReadFile(path);
    for (const ByteVector& key : told.destroyed_keys) {
      EXPECT_FALSE(bytes.has_value() && Contains(*bytes, SeedOf(key)))
          << path << " still has the key of a finished seal";
    }
  }
}

// What must not change once it is there: sealed files and checkpoints whole,
// and a tail that was signed as the end of its segment.
struct Published {
  std::vector<std::pair<std::string, ByteVector>> files;
  std::optional<ByteVector> tail;

  explicit Published(const MemoryFileSystem& from)
      : tail(from.ReadFile("A.keys/seal.tail")) {
    for (const std::string& path : from.ListPaths()) {
      if (path.ends_with(".jsonl.zst") || path.ends_with(".note")) {
        files.emplace_back(path, *from.ReadFile(path));
      }
    }
  }

  void ExpectUnchanged(const MemoryFileSystem& now) const {
    bool tail_found = !tail.has_value();
    for (const auto& [path, bytes] : files) {
      EXPECT_EQ(now.ReadFile(path), bytes) << path;
    }
    for (const std::string& path : now.ListPaths()) {
      if (tail.has_value() && path.ends_with(".jsonl.zst")) {
        tail_found = tail_found || Contains(*now.ReadFile(path), *tail);
      }
    }
    EXPECT_TRUE(tail_found) << "a signed tail was not used as it was";
  }
};

// Every record that was acknowledged is there once, in order, and behind them
// at most records that had no answer yet.
void ExpectRecords(MemoryFileSystem& files, const Acknowledged& told,
                   std::vector<std::string>* delivered = nullptr) {
  const auto checked = ReadAndCheck(files);
  ASSERT_TRUE(checked.has_value()) << checked.error().message;
  const std::vector<std::string> kept = checked->delivered();
  ASSERT_GE(kept.size(), told.records.size()) << "acknowledged records lost";
  ASSERT_LE(kept.size(), ScriptRecords().size());
  EXPECT_TRUE(std::equal(kept.begin(), kept.end(), ScriptRecords().begin()));
  EXPECT_GE(checked->footers.size(), told.destroyed_keys.size());
  if (delivered != nullptr) {
    *delivered = kept;
  }
}

void ExpectRecovers(MemoryFileSystem& files, const Acknowledged& told) {
  ManualClock clock;
  SizeIndexer indexer;
  if (!files.ReadFile("A/archive.note").has_value()) {
    EXPECT_TRUE(told.records.empty()) << "the archive is gone";
    return;
  }
  const Published published(files);
  ExpectKeysAreGone(files, told);
  std::vector<std::string> delivered;
  {
    const auto writer = OpenScriptArchive(files, clock, indexer);
    ASSERT_TRUE(writer.has_value()) << writer.error().message;
    ExpectRecords(files, told, &delivered);
  }
  published.ExpectUnchanged(files);
  ExpectKeysAreGone(files, told);

  // Again, after another cut: nothing is left to mend.
  MemoryFileSystem again = files.CrashCopy({});
  auto writer = OpenScriptArchive(again, clock, indexer);
  ASSERT_TRUE(writer.has_value()) << writer.error().message;
  EXPECT_EQ(writer->recovery().torn_bytes, 0u);
  EXPECT_FALSE(writer->recovery().seal_completed);
  std::vector<std::string> second;
  ExpectRecords(again, told, &second);
  EXPECT_EQ(second, delivered);

  // And work goes on.
  ASSERT_TRUE(CommitRecords(*writer, {"after"}));
  const auto sealed = writer->Seal();
  ASSERT_TRUE(sealed.has_value()) << sealed.error().message;
  const auto checked = ReadAndCheck(again);
  ASSERT_TRUE(checked.has_value()) << checked.error().message;
  EXPECT_EQ(checked->delivered().size(), delivered.size() + 1);
}

class CrashState : public ::testing::TestWithParam<Effect> {};

TEST_P(CrashState, NothingAcknowledgedIsLostWhereverItStops) {
  const std::uint64_t operations =
      CountOperations(FaultPlan::Counts::kMutating);
  ASSERT_GT(operations, 100u);
  for (std::uint64_t n = 1; n <= operations; ++n) {
    MemoryFileSystem memory;
    FaultyFileSystem files(
        memory, {.fail_at = n, .sticky = true, .effect = GetParam()});
    ManualClock clock;
    const Acknowledged told = RunScript(files, memory, clock);
    ASSERT_FALSE(told.finished) << n;
    for (const CrashPolicy& policy : Policies(n)) {
      SCOPED_TRACE("stopped at " + std::to_string(n) + ", names " +
                   std::to_string(static_cast<int>(policy.names)) + ", data " +
                   std::to_string(static_cast<int>(policy.data)));
      MemoryFileSystem after = memory.CrashCopy(policy);
      ExpectRecovers(after, told);
      if (HasFatalFailure()) {
        return;
      }
    }
  }
}

// A second crash, at each operation of the recovery from the first.
TEST_P(CrashState, RecoveryMayBeCutOffToo) {
  const std::uint64_t operations =
      CountOperations(FaultPlan::Counts::kMutating);
  for (std::uint64_t n = 20; n <= operations; n += 3) {
    MemoryFileSystem memory;
    FaultyFileSystem files(
        memory, {.fail_at = n, .sticky = true, .effect = GetParam()});
    ManualClock clock;
    SizeIndexer indexer;
    const Acknowledged told = RunScript(files, memory, clock);
    const auto policies = Policies(n);
    const CrashPolicy& first = policies[n % policies.size()];
    for (std::uint64_t m = 1;; ++m) {
      MemoryFileSystem cut = memory.CrashCopy(first);
      if (!cut.ReadFile("A/archive.note").has_value()) {
        break;
      }
      FaultyFileSystem recovering(
          cut, {.fail_at = m, .sticky = true, .effect = GetParam()});
      if (OpenScriptArchive(recovering, clock, indexer).has_value()) {
        break;
      }
      ASSERT_TRUE(recovering.has_failed()) << n << " " << m;
      SCOPED_TRACE("stopped at " + std::to_string(n) + ", recovery at " +
                   std::to_string(m));
      MemoryFileSystem after =
          cut.CrashCopy(policies[(n + m) % policies.size()]);
      ExpectRecovers(after, told);
      if (HasFatalFailure()) {
        return;
      }
    }
  }
}

// No crash: one operation fails, the program ends with an error, and the next
// one runs on the same files.
TEST_P(CrashState, EachFailedOperationIsReportedAndMended) {
  const std::uint64_t operations =
      CountOperations(FaultPlan::Counts::kMutating);
  for (std::uint64_t n = 1; n <= operations; ++n) {
    SCOPED_TRACE("failed at " + std::to_string(n));
    MemoryFileSystem memory;
    FaultyFileSystem files(memory, {.fail_at = n, .effect = GetParam()});
    ManualClock clock;
    const Acknowledged told = RunScript(files, memory, clock);
    ASSERT_TRUE(files.has_failed());
    ASSERT_FALSE(told.finished) << "an error was passed over";
    EXPECT_EQ(told.error.code, ErrorCode::kIo) << told.error.message;
    ExpectRecovers(memory, told);
    if (HasFatalFailure()) {
      return;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Effects, CrashState,
                         ::testing::Values(Effect::kNothing,
                                           Effect::kDoneAnyway,
                                           Effect::kHalfWritten),
                         [](const auto& named) -> std::string {
                           switch (named.param) {
                             case Effect::kNothing:
                               return "Nothing";
                             case Effect::kDoneAnyway:
                               return "DoneAnyway";
                             case Effect::kHalfWritten:
                               break;
                           }
                           return "HalfWritten";
                         });

// A read that fails is never taken for damage, and changes nothing that counts.
TEST(ReadFault, IsReportedAsWhatItIs) {
  const std::uint64_t operations = CountOperations(FaultPlan::Counts::kReading);
  ASSERT_GT(operations, 50u);
  for (std::uint64_t n = 1; n <= operations; ++n) {
    SCOPED_TRACE("failed at " + std::to_string(n));
    MemoryFileSystem memory;
    FaultyFileSystem files(
        memory, {.fail_at = n, .counts = FaultPlan::Counts::kReading});
    ManualClock clock;
    const Acknowledged told = RunScript(files, memory, clock);
    ASSERT_TRUE(files.has_failed());
    ASSERT_FALSE(told.finished) << "an error was passed over";
    EXPECT_EQ(told.error.code, ErrorCode::kIo) << told.error.message;
    ExpectRecovers(memory, told);
    if (HasFatalFailure()) {
      return;
    }
  }
}

}  // namespace
}  // namespace authseal
