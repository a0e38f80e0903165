// The classes of attacks on archives.
#ifndef AUTHSEAL_TESTS_ATTACK_ARCHIVE_ATTACKS_H_
#define AUTHSEAL_TESTS_ATTACK_ARCHIVE_ATTACKS_H_

#include <cstdint>
#include <vector>

#include "tests/attack/attempt.h"

namespace authseal {

// Bits, lengths, tails and blocks of every kind of file.
std::vector<AttackClass> ByteAttacks(std::uint64_t seed);
// The same, by a verifier that checks only what is behind a checkpoint that it
// knows: what is new is found, what is older may go unseen, which is said.
std::vector<AttackClass> AfterCheckpointAttacks(std::uint64_t seed);
// Whole files removed, repeated, exchanged with each other and with those of
// other archives, replaced by links and directories; archives rolled back.
std::vector<AttackClass> FileAttacks();
// A history made anew by each attacker, with every hash right and every
// signature that this attacker can make: each operator on each of about
// `records` records.
std::vector<AttackClass> ForgeryAttacks(std::uint64_t records);
// The pin's own file: what is read must not pass for the pin.
std::vector<AttackClass> PinAttacks();

}  // namespace authseal

#endif  // AUTHSEAL_TESTS_ATTACK_ARCHIVE_ATTACKS_H_
