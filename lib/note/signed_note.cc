#include "lib/note/signed_note.h"

#include <algorithm>

#include "lib/base/encoding.h"
#include "lib/base/utf8.h"

namespace authseal {
namespace {

constexpr std::string_view kSignatureLineStart = "\xE2\x80\x94 ";  // em dash
constexpr std::size_t kKeyIdSizeBytes = 4;

Error Damaged(std::string what) {
  return {ErrorCode::kDamaged, "signed note: " + std::move(what)};
}

// `line` without its line feed.
Result<NoteSignature> ParseSignatureLine(std::string_view line) {
  if (!line.starts_with(kSignatureLineStart)) {
    return Damaged("a line after the text that is no signature");
  }
  line.remove_prefix(kSignatureLineStart.size());
  const std::size_t space = line.find(' ');
  if (space == std::string_view::npos ||
      !IsNoteKeyName(line.substr(0, space))) {
    return Damaged("a signature line without a key name");
  }
  const auto blob = Base64Decode(line.substr(space + 1));
  if (!blob || blob->size() <= kKeyIdSizeBytes) {
    return Damaged("a signature line without a signature");
  }
  NoteSignature signature{.name = std::string(line.substr(0, space))};
  for (std::size_t i = 0; i < kKeyIdSizeBytes; ++i) {
    signature.key_id = signature.key_id << 8 | (*blob)[i];
  }
  signature.signature.assign(blob->begin() + kKeyIdSizeBytes, blob->end());
  return signature;
}

}  // namespace

Result<SignedNote> ParseSignedNote(std::string_view note) {
  if (note.size() > kNoteSizeBytesMax) {
    return Damaged("longer than 64 KiB");
  }
  const bool has_control = std::any_of(note.begin(), note.end(), [](char c) {
    return static_cast<unsigned char>(c) < 0x20 && c != '\n';
  });
  if (has_control || !IsValidUtf8(note)) {
    return Damaged("a control character or invalid UTF-8");
  }
  const std::size_t split = note.rfind("\n\n");
  if (split == std::string_view::npos) {
    return Damaged("no blank line before signatures");
  }
  SignedNote parsed{.text = std::string(note.substr(0, split + 1))};
  std::string_view lines = note.substr(split + 2);
  if (lines.empty() || !lines.ends_with('\n')) {
    return Damaged("no signature lines, or the last one cut short");
  }
  while (!lines.empty()) {
    if (parsed.signatures.size() == kNoteSignaturesMax) {
      return Damaged("more than 100 signatures");
    }
    const std::size_t end = lines.find('\n');
    TRY_ASSIGN(NoteSignature signature,
               ParseSignatureLine(lines.substr(0, end)));
    parsed.signatures.push_back(std::move(signature));
    lines.remove_prefix(end + 1);
  }
  return parsed;
}

NoteVerdict VerifySignedNote(const SignedNote& note,
                             const VerificationKey& key) {
  const auto line = std::find_if(note.signatures.begin(), note.signatures.end(),
                                 [&key](const NoteSignature& signature) {
                                   return signature.name == key.name &&
                                          signature.key_id == key.id;
                                 });
  if (line == note.signatures.end()) {
    return NoteVerdict::kNoKnownSignature;
  }
  Ed25519Signature signature;
  if (line->signature.size() != signature.bytes.size()) {
    return NoteVerdict::kBadSignature;
  }
  std::copy(line->signature.begin(), line->signature.end(),
            signature.bytes.begin());
  return VerifyEd25519(key.key, AsBytes(note.text), signature)
             ? NoteVerdict::kVerified
             : NoteVerdict::kBadSignature;
}

std::string FormatSignatureLine(const NoteSignature& signature) {
  ByteVector blob;
  for (int shift = 24; shift >= 0; shift -= 8) {
    blob.push_back(static_cast<std::uint8_t>(signature.key_id >> shift));
  }
  blob.insert(blob.end(), signature.signature.begin(),
              signature.signature.end());
  return std::string(kSignatureLineStart) + signature.name + " " +
         Base64Encode(blob) + "\n";
}

std::string FormatSignedNote(const SignedNote& note) {
  std::string formatted = note.text + "\n";
  for (const NoteSignature& signature : note.signatures) {
    formatted += FormatSignatureLine(signature);
  }
  return formatted;
}

}  // namespace authseal
