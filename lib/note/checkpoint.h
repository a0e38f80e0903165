// C2SP checkpoints (c2sp.org/tlog-checkpoint): three lines, no extensions.
#ifndef AUTHSEAL_NOTE_CHECKPOINT_H_
#define AUTHSEAL_NOTE_CHECKPOINT_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "lib/base/bytes.h"
#include "lib/base/result.h"

namespace authseal {

struct Checkpoint {
  std::string origin;
  std::uint64_t size = 0;  // records
  Hash root = {};
  bool operator==(const Checkpoint&) const = default;
};

// "origin\nsize\nbase64(root)\n": the text of the note. Whoever signs it has an
// origin that ParseCheckpointText takes: one non-empty line.
std::string FormatCheckpointText(const Checkpoint& checkpoint);
// Extension lines are refused: we do not write them and cannot check them; so
// are signs, leading zeros and sizes above 2^63. Error kDamaged.
Result<Checkpoint> ParseCheckpointText(std::string_view text);

}  // namespace authseal

#endif  // AUTHSEAL_NOTE_CHECKPOINT_H_
