// What thieves of identity keys make of a victim; see identity_attacks.h.
#ifndef AUTHSEAL_TESTS_ATTACK_IDENTITY_FORGERIES_H_
#define AUTHSEAL_TESTS_ATTACK_IDENTITY_FORGERIES_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "tests/attack/attempt.h"
#include "tests/attack/history.h"
#include "tests/attack/victim.h"

namespace authseal {

struct Expectation {
  Expected expected = Expected::kFound;
  std::string required = {};
};

struct IdentityForgery {
  std::string what;
  ArchiveFiles files;
  Expectation first_pin;   // by who pinned the first identity key
  Expectation newest_pin;  // the newest one
  // By either, with the victim's newest checkpoint; empty: as without.
  std::optional<Expectation> memory = {};
  std::optional<std::uint64_t> says_reopened = {};
};

struct IdentityStage {
  Victim victim;
  History sound;
  SignerPointer own;  // the attacker's own key
};

// Notes alone: checkpoints and rotations.
std::vector<IdentityForgery> NoteForgeries(const IdentityStage& stage);
// Each sealed epoch closed by a reopen statement behind each of its blocks,
// and everything behind it made anew.
std::vector<IdentityForgery> ReopenForgeries(const IdentityStage& stage);

ByteVector SignedText(const std::string& text, const std::string& name,
                      const Ed25519Signer& signer);

}  // namespace authseal

#endif  // AUTHSEAL_TESTS_ATTACK_IDENTITY_FORGERIES_H_
