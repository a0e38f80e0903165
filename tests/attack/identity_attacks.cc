#include "tests/attack/identity_attacks.h"

#include <iterator>
#include <memory>
#include <utility>

#include "lib/base/check.h"
#include "lib/note/signed_note_signer.h"
#include "tests/attack/file_kinds.h"
#include "tests/attack/identity_forgeries.h"
#include "tests/attack/judge.h"

namespace authseal {
namespace {

struct Staged {
  IdentityStage stage;
  std::vector<IdentityForgery> forgeries;
};

Judgement JudgeForgery(const IdentityStage& stage,
                       const IdentityForgery& forgery, bool newest_pin,
                       bool with_memory, JudgeScope scope) {
  const Victim& victim = stage.victim;
  Expectation expectation = newest_pin ? forgery.newest_pin : forgery.first_pin;
  Attempt attempt;
  attempt.what = forgery.what;
  attempt.files = forgery.files;
  attempt.pin = victim.pin;
  if (newest_pin) {
    attempt.pin.key =
        MakeVerificationKey(victim.origin, victim.identity->public_key());
  }
  // Only memory tells then, which query and export do not have.
  attempt.has_every_key = expectation.expected == Expected::kPasses;
  if (with_memory) {
    attempt.known = {{"kept.note", victim.newest()}};
    if (forgery.memory.has_value() &&
        expectation.expected != Expected::kFound) {
      expectation = *forgery.memory;
    }
  }
  attempt.expected = expectation.expected;
  attempt.required = expectation.required;
  attempt.names = NamesOfDamage() + " fork";
  attempt.says_reopened = forgery.says_reopened;
  Judgement judgement = JudgeArchive(victim, attempt, scope);
  if (!judgement.text.empty()) {
    judgement.text = forgery.what + (newest_pin ? ", newest pin" : "") +
                     (with_memory ? ", memory: " : ": ") + judgement.text;
  }
  return judgement;
}

AttackClass ClassOf(std::string name, IdentityStage stage,
                    std::vector<IdentityForgery> forgeries) {
  constexpr std::uint64_t kEach = 4;
  const std::uint64_t count = forgeries.size() * kEach;
  const auto staged = std::make_shared<const Staged>(
      Staged{std::move(stage), std::move(forgeries)});
  return {std::move(name), count, 1,
          [staged](std::uint64_t number, JudgeScope scope) {
            return JudgeForgery(
                staged->stage, staged->forgeries[number / kEach],
                number % 2 != 0, number % kEach / 2 != 0, scope);
          }};
}

}  // namespace

ByteVector SignedText(const std::string& text, const std::string& name,
                      const Ed25519Signer& signer) {
  const auto note = SignNote(text, name, signer);
  AUTHSEAL_CHECK(note.has_value());
  const Bytes bytes = AsBytes(*note);
  return {bytes.begin(), bytes.end()};
}

ByteVector SignedRotation(const RotationNote& rotation,
                          const Ed25519Signer& from, const Ed25519Signer& to) {
  const std::string text = FormatRotationText(rotation);
  ByteVector note = SignedText(text, rotation.origin, from);
  const ByteVector second = SignedText(text, rotation.origin, to);
  note.insert(note.end(),
              second.begin() + static_cast<std::ptrdiff_t>(text.size()) + 1,
              second.end());
  return note;
}

std::vector<AttackClass> IdentityAttacks() {
  IdentityStage stage;
  stage.victim = MakeSmallVictim("log.example.org");
  stage.sound = TakeApartAll(stage.victim.files);
  auto own = Ed25519Signer::Generate();
  AUTHSEAL_CHECK(own.has_value());
  stage.own = std::make_shared<const Ed25519Signer>(*std::move(own));
  auto notes = NoteForgeries(stage);
  auto reopened = ReopenForgeries(stage);
  return {
      ClassOf("identity: checkpoints and rotations", stage, std::move(notes)),
      ClassOf("identity: a sealed epoch reopened", stage, std::move(reopened))};
}

}  // namespace authseal
