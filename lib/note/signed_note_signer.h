// Signing of C2SP notes. Not part of the verify core.
#ifndef AUTHSEAL_NOTE_SIGNED_NOTE_SIGNER_H_
#define AUTHSEAL_NOTE_SIGNED_NOTE_SIGNER_H_

#include <string>
#include <string_view>

#include "lib/base/result.h"
#include "lib/crypto/ed25519_signer.h"
#include "lib/note/signed_note.h"

namespace authseal {

// The whole note: `text` (ends in line feed), blank line, one signature line.
// Error kInvalidArgument: no such text, or no such name.
Result<std::string> SignNote(std::string_view text, std::string_view key_name,
                             const Ed25519Signer& signer);

// Go's "PRIVATE+KEY+<name>+<8 hex>+<base64(0x01 ‖ seed)>", in secret memory.
Secret FormatSigningKey(std::string_view name, const Ed25519Signer& signer);
// The same with its LF, as a key file holds it.
Secret FormatSigningKeyLine(std::string_view name, const Ed25519Signer& signer);
struct NamedSigner {
  std::string name;
  Ed25519Signer signer;
};
// Error kKey.
Result<NamedSigner> ParseSigningKey(std::string_view text);

}  // namespace authseal

#endif  // AUTHSEAL_NOTE_SIGNED_NOTE_SIGNER_H_
