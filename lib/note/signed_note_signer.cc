#include "lib/note/signed_note_signer.h"

#include <algorithm>
#include <array>

#include "lib/base/encoding.h"
#include "lib/note/secret_base64.h"

namespace authseal {
namespace {

constexpr std::string_view kSigningKeyStart = "PRIVATE+KEY+";
constexpr std::size_t kTypedSeedSizeBytes = 1 + 32;  // algorithm, seed
constexpr std::size_t kKeyIdDigits = 8;

Error KeyError(std::string what) {
  return {ErrorCode::kKey, "signing key: " + std::move(what),
          "it reads PRIVATE+KEY+<name>+<id>+<base64>, on one line"};
}

std::string KeyIdText(std::string_view name, const Ed25519PublicKey& key) {
  const std::uint32_t id = NoteKeyId(name, key);
  const std::array<std::uint8_t, 4> big_endian = {
      static_cast<std::uint8_t>(id >> 24), static_cast<std::uint8_t>(id >> 16),
      static_cast<std::uint8_t>(id >> 8), static_cast<std::uint8_t>(id)};
  return HexEncode(big_endian);
}

}  // namespace

Result<std::string> SignNote(std::string_view text, std::string_view key_name,
                             const Ed25519Signer& signer) {
  if (!IsNoteKeyName(key_name)) {
    return Error{ErrorCode::kInvalidArgument, "not a name for a key",
                 "use a name without spaces, control characters and '+'"};
  }
  TRY_ASSIGN(const Ed25519Signature signature, signer.Sign(AsBytes(text)));
  SignedNote note{.text = std::string(text)};
  note.signatures.push_back(
      {.name = std::string(key_name),
       .key_id = NoteKeyId(key_name, signer.public_key()),
       .signature = {signature.bytes.begin(), signature.bytes.end()}});
  std::string formatted = FormatSignedNote(note);
  // Read back before anybody else does: a text that is no note's text (no
  // line feed at its end, control characters, too long) shows here.
  const auto read_back = ParseSignedNote(formatted);
  if (!read_back || read_back->text != text) {
    return Error{ErrorCode::kInvalidArgument, "not the text of a note"};
  }
  return formatted;
}

Secret FormatSigningKey(std::string_view name, const Ed25519Signer& signer) {
  const std::string start = std::string(kSigningKeyStart) + std::string(name) +
                            "+" + KeyIdText(name, signer.public_key()) + "+";
  Secret typed(kTypedSeedSizeBytes);
  typed.span()[0] = kNoteAlgorithmEd25519;
  std::copy(signer.seed().begin(), signer.seed().end(),
            typed.span().begin() + 1);
  Secret key(start.size() + UnpaddedBase64Size(kTypedSeedSizeBytes));
  std::copy(start.begin(), start.end(), key.span().begin());
  EncodeSecretBase64(typed.view(), key.span().subspan(start.size()));
  return key;
}

Secret FormatSigningKeyLine(std::string_view name,
                            const Ed25519Signer& signer) {
  const Secret key = FormatSigningKey(name, signer);
  Secret line(key.view().size() + 1);
  std::copy(key.view().begin(), key.view().end(), line.span().begin());
  line.span().back() = '\n';
  return line;
}

Result<NamedSigner> ParseSigningKey(std::string_view text) {
  if (!text.starts_with(kSigningKeyStart)) {
    return KeyError("not one");
  }
  text.remove_prefix(kSigningKeyStart.size());
  const std::size_t first = text.find('+');
  const std::size_t second =
      first == std::string_view::npos ? first : text.find('+', first + 1);
  if (second == std::string_view::npos) {
    return KeyError("not of five parts");
  }
  const std::string_view name = text.substr(0, first);
  const std::string_view id = text.substr(first + 1, second - first - 1);
  if (!IsNoteKeyName(name)) {
    return KeyError("not a key name");
  }
  Secret typed(kTypedSeedSizeBytes);
  if (!DecodeSecretBase64(text.substr(second + 1), typed.span())) {
    return KeyError("not 33 bytes in base64");
  }
  if (typed.view()[0] != kNoteAlgorithmEd25519) {
    return KeyError("of another algorithm than Ed25519");
  }
  Secret seed(kTypedSeedSizeBytes - 1);
  const Bytes stored_seed = typed.view().subspan(1);
  std::copy(stored_seed.begin(), stored_seed.end(), seed.span().begin());
  TRY_ASSIGN(Ed25519Signer signer, Ed25519Signer::FromSeed(std::move(seed)));
  if (id.size() != kKeyIdDigits || id != KeyIdText(name, signer.public_key())) {
    return KeyError("the id does not match name and key");
  }
  return NamedSigner{.name = std::string(name), .signer = std::move(signer)};
}

}  // namespace authseal
