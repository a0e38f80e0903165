// The text an archive begins with. See authseal-format(5), GENESIS.
#ifndef AUTHSEAL_ARCHIVE_ARCHIVE_NOTE_H_
#define AUTHSEAL_ARCHIVE_ARCHIVE_NOTE_H_

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "lib/base/bytes.h"
#include "lib/base/result.h"
#include "lib/crypto/ed25519.h"

namespace authseal {

struct ArchiveNote {
  std::string origin;
  std::array<std::uint8_t, 16> nonce = {};
  Ed25519PublicKey first_epoch_key;
};

std::string FormatArchiveNoteText(const ArchiveNote& note);
// By the first line alone, so that a note of a later version, however it goes
// on and is signed, is called that. Errors: kNewerVersion, kDamaged.
Status CheckArchiveNoteVersion(std::string_view text);
// Errors: kNewerVersion for another version number, kDamaged otherwise.
Result<ArchiveNote> ParseArchiveNoteText(std::string_view text);
// SHA-256 of the text.
Hash Genesis(std::string_view archive_note_text);

}  // namespace authseal

#endif  // AUTHSEAL_ARCHIVE_ARCHIVE_NOTE_H_
