// Attacks by whoever stole an identity key: the one that was handed over, the
// one that counts now, or both.
#ifndef AUTHSEAL_TESTS_ATTACK_IDENTITY_ATTACKS_H_
#define AUTHSEAL_TESTS_ATTACK_IDENTITY_ATTACKS_H_

#include <vector>

#include "lib/archive/rotation_note.h"
#include "tests/attack/attempt.h"
#include "tests/attack/victim.h"

namespace authseal {

// Checkpoints and rotations signed by the wrong key, removed, moved, forged;
// sealed epochs closed anew by a reopen statement. Each against both pins,
// without and with a later checkpoint.
std::vector<AttackClass> IdentityAttacks();

// A rotation note, signed by these two.
ByteVector SignedRotation(const RotationNote& rotation,
                          const Ed25519Signer& from, const Ed25519Signer& to);

}  // namespace authseal

#endif  // AUTHSEAL_TESTS_ATTACK_IDENTITY_ATTACKS_H_
