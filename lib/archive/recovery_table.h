// What to do about a seal that a crash cut off: a table over everything that a
// crash can leave. Pure. Private to lib/archive's writing side.
//
// A seal goes: epoch.next, seal.intent, seal.tail, append, rename to the
// sealed name, epoch.key destroyed, epoch.next promoted, tail removed, intent
// removed; each step is durable before the next. So a crash leaves one of the
// rows that end in an action; the others are what no crash leaves (a restored
// or half-copied directory), and are refused with nothing changed.
//
//   intent tail sealed key     next | action
//   -------------------------------+-----------------------------------------
//     0     -     -   old       -  | start: destroy a stray epoch.next, tail
//     0     -     -   new       -  | refuse: the archive lost its end
//     0     -     -   missing   -  | refuse: the key is lost
//     1     0     0   old       1  | replay the intent
//     1     0     0   old       0  | undo: nothing was signed yet
//     1     1     0   old       1  | replay the tail, onto the open segment
//     1     1     0   old       0  | refuse: the next key is lost
//     1     -     0   new       -  | refuse: the archive lost its end
//     1     1     0   missing   1  | replay the tail, onto the open segment
//     1     1     0   missing   0  | refuse: the key is lost
//     1     0     0   missing   -  | refuse: the key is lost
//     1     1     1   old       1  | replay the tail, onto the sealed segment
//     1     0     1   old       1  | evolve the key
//     1     -     1   old       0  | refuse: the next key is lost
//     1     -     1   missing   1  | evolve the key
//     1     -     1   missing   0  | refuse: the key is lost
//     1     -     1   new       0  | remove tail and intent
//     1     -     1   new       1  | refuse: two keys for one epoch
//
// "sealed": the segment the intent names has its sealed name. "key": epoch.key
// is of the epoch that the intent (without one, the archive's end) is about,
// or of the one after it; one that was being overwritten is missing. "next":
// epoch.next is whole and the one that the intent names.
#ifndef AUTHSEAL_ARCHIVE_RECOVERY_TABLE_H_
#define AUTHSEAL_ARCHIVE_RECOVERY_TABLE_H_

#include <array>

namespace authseal {

enum class KeyFound {
  kOld,
  kNew,
  kMissing
};

struct SealTraces {
  bool intent = false;
  bool tail = false;
  bool sealed = false;
  KeyFound key = KeyFound::kOld;
  bool next = false;
};

enum class RecoveryAction {
  kStart,
  kUndo,
  kReplayIntent,
  kReplayTailOntoOpen,
  kReplayTailOntoSealed,
  kEvolveKey,
  kRemoveIntent,
  kRefuseEndLost,
  kRefuseKeyLost,
  kRefuseNextKeyLost,
  kRefuseTwoKeys,
};

enum class Cell {
  kNo,
  kYes,
  kAny
};

struct RecoveryRow {
  Cell intent;
  Cell tail;
  Cell sealed;
  KeyFound key;
  Cell next;
  RecoveryAction action;
};

// clang-format off
inline constexpr std::array<RecoveryRow, 18> kRecoveryTable = {{
    {Cell::kNo,  Cell::kAny, Cell::kAny, KeyFound::kOld,     Cell::kAny, RecoveryAction::kStart},
    {Cell::kNo,  Cell::kAny, Cell::kAny, KeyFound::kNew,     Cell::kAny, RecoveryAction::kRefuseEndLost},
    {Cell::kNo,  Cell::kAny, Cell::kAny, KeyFound::kMissing, Cell::kAny, RecoveryAction::kRefuseKeyLost},
    {Cell::kYes, Cell::kNo,  Cell::kNo,  KeyFound::kOld,     Cell::kYes, RecoveryAction::kReplayIntent},
    {Cell::kYes, Cell::kNo,  Cell::kNo,  KeyFound::kOld,     Cell::kNo,  RecoveryAction::kUndo},
    {Cell::kYes, Cell::kYes, Cell::kNo,  KeyFound::kOld,     Cell::kYes, RecoveryAction::kReplayTailOntoOpen},
    {Cell::kYes, Cell::kYes, Cell::kNo,  KeyFound::kOld,     Cell::kNo,  RecoveryAction::kRefuseNextKeyLost},
    {Cell::kYes, Cell::kAny, Cell::kNo,  KeyFound::kNew,     Cell::kAny, RecoveryAction::kRefuseEndLost},
    {Cell::kYes, Cell::kYes, Cell::kNo,  KeyFound::kMissing, Cell::kYes, RecoveryAction::kReplayTailOntoOpen},
    {Cell::kYes, Cell::kYes, Cell::kNo,  KeyFound::kMissing, Cell::kNo,  RecoveryAction::kRefuseKeyLost},
    {Cell::kYes, Cell::kNo,  Cell::kNo,  KeyFound::kMissing, Cell::kAny, RecoveryAction::kRefuseKeyLost},
    {Cell::kYes, Cell::kYes, Cell::kYes, KeyFound::kOld,     Cell::kYes, RecoveryAction::kReplayTailOntoSealed},
    {Cell::kYes, Cell::kNo,  Cell::kYes, KeyFound::kOld,     Cell::kYes, RecoveryAction::kEvolveKey},
    {Cell::kYes, Cell::kAny, Cell::kYes, KeyFound::kOld,     Cell::kNo,  RecoveryAction::kRefuseNextKeyLost},
    {Cell::kYes, Cell::kAny, Cell::kYes, KeyFound::kMissing, Cell::kYes, RecoveryAction::kEvolveKey},
    {Cell::kYes, Cell::kAny, Cell::kYes, KeyFound::kMissing, Cell::kNo,  RecoveryAction::kRefuseKeyLost},
    {Cell::kYes, Cell::kAny, Cell::kYes, KeyFound::kNew,     Cell::kNo,  RecoveryAction::kRemoveIntent},
    {Cell::kYes, Cell::kAny, Cell::kYes, KeyFound::kNew,     Cell::kYes, RecoveryAction::kRefuseTwoKeys},
}};
// clang-format on

constexpr bool Matches(Cell cell, bool value) {
  return cell == Cell::kAny || (cell == Cell::kYes) == value;
}

constexpr bool Matches(const RecoveryRow& row, const SealTraces& traces) {
  return Matches(row.intent, traces.intent) && Matches(row.tail, traces.tail) &&
         Matches(row.sealed, traces.sealed) && row.key == traces.key &&
         Matches(row.next, traces.next);
}

// Every combination matches exactly one row; a test says so.
constexpr RecoveryAction ChooseRecovery(const SealTraces& traces) {
  for (const RecoveryRow& row : kRecoveryTable) {
    if (Matches(row, traces)) {
      return row.action;
    }
  }
  return RecoveryAction::kRefuseKeyLost;
}

}  // namespace authseal

#endif  // AUTHSEAL_ARCHIVE_RECOVERY_TABLE_H_
