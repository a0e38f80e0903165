#include <algorithm>
#include <array>

#include "lib/base/encoding.h"
#include "lib/base/utf8.h"
#include "lib/crypto/sha256.h"
#include "lib/note/signed_note.h"

namespace authseal {
namespace {

constexpr std::size_t kKeyIdDigits = 8;

// White_Space of Unicode, beyond what is a control character.
bool IsUnicodeSpace(char32_t c) {
  return c == U' ' || c == 0x00A0 || c == 0x1680 ||
         (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 ||
         c == 0x202F || c == 0x205F || c == 0x3000;
}

bool IsControl(char32_t c) {
  return c < 0x20 || (c >= 0x7F && c <= 0x9F);
}

std::array<std::uint8_t, 4> BigEndian(std::uint32_t id) {
  return {static_cast<std::uint8_t>(id >> 24),
          static_cast<std::uint8_t>(id >> 16),
          static_cast<std::uint8_t>(id >> 8), static_cast<std::uint8_t>(id)};
}

std::array<std::uint8_t, 33> WithAlgorithm(const Ed25519PublicKey& key) {
  std::array<std::uint8_t, 33> typed = {kNoteAlgorithmEd25519};
  std::copy(key.bytes.begin(), key.bytes.end(), typed.begin() + 1);
  return typed;
}

Error KeyError(std::string what) {
  return {ErrorCode::kKey, "verification key: " + std::move(what),
          "copy the whole line that init printed: <name>+<id>+<base64>"};
}

}  // namespace

std::uint32_t NoteKeyId(std::string_view name, const Ed25519PublicKey& key) {
  const Hash digest = Sha256()
                          .Update(AsBytes(name))
                          .Update(AsBytes("\n"))
                          .Update(WithAlgorithm(key))
                          .Finish();
  std::uint32_t id = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    id = id << 8 | digest.bytes[i];
  }
  return id;
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
  return key.name + "+" + HexEncode(BigEndian(key.id)) + "+" +
         Base64Encode(WithAlgorithm(key.key));
}

Result<VerificationKey> ParseVerificationKey(std::string_view text) {
  const std::size_t first = text.find('+');
  const std::size_t second =
      first == std::string_view::npos ? first : text.find('+', first + 1);
  if (second == std::string_view::npos) {
    return KeyError("not of three parts");
  }
  const std::string_view name = text.substr(0, first);
  const std::string_view id = text.substr(first + 1, second - first - 1);
  if (!IsNoteKeyName(name)) {
    return KeyError("not a key name");
  }
  const auto typed = Base64Decode(text.substr(second + 1));
  if (!typed || typed->empty()) {
    return KeyError("not base64");
  }
  if (typed->front() != kNoteAlgorithmEd25519) {
    return KeyError("of another algorithm than Ed25519");
  }
  VerificationKey key{.name = std::string(name)};
  if (typed->size() != 1 + key.key.bytes.size()) {
    return KeyError("of a wrong length");
  }
  std::copy(typed->begin() + 1, typed->end(), key.key.bytes.begin());
  key.id = NoteKeyId(name, key.key);
  if (id.size() != kKeyIdDigits || id != HexEncode(BigEndian(key.id))) {
    return KeyError("the id does not match name and key");
  }
  return key;
}

}  // namespace authseal
