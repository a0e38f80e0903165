// An archive to attack, with all that its attackers may know.
#ifndef AUTHSEAL_TESTS_ATTACK_VICTIM_H_
#define AUTHSEAL_TESTS_ATTACK_VICTIM_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "lib/crypto/ed25519_signer.h"
#include "lib/note/checkpoint.h"
#include "tests/corruption/attack.h"
#include "tests/unit/verify/test_archive.h"

namespace authseal {

using SignerPointer = std::shared_ptr<const Ed25519Signer>;

struct Victim {
  ArchiveFiles files;
  Pin pin;
  std::string origin;
  std::vector<std::string> records;  // by number, seal records included
  std::uint64_t sealed_end = 0;
  Hash sealed_root;
  std::vector<Checkpoint> checkpoints;
  std::vector<SignerPointer> epoch_keys;  // by epoch; the last is current
  SignerPointer identity;
  std::shared_ptr<const RecordOracle> oracle;

  const Checkpoint& newest() const { return checkpoints.back(); }
};

// Every kind of file that an archive may have: sealed segments of several
// commits and blocks, an empty epoch, an open segment, indexes, checkpoints
// and cosignatures.
Victim MakeSmallVictim(std::string_view origin);
// About `records` records in four sealed segments, one of them of an empty
// epoch, and an open one.
Victim MakeForgeryVictim(std::string_view origin, std::uint64_t records);

// Reads what there is to know. Every record must differ from the others.
Victim VictimOf(TestArchive& archive, std::size_t epochs);

}  // namespace authseal

#endif  // AUTHSEAL_TESTS_ATTACK_VICTIM_H_
