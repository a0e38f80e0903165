#include <string>
#include <utility>

#include "lib/base/utf8.h"
#include "lib/note/signed_note.h"
#include "lib/note/typed_key.h"

namespace authseal {
namespace {

// White_Space of Unicode, beyond what is a control character.
bool IsUnicodeSpace(char32_t c) {
  return c == U' ' || c == 0x00A0 || c == 0x1680 ||
         (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 ||
         c == 0x202F || c == 0x205F || c == 0x3000;
}

bool IsControl(char32_t c) {
  return c < 0x20 || (c >= 0x7F && c <= 0x9F);
}

Error KeyError(std::string what) {
  return {ErrorCode::kKey, "verification key: " + std::move(what),
          "copy the whole line that init printed: <name>+<id>+<base64>"};
}

}  // namespace

std::uint32_t NoteKeyId(std::string_view name, const Ed25519PublicKey& key) {
  ByteVector typed = {kNoteAlgorithmEd25519};
  typed.insert(typed.end(), key.bytes.begin(), key.bytes.end());
  return TypedKeyId(name, typed);
}

bool IsNoteKeyName(std::string_view name) {
  if (name.empty()) {
    return false;
  }
  while (!name.empty()) {
    const auto point = DecodeUtf8(name);
    if (!point.has_value() || point->value == U'+' || IsControl(point->value) ||
        IsUnicodeSpace(point->value)) {
      return false;
    }
    name.remove_prefix(point->size_bytes);
  }
  return true;
}

VerificationKey MakeVerificationKey(std::string_view name,
                                    const Ed25519PublicKey& key) {
  return {.name = std::string(name), .id = NoteKeyId(name, key), .key = key};
}

std::string FormatVerificationKey(const VerificationKey& key) {
  return FormatTypedKey(key.name, kNoteAlgorithmEd25519, key.key);
}

Result<VerificationKey> ParseVerificationKey(std::string_view text) {
  Result<TypedKey> typed = ParseTypedKey(text);
  if (!typed) {
    return KeyError(std::move(typed).error().message);
  }
  const Result<Ed25519PublicKey> key =
      Ed25519KeyOf(*typed, kNoteAlgorithmEd25519);
  if (!key) {
    return KeyError(typed->algorithm() == kNoteAlgorithmEd25519
                        ? key.error().message
                        : "of another algorithm than Ed25519");
  }
  return VerificationKey{
      .name = std::move(typed->name), .id = typed->id, .key = *key};
}

}  // namespace authseal
