// An archive to attack, with all that its attackers may know.
#ifndef AUTHSEAL_TESTS_ATTACK_VICTIM_H_
#define AUTHSEAL_TESTS_ATTACK_VICTIM_H_

#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "lib/crypto/ed25519_signer.h"
#include "lib/note/checkpoint.h"
#include "tests/corruption/attack.h"
#include "tests/unit/verify/test_archive.h"

namespace authseal {

using SignerPointer = std::shared_ptr<const Ed25519Signer>;

// Whom the verifier believes beside the archive's own keys, and what these
// really said: "w1 25 1767225600", "tsa 25 1772366400".
struct Outsiders {
  std::optional<WitnessPolicy> witnesses = {};
  std::shared_ptr<const TimestampAuthorities> authorities = {};
  std::set<std::string> said = {};

  // "" unless `report` says that one of them said something else.
  std::string FaultIn(const VerifyReport& report) const;
};

struct Victim {
  ArchiveFiles files;
  Pin pin;
  std::string origin;
  std::vector<std::string> records;  // by number, seal records included
  std::uint64_t sealed_end = 0;
  Hash sealed_root;
  std::vector<Checkpoint> checkpoints;
  std::vector<SignerPointer> epoch_keys;  // by epoch; the last is current
  SignerPointer identity;                 // the newest
  SignerPointer first_identity;           // which signed archive.note
  std::uint64_t rotated_at = 0;           // the first one signs up to this size
  std::vector<ReopenedEpoch> reopened = {};  // as a sound report has them
  Outsiders outsiders = {};
  std::shared_ptr<const RecordOracle> oracle;

  const Checkpoint& newest() const { return checkpoints.back(); }
  // Whose signature a checkpoint of this size has.
  const SignerPointer& IdentityAt(std::uint64_t size) const {
    return size <= rotated_at ? first_identity : identity;
  }
};

// Every kind of file that an archive may have: sealed segments of several
// commits and blocks, an empty epoch, a rotation of the identity key, a
// reopened epoch, an open segment, indexes, checkpoints, cosignatures of
// witnesses that the verifier knows and of one that it does not, timestamps
// with their requests.
Victim MakeSmallVictim(std::string_view origin);
// About `records` records in four sealed segments, one of them of an empty
// epoch, and an open one.
Victim MakeForgeryVictim(std::string_view origin, std::uint64_t records);

// Reads what there is to know. Every record must differ from the others.
Victim VictimOf(TestArchive& archive, std::size_t epochs);

}  // namespace authseal

#endif  // AUTHSEAL_TESTS_ATTACK_VICTIM_H_
