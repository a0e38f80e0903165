#include "tests/attack/forward_attacks.h"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "lib/base/check.h"
#include "tests/attack/file_kinds.h"
#include "tests/attack/host_copies.h"
#include "tests/attack/judge.h"
#include "tests/attack/operators.h"

namespace authseal {
namespace {

// One copy's sealed part, and what its taker signs with.
struct Taken {
  std::string moment;
  Victim victim;
  History sealed;
  std::vector<Attacker> attackers;
};

struct Step {
  std::size_t taken;
  const Operator* op;
  Place place;
  std::size_t attacker;
};

bool IsOpenOrPassing(const std::string& path) {
  return path.ends_with(".open") || path.ends_with(kTemporaryFileSuffix) ||
         path.starts_with("salvage");
}

std::vector<Attacker> AttackersWith(const std::vector<SignerPointer>& held,
                                    bool identity) {
  using enum CheckpointPolicy;
  auto own = Ed25519Signer::Generate();
  AUTHSEAL_CHECK(own.has_value());
  std::vector<SignerPointer> others = {
      std::make_shared<const Ed25519Signer>(*std::move(own))};
  for (const SignerPointer& key : held) {
    if (key != nullptr) {
      others.push_back(key);
    }
  }
  std::vector<Attacker> attackers = {{"what was signed", held, nullptr, kKeep}};
  for (const SignerPointer& other : others) {
    for (const CheckpointPolicy policy : {kKeep, kDelete, kResign}) {
      if (policy != kResign || identity) {
        attackers.push_back({"the copy's keys", held, other, policy});
      }
    }
  }
  return attackers;
}

std::optional<Taken> Take(const HostRun& run, const HostCopy& copy) {
  Taken taken;
  taken.moment = copy.moment;
  Victim& victim = taken.victim;
  victim.files = ArchiveIn(copy);
  std::erase_if(victim.files,
                [](const auto& file) { return IsOpenOrPassing(file.first); });
  if (victim.files.count("archive.note") == 0) {
    return std::nullopt;
  }
  taken.sealed = TakeApartAll(victim.files);
  if (taken.sealed.segments.empty()) {
    return std::nullopt;
  }
  victim.pin = run.pin;
  victim.origin = run.pin.key->name;
  victim.epoch_keys = KeysIn(run, copy);
  victim.identity = run.identity;
  victim.oracle = std::make_shared<const RecordOracle>(victim.files);
  victim.records = victim.oracle->records();
  const SegmentFooter& last = *taken.sealed.segments.back().footer;
  victim.sealed_end = last.end_record;
  victim.sealed_root = last.end.Root();
  for (const TakenApart& parts : taken.sealed.segments) {
    const Checkpoint checkpoint{victim.origin, parts.footer->end_record,
                                parts.footer->end.Root()};
    const std::string path = "checkpoints/" + CheckpointName(checkpoint.size);
    if (victim.files.count(path) != 0) {
      victim.checkpoints.push_back(checkpoint);
    }
  }
  const auto identity = copy.files.ReadFile("A.keys/identity.key");
  taken.attackers = AttackersWith(victim.epoch_keys, identity.has_value());
  return taken;
}

// What makes one copy another for an attacker.
std::string SignatureOf(const Taken& taken) {
  std::string text;
  for (const auto& [path, bytes] : taken.victim.files) {
    text += path + " " + std::to_string(bytes.size()) + "\n";
  }
  for (const SignerPointer& key : taken.victim.epoch_keys) {
    text += key == nullptr ? "-" : "k";
  }
  return text + std::to_string(taken.attackers.size());
}

Judgement JudgeStep(const Taken& taken, const Step& step, JudgeScope scope) {
  const auto change = step.op->apply({taken.sealed, taken.sealed, step.place});
  if (!change.has_value()) {
    return {};
  }
  const Attacker& attacker = taken.attackers[step.attacker];
  Forged forged = PutTogetherAll(taken.victim, *change, attacker);
  if (forged.files == taken.victim.files) {
    return {};
  }
  Attempt attempt;
  attempt.what = taken.moment;
  attempt.pin = taken.victim.pin;
  attempt.names = NamesOfDamage();
  attempt.required = "header-signature-invalid seal-invalid epoch-key-mismatch";
  attempt.signs_unsealed = true;
  // Its key is not destroyed yet: the seal is still under way.
  attempt.has_every_key = taken.victim.epoch_keys[change->first] != nullptr;
  if (attempt.has_every_key) {
    attempt.expected = Expected::kFoundOrHarmless;
    attempt.required = "";
  }
  attempt.files = std::move(forged.files);
  Judgement judgement = JudgeArchive(taken.victim, attempt, scope);
  if (attempt.has_every_key && judgement.outcome == Outcome::kUndetected) {
    judgement = {Outcome::kAllowed, ""};
  }
  if (!judgement.text.empty()) {
    judgement.text = attempt.what + ": " + std::string(step.op->name) + " at " +
                     std::to_string(step.place.segment) + "/" +
                     std::to_string(step.place.block) + " by " + attacker.name +
                     ": " + judgement.text;
  }
  return judgement;
}

}  // namespace

std::vector<AttackClass> ForwardAttacks() {
  const HostRun run = RunHost();
  auto all = std::make_shared<std::vector<Taken>>();
  std::set<std::string> seen;
  for (const HostCopy& copy : run.copies) {
    auto taken = Take(run, copy);
    if (taken.has_value() && seen.insert(SignatureOf(*taken)).second) {
      all->push_back(*std::move(taken));
    }
  }
  auto steps = std::make_shared<std::vector<Step>>();
  for (std::size_t i = 0; i < all->size(); ++i) {
    for (const Place& place : PlacesIn((*all)[i].sealed)) {
      for (const Operator& op : Operators()) {
        const bool last = place.segment + 1 == (*all)[i].sealed.segments.size();
        if (op.cuts || (op.needs_next && last)) {
          continue;
        }
        for (std::size_t a = 0; a < (*all)[i].attackers.size(); ++a) {
          steps->push_back({i, &op, place, a});
        }
      }
    }
  }
  return {{"forward security: a copy of the host", steps->size(), 11,
           [all, steps](std::uint64_t number, JudgeScope scope) {
             const Step& step = (*steps)[number];
             return JudgeStep((*all)[step.taken], step, scope);
           }}};
}

}  // namespace authseal
