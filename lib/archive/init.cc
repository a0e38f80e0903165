// Makes an archive. archive.note comes last: until it is there, what is on the
// disk is no archive.
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "lib/archive/archive_note.h"
#include "lib/archive/archive_writer.h"
#include "lib/archive/layout.h"
#include "lib/archive/open_segment.h"
#include "lib/crypto/ed25519_signer.h"
#include "lib/note/encrypted_key.h"

namespace authseal {
namespace {

constexpr std::uint32_t kArchiveDirectoryMode = 0750;

struct NewArchive {
  VerificationKey identity;
  EpochKey first_epoch;
  std::string note_text;

  Hash genesis() const { return Genesis(note_text); }
  InitResult result() const {
    return {.verification_key = FormatVerificationKey(identity),
            .genesis = genesis()};
  }
};

Result<NewArchive> MakeNote(const VerificationKey& identity) {
  TRY_ASSIGN(Ed25519Signer first_signer, Ed25519Signer::Generate());
  ArchiveNote note{.origin = identity.name,
                   .nonce = {},
                   .first_epoch_key = first_signer.public_key()};
  TRY(RandomBytes(note.nonce));
  return NewArchive{
      .identity = identity,
      .first_epoch = {.epoch = 0, .signer = std::move(first_signer)},
      .note_text = FormatArchiveNoteText(note)};
}

Status CheckIsFree(FileSystem& file_system, std::string_view path) {
  const auto info = file_system.Info(path);
  if (info.has_value()) {
    return Error{ErrorCode::kAlreadyExists,
                 std::string(path) + " is there already",
                 "name a path that does not exist"};
  }
  return info.error().code == ErrorCode::kNotFound ? Ok()
                                                   : Status(info.error());
}

Status MakeParts(Directory& root) {
  TRY(root.MakeDirectory(kSegmentsName, kArchiveDirectoryMode));
  TRY(root.MakeDirectory(kCheckpointsName, kArchiveDirectoryMode));
  return root.Sync();
}

// Given the key directory before archive.note is written.
using WriteIdentity = std::function<Status(KeyStore&)>;

// All but archive.note, whose name it leaves to the caller.
Result<std::unique_ptr<Directory>> WriteAllButNote(
    FileSystem& file_system, std::string_view archive_path,
    std::string_view keys_path, const NewArchive& made,
    const WriteIdentity& write_identity) {
  TRY_ASSIGN(auto root,
             file_system.CreateDirectory(archive_path, kArchiveDirectoryMode));
  TRY(MakeParts(*root));
  TRY_ASSIGN(KeyStore keys, KeyStore::Create(file_system, keys_path));
  TRY(write_identity(keys));
  TRY(keys.CreatePin(made.identity, made.genesis()));
  TRY(keys.CreateEpochKey(made.first_epoch));
  return root;
}

std::string HintAboutWhatIsLeft(FileSystem& file_system,
                                std::string_view archive_path,
                                std::string_view keys_path) {
  std::string left;
  for (const std::string_view path : {archive_path, keys_path}) {
    if (file_system.Info(path).has_value()) {
      left += (left.empty() ? "" : " and ") + std::string(path);
    }
  }
  return left.empty() ? ""
                      : "remove the unfinished " + left + ", then try again";
}

bool IsInside(std::string_view path, std::string_view directory) {
  while (directory.size() > 1 && directory.ends_with('/')) {
    directory.remove_suffix(1);
  }
  return path.starts_with(directory) &&
         (path.size() == directory.size() || path[directory.size()] == '/');
}

Status CheckPaths(FileSystem& file_system, std::string_view archive_path,
                  std::string_view keys_path) {
  if (IsInside(keys_path, archive_path)) {
    return Error{ErrorCode::kInvalidArgument,
                 "the key directory lies within the archive",
                 "keep keys outside, where copies of the archive do not go"};
  }
  TRY(CheckIsFree(file_system, archive_path));
  return CheckIsFree(file_system, keys_path);
}

Error Unfinished(const Error& cause, FileSystem& file_system,
                 std::string_view archive_path, std::string_view keys_path) {
  Error error = Error(cause).With("init");
  error.hint = HintAboutWhatIsLeft(file_system, archive_path, keys_path);
  return error;
}

// What an earlier PrepareInit() made and nobody signed yet.
Result<std::optional<PreparedInit>> FindPrepared(FileSystem& file_system,
                                                 std::string_view keys_path,
                                                 const VerificationKey& key) {
  if (!file_system.Info(keys_path).has_value()) {
    return std::optional<PreparedInit>();
  }
  TRY_ASSIGN(const KeyStore keys, KeyStore::Open(file_system, keys_path));
  TRY_ASSIGN(auto text, keys.ReadUnsignedNote());
  TRY_ASSIGN(const auto pin, keys.ReadPinText());
  // The epoch's key is the last thing that is made.
  TRY_ASSIGN(const auto epoch_key, keys.LoadEpochKey());
  const std::string key_line = FormatVerificationKey(key);
  if (!text.has_value() || !pin.has_value() || !epoch_key.has_value() ||
      !pin->starts_with(key_line + "\n")) {
    return std::optional<PreparedInit>();
  }
  const InitResult made{.verification_key = key_line,
                        .genesis = Genesis(*text)};
  return std::optional<PreparedInit>(
      PreparedInit{.made = made, .note_text = *std::move(text)});
}

Status WriteFreshIdentity(KeyStore& keys, const NamedSigner& fresh,
                          Bytes passphrase) {
  if (!passphrase.empty()) {
    TRY_ASSIGN(const std::string text, EncryptSigningKey(fresh, passphrase));
    return keys.CreateIdentityKey(AsBytes(text));
  }
  return keys.CreateIdentityKey(
      FormatSigningKeyLine(fresh.name, fresh.signer).view());
}

Result<NamedSigner> MakeIdentity(std::string_view origin) {
  if (!IsNoteKeyName(origin)) {
    return Error{ErrorCode::kInvalidArgument,
                 "the origin is empty or has a space, a control character or "
                 "a '+'",
                 "use a name such as auth.example.org/log"};
  }
  TRY_ASSIGN(Ed25519Signer signer, Ed25519Signer::Generate());
  return NamedSigner{.name = std::string(origin), .signer = std::move(signer)};
}

}  // namespace

Result<InitResult> InitArchive(FileSystem& file_system,
                               std::string_view archive_path,
                               std::string_view keys_path,
                               std::string_view origin,
                               const InitIdentity& identity) {
  TRY_ASSIGN(const NamedSigner fresh, MakeIdentity(origin));
  const NamedSigner& signer =
      identity.existing != nullptr ? *identity.existing : fresh;
  if (signer.name != origin) {
    return Error{ErrorCode::kKey,
                 "the identity key is named " + signer.name + ", not " +
                     std::string(origin),
                 "a log's origin is the name of its key"};
  }
  TRY_ASSIGN(const NewArchive made,
             MakeNote(MakeVerificationKey(origin, signer.signer.public_key())));
  TRY_ASSIGN(const std::string note,
             SignNote(made.note_text, origin, signer.signer));
  TRY(CheckPaths(file_system, archive_path, keys_path));
  const auto root = WriteAllButNote(
      file_system, archive_path, keys_path, made,
      [&identity, &fresh](KeyStore& keys) {
        return identity.existing != nullptr
                   ? Ok()
                   : WriteFreshIdentity(keys, fresh, identity.passphrase);
      });
  const Status written =
      root.has_value() ? CreateFileDurably(**root, kArchiveNoteName,
                                           AsBytes(note), kWrittenOnceMode)
                       : Status(root.error());
  if (!written.has_value()) {
    return Unfinished(written.error(), file_system, archive_path, keys_path);
  }
  return made.result();
}

Result<PreparedInit> PrepareInit(FileSystem& file_system,
                                 std::string_view archive_path,
                                 std::string_view keys_path,
                                 const VerificationKey& key) {
  TRY_ASSIGN(auto waiting, FindPrepared(file_system, keys_path, key));
  if (waiting.has_value()) {
    return *std::move(waiting);
  }
  TRY_ASSIGN(const NewArchive made, MakeNote(key));
  TRY(CheckPaths(file_system, archive_path, keys_path));
  const auto root = WriteAllButNote(
      file_system, archive_path, keys_path, made, [&made](KeyStore& keys) {
        return keys.WriteUnsignedNote(made.note_text);
      });
  if (!root.has_value()) {
    return Unfinished(root.error(), file_system, archive_path, keys_path);
  }
  return PreparedInit{.made = made.result(), .note_text = made.note_text};
}

}  // namespace authseal
