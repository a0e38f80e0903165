// Stops a rotation of the identity key, a reopening and a recovery after every
// single operation, takes the power away in several ways, and runs them again.
#include <functional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "lib/archive/reopening.h"
#include "lib/archive/salvaging.h"
#include "lib/verify/archive_verifier.h"
#include "tests/crash/identity_places.h"
#include "tests/support/faulty_file_system.h"
#include "tests/support/manual_clock.h"
#include "tests/support/memory_file_system.h"
#include "tests/unit/archive_writing/archive_fixture.h"

namespace authseal {
namespace {

using Names = CrashPolicy::Names;
using Data = CrashPolicy::Data;
using Effect = FaultPlan::Effect;

constexpr CrashPolicy kKeepAll = {.names = Names::kKeepUnsynced,
                                  .data = Data::kKeepUnsynced};

std::vector<CrashPolicy> Policies(std::uint64_t seed) {
  return {
      {.names = Names::kDropUnsynced, .data = Data::kDropUnsynced},
      kKeepAll,
      {.names = Names::kKeepUnsynced, .data = Data::kDropUnsynced},
      {.names = Names::kKeepUnsynced, .data = Data::kTornAppend, .seed = seed},
      {.names = Names::kKeepPrefix, .data = Data::kTornAppend, .seed = seed},
  };
}

// One sealed epoch, and an open one of three commits; the end in order.
Status MakeArchive(MemoryFileSystem& files) {
  ManualClock clock;
  TRY(InitTestArchive(files));
  TRY_ASSIGN(ArchiveWriter writer, OpenTestArchive(files, clock));
  TRY(CommitRecords(writer, {R"({"n":0})", R"({"n":1})"}));
  TRY(writer.Seal());
  for (int n = 2; n < 5; ++n) {
    TRY(CommitRecords(writer, {R"({"n":)" + std::to_string(n) + "}"}));
  }
  return writer.Close();
}

Result<VerifyReport> Verify(MemoryFileSystem& files,
                            const VerificationKey& pin) {
  VerifyOptions options;
  options.pin.key = pin;
  return VerifyArchiveAt(files, kTestArchive, options);
}

VerificationKey PinOf(const MemoryFileSystem& files) {
  const auto text = files.ReadFile("A.keys/identity.pub");
  const std::string_view lines = AsText(*text);
  return *ParseVerificationKey(lines.substr(0, lines.find('\n')));
}

// What is to be stopped, and what makes the archive ready for it.
struct Case {
  std::string name;
  std::function<void(MemoryFileSystem&)> prepare;
  std::function<Status(FileSystem&)> run;
  // Whether `error` of the second run says that the first one was done.
  std::function<bool(const Error&)> is_done;
  std::uint64_t records_min = 0;  // without control records
  std::size_t reopened = 0;
  // As whoever goes on with the work does.
  std::function<Result<ArchiveWriter>(FileSystem&, const Clock&)> open =
      [](FileSystem& files, const Clock& clock) {
        return OpenTestArchive(files, clock);
      };
};

Status Rotate(FileSystem& files) {
  ManualClock clock;
  TRY_ASSIGN(ArchiveWriter writer, OpenTestArchive(files, clock));
  if (writer.recovery().rotation_completed) {
    return writer.Close();
  }
  TRY(writer.RotateIdentity());
  return writer.Close();
}

Status Reopen(FileSystem& files) {
  ManualClock clock;
  TRY_ASSIGN(KeyStore keys, KeyStore::Open(files, kTestKeys));
  TRY(ReopenArchive(files, clock, kTestArchive, std::move(keys)));
  return Ok();
}

Status Salvage(FileSystem& files) {
  ManualClock clock;
  TRY_ASSIGN(KeyStore keys, KeyStore::Open(files, kTestKeys));
  TRY(SalvageArchive(files, clock, kTestArchive, std::move(keys),
                     [](std::string_view record, std::string& lines) {
                       lines.append(record).push_back('\n');
                     }));
  return Ok();
}

void LoseKey(MemoryFileSystem& files) {
  ASSERT_TRUE(files.RemovePath("A.keys/epoch.key"));
}

std::string OpenSegmentOf(const MemoryFileSystem& files) {
  for (const std::string& path : files.ListPaths()) {
    if (path.ends_with(".open")) {
      return path;
    }
  }
  return {};
}

void FlipInTheMiddle(MemoryFileSystem& files) {
  const std::string path = OpenSegmentOf(files);
  auto bytes = *files.ReadFile(path);
  bytes[bytes.size() / 3 + 4] ^= 0x01;
  ASSERT_TRUE(files.WriteFile(path, bytes));
}

// In the last commit, where only the mark of a clean end tells it from a torn
// append.
void FlipInTheLast(MemoryFileSystem& files) {
  const std::string path = OpenSegmentOf(files);
  auto bytes = *files.ReadFile(path);
  bytes[bytes.size() * 2 / 3 + 4] ^= 0x01;
  ASSERT_TRUE(files.WriteFile(path, bytes));
}

std::vector<Case> Cases() {
  const auto nothing = [](MemoryFileSystem&) {};
  const auto never = [](const Error&) { return false; };
  const auto is_there = [](const Error& error) {
    return error.code == ErrorCode::kInvalidArgument &&
           error.message.find("fits") != std::string::npos;
  };
  return {
      {"rotate", nothing, Rotate, never, 5, 0},
      {"rotate_locked", LockIdentity, RotateLocked, never, 5, 0, OpenLocked},
      {"rotate_elsewhere", MoveIdentity, RotateElsewhere, never, 5, 0,
       OpenElsewhere},
      {"reopen", LoseKey, Reopen, is_there, 5, 1},
      {"recover", FlipInTheMiddle, Salvage, never, 2, 0},
      {"recover_last", FlipInTheLast, Salvage, never, 2, 0},
  };
}

class KeyChangeCrash : public ::testing::TestWithParam<Effect> {
 protected:
  // Runs again, and looks at what is left as a verifier with the old pin.
  static void ExpectCompletes(const Case& what, MemoryFileSystem& files,
                              const VerificationKey& pin,
                              std::uint64_t checkpoints_before) {
    const auto before = Verify(files, pin);
    ASSERT_TRUE(before.has_value()) << before.error().message;
    if (what.records_min == 5) {  // it begins with a sound archive
      EXPECT_TRUE(before->verified())
          << before->findings.front().file << before->findings.front().text;
    }
    const Status again = what.run(files);
    ASSERT_TRUE(again.has_value() || what.is_done(again.error()))
        << again.error().message;
    // Work goes on.
    ManualClock clock;
    auto writer = what.open(files, clock);
    ASSERT_TRUE(writer.has_value()) << writer.error().message;
    ASSERT_TRUE(CommitRecords(*writer, {"after"}).has_value());
    const auto sealed = writer->Seal();
    ASSERT_TRUE(sealed.has_value()) << sealed.error().message;
    ASSERT_TRUE(writer->Close().has_value());
    const auto report = Verify(files, pin);
    ASSERT_TRUE(report.has_value()) << report.error().message;
    ASSERT_TRUE(report->verified())
        << FindingName(report->findings.front().kind) << ' '
        << report->findings.front().file << ' '
        << report->findings.front().text;
    EXPECT_EQ(report->reopened.size(), what.reopened);
    EXPECT_GE(report->tree_size, what.records_min);
    EXPECT_EQ(report->tree_size, report->checkpoint_size);
    EXPECT_GE(report->checkpoint_size, checkpoints_before);
    for (const char* stray : {"A.keys/identity.next", "A.keys/epoch.next",
                              "A.keys/seal.intent", "A.keys/seal.tail"}) {
      EXPECT_FALSE(files.ReadFile(stray).has_value()) << stray;
    }
    if (what.name.starts_with("recover")) {
      ExpectLossIsSaid(files);
    }
    if (what.name.starts_with("rotate")) {
      EXPECT_NE(PinOf(files), pin);
      EXPECT_EQ(report->identities.back(), PinOf(files));
    }
  }

  // Not for a moment, under a passphrase.
  static void ExpectNoPlainKey(const MemoryFileSystem& files) {
    for (const std::string& path : files.ListPaths()) {
      const auto bytes = files.ReadFile(path);
      EXPECT_TRUE(!bytes.has_value() ||
                  AsText(*bytes).find("PRIVATE+KEY") == std::string_view::npos)
          << path;
    }
  }

  // Somewhere in the archive stands a record that names what was lost.
  static void ExpectLossIsSaid(MemoryFileSystem& files) {
    const auto checked = ReadAndCheck(files);
    ASSERT_TRUE(checked.has_value()) << checked.error().message;
    std::size_t said = 0;
    for (const std::string& record : checked->records) {
      said += record.starts_with(R"({"authseal":{"recovery":)") ? 1u : 0u;
    }
    EXPECT_EQ(said, 1u);
  }
};

TEST_P(KeyChangeCrash, IsCompletedWhereverItStops) {
  MemoryFileSystem made;
  ASSERT_TRUE(MakeArchive(made).has_value());
  const VerificationKey pin = PinOf(made);
  for (const Case& what : Cases()) {
    std::uint64_t stops = 0;
    for (std::uint64_t n = 1;; ++n) {
      MemoryFileSystem memory = made.CrashCopy(kKeepAll);
      what.prepare(memory);
      FaultyFileSystem files(
          memory, {.fail_at = n, .sticky = true, .effect = GetParam()});
      const Status run = what.run(files);
      if (!files.has_failed()) {
        ASSERT_TRUE(run.has_value()) << what.name << run.error().message;
        break;
      }
      ++stops;
      for (const CrashPolicy& policy : Policies(n)) {
        SCOPED_TRACE(what.name + " stopped at " + std::to_string(n) +
                     ", names " +
                     std::to_string(static_cast<int>(policy.names)) +
                     ", data " + std::to_string(static_cast<int>(policy.data)));
        MemoryFileSystem after = memory.CrashCopy(policy);
        if (what.name == "rotate_locked") {
          ExpectNoPlainKey(after);
        }
        ExpectCompletes(what, after, pin, 3);
        if (what.name == "rotate_locked") {
          ExpectNoPlainKey(after);
        }
        if (HasFatalFailure()) {
          return;
        }
      }
    }
    EXPECT_GT(stops, 10u) << what.name;
  }
}

// While the old identity key may still be in use, no second one signs at its
// places: whoever holds any pin is told one story.
TEST_P(KeyChangeCrash, RotationLeavesOneStoryForEveryPin) {
  MemoryFileSystem made;
  ASSERT_TRUE(MakeArchive(made).has_value());
  const VerificationKey old_pin = PinOf(made);
  for (std::uint64_t n = 1;; ++n) {
    MemoryFileSystem memory = made.CrashCopy(kKeepAll);
    FaultyFileSystem files(
        memory, {.fail_at = n, .sticky = true, .effect = GetParam()});
    static_cast<void>(Rotate(files));
    if (!files.has_failed()) {
      break;
    }
    SCOPED_TRACE("stopped at " + std::to_string(n));
    MemoryFileSystem after = memory.CrashCopy({});
    ASSERT_TRUE(Rotate(after).has_value());
    const auto by_old = Verify(after, old_pin);
    const auto by_new = Verify(after, PinOf(after));
    ASSERT_TRUE(by_old.has_value() && by_new.has_value());
    EXPECT_TRUE(by_old->verified() && by_new->verified());
    EXPECT_EQ(by_old->root, by_new->root);
    // What stopped behind the last step was done; the second run is another.
    EXPECT_GE(by_old->identities.size(), 2u);
    EXPECT_LE(by_old->identities.size(), 3u);
    EXPECT_EQ(by_old->identities, by_new->identities);
    EXPECT_EQ(by_old->identities.back(), PinOf(after));
    EXPECT_NE(PinOf(after), old_pin);
  }
}

INSTANTIATE_TEST_SUITE_P(Effects, KeyChangeCrash,
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

}  // namespace
}  // namespace authseal
