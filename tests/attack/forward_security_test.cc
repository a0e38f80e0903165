// What a full copy of the host holds at every moment of a writer's life, and
// what it does not hold any more.
#include <set>

#include <gtest/gtest.h>

#include "lib/archive/layout.h"
#include "tests/attack/history.h"
#include "tests/attack/host_copies.h"

namespace authseal {
namespace {

const HostRun& TheRun() {
  static const HostRun run = RunHost();
  return run;
}

std::vector<std::string> SealedSegments(const ArchiveFiles& files) {
  std::vector<std::string> paths;
  for (const auto& [path, bytes] : files) {
    if (path.ends_with(".jsonl.zst")) {
      paths.push_back(path);
    }
  }
  return paths;
}

// The seals whose checkpoint is there too: they were complete.
std::size_t CompleteSeals(const ArchiveFiles& files) {
  std::size_t count = 0;
  for (const auto& [path, bytes] : files) {
    count += path.starts_with("checkpoints/") && path.ends_with(".note");
  }
  return count;
}

std::size_t Held(const std::vector<SignerPointer>& keys) {
  std::size_t count = 0;
  for (const SignerPointer& key : keys) {
    count += key != nullptr ? 1u : 0u;
  }
  return count;
}

TEST(ForwardSecurity, CopiesAreTakenBeforeDuringAndAfterEachSeal) {
  std::set<std::pair<std::size_t, std::size_t>> states;  // seals, keys
  for (const HostCopy& copy : TheRun().copies) {
    states.emplace(SealedSegments(ArchiveIn(copy)).size(),
                   Held(KeysIn(TheRun(), copy)));
  }
  ASSERT_EQ(TheRun().epoch_keys.size(), 4u);
  for (std::size_t seals = 0; seals < 3; ++seals) {
    EXPECT_EQ(states.count({seals, 1}), 1u) << "before seal " << seals;
    EXPECT_EQ(states.count({seals, 2}), 1u) << "while it is made " << seals;
    EXPECT_EQ(states.count({seals + 1, 2}), 1u) << "before the key is gone";
    EXPECT_EQ(states.count({seals + 1, 1}), 1u) << "after seal " << seals;
  }
}

TEST(ForwardSecurity, NoFileHoldsAKeyOfACompleteSeal) {
  for (const HostCopy& copy : TheRun().copies) {
    const auto keys = KeysIn(TheRun(), copy);
    const ArchiveFiles files = ArchiveIn(copy);
    for (std::size_t epoch = 0; epoch < CompleteSeals(files); ++epoch) {
      EXPECT_EQ(keys[epoch], nullptr)
          << copy.moment << ": key of epoch " << epoch;
    }
    // A segment is sealed under its name before its key goes: one at most.
    const std::size_t sealed = SealedSegments(files).size();
    for (std::size_t epoch = 0; epoch + 1 < sealed; ++epoch) {
      EXPECT_EQ(keys[epoch], nullptr)
          << copy.moment << ": key of epoch " << epoch;
    }
    EXPECT_LE(Held(keys), 2u) << copy.moment;
  }
}

TEST(ForwardSecurity, EachCopyVerifiesAsItIs) {
  for (const HostCopy& copy : TheRun().copies) {
    if (!copy.files.ReadFile("A/archive.note").has_value()) {
      continue;
    }
    MemoryFileSystem files =
        copy.files.CrashCopy({.names = CrashPolicy::Names::kKeepUnsynced,
                              .data = CrashPolicy::Data::kKeepUnsynced});
    VerifyOptions options;
    options.pin = TheRun().pin;
    const auto report = VerifyArchiveAt(files, "A", options);
    ASSERT_TRUE(report.has_value()) << copy.moment << report.error().message;
    EXPECT_TRUE(report->verified()) << copy.moment << Describe(*report);
  }
}

}  // namespace
}  // namespace authseal
