// Cosignatures of witnesses (c2sp.org/tlog-cosignature, cosignature/v1): what
// somebody else signs, with a time, over a log's checkpoint. Pure; verifying
// only, cosignature_signer.h makes them. Lines of other algorithms, such as
// ML-DSA-44 (0x06), are lines of unknown signers and are passed over.
#ifndef AUTHSEAL_NOTE_COSIGNATURE_H_
#define AUTHSEAL_NOTE_COSIGNATURE_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/bytes.h"
#include "lib/base/result.h"
#include "lib/crypto/ed25519.h"
#include "lib/note/signed_note.h"

namespace authseal {

inline constexpr std::uint8_t kNoteAlgorithmCosignature = 0x04;

// "<name>+<8 hex key id>+<base64(0x04 ‖ 32-byte key)>". A type of its own: a
// log's key never counts as a witness's, though both are Ed25519.
struct WitnessKey {
  std::string name;
  std::uint32_t id = 0;
  Ed25519PublicKey key = {};
  bool operator==(const WitnessKey&) const = default;
};

WitnessKey MakeWitnessKey(std::string_view name, const Ed25519PublicKey& key);
std::string FormatWitnessKey(const WitnessKey& key);
// Error kKey: not such a key, another algorithm, or an id that does not match.
Result<WitnessKey> ParseWitnessKey(std::string_view text);

// "cosignature/v1\ntime <decimal>\n" ‖ the whole text of the checkpoint.
std::string CosignedMessage(std::uint64_t time_seconds,
                            std::string_view checkpoint_text);

struct CosignatureCheck {
  NoteVerdict verdict = NoteVerdict::kNoKnownSignature;
  std::uint64_t time_seconds = 0;  // since 1970; only of kVerified
};
// As VerifySignedNote(): the first line that names the key by name and id
// decides. A time of 0, or one above 2^63-1, is a bad signature: a witness
// that cosigns a whole tree says when.
CosignatureCheck VerifyCosignature(std::string_view checkpoint_text,
                                   std::span<const NoteSignature> lines,
                                   const WitnessKey& key);

// Signature lines that stand alone, each with its line feed: the content of a
// .cosig file and of a witness's answer. Error kDamaged, also for none, for
// more than 100 and above 64 KiB.
Result<std::vector<NoteSignature>> ParseSignatureLines(std::string_view lines);

}  // namespace authseal

#endif  // AUTHSEAL_NOTE_COSIGNATURE_H_
