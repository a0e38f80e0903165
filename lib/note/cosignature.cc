#include "lib/note/cosignature.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "lib/note/typed_key.h"

namespace authseal {
namespace {

constexpr std::size_t kTimeSizeBytes = 8;
constexpr std::uint64_t kTimeMax = std::numeric_limits<std::int64_t>::max();

Error KeyError(std::string what) {
  return {ErrorCode::kKey, "witness key: " + std::move(what),
          "copy the whole line that the witness gave: <name>+<id>+<base64>"};
}

bool IsLineOf(const NoteSignature& line, const WitnessKey& key) {
  return line.name == key.name && line.key_id == key.id;
}

}  // namespace

WitnessKey MakeWitnessKey(std::string_view name, const Ed25519PublicKey& key) {
  ByteVector typed = {kNoteAlgorithmCosignature};
  typed.insert(typed.end(), key.bytes.begin(), key.bytes.end());
  return {.name = std::string(name), .id = TypedKeyId(name, typed), .key = key};
}

std::string FormatWitnessKey(const WitnessKey& key) {
  return FormatTypedKey(key.name, kNoteAlgorithmCosignature, key.key);
}

Result<WitnessKey> ParseWitnessKey(std::string_view text) {
  Result<TypedKey> typed = ParseTypedKey(text);
  if (!typed) {
    return KeyError(std::move(typed).error().message);
  }
  const Result<Ed25519PublicKey> key =
      Ed25519KeyOf(*typed, kNoteAlgorithmCosignature);
  if (!key) {
    return KeyError(typed->algorithm() == kNoteAlgorithmCosignature
                        ? key.error().message
                        : "not of the algorithm for cosignatures (Ed25519, "
                          "0x04)");
  }
  return WitnessKey{
      .name = std::move(typed->name), .id = typed->id, .key = *key};
}

std::string CosignedMessage(std::uint64_t time_seconds,
                            std::string_view checkpoint_text) {
  return "cosignature/v1\ntime " + std::to_string(time_seconds) + "\n" +
         std::string(checkpoint_text);
}

CosignatureCheck VerifyCosignature(std::string_view checkpoint_text,
                                   std::span<const NoteSignature> lines,
                                   const WitnessKey& key) {
  const auto line = std::find_if(
      lines.begin(), lines.end(),
      [&key](const NoteSignature& one) { return IsLineOf(one, key); });
  if (line == lines.end()) {
    return {};
  }
  CosignatureCheck bad{.verdict = NoteVerdict::kBadSignature};
  Ed25519Signature signature;
  if (line->signature.size() != kTimeSizeBytes + signature.bytes.size()) {
    return bad;
  }
  std::uint64_t time_seconds = 0;
  for (std::size_t i = 0; i < kTimeSizeBytes; ++i) {
    time_seconds = time_seconds << 8 | line->signature[i];
  }
  std::copy(line->signature.begin() + kTimeSizeBytes, line->signature.end(),
            signature.bytes.begin());
  if (time_seconds == 0 || time_seconds > kTimeMax ||
      !VerifyEd25519(key.key,
                     AsBytes(CosignedMessage(time_seconds, checkpoint_text)),
                     signature)) {
    return bad;
  }
  return {.verdict = NoteVerdict::kVerified, .time_seconds = time_seconds};
}

Result<std::vector<NoteSignature>> ParseSignatureLines(std::string_view lines) {
  // With a text in front they are a signed note, and must parse as one: also
  // so that no blank line among them moves where the text would end.
  constexpr std::string_view kAnyText = "text\n";
  TRY_ASSIGN(SignedNote note, ParseSignedNote(std::string(kAnyText) + "\n" +
                                              std::string(lines)));
  if (note.text != kAnyText) {
    return Error{ErrorCode::kDamaged, "a blank line among signature lines"};
  }
  return std::move(note.signatures);
}

}  // namespace authseal
