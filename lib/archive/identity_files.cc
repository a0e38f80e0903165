// The key directory's files about the identity key, but for its creation at
// init: the pin, and the next key while a rotation is under way.
#include <algorithm>
#include <utility>

#include "lib/archive/key_files.h"
#include "lib/archive/key_store.h"
#include "lib/base/encoding.h"

namespace authseal {
namespace {

constexpr std::uint64_t kPinSizeBytesMax = 8192;

}  // namespace

Status KeyStore::CreateNextIdentity(std::string_view origin,
                                    const Ed25519Signer& signer) {
  const Secret key = FormatSigningKey(origin, signer);
  Secret line(key.view().size() + 1);
  std::copy(key.view().begin(), key.view().end(), line.span().begin());
  line.span().back() = '\n';
  return CreatePrivateFile(*directory_, kNextIdentityName, line.view());
}

Result<std::optional<NamedSigner>> KeyStore::LoadNextIdentity() const {
  TRY_ASSIGN(const auto text,
             ReadPrivateFile(*directory_, path_, kNextIdentityName,
                             kSecretFileSizeBytesMax));
  if (!text.has_value() || !AsText(text->view()).ends_with('\n')) {
    return std::optional<NamedSigner>();
  }
  const std::string_view line = AsText(text->view());
  auto identity = ParseSigningKey(line.substr(0, line.size() - 1));
  // One that was not written to its end names no key: it was never used.
  if (!identity.has_value() && identity.error().code == ErrorCode::kKey) {
    return std::optional<NamedSigner>();
  }
  if (!identity.has_value()) {
    return std::move(identity).error();
  }
  return std::optional<NamedSigner>(*std::move(identity));
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
