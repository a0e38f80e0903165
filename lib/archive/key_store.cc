#include "lib/archive/key_store.h"

#include <algorithm>
#include <array>
#include <unistd.h>
#include <utility>

#include "lib/archive/key_files.h"
#include "lib/archive/key_text.h"
#include "lib/base/encoding.h"
#include "lib/note/encrypted_key.h"

namespace authseal {
namespace {

constexpr std::uint32_t kKeyDirectoryMode = 0700;
constexpr std::string_view kOwnedByUsHint =
    "keys must belong to the user that runs this, or to root";

// What secret files of the key directory may be left as by a crash.
constexpr std::array<std::string_view, 6> kTemporaryNames = {
    "identity.pub.tmp", "seal.intent.tmp",  "seal.tail.tmp",
    "clean.tmp",        "seal.request.tmp", "archive.unsigned.tmp"};

// True for a file that DestroySecretFile() had begun to overwrite: the text of
// a key has no zero byte.
bool IsErased(Bytes text) {
  return std::find(text.begin(), text.end(), std::uint8_t{0}) != text.end();
}

}  // namespace

Status CheckKeptPrivate(const FileInfo& info, std::string_view path,
                        std::string_view chmod_mode) {
  if ((info.mode & 0077) != 0) {
    return Error{ErrorCode::kKey,
                 std::string(path) + " is open to group or others",
                 "chmod " + std::string(chmod_mode) + " " + std::string(path)};
  }
  if (info.owner_uid != ::geteuid() && info.owner_uid != 0) {
    return Error{ErrorCode::kKey,
                 std::string(path) + " belongs to another user (uid " +
                     std::to_string(info.owner_uid) + ")",
                 std::string(kOwnedByUsHint)};
  }
  return Ok();
}

Result<std::optional<Secret>> ReadPrivateFile(const Directory& directory,
                                              std::string_view directory_path,
                                              std::string_view name,
                                              std::uint64_t limit_bytes) {
  const std::string path =
      std::string(directory_path) + "/" + std::string(name);
  auto file = directory.OpenRead(name);
  if (!file.has_value()) {
    if (file.error().code == ErrorCode::kNotFound) {
      return std::optional<Secret>();
    }
    return std::move(file).error().With(path);
  }
  // Of the opened file, so that nobody swaps it between check and use.
  TRY_ASSIGN(const FileInfo info, (*file)->Info());
  TRY(CheckKeptPrivate(info, path, "600"));
  if (info.size_bytes > limit_bytes) {
    return Error{ErrorCode::kKey, path + " is too large for what it should be"};
  }
  Secret text(static_cast<std::size_t>(info.size_bytes));
  TRY_ASSIGN(const std::size_t count, (*file)->ReadAt(0, text.span()));
  if (count != text.view().size()) {
    return Error{ErrorCode::kIo, path + " became shorter while it was read"};
  }
  return std::optional<Secret>(std::move(text));
}

Status CreatePrivateFile(Directory& directory, std::string_view name,
                         Bytes bytes) {
  TRY_ASSIGN(
      const auto file,
      directory.OpenWrite(name, OpenMode::kCreateExclusive, kPrivateFileMode));
  TRY(file->Append(bytes));
  TRY(file->SyncData());
  return directory.Sync();
}

Status DestroySecretFile(Directory& directory, std::string_view name) {
  const auto info = directory.Info(name);
  if (!info.has_value()) {
    return info.error().code == ErrorCode::kNotFound ? directory.Sync()
                                                     : Status(info.error());
  }
  if (info->size_bytes > kSecretFileSizeBytesMax) {
    return Error{ErrorCode::kKey,
                 std::string(name) + " is far larger than a key"};
  }
  const ByteVector zeros(static_cast<std::size_t>(info->size_bytes), 0);
  TRY(directory.Overwrite(name, zeros));
  TRY(directory.Remove(name));
  return directory.Sync();
}

Result<KeyStore> KeyStore::Open(FileSystem& file_system,
                                std::string_view path) {
  KeyStore keys;
  keys.path_ = path;
  auto directory = file_system.OpenDirectory(path);
  if (!directory.has_value()) {
    Error error = std::move(directory).error();
    if (error.code == ErrorCode::kNotFound) {
      error.code = ErrorCode::kKey;
      error.hint = "name the key directory with --keys DIR";
    }
    return std::move(error).With("key directory");
  }
  keys.directory_ = *std::move(directory);
  TRY_ASSIGN(const FileInfo info, keys.directory_->SelfInfo());
  TRY(CheckKeptPrivate(info, path, "700"));
  return keys;
}

Result<KeyStore> KeyStore::Create(FileSystem& file_system,
                                  std::string_view path) {
  KeyStore keys;
  keys.path_ = path;
  TRY_ASSIGN(keys.directory_,
             file_system.CreateDirectory(path, kKeyDirectoryMode));
  return keys;
}

std::string KeyStore::DefaultPath(std::string_view archive_path) {
  while (archive_path.size() > 1 && archive_path.ends_with('/')) {
    archive_path.remove_suffix(1);
  }
  return std::string(archive_path) + ".keys";
}

Result<std::unique_ptr<FileLock>> KeyStore::LockWriter() {
  auto lock = directory_->Lock(kLockName);
  if (!lock.has_value()) {
    Error error = std::move(lock).error().With("key directory " + path_);
    if (error.code == ErrorCode::kLocked) {
      error.hint = "another authseal writes to this archive; wait for it";
    }
    return error;
  }
  return lock;
}

Result<std::unique_ptr<FileLock>> KeyStore::LockCosignatures() {
  auto lock = directory_->Lock(kCosignLockName);
  if (!lock.has_value()) {
    Error error = std::move(lock).error().With("key directory " + path_);
    if (error.code == ErrorCode::kLocked) {
      error.hint = "another authseal stores cosignatures; run authseal cosign";
    }
    return error;
  }
  return lock;
}

Status KeyStore::RemoveTemporaryFiles() {
  bool removed = false;
  for (const std::string_view name : kTemporaryNames) {
    Status status = directory_->Remove(name);
    if (!status.has_value() && status.error().code != ErrorCode::kNotFound) {
      return status;
    }
    removed = removed || status.has_value();
  }
  return removed ? directory_->Sync() : Ok();
}

Result<std::unique_ptr<FileLock>> KeyStore::LockPublisher() {
  return directory_->Lock(kPublishLockName);
}

Status KeyStore::CreateIdentity(std::string_view origin,
                                const Ed25519Signer& signer,
                                const Hash& genesis) {
  TRY(CreateIdentityKey(FormatSigningKeyLine(origin, signer).view()));
  return CreatePin(MakeVerificationKey(origin, signer.public_key()), genesis);
}

Status KeyStore::CreateIdentityKey(Bytes text) {
  return CreatePrivateFile(*directory_, kIdentityKeyName, text);
}

Status KeyStore::CreatePin(const VerificationKey& key, const Hash& genesis) {
  const std::string pin = FormatVerificationKey(key) + "\ngenesis " +
                          HexEncode(genesis.view()) + "\n";
  return CreateFileDurably(*directory_, kIdentityPinName, AsBytes(pin),
                           kPrivateFileMode);
}

Result<std::optional<std::string>> KeyStore::ReadPinText() const {
  const auto text =
      ReadWholeFile(*directory_, kIdentityPinName, kSecretFileSizeBytesMax);
  if (!text.has_value()) {
    return text.error().code == ErrorCode::kNotFound
               ? Result<std::optional<std::string>>(std::nullopt)
               : Error(text.error()).With(path_);
  }
  return std::optional<std::string>(std::string(AsText(*text)));
}

Result<std::optional<Secret>> KeyStore::ReadIdentityText() const {
  TRY_ASSIGN(auto text, ReadPrivateFile(*directory_, path_, kIdentityKeyName,
                                        kSecretFileSizeBytesMax));
  return text.has_value() && IsErased(text->view()) ? std::optional<Secret>()
                                                    : std::move(text);
}

void KeyStore::UseIdentity(const NamedSigner& identity,
                           std::optional<IdentityLock> lock) {
  identity_text_ = FormatSigningKey(identity.name, identity.signer);
  identity_lock_ = std::move(lock);
}

Result<std::optional<NamedSigner>> KeyStore::LoadIdentity() const {
  std::optional<Secret> stored;
  if (!identity_text_.has_value()) {
    TRY_ASSIGN(stored, ReadIdentityText());
    if (!stored.has_value() || IsEncryptedSigningKey(AsText(stored->view()))) {
      return std::optional<NamedSigner>();
    }
  }
  std::string_view line =
      AsText(stored.has_value() ? stored->view() : identity_text_->view());
  if (line.ends_with('\n')) {
    line.remove_suffix(1);
  }
  auto identity = ParseSigningKey(line);
  if (!identity.has_value()) {
    return std::move(identity).error().With(path_ + "/" +
                                            std::string(kIdentityKeyName));
  }
  return std::optional<NamedSigner>(*std::move(identity));
}

Status KeyStore::CheckIdentityUnlocked() const {
  TRY_ASSIGN(const auto stored, ReadIdentityText());
  const std::string file = path_ + "/" + std::string(kIdentityKeyName);
  return !stored.has_value() || !IsEncryptedSigningKey(AsText(stored->view()))
             ? Ok()
             : Status(Error{ErrorCode::kKey, file + " is under a passphrase",
                            "give the passphrase with --passphrase-file"});
}

Status KeyStore::CreateEpochKey(const EpochKey& key) {
  return CreatePrivateFile(*directory_, kEpochKeyName,
                           FormatEpochKeyText(key).view());
}

Result<std::optional<EpochKey>> KeyStore::LoadEpochKey() const {
  TRY_ASSIGN(const auto text, ReadPrivateFile(*directory_, path_, kEpochKeyName,
                                              kSecretFileSizeBytesMax));
  if (!text.has_value() || IsErased(text->view())) {
    return std::optional<EpochKey>();
  }
  auto key = ParseEpochKeyText(text->view());
  if (!key.has_value()) {
    return std::move(key).error().With(path_ + "/" +
                                       std::string(kEpochKeyName));
  }
  return std::optional<EpochKey>(*std::move(key));
}

Status KeyStore::CreateNextKey(const EpochKey& key) {
  return CreatePrivateFile(*directory_, kNextKeyName,
                           FormatEpochKeyText(key).view());
}

Result<std::optional<EpochKey>> KeyStore::LoadNextKey() const {
  TRY_ASSIGN(const auto text, ReadPrivateFile(*directory_, path_, kNextKeyName,
                                              kSecretFileSizeBytesMax));
  if (!text.has_value()) {
    return std::optional<EpochKey>();
  }
  auto key = ParseEpochKeyText(text->view());
  // One that was not written to its end names no key: it was never used.
  if (!key.has_value() && key.error().code == ErrorCode::kKey) {
    return std::optional<EpochKey>();
  }
  if (!key.has_value()) {
    return std::move(key).error();
  }
  return std::optional<EpochKey>(*std::move(key));
}

Status KeyStore::DestroyEpochKey() {
  return DestroySecretFile(*directory_, kEpochKeyName);
}

Status KeyStore::DestroyNextKey() {
  return DestroySecretFile(*directory_, kNextKeyName);
}

Status KeyStore::PromoteNextKey() {
  TRY(directory_->Rename(kNextKeyName, kEpochKeyName));
  return directory_->Sync();
}

}  // namespace authseal
