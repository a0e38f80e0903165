// Completes an archive whose identity key never came to this host.
#include <string>
#include <utility>

#include "lib/archive/archive_note.h"
#include "lib/archive/archive_writer.h"
#include "lib/archive/layout.h"
#include "lib/archive/open_segment.h"
#include "lib/note/signed_note.h"

namespace authseal {
namespace {

constexpr std::string_view kAskAgainHint =
    "give what 'authseal sign' answered to the request of this init";

// The pin that PrepareInit() wrote: a verification key, and the genesis.
Result<VerificationKey> ReadPinnedKey(const KeyStore& keys) {
  TRY_ASSIGN(const auto text, keys.ReadPinText());
  if (!text.has_value()) {
    return Error{ErrorCode::kKey, keys.path() + " has no identity.pub",
                 "name the key directory that init made with --keys"};
  }
  return ParseVerificationKey(
      std::string_view(*text).substr(0, text->find('\n')));
}

Status CheckNote(std::string_view note, std::string_view text,
                 const VerificationKey& key) {
  TRY_ASSIGN(const SignedNote parsed, ParseSignedNote(note));
  if (parsed.text != text) {
    return Error{ErrorCode::kKey, "the response is not of this init",
                 std::string(kAskAgainHint)};
  }
  if (parsed.signatures.size() != 1 ||
      VerifySignedNote(parsed, key) != NoteVerdict::kVerified) {
    return Error{ErrorCode::kKey,
                 "the response is not signed by " + FormatVerificationKey(key),
                 "sign with the identity key whose verification key was given "
                 "to init --key"};
  }
  return Ok();
}

Result<InitResult> ResultOf(const VerificationKey& key, std::string_view text) {
  return InitResult{.verification_key = FormatVerificationKey(key),
                    .genesis = Genesis(text)};
}

}  // namespace

Result<InitResult> FinishInit(FileSystem& file_system,
                              std::string_view archive_path,
                              std::string_view keys_path,
                              std::string_view note) {
  if (note.empty()) {
    return Error{ErrorCode::kDamaged, "the response is empty",
                 "nothing was signed: see what 'authseal sign' said"};
  }
  TRY_ASSIGN(KeyStore keys, KeyStore::Open(file_system, keys_path));
  TRY_ASSIGN(const VerificationKey key, ReadPinnedKey(keys));
  TRY_ASSIGN(const auto root, file_system.OpenDirectory(archive_path));
  TRY_ASSIGN(const auto text, keys.ReadUnsignedNote());
  const auto present =
      ReadWholeFile(*root, kArchiveNoteName, kNoteSizeBytesMax);
  if (present.has_value() && AsText(*present) == note) {
    TRY_ASSIGN(const SignedNote parsed, ParseSignedNote(note));
    TRY(root->Sync());
    TRY(keys.RemoveUnsignedNote());
    return ResultOf(key, parsed.text);
  }
  if (!text.has_value()) {
    return Error{ErrorCode::kKey,
                 "no init waits for a signature in " + keys.path(),
                 "begin with init --key VKEY --request FILE"};
  }
  TRY(CheckNote(note, *text, key));
  TRY(CreateFileDurably(*root, kArchiveNoteName, AsBytes(note),
                        kWrittenOnceMode));
  TRY(keys.RemoveUnsignedNote());
  return ResultOf(key, *text);
}

}  // namespace authseal
