#include <map>
#include <utility>

#include "lib/archive/format.h"
#include "lib/archive/layout.h"
#include "tests/attack/archive_attacks.h"
#include "tests/attack/byte_attacks.h"
#include "tests/attack/file_kinds.h"
#include "tests/attack/judge.h"
#include "tests/attack/victim.h"

namespace authseal {
namespace {

// "segments *.idx"
std::string KindName(const std::string& path) {
  const FileKind& kind = KindOf(path);
  return kind.ends.empty()
             ? std::string(kind.begins)
             : std::string(kind.begins.substr(0, kind.begins.find('/'))) +
                   " *" + std::string(kind.ends);
}

Judgement JudgeBytes(const Victim& victim, const std::string& path,
                     Attempt attempt, JudgeScope scope) {
  const FileKind& kind = KindOf(path);
  attempt.pin = victim.pin;
  attempt.expected = kind.expected;
  attempt.required = kind.required;
  attempt.names = NamesOfDamage();
  attempt.file = kind.found_in_other ? "" : path;
  attempt.may_be_newer = kind.may_be_newer;
  return JudgeArchive(victim, attempt, scope);
}

// The checkpoint after which all is new: an identity rotation, a reopened
// epoch, a sealed and an open segment lie behind it.
const Checkpoint& KnownOf(const Victim& victim) {
  return victim.checkpoints[2];
}

// Whether the number in the file's name is one of before.
bool IsOlder(const Victim& victim, const std::string& path) {
  const std::size_t slash = path.find('/');
  if (slash == std::string::npos) {
    return false;
  }
  const std::uint64_t number =
      std::stoull(path.substr(slash + 1, kRecordNumberDigits));
  return number < KnownOf(victim).size;
}

Attempt AfterCheckpoint(const Victim& victim, const std::string& path,
                        Attempt attempt) {
  const FileKind& kind = KindOf(path);
  attempt.pin = victim.pin;
  attempt.known = {{"kept.note", KnownOf(victim)}};
  attempt.after_known = true;
  attempt.names = NamesOfDamage() + " fork";
  attempt.expected = kind.expected;
  if (IsOlder(victim, path)) {
    attempt.expected = Expected::kFoundOrHarmless;
  } else {
    attempt.required = kind.required;
    attempt.file = kind.found_in_other ? "" : path;
    attempt.may_be_newer = kind.may_be_newer;
  }
  return attempt;
}

AttackClass RemovedAfter(const std::shared_ptr<const Victim>& victim) {
  std::vector<std::string> paths;
  for (const auto& [path, bytes] : victim->files) {
    paths.push_back(path);
  }
  return {"after a checkpoint: files removed", paths.size(), 1,
          [victim, paths](std::uint64_t number, JudgeScope scope) {
            const std::string& path = paths[number];
            Attempt attempt = AfterCheckpoint(*victim, path, {});
            attempt.what = path + " removed";
            attempt.files = victim->files;
            attempt.files.erase(path);
            attempt.file = "";
            attempt.required = "";
            // A segment of before is not read, and missed all the same.
            const bool is_segment = path.ends_with(".jsonl.zst");
            if (!IsOlder(*victim, path) || is_segment) {
              attempt.expected = KindOf(path).when_missing;
            }
            return JudgeArchive(*victim, attempt, scope);
          }};
}

}  // namespace

std::vector<AttackClass> AfterCheckpointAttacks(std::uint64_t seed) {
  const auto victim =
      std::make_shared<const Victim>(MakeSmallVictim("log.example.org"));
  const auto target = std::make_shared<const ByteTarget>(ByteTarget{
      victim->files,
      [victim](const std::string& path, Attempt attempt, JudgeScope scope) {
        return JudgeArchive(
            *victim, AfterCheckpoint(*victim, path, std::move(attempt)), scope);
      }});
  std::vector<std::string> paths;
  for (const auto& [path, bytes] : victim->files) {
    paths.push_back(path);
  }
  const std::string name = "after a checkpoint: ";
  std::vector<AttackClass> classes = {
      BitFlips(name + "bits", target, paths),
      Truncations(name + "cut", target, paths, 3),
      Appends(name + "appended", target, seed),
      DamagedBlocks(name + "blocks", target, seed), RemovedAfter(victim)};
  classes[0].stride *= 8;  // the same bits as above, seen in another way
  classes[1].stride *= 8;
  classes[2].stride *= 4;
  return classes;
}

std::vector<AttackClass> ByteAttacks(std::uint64_t seed) {
  const auto victim =
      std::make_shared<const Victim>(MakeSmallVictim("log.example.org"));
  const auto target = std::make_shared<const ByteTarget>(ByteTarget{
      victim->files,
      [victim](const std::string& path, Attempt attempt, JudgeScope scope) {
        return JudgeBytes(*victim, path, std::move(attempt), scope);
      }});
  std::map<std::string, std::vector<std::string>> kinds;
  for (const auto& [path, bytes] : victim->files) {
    kinds[KindName(path)].push_back(path);
  }
  std::vector<AttackClass> classes;
  for (const auto& [kind, paths] : kinds) {
    AttackClass& bits =
        classes.emplace_back(BitFlips("bits: " + kind, target, paths));
    // The long ones: a bit of each four bytes in the sample.
    const std::string& path = paths.front();
    bits.stride *= path.ends_with(".zst") || path.ends_with(".tsr") ? 4u : 1u;
  }
  for (const auto& [kind, paths] : kinds) {
    const bool is_open = paths.front().ends_with(".open");
    classes.push_back(
        Truncations("cut: " + kind, target, paths, is_open ? 1 : 6));
  }
  classes.push_back(Appends("appended: all files", target, seed));
  classes.push_back(DamagedBlocks("blocks: all files", target, seed));
  return classes;
}

}  // namespace authseal
