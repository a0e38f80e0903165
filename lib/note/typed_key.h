// The text form that all Ed25519 verification keys of notes share: name, key
// id, algorithm byte and key. Private to lib/note.
#ifndef AUTHSEAL_NOTE_TYPED_KEY_H_
#define AUTHSEAL_NOTE_TYPED_KEY_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "lib/base/bytes.h"
#include "lib/base/result.h"
#include "lib/crypto/ed25519.h"

namespace authseal {

// SHA-256(name ‖ 0x0A ‖ algorithm ‖ key), its first four bytes, big endian.
std::uint32_t TypedKeyId(std::string_view name, Bytes typed_key);
// "<name>+<8 hex key id>+<base64(algorithm ‖ key)>".
std::string FormatTypedKey(std::string_view name, std::uint8_t algorithm,
                           const Ed25519PublicKey& key);

struct TypedKey {
  std::string name;
  std::uint32_t id = 0;
  ByteVector typed_key;  // algorithm byte first, never empty
  std::uint8_t algorithm() const { return typed_key.front(); }
};
// Any algorithm whose key id is made as above; the id matches. The error's
// message is the bare fault.
Result<TypedKey> ParseTypedKey(std::string_view text);
// Error with the bare fault: of another algorithm, or of a wrong length.
Result<Ed25519PublicKey> Ed25519KeyOf(const TypedKey& key,
                                      std::uint8_t algorithm);

}  // namespace authseal

#endif  // AUTHSEAL_NOTE_TYPED_KEY_H_
