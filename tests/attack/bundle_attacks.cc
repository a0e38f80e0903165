#include "tests/attack/bundle_attacks.h"

#include <utility>

#include "lib/base/check.h"
#include "lib/event/mapper.h"
#include "lib/export/bundle_writer.h"
#include "lib/verify/bundle_files.h"
#include "tests/attack/byte_attacks.h"
#include "tests/attack/judge.h"
#include "tests/attack/victim.h"
#include "tests/support/manual_clock.h"

namespace authseal {
namespace {

// The small archive's bundle, as export writes it.
ArchiveFiles ExportedFiles(const Victim& victim) {
  MemoryFileSystem files = FileSystemOf(victim.files);
  const auto archive = ArchiveReader::Open(files, "A");
  const auto mapper = EventMapper::Create({});
  AUTHSEAL_CHECK(archive.has_value() && mapper.has_value());
  const EventFilter everything;
  const auto written = WriteBundle(
      files, ManualClock(), *archive, *mapper, everything,
      {.pin = victim.pin, .out_path = "B", .filter_words = {}, .threads = 1});
  AUTHSEAL_CHECK(written.has_value());
  ArchiveFiles bundle;
  for (const std::string& path : files.ListPaths()) {
    const auto bytes = files.ReadFile(path);
    if (path.starts_with("B/") && bytes.has_value()) {
      bundle[path.substr(2)] = *bytes;
    }
  }
  return bundle;
}

std::shared_ptr<const ByteTarget> ExportedTarget() {
  const auto victim =
      std::make_shared<const Victim>(MakeSmallVictim("log.example.org"));
  ArchiveFiles files = ExportedFiles(*victim);
  for (const std::string_view name :
       {kBundleCosignatures, kBundleTimestamp, kBundleRotations}) {
    AUTHSEAL_CHECK(files.count(std::string(name)) == 1);
  }
  return std::make_shared<const ByteTarget>(
      ByteTarget{std::move(files),
                 [victim](const std::string&, Attempt attempt, JudgeScope) {
                   attempt.pin = victim->pin;
                   attempt.required = BundleDamageNames();
                   attempt.may_be_newer = true;
                   return JudgeBundle(attempt, victim->outsiders);
                 }});
}

AttackClass FilesOfBundle(const std::shared_ptr<const ByteTarget>& target) {
  std::vector<std::string> paths;
  for (const auto& [path, bytes] : target->files) {
    paths.push_back(path);
  }
  constexpr std::uint64_t kWays = 4;
  return {"bundle: files removed, added, not files", paths.size() * kWays, 1,
          [target, paths](std::uint64_t number, JudgeScope scope) {
            const std::string& path = paths[number / kWays];
            Attempt attempt;
            attempt.what = path + " removed, added or no file";
            attempt.files = target->files;
            switch (number % kWays) {
              case 0:
                attempt.files.erase(path);
                break;
              case 1:
                attempt.links.push_back(path);
                break;
              case 2:
                attempt.directories.push_back(path);
                break;
              default:
                attempt.files[path + "2"] = target->files.at(path);
            }
            return target->judge(path, std::move(attempt), scope);
          }};
}

}  // namespace

ArchiveFiles ExportedBundle(const Victim& victim) {
  return ExportedFiles(victim);
}

std::string BundleDamageNames() {
  return "manifest-mismatch file-missing file-unexpected record-mismatch "
         "proof-invalid count-mismatch epoch-gap checkpoint-invalid "
         "key-changed genesis-mismatch origin-changed";
}

std::vector<AttackClass> BundleAttacks(std::uint64_t seed) {
  const auto target = ExportedTarget();
  std::vector<AttackClass> classes;
  std::vector<std::string> paths;
  for (const auto& [path, bytes] : target->files) {
    paths.push_back(path);
  }
  classes.push_back(BitFlips("bundle: bits", target, paths));
  classes.back().stride *= 2;
  classes.push_back(Truncations("bundle: cut", target, paths, 6));
  classes.push_back(Appends("bundle: appended", target, seed));
  classes.push_back(DamagedBlocks("bundle: blocks", target, seed));
  classes.push_back(FilesOfBundle(target));
  classes.push_back(BundleForgeries());
  for (AttackClass& attacks : OptionalFileForgeries()) {
    classes.push_back(std::move(attacks));
  }
  return classes;
}

}  // namespace authseal
