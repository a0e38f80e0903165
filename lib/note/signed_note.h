// C2SP signed notes (c2sp.org/signed-note) and their Ed25519 keys.
// Pure: values in, values out. Verification only; signed_note_signer.h signs.
//
// Lines of signers we do not know are kept and ignored, whatever algorithm they
// use. A line that names our key by name and id counts, and the note stands or
// falls with it. As in Go's golang.org/x/mod/sumdb/note, the first such line
// decides: later ones of the same key are not looked at. Stricter than Go:
// base64 has one spelling, and a name holds no control character (U+007F to
// U+009F included).
#ifndef AUTHSEAL_NOTE_SIGNED_NOTE_H_
#define AUTHSEAL_NOTE_SIGNED_NOTE_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/bytes.h"
#include "lib/base/result.h"
#include "lib/crypto/ed25519.h"

namespace authseal {

inline constexpr std::size_t kNoteSizeBytesMax = std::size_t{64} << 10;
inline constexpr std::size_t kNoteSignaturesMax = 100;
inline constexpr std::uint8_t kNoteAlgorithmEd25519 = 0x01;

// "<name>+<8 hex key id>+<base64(0x01 ‖ 32-byte key)>".
struct VerificationKey {
  std::string name;
  std::uint32_t id = 0;
  Ed25519PublicKey key = {};
  bool operator==(const VerificationKey&) const = default;
};

// SHA-256(name ‖ 0x0A ‖ 0x01 ‖ key), its first four bytes, big endian.
std::uint32_t NoteKeyId(std::string_view name, const Ed25519PublicKey& key);
// A name is non-empty valid UTF-8 without space, control character or '+'.
bool IsNoteKeyName(std::string_view name);
VerificationKey MakeVerificationKey(std::string_view name,
                                    const Ed25519PublicKey& key);
std::string FormatVerificationKey(const VerificationKey& key);
// Error kKey: not such a key, another algorithm, or an id that does not match.
Result<VerificationKey> ParseVerificationKey(std::string_view text);

struct NoteSignature {
  std::string name;
  std::uint32_t key_id = 0;
  ByteVector signature = {};  // what follows the key id
};

struct SignedNote {
  std::string text;  // ends in '\n'
  std::vector<NoteSignature> signatures = {};
};

// Error kDamaged: not a note, above a limit, invalid UTF-8, a control character
// other than line feed. The text may hold blank lines: the last one separates.
Result<SignedNote> ParseSignedNote(std::string_view note);

enum class NoteVerdict {
  kVerified,          // the key signed it
  kNoKnownSignature,  // no line names the key
  kBadSignature,      // a line names the key and does not verify
};
NoteVerdict VerifySignedNote(const SignedNote& note,
                             const VerificationKey& key);

// "— name base64\n" for one signature line.
std::string FormatSignatureLine(const NoteSignature& signature);
// text ‖ "\n" ‖ lines.
std::string FormatSignedNote(const SignedNote& note);

}  // namespace authseal

#endif  // AUTHSEAL_NOTE_SIGNED_NOTE_H_
