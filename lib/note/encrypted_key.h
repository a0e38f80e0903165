// An identity key under a passphrase. See authseal-format(5), KEYS. Not part
// of the verify core.
#ifndef AUTHSEAL_NOTE_ENCRYPTED_KEY_H_
#define AUTHSEAL_NOTE_ENCRYPTED_KEY_H_

#include <string>
#include <string_view>

#include "lib/base/bytes.h"
#include "lib/base/result.h"
#include "lib/crypto/passphrase_box.h"
#include "lib/note/signed_note.h"
#include "lib/note/signed_note_signer.h"

namespace authseal {

// By its first line alone.
bool IsEncryptedSigningKey(std::string_view text);

// Four lines, nothing secret in them without the passphrase. Error
// kInvalidArgument: an empty passphrase.
Result<std::string> EncryptSigningKey(const NamedSigner& key, Bytes passphrase,
                                      const ScryptCost& cost = {});

// The part that is readable without the passphrase, and not proven by it.
// Error kKey.
Result<VerificationKey> VerificationKeyOfEncrypted(std::string_view text);

// Errors: kKey (wrong passphrase, changed or damaged text, another version,
// costs out of bounds), kTemporary (memory).
Result<NamedSigner> DecryptSigningKey(std::string_view text, Bytes passphrase);

}  // namespace authseal

#endif  // AUTHSEAL_NOTE_ENCRYPTED_KEY_H_
