// The key directory's files about the identity key, but for its creation at
// init: the pin, and the next key while a rotation is under way.
#include <algorithm>
#include <utility>

#include "lib/archive/key_files.h"
#include "lib/archive/key_store.h"
#include "lib/base/encoding.h"
#include "lib/note/encrypted_key.h"

namespace authseal {
namespace {

constexpr std::uint64_t kPinSizeBytesMax = 8192;

// Of a key file's text.
Result<VerificationKey> PublicHalf(std::string_view text) {
  if (IsEncryptedSigningKey(text)) {
    return VerificationKeyOfEncrypted(text);
  }
  if (text.ends_with('\n')) {
    text.remove_suffix(1);
  }
  TRY_ASSIGN(const NamedSigner identity, ParseSigningKey(text));
  return MakeVerificationKey(identity.name, identity.signer.public_key());
}

}  // namespace

Result<std::optional<VerificationKey>> KeyStore::ReadIdentityKey() const {
  TRY_ASSIGN(const auto text, ReadIdentityText());
  if (!text.has_value()) {
    return std::optional<VerificationKey>();
  }
  auto key = PublicHalf(AsText(text->view()));
  if (!key.has_value()) {
    return std::move(key).error().With(path_ + "/" +
                                       std::string(kIdentityKeyName));
  }
  return std::optional<VerificationKey>(*std::move(key));
}

Result<Secret> KeyStore::FormatNextIdentity(std::string_view origin,
                                            const Ed25519Signer& signer) const {
  if (!identity_lock_.has_value()) {
    TRY_ASSIGN(const auto stored, ReadIdentityText());
    if (stored.has_value() && IsEncryptedSigningKey(AsText(stored->view()))) {
      return Error{ErrorCode::kKey,
                   path_ +
                       "/identity.key is under a passphrase, which is not "
                       "known here, and the new key would lie open",
                   "give the passphrase with --passphrase-file"};
    }
    return FormatSigningKeyLine(origin, signer);
  }
  // There is no copy of a signer: through its text.
  const Secret plain = FormatSigningKey(origin, signer);
  TRY_ASSIGN(const NamedSigner named, ParseSigningKey(AsText(plain.view())));
  TRY_ASSIGN(const std::string locked,
             EncryptSigningKey(named, identity_lock_->passphrase.view(),
                               identity_lock_->cost));
  Secret text(locked.size());
  std::copy(locked.begin(), locked.end(), text.span().begin());
  return text;
}

Status KeyStore::CreateNextIdentity(std::string_view origin,
                                    const Ed25519Signer& signer) {
  TRY_ASSIGN(const Secret text, FormatNextIdentity(origin, signer));
  return CreatePrivateFile(*directory_, kNextIdentityName, text.view());
}

Result<std::optional<NextIdentity>> KeyStore::LoadNextIdentity() const {
  TRY_ASSIGN(const auto text,
             ReadPrivateFile(*directory_, path_, kNextIdentityName,
                             kSecretFileSizeBytesMax));
  // One that was not written to its end names no key: it was never used.
  if (!text.has_value() || !AsText(text->view()).ends_with('\n')) {
    return std::optional<NextIdentity>();
  }
  const std::string_view lines = AsText(text->view());
  const auto key = PublicHalf(lines);
  if (!key.has_value()) {
    return std::optional<NextIdentity>();
  }
  NextIdentity next = {.key = *key, .signer = std::nullopt};
  if (!IsEncryptedSigningKey(lines)) {
    TRY_ASSIGN(next.signer, ParseSigningKey(lines.substr(0, lines.size() - 1)));
  } else if (identity_lock_.has_value()) {
    auto opened = DecryptSigningKey(lines, identity_lock_->passphrase.view());
    if (!opened.has_value() && opened.error().code != ErrorCode::kKey) {
      return std::move(opened).error();
    }
    if (opened.has_value()) {
      next.signer = *std::move(opened);
    }
  }
  return std::optional<NextIdentity>(std::move(next));
}

Status KeyStore::DestroyIdentity() {
  return DestroySecretFile(*directory_, kIdentityKeyName);
}

Status KeyStore::DestroyNextIdentity() {
  return DestroySecretFile(*directory_, kNextIdentityName);
}

Status KeyStore::PromoteNextIdentity() {
  TRY(directory_->Rename(kNextIdentityName, kIdentityKeyName));
  return directory_->Sync();
}

Status KeyStore::WritePin(const VerificationKey& key, const Hash& genesis) {
  const std::string pin = FormatVerificationKey(key) + "\ngenesis " +
                          HexEncode(genesis.view()) + "\n";
  return WriteFileDurably(*directory_, kIdentityPinName, AsBytes(pin),
                          kPrivateFileMode);
}

Result<std::optional<VerificationKey>> KeyStore::ReadPinKey() const {
  const auto text =
      ReadWholeFile(*directory_, kIdentityPinName, kPinSizeBytesMax);
  if (!text.has_value()) {
    if (text.error().code == ErrorCode::kNotFound ||
        text.error().code == ErrorCode::kDamaged) {
      return std::optional<VerificationKey>();
    }
    return text.error();
  }
  const std::string_view lines = AsText(*text);
  const auto key = ParseVerificationKey(lines.substr(0, lines.find('\n')));
  // One that cannot be read says nothing.
  return key.has_value() ? std::optional<VerificationKey>(*key) : std::nullopt;
}

Result<bool> KeyStore::HasEpochKey() const {
  const auto info = directory_->Info(kEpochKeyName);
  if (!info.has_value()) {
    return info.error().code == ErrorCode::kNotFound ? Result<bool>(false)
                                                     : info.error();
  }
  TRY(CheckKeptPrivate(*info, path_ + "/" + std::string(kEpochKeyName), "600"));
  const auto key = LoadEpochKey();
  // Empty when its destruction had begun.
  return !key.has_value() || key->has_value();
}

}  // namespace authseal
