// The files that a bundle may have beside its evidence: what witnesses and an
// authority said, and rotations of the identity key. Whoever makes the
// checksums anew can take the first two out, and nothing in the bundle shows
// it; so then they must not count, and a policy that asks for them is not met.
// Rotations cannot be missed: without them the keys do not fit.
#include <array>
#include <utility>

#include "lib/archive/layout.h"
#include "lib/base/check.h"
#include "lib/verify/bundle_files.h"
#include "lib/verify/bundle_verifier.h"
#include "tests/attack/bundle_attacks.h"
#include "tests/attack/judge.h"
#include "tests/unit/verify/sample_bundle.h"

namespace authseal {
namespace {

constexpr std::array<std::string_view, 3> kOptional = {
    kBundleCosignatures, kBundleTimestamp, kBundleRotations};

ByteVector BytesOf(std::string_view text) {
  const Bytes bytes = AsBytes(text);
  return {bytes.begin(), bytes.end()};
}

ArchiveFiles WithManifests(const ArchiveFiles& files) {
  SampleBundle bundle;
  for (const auto& [path, bytes] : files) {
    bundle.files[path] = AsText(bytes);
  }
  bundle.RemakeManifests();
  ArchiveFiles made;
  for (const auto& [path, text] : bundle.files) {
    made[path] = BytesOf(text);
  }
  return made;
}

struct OptionalStage {
  Victim victim = MakeSmallVictim("log.example.org");
  Victim other = MakeSmallVictim("log.example.org");
  Victim plain = MakeForgeryVictim("log.example.org", 24);
  ArchiveFiles sound = WithManifests(ExportedBundle(victim));
  ArchiveFiles others = ExportedBundle(other);
  ArchiveFiles bare = WithManifests(ExportedBundle(plain));  // has none of them
  // The keys that a verifier may have pinned: the first one and the newest.
  std::array<Pin, 2> pins = {
      Pin{MakeVerificationKey(victim.origin,
                              victim.first_identity->public_key()),
          victim.pin.genesis},
      Pin{MakeVerificationKey(victim.origin, victim.identity->public_key()),
          victim.pin.genesis}};
};
using StagePointer = std::shared_ptr<const OptionalStage>;

// What still counts for whoever asks for the witnesses and the authority.
struct Counted {
  bool quorum = false;
  bool timestamp = false;
};

Counted WhatCounts(const Attempt& attempt, const Outsiders& outsiders) {
  MemoryFileSystem files;
  AUTHSEAL_CHECK(files.CreateDirectory("B", 0700).has_value());
  AUTHSEAL_CHECK(files.CreateDirectory("B/data", 0700).has_value());
  for (const auto& [path, bytes] : attempt.files) {
    AUTHSEAL_CHECK(files.WriteFile("B/" + path, bytes));
  }
  VerifyOptions options;
  options.pin = attempt.pin;
  options.witnesses = outsiders.witnesses;
  options.tsa_authorities = outsiders.authorities.get();
  const auto report = VerifyBundle(files, "B", options);
  AUTHSEAL_CHECK(report.has_value());
  return {.quorum = report->checkpoint_size > 0 &&
                    report->witnessed_size >= report->checkpoint_size,
          .timestamp = report->timestamp.has_value()};
}

// `file`: the one that must not count any more where its change passes; empty:
// it may, as long as it says what was said.
Judgement JudgeChanged(Attempt attempt, std::string_view file,
                       const Outsiders& outsiders) {
  attempt.files = WithManifests(attempt.files);
  attempt.names = BundleDamageNames();
  Judgement judgement = JudgeBundle(attempt, outsiders);
  if (judgement.outcome != Outcome::kAllowed) {
    return judgement;
  }
  const Counted counted = WhatCounts(attempt, outsiders);
  if ((file == kBundleCosignatures && counted.quorum) ||
      (file == kBundleTimestamp && counted.timestamp)) {
    return {Outcome::kUndetected, std::string(file) + " still counts"};
  }
  return judgement;
}

// Rotations must be missed; what others said may be gone.
Expected ExpectedOf(std::string_view file) {
  return file == kBundleRotations ? Expected::kFound
                                  : Expected::kFoundOrHarmless;
}

// Of the victim's earlier checkpoint, where that has such a file.
const ByteVector* OfEarlierCheckpoint(const Victim& victim,
                                      std::string_view file) {
  const std::uint64_t size = victim.checkpoints.front().size;
  const std::string name = file == kBundleCosignatures ? CosignaturesName(size)
                           : file == kBundleTimestamp ? TimestampReplyName(size)
                                                      : std::string();
  const auto found =
      victim.files.find(std::string(kCheckpointsName) + "/" + name);
  return found == victim.files.end() ? nullptr : &found->second;
}

enum class Way {
  kRemoved,
  kEmptied,
  kOfAnotherArchive,
  kOfAnEarlierCheckpoint,
  kExchangedWithNext,
  kTwice,
  kAddedToABareBundle,
};
constexpr std::array kWays = {
    Way::kRemoved,           Way::kEmptied,
    Way::kOfAnotherArchive,  Way::kOfAnEarlierCheckpoint,
    Way::kExchangedWithNext, Way::kTwice,
    Way::kAddedToABareBundle};

Judgement JudgeWay(const OptionalStage& stage, const Pin& pin, std::size_t at,
                   Way way) {
  const std::string file(kOptional[at]);
  const std::string next(kOptional[(at + 1) % kOptional.size()]);
  Attempt attempt;
  attempt.what = file + ", way " + std::to_string(static_cast<int>(way));
  attempt.files = stage.sound;
  attempt.pin = pin;
  attempt.expected = ExpectedOf(file);
  switch (way) {
    case Way::kRemoved:
      attempt.files.erase(file);
      break;
    case Way::kEmptied:
      attempt.files[file].clear();
      break;
    case Way::kOfAnotherArchive:
      attempt.files[file] = stage.others.at(file);
      break;
    case Way::kOfAnEarlierCheckpoint: {
      const ByteVector* earlier = OfEarlierCheckpoint(stage.victim, file);
      if (earlier == nullptr) {
        return {};
      }
      // By outsiders that are believed, over another checkpoint than this.
      attempt.files[file] = *earlier;
      attempt.expected = Expected::kFound;
      break;
    }
    case Way::kExchangedWithNext:
      std::swap(attempt.files[file], attempt.files[next]);
      attempt.expected = Expected::kFound;
      break;
    case Way::kTwice: {
      const ByteVector once = attempt.files[file];
      attempt.files[file].insert(attempt.files[file].end(), once.begin(),
                                 once.end());
      if (file == kBundleCosignatures) {
        return {};  // says the same twice
      }
      attempt.expected = Expected::kFound;
      break;
    }
    case Way::kAddedToABareBundle:
      attempt.files = stage.bare;
      attempt.files[file] = stage.sound.at(file);
      attempt.pin = stage.plain.pin;
      break;
  }
  return JudgeChanged(std::move(attempt), file, stage.victim.outsiders);
}

AttackClass Ways(const StagePointer& stage) {
  const std::uint64_t files = kOptional.size();
  const std::uint64_t ways = kWays.size();
  return {"bundle: optional files, checksums made anew",
          files * ways * stage->pins.size(), 1,
          [stage, files, ways](std::uint64_t number, JudgeScope) {
            return JudgeWay(*stage, stage->pins[number / (files * ways)],
                            number % files, kWays[number / files % ways]);
          }};
}

AttackClass Bits(const StagePointer& stage, std::string_view file) {
  const std::string path(file);
  return {"bundle: bits, sums anew: " + path, stage->sound.at(path).size() * 8,
          29, [stage, path](std::uint64_t number, JudgeScope) {
            Attempt attempt;
            attempt.what = "bit " + std::to_string(number % 8) + " of byte " +
                           std::to_string(number / 8) + " of " + path;
            attempt.files = stage->sound;
            attempt.files[path][number / 8] ^=
                static_cast<std::uint8_t>(1u << (number % 8));
            attempt.pin = stage->pins[number / 8 % stage->pins.size()];
            attempt.expected = ExpectedOf(path);
            // A token has bytes that its signature does not cover, such as
            // the list of algorithms: what it states stays as it was.
            return JudgeChanged(std::move(attempt),
                                path == kBundleTimestamp ? "" : path,
                                stage->victim.outsiders);
          }};
}

}  // namespace

std::vector<AttackClass> OptionalFileForgeries() {
  const auto stage = std::make_shared<const OptionalStage>();
  for (const Pin& pin : stage->pins) {  // sound ones count, or nothing is shown
    Attempt sound;
    sound.files = stage->sound;
    sound.pin = pin;
    const Counted counted = WhatCounts(sound, stage->victim.outsiders);
    AUTHSEAL_CHECK(counted.quorum && counted.timestamp);
  }
  std::vector<AttackClass> classes = {Ways(stage)};
  for (const std::string_view file : kOptional) {
    classes.push_back(Bits(stage, file));
  }
  return classes;
}

}  // namespace authseal
