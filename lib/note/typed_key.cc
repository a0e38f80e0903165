#include "lib/note/typed_key.h"

#include <algorithm>
#include <array>

#include "lib/base/encoding.h"
#include "lib/crypto/sha256.h"
#include "lib/note/signed_note.h"

namespace authseal {
namespace {

constexpr std::size_t kKeyIdDigits = 8;

std::array<std::uint8_t, 4> BigEndian(std::uint32_t id) {
  return {static_cast<std::uint8_t>(id >> 24),
          static_cast<std::uint8_t>(id >> 16),
          static_cast<std::uint8_t>(id >> 8), static_cast<std::uint8_t>(id)};
}

Error KeyFault(std::string what) {
  return {ErrorCode::kKey, std::move(what)};
}

}  // namespace

std::uint32_t TypedKeyId(std::string_view name, Bytes typed_key) {
  const Hash digest = Sha256()
                          .Update(AsBytes(name))
                          .Update(AsBytes("\n"))
                          .Update(typed_key)
                          .Finish();
  std::uint32_t id = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    id = id << 8 | digest.bytes[i];
  }
  return id;
}

std::string FormatTypedKey(std::string_view name, std::uint8_t algorithm,
                           const Ed25519PublicKey& key) {
  ByteVector typed = {algorithm};
  typed.insert(typed.end(), key.bytes.begin(), key.bytes.end());
  return std::string(name) + "+" +
         HexEncode(BigEndian(TypedKeyId(name, typed))) + "+" +
         Base64Encode(typed);
}

Result<TypedKey> ParseTypedKey(std::string_view text) {
  const std::size_t first = text.find('+');
  const std::size_t second =
      first == std::string_view::npos ? first : text.find('+', first + 1);
  if (second == std::string_view::npos) {
    return KeyFault("not of three parts");
  }
  const std::string_view name = text.substr(0, first);
  const std::string_view id = text.substr(first + 1, second - first - 1);
  if (!IsNoteKeyName(name)) {
    return KeyFault("not a key name");
  }
  Result<ByteVector> typed = Base64Decode(text.substr(second + 1));
  if (!typed || typed->empty()) {
    return KeyFault("not base64");
  }
  TypedKey key{.name = std::string(name), .id = 0, .typed_key = {}};
  key.id = TypedKeyId(name, *typed);
  key.typed_key = *std::move(typed);
  if (id.size() != kKeyIdDigits || id != HexEncode(BigEndian(key.id))) {
    return KeyFault("the id does not match name and key");
  }
  return key;
}

Result<Ed25519PublicKey> Ed25519KeyOf(const TypedKey& key,
                                      std::uint8_t algorithm) {
  Ed25519PublicKey public_key;
  if (key.algorithm() != algorithm) {
    return KeyFault("of another algorithm");
  }
  if (key.typed_key.size() != 1 + public_key.bytes.size()) {
    return KeyFault("of a wrong length");
  }
  std::copy(key.typed_key.begin() + 1, key.typed_key.end(),
            public_key.bytes.begin());
  return public_key;
}

}  // namespace authseal
