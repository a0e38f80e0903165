// Makes an archive. archive.note comes last: until it is there, what is on the
// disk is no archive.
#include <string>
#include <utility>

#include "lib/archive/archive_note.h"
#include "lib/archive/archive_writer.h"
#include "lib/archive/layout.h"
#include "lib/archive/open_segment.h"
#include "lib/crypto/ed25519_signer.h"

namespace authseal {
namespace {

constexpr std::uint32_t kArchiveDirectoryMode = 0750;

struct NewArchive {
  Ed25519Signer identity;
  EpochKey first_epoch;
  std::string note_text;
  std::string note;  // signed
};

Result<NewArchive> MakeKeysAndNote(std::string_view origin) {
  if (!IsNoteKeyName(origin)) {
    return Error{ErrorCode::kInvalidArgument,
                 "the origin is empty or has a space, a control character or "
                 "a '+'",
                 "use a name such as auth.example.org/log"};
  }
  TRY_ASSIGN(Ed25519Signer identity, Ed25519Signer::Generate());
  TRY_ASSIGN(Ed25519Signer first_signer, Ed25519Signer::Generate());
  ArchiveNote note{.origin = std::string(origin),
                   .nonce = {},
                   .first_epoch_key = first_signer.public_key()};
  TRY(RandomBytes(note.nonce));
  std::string text = FormatArchiveNoteText(note);
  TRY_ASSIGN(std::string signed_note, SignNote(text, origin, identity));
  return NewArchive{
      .identity = std::move(identity),
      .first_epoch = {.epoch = 0, .signer = std::move(first_signer)},
      .note_text = std::move(text),
      .note = std::move(signed_note)};
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

Status WriteKeys(FileSystem& file_system, std::string_view keys_path,
                 std::string_view origin, const NewArchive& made) {
  TRY_ASSIGN(KeyStore keys, KeyStore::Create(file_system, keys_path));
  TRY(keys.CreateIdentity(origin, made.identity, Genesis(made.note_text)));
  return keys.CreateEpochKey(made.first_epoch);
}

Status WriteAll(FileSystem& file_system, std::string_view archive_path,
                std::string_view keys_path, std::string_view origin,
                const NewArchive& made) {
  TRY_ASSIGN(const auto root,
             file_system.CreateDirectory(archive_path, kArchiveDirectoryMode));
  TRY(MakeParts(*root));
  TRY(WriteKeys(file_system, keys_path, origin, made));
  return CreateFileDurably(*root, kArchiveNoteName, AsBytes(made.note),
                           kWrittenOnceMode);
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

}  // namespace

Result<InitResult> InitArchive(FileSystem& file_system,
                               std::string_view archive_path,
                               std::string_view keys_path,
                               std::string_view origin) {
  if (IsInside(keys_path, archive_path)) {
    return Error{ErrorCode::kInvalidArgument,
                 "the key directory lies within the archive",
                 "keep keys outside, where copies of the archive do not go"};
  }
  TRY_ASSIGN(const NewArchive made, MakeKeysAndNote(origin));
  TRY(CheckIsFree(file_system, archive_path));
  TRY(CheckIsFree(file_system, keys_path));
  const Status written =
      WriteAll(file_system, archive_path, keys_path, origin, made);
  if (!written.has_value()) {
    Error error = Error(written.error()).With("init");
    error.hint = HintAboutWhatIsLeft(file_system, archive_path, keys_path);
    return error;
  }
  return InitResult{
      .verification_key = FormatVerificationKey(
          MakeVerificationKey(origin, made.identity.public_key())),
      .genesis = Genesis(made.note_text)};
}

}  // namespace authseal
