#include "lib/archive/recovery_table.h"

#include <vector>

#include <gtest/gtest.h>

namespace authseal {
namespace {

std::vector<SealTraces> AllTraces() {
  std::vector<SealTraces> all;
  for (unsigned bits = 0; bits < 16; ++bits) {
    for (const KeyFound key :
         {KeyFound::kOld, KeyFound::kNew, KeyFound::kMissing}) {
      all.push_back({.intent = (bits & 1) != 0,
                     .tail = (bits & 2) != 0,
                     .sealed = (bits & 4) != 0,
                     .key = key,
                     .next = (bits & 8) != 0});
    }
  }
  return all;
}

TEST(RecoveryTable, EveryCombinationMatchesExactlyOneRow) {
  for (const SealTraces& traces : AllTraces()) {
    int matching = 0;
    for (const RecoveryRow& row : kRecoveryTable) {
      matching += Matches(row, traces) ? 1 : 0;
    }
    EXPECT_EQ(matching, 1) << traces.intent << traces.tail << traces.sealed
                           << static_cast<int>(traces.key) << traces.next;
  }
}

TEST(RecoveryTable, EveryRowMatchesSomething) {
  for (const RecoveryRow& row : kRecoveryTable) {
    bool used = false;
    for (const SealTraces& traces : AllTraces()) {
      used = used || Matches(row, traces);
    }
    EXPECT_TRUE(used);
  }
}

// What must never happen, whatever the rows say.
TEST(RecoveryTable, NeverDestroysTheLastKey) {
  for (const SealTraces& traces : AllTraces()) {
    const RecoveryAction action = ChooseRecovery(traces);
    const bool destroys_epoch_key =
        action == RecoveryAction::kReplayIntent ||
        action == RecoveryAction::kReplayTailOntoOpen ||
        action == RecoveryAction::kReplayTailOntoSealed ||
        action == RecoveryAction::kEvolveKey;
    if (destroys_epoch_key) {
      EXPECT_TRUE(traces.next) << "nothing to go on with";
      EXPECT_NE(traces.key, KeyFound::kNew) << "the key in use";
    }
    const bool destroys_next_key =
        action == RecoveryAction::kStart || action == RecoveryAction::kUndo;
    if (destroys_next_key) {
      EXPECT_EQ(traces.key, KeyFound::kOld);
      EXPECT_FALSE(traces.intent && traces.next);
    }
    // Signing anew where a tail was signed already.
    if (action == RecoveryAction::kReplayIntent ||
        action == RecoveryAction::kUndo) {
      EXPECT_FALSE(traces.tail || traces.sealed);
    }
  }
}

}  // namespace
}  // namespace authseal
