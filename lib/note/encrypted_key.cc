#include "lib/note/encrypted_key.h"

#include <algorithm>
#include <utility>

#include "lib/base/encoding.h"

namespace authseal {
namespace {

constexpr std::string_view kFirstWords = "authseal encrypted identity key v";
constexpr std::string_view kFirstLine = "authseal encrypted identity key v1\n";
constexpr std::string_view kKeyLabel = "key ";
constexpr std::string_view kScryptLabel = "scrypt ";
constexpr std::string_view kBoxLabel = "box ";
constexpr std::size_t kSeedSizeBytes = 32;

struct Parts {
  VerificationKey key;
  ScryptCost cost;
  ScryptSalt salt = {};
  ByteVector box;
  std::string_view bound;  // the lines before the box
};

Error NoKey(std::string_view what) {
  return {ErrorCode::kKey, "encrypted key: " + std::string(what),
          "restore the file from a copy"};
}

// What the box binds: whoever changes a line of it cannot open it.
std::string FormatBound(const VerificationKey& key, const ScryptCost& cost,
                        const ScryptSalt& salt) {
  std::string text(kFirstLine);
  text += std::string(kKeyLabel) + FormatVerificationKey(key) + "\n";
  text += std::string(kScryptLabel) + std::to_string(cost.log2_n) + " " +
          std::to_string(cost.r) + " " + std::to_string(cost.p) + " " +
          Base64Encode(salt) + "\n";
  return text;
}

// Takes `label`, a value and a LF off the front of `text`.
Result<std::string_view> TakeLine(std::string_view& text,
                                  std::string_view label) {
  const std::size_t end = text.find('\n');
  if (end == std::string_view::npos || !text.starts_with(label)) {
    return NoKey("no line '" + std::string(label) + "...'");
  }
  const std::string_view value = text.substr(label.size(), end - label.size());
  text.remove_prefix(end + 1);
  return value;
}

// Takes a decimal and a space.
Result<std::uint64_t> TakeNumber(std::string_view& text) {
  const std::size_t end = text.find(' ');
  if (end == std::string_view::npos) {
    return NoKey("too few scrypt parameters");
  }
  const auto number = ParseDecimal(text.substr(0, end));
  text.remove_prefix(end + 1);
  return number.has_value() ? number
                            : Result<std::uint64_t>(NoKey("no number"));
}

Status ParseScryptLine(std::string_view line, Parts& parts) {
  TRY_ASSIGN(parts.cost.log2_n, TakeNumber(line));
  TRY_ASSIGN(parts.cost.r, TakeNumber(line));
  TRY_ASSIGN(parts.cost.p, TakeNumber(line));
  TRY(CheckScryptCost(parts.cost));
  const auto salt = Base64Decode(line);
  if (!salt.has_value() || salt->size() != parts.salt.size()) {
    return NoKey("no salt of 16 bytes");
  }
  std::copy(salt->begin(), salt->end(), parts.salt.begin());
  return Ok();
}

Result<Parts> ParseParts(std::string_view text) {
  if (!text.starts_with(kFirstLine)) {
    return IsEncryptedSigningKey(text)
               ? Error{ErrorCode::kKey, "encrypted key: of another version",
                       "use a newer authseal"}
               : NoKey("not one");
  }
  std::string_view rest = text.substr(kFirstLine.size());
  Parts parts;
  TRY_ASSIGN(const std::string_view key, TakeLine(rest, kKeyLabel));
  TRY_ASSIGN(parts.key, ParseVerificationKey(key));
  TRY_ASSIGN(const std::string_view scrypt, TakeLine(rest, kScryptLabel));
  TRY(ParseScryptLine(scrypt, parts));
  parts.bound = text.substr(0, text.size() - rest.size());
  TRY_ASSIGN(const std::string_view box, TakeLine(rest, kBoxLabel));
  auto bytes = Base64Decode(box);
  if (!bytes.has_value() ||
      bytes->size() != kSeedSizeBytes + kBoxTagSizeBytes || !rest.empty()) {
    return NoKey("no box of 48 bytes at its end");
  }
  parts.box = *std::move(bytes);
  return parts;
}

}  // namespace

bool IsEncryptedSigningKey(std::string_view text) {
  return text.starts_with(kFirstWords);
}

Result<std::string> EncryptSigningKey(const NamedSigner& key, Bytes passphrase,
                                      const ScryptCost& cost) {
  if (passphrase.empty()) {
    return Error{ErrorCode::kInvalidArgument, "the passphrase is empty",
                 "give one, or leave the key unencrypted"};
  }
  ScryptSalt salt;
  TRY(RandomBytes(salt));
  const std::string bound = FormatBound(
      MakeVerificationKey(key.name, key.signer.public_key()), cost, salt);
  TRY_ASSIGN(const Secret box_key, DerivePassphraseKey(passphrase, salt, cost));
  TRY_ASSIGN(const ByteVector box,
             CloseBox(box_key, key.signer.seed(), AsBytes(bound)));
  return bound + std::string(kBoxLabel) + Base64Encode(box) + "\n";
}

Result<VerificationKey> VerificationKeyOfEncrypted(std::string_view text) {
  TRY_ASSIGN(Parts parts, ParseParts(text));
  return std::move(parts.key);
}

Result<NamedSigner> DecryptSigningKey(std::string_view text, Bytes passphrase) {
  TRY_ASSIGN(Parts parts, ParseParts(text));
  TRY_ASSIGN(const Secret box_key,
             DerivePassphraseKey(passphrase, parts.salt, parts.cost));
  TRY_ASSIGN(Secret seed, OpenBox(box_key, parts.box, AsBytes(parts.bound)));
  TRY_ASSIGN(Ed25519Signer signer, Ed25519Signer::FromSeed(std::move(seed)));
  if (signer.public_key() != parts.key.key) {
    return NoKey("its key line names another key");
  }
  return NamedSigner{.name = std::move(parts.key.name),
                     .signer = std::move(signer)};
}

}  // namespace authseal
