// A whole archive taken apart into segments, changed, and put together again
// by an attacker with some of the keys: every hash, number, count and range
// comes out right, and every signature that this attacker can make.
#ifndef AUTHSEAL_TESTS_ATTACK_HISTORY_H_
#define AUTHSEAL_TESTS_ATTACK_HISTORY_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "tests/attack/victim.h"
#include "tests/corruption/segment_forger.h"

namespace authseal {

struct History {
  std::vector<TakenApart> segments;  // the last may be open: without a footer

  bool is_open(std::size_t segment) const {
    return !segments[segment].footer.has_value();
  }
};

// Of a sound archive.
History TakeApartAll(const ArchiveFiles& files);

enum class CheckpointPolicy {
  kKeep,
  kDelete,  // those from the change on
  kResign,  // the same, and new ones made with the identity key
};

struct Attacker {
  std::string name;
  // Of each epoch that he signs in; empty: he leaves the signatures that were
  // there.
  std::vector<SignerPointer> epoch_keys = {};
  // What he signs the other epochs with, and names in his seals.
  SignerPointer other_key = nullptr;
  CheckpointPolicy checkpoints = CheckpointPolicy::kKeep;
  bool has_every_key = false;

  SignerPointer SignerOf(std::size_t epoch) const;
};

struct Forged {
  ArchiveFiles files;
  std::vector<std::uint64_t> ends;  // of its sealed segments
  std::uint64_t sealed_end() const { return ends.empty() ? 0 : ends.back(); }
};

// A block that comes twice with the same record numbers.
struct RepeatedBlock {
  std::size_t segment = 0;
  std::size_t block = 0;
};

struct Change {
  History history;
  std::size_t first = 0;  // segment that is not as it was
  std::optional<RepeatedBlock> repeated = std::nullopt;
  bool sign = true;  // false: nothing needs to be made anew
};

Forged PutTogetherAll(const Victim& victim, const Change& change,
                      const Attacker& attacker);

}  // namespace authseal

#endif  // AUTHSEAL_TESTS_ATTACK_HISTORY_H_
