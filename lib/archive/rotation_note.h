// The note by which one identity key hands over to the next. See
// authseal-format(5), ROTATIONS.
#ifndef AUTHSEAL_ARCHIVE_ROTATION_NOTE_H_
#define AUTHSEAL_ARCHIVE_ROTATION_NOTE_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "lib/base/bytes.h"
#include "lib/base/result.h"
#include "lib/crypto/ed25519.h"

namespace authseal {

struct RotationNote {
  std::string origin;
  Hash genesis;
  std::uint64_t size = 0;  // the old key signs up to this tree, the new behind
  Hash root;
  Ed25519PublicKey old_key;
  Ed25519PublicKey new_key;
  bool operator==(const RotationNote&) const = default;
};

inline constexpr std::size_t kRotationTextLines = 7;

std::string FormatRotationText(const RotationNote& rotation);
// The text alone; signatures are IdentityChain's work. Error kDamaged.
Result<RotationNote> ParseRotationText(std::string_view text);

}  // namespace authseal

#endif  // AUTHSEAL_ARCHIVE_ROTATION_NOTE_H_
