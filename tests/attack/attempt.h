// One attack in the matrix, and what must come of it.
#ifndef AUTHSEAL_TESTS_ATTACK_ATTEMPT_H_
#define AUTHSEAL_TESTS_ATTACK_ATTEMPT_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "lib/verify/report.h"
#include "tests/unit/verify/test_archive.h"

namespace authseal {

enum class Expected {
  kFound,
  // What is promised of an open segment's tail and of files that nothing
  // signed covers: a finding, or no sealed record is another.
  kFoundOrHarmless,
  kPasses,  // nobody with this memory can tell; others can
};

struct Attempt {
  std::string what;                     // "bit 3 of byte 17 of archive.note"
  ArchiveFiles files;                   // of the archive, or of the bundle
  std::vector<std::string> links = {};  // symbolic links, FIFOs, devices
  std::vector<std::string> directories = {};  // in place of files
  Pin pin;
  std::vector<KnownCheckpoint> known = {};  // the verifier's memory
  // Only what is behind the first of them is checked; what is not read is not
  // called trustworthy, and it is said.
  bool after_known = false;

  Expected expected = Expected::kFound;
  std::string names = {};     // each finding is one of these; empty: any
  std::string required = {};  // one finding at least is one of these
  std::string file = {};      // and one is about this file; empty: any
  // Refusing a note of a later version is as good as a finding.
  bool may_be_newer = false;
  // Sealed records may be cut off at the end without a trace in the archive.
  bool end_is_cut = false;
  // With every key, the readers cannot tell at all.
  bool has_every_key = false;
  // An epoch that the report must say was reopened, by a statement that is not
  // the victim's, where it passes.
  std::optional<std::uint64_t> says_reopened = {};
  // Who holds the current key says what is not sealed yet.
  bool signs_unsealed = false;
};

enum class Outcome {
  kNoAttack,  // the change changes nothing
  kDetected,
  kAllowed,  // passes, and is expected to
  kUndetected,
  kWrongFinding,
  kBadQuery,   // a record printed as good that is not, or left out in silence
  kBadExport,  // the same in a bundle
};

struct Judgement {
  Outcome outcome = Outcome::kNoAttack;
  std::string text = {};  // why, where it is a fault
};

// Which of the checks are made beside that at full depth.
struct JudgeScope {
  bool quick = true;
  bool readers = true;
};

// Attempts are numbered, so that each can be made again by itself.
struct AttackClass {
  std::string name;
  std::uint64_t count = 0;
  // A quick run takes one of so many, chosen by the seed.
  std::uint64_t stride = 1;
  std::function<Judgement(std::uint64_t number, JudgeScope scope)> judge;
};

}  // namespace authseal

#endif  // AUTHSEAL_TESTS_ATTACK_ATTEMPT_H_
