#include <algorithm>
#include <utility>

#include "lib/base/check.h"
#include "tests/attack/archive_attacks.h"
#include "tests/attack/file_kinds.h"
#include "tests/attack/judge.h"
#include "tests/attack/operators.h"

namespace authseal {
namespace {

constexpr std::string_view kBadSignature =
    "header-signature-invalid seal-invalid epoch-key-mismatch";
constexpr std::size_t kMemories = 2;  // the pin alone; and a later checkpoint

// What all attempts share.
struct Stage {
  Victim victim;
  History sound;
  History other;
  std::vector<Place> places;
  std::vector<Attacker> attackers;
};

SignerPointer OwnKey() {
  auto own = Ed25519Signer::Generate();
  AUTHSEAL_CHECK(own.has_value());
  return std::make_shared<const Ed25519Signer>(*std::move(own));
}

std::vector<Attacker> AttackersOf(const Victim& victim) {
  using enum CheckpointPolicy;
  const SignerPointer own = OwnKey();
  const SignerPointer current = victim.epoch_keys.back();
  std::vector<SignerPointer> from_now(victim.epoch_keys.size());
  from_now.back() = current;
  const auto& every = victim.epoch_keys;
  return {
      {"no key", {}, nullptr, kKeep},
      {"a key of his own", {}, own, kKeep},
      {"a key of his own, checkpoints gone", {}, own, kDelete},
      {"current epoch key", from_now, current, kKeep},
      {"current epoch key, checkpoints gone", from_now, current, kDelete},
      {"current epoch key and identity", from_now, current, kResign},
      {"identity and a key of his own", from_now, own, kResign},
      {"every epoch key kept", every, own, kKeep, true},
      {"every epoch key kept, checkpoints gone", every, own, kDelete, true},
      {"every epoch key and identity", every, own, kResign, true},
  };
}

bool SameSegments(const ArchiveFiles& left, const ArchiveFiles& right) {
  const auto segments = [](const ArchiveFiles& files) {
    ArchiveFiles some;
    for (const auto& [path, bytes] : files) {
      if (path.starts_with("segments/")) {
        some[path] = bytes;
      }
    }
    return some;
  };
  return segments(left) == segments(right);
}

// The tree of the change is that of the victim as far as it was sealed.
bool LeavesSealedAlone(const Stage& stage, const Change& change) {
  return stage.sound.is_open(change.first);
}

void ExpectOfCut(bool with_memory, const Attacker& attacker, Attempt& attempt) {
  // Names of checkpoints that are left tell what is missing.
  attempt.end_is_cut = attacker.checkpoints != CheckpointPolicy::kKeep;
  attempt.required = "rollback";
  if (attacker.checkpoints != CheckpointPolicy::kKeep && !with_memory) {
    attempt.expected = Expected::kPasses;
  }
}

// Who has every key: what the memory, or a checkpoint left in place, tells.
void ExpectOfEveryKey(const Stage& stage, const Forged& forged,
                      bool with_memory, const Attacker& attacker,
                      Attempt& attempt) {
  if (attacker.checkpoints == CheckpointPolicy::kKeep) {
    const bool any = std::any_of(
        forged.ends.begin(), forged.ends.end(), [&](std::uint64_t end) {
          const auto& all = stage.victim.checkpoints;
          return std::any_of(
              all.begin(), all.end(),
              [end](const Checkpoint& one) { return one.size == end; });
        });
    attempt.required = any ? "root-mismatch rollback" : "rollback";
    return;
  }
  if (!with_memory) {
    attempt.expected = Expected::kPasses;
    return;
  }
  attempt.required =
      forged.sealed_end() < stage.victim.sealed_end ? "rollback" : "fork";
}

void ExpectOfForgery(const Stage& stage, const Operator& op,
                     const Change& change, const Forged& forged,
                     bool with_memory, const Attacker& attacker,
                     Attempt& attempt) {
  const bool holds_current =
      attacker.has_every_key ||
      attacker.SignerOf(change.first) == stage.victim.epoch_keys.back();
  if (op.cuts) {
    ExpectOfCut(with_memory, attacker, attempt);
  } else if (LeavesSealedAlone(stage, change)) {
    attempt.expected =
        holds_current ? Expected::kPasses : Expected::kFoundOrHarmless;
    attempt.required = kBadSignature;
    attempt.signs_unsealed = holds_current;
  } else if (!attacker.has_every_key) {
    attempt.required = kBadSignature;
  } else if (!op.broken.empty()) {
    attempt.required = op.broken;
  } else {
    ExpectOfEveryKey(stage, forged, with_memory, attacker, attempt);
  }
}

Judgement JudgeForgery(const Stage& stage, const Operator& op,
                       const Attacker& attacker, bool with_memory,
                       const Place& place, JudgeScope scope) {
  const auto change = op.apply({stage.sound, stage.other, place});
  if (!change.has_value()) {
    return {};
  }
  Forged forged = PutTogetherAll(stage.victim, *change, attacker);
  if (SameSegments(forged.files, stage.victim.files)) {
    return {};  // signatures are deterministic
  }
  Attempt attempt;
  attempt.what = std::string(op.name) + " by " + attacker.name;
  attempt.pin = stage.victim.pin;
  attempt.names = NamesOfDamage() + " fork";
  attempt.has_every_key = attacker.has_every_key;
  if (with_memory) {
    attempt.known = {{"kept.note", stage.victim.newest()}};
  }
  ExpectOfForgery(stage, op, *change, forged, with_memory, attacker, attempt);
  attempt.files = std::move(forged.files);
  return JudgeArchive(stage.victim, attempt, scope);
}

}  // namespace

std::vector<AttackClass> ForgeryAttacks(std::uint64_t records) {
  auto made = std::make_shared<Stage>();
  made->victim = MakeForgeryVictim("log.example.org", records);
  made->sound = TakeApartAll(made->victim.files);
  made->other =
      TakeApartAll(MakeForgeryVictim("log.example.org", records).files);
  made->places = PlacesIn(made->sound);
  made->attackers = AttackersOf(made->victim);
  const std::shared_ptr<const Stage> stage = std::move(made);
  std::vector<AttackClass> classes;
  for (const Operator& op : Operators()) {
    const std::uint64_t each = stage->attackers.size() * kMemories;
    classes.push_back(
        {"forgery: " + std::string(op.name), stage->places.size() * each, 7,
         [stage, &op, each](std::uint64_t number, JudgeScope scope) {
           return JudgeForgery(
               *stage, op, stage->attackers[number % each / kMemories],
               number % kMemories != 0, stage->places[number / each], scope);
         }});
  }
  return classes;
}

}  // namespace authseal
