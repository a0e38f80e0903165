#include <map>

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
  attempt.file = path;
  attempt.may_be_newer = kind.may_be_newer;
  return JudgeArchive(victim, attempt, scope);
}

}  // namespace

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
    classes.push_back(BitFlips("bits: " + kind, target, paths));
  }
  for (const auto& [kind, paths] : kinds) {
    const bool is_open = paths.front().ends_with(".open");
    classes.push_back(
        Truncations("cut: " + kind, target, paths, is_open ? 1 : 3));
  }
  classes.push_back(Appends("appended: all files", target, seed));
  classes.push_back(DamagedBlocks("blocks: all files", target, seed));
  return classes;
}

}  // namespace authseal
