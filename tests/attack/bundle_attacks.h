// The classes of attacks on evidence bundles and on proofs.
#ifndef AUTHSEAL_TESTS_ATTACK_BUNDLE_ATTACKS_H_
#define AUTHSEAL_TESTS_ATTACK_BUNDLE_ATTACKS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "tests/attack/attempt.h"
#include "tests/attack/victim.h"

namespace authseal {

// Bytes and files of a bundle that export wrote; and structured forgeries with
// all checksums made anew, at every record and every link of a proof.
std::vector<AttackClass> BundleAttacks(std::uint64_t seed);
// The latter alone.
AttackClass BundleForgeries();
// What need not be in a bundle, checksums made anew: the files of witnesses and
// of an authority, and rotations.
std::vector<AttackClass> OptionalFileForgeries();
// The victim's bundle, as export writes it.
ArchiveFiles ExportedBundle(const Victim& victim);
// What damage to a bundle may be called.
std::string BundleDamageNames();

// Inclusion and consistency proofs changed at random, `count` of them: none
// may be accepted.
std::vector<AttackClass> ProofAttacks(std::uint64_t seed, std::uint64_t count);

}  // namespace authseal

#endif  // AUTHSEAL_TESTS_ATTACK_BUNDLE_ATTACKS_H_
