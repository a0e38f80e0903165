// Forward security: whoever takes a full copy of the host cannot change what
// was sealed before it.
#ifndef AUTHSEAL_TESTS_ATTACK_FORWARD_ATTACKS_H_
#define AUTHSEAL_TESTS_ATTACK_FORWARD_ATTACKS_H_

#include <vector>

#include "tests/attack/attempt.h"

namespace authseal {

// Each operator at each sealed record, by an attacker with every key that is
// in the copy, for each copy that differs in what is sealed or which keys are
// there. The honest pin alone must find it. Where the seal's own key is still
// there, the seal is not complete, and it may pass.
std::vector<AttackClass> ForwardAttacks();

}  // namespace authseal

#endif  // AUTHSEAL_TESTS_ATTACK_FORWARD_ATTACKS_H_
