#include "lib/witness/witness_store.h"

#include <utility>

#include "lib/base/encoding.h"
#include "lib/crypto/sha256.h"
#include "lib/note/signed_note.h"

namespace authseal {
namespace {

constexpr std::uint32_t kDirectoryMode = 0700;
constexpr std::uint32_t kFileMode = 0600;
constexpr std::string_view kLockName = "lock";

std::string NameOf(const Hash& origin_hash) {
  return HexEncode(origin_hash.view()) + ".note";
}

Result<CosignedCheckpoint> ParseCosigned(std::string_view text,
                                         const Hash& origin_hash) {
  TRY_ASSIGN(const SignedNote note, ParseSignedNote(text));
  TRY_ASSIGN(Checkpoint checkpoint, ParseCheckpointText(note.text));
  if (OriginHash(checkpoint.origin) != origin_hash) {
    return Error{ErrorCode::kDamaged, "it is of another log"};
  }
  return CosignedCheckpoint{std::move(checkpoint), std::string(text)};
}

}  // namespace

Hash OriginHash(std::string_view origin) {
  return Sha256Of(AsBytes(origin));
}

Result<WitnessStore> WitnessStore::Open(FileSystem& file_system,
                                        std::string_view path) {
  WitnessStore store;
  auto directory = file_system.OpenDirectory(path);
  if (!directory && directory.error().code == ErrorCode::kNotFound) {
    directory = file_system.CreateDirectory(path, kDirectoryMode);
  }
  if (!directory) {
    return std::move(directory).error().With("store");
  }
  store.directory_ = *std::move(directory);
  auto lock = store.directory_->Lock(kLockName);
  if (!lock) {
    return std::move(lock)
        .error()
        .With("store " + std::string(path))
        .WithHint("another witness works on it; each needs a store of its own");
  }
  store.lock_ = *std::move(lock);
  return store;
}

Result<std::optional<CosignedCheckpoint>> WitnessStore::Load(
    std::string_view origin) const {
  return LoadByHash(OriginHash(origin));
}

Result<std::optional<CosignedCheckpoint>> WitnessStore::LoadByHash(
    const Hash& origin_hash) const {
  const std::string name = NameOf(origin_hash);
  const auto text = ReadWholeFile(*directory_, name, kNoteSizeBytesMax);
  if (!text) {
    if (text.error().code == ErrorCode::kNotFound) {
      return std::optional<CosignedCheckpoint>();
    }
    return text.error();
  }
  auto cosigned = ParseCosigned(AsText(*text), origin_hash);
  if (!cosigned) {
    return std::move(cosigned).error().With(name).WithHint(
        "restore the file from the newest copy there is; a witness "
        "that forgot could cosign two histories");
  }
  return std::optional<CosignedCheckpoint>(*std::move(cosigned));
}

Status WitnessStore::Save(const CosignedCheckpoint& cosigned) {
  return WriteFileDurably(*directory_,
                          NameOf(OriginHash(cosigned.checkpoint.origin)),
                          AsBytes(cosigned.note), kFileMode);
}

Result<std::string> WitnessStore::KeepFork(std::string_view origin,
                                           std::string_view note) {
  std::string name = HexEncode(OriginHash(origin).view()) + ".fork";
  Status kept = CreateFileDurably(*directory_, name, AsBytes(note), kFileMode);
  if (!kept && kept.error().code != ErrorCode::kAlreadyExists) {
    return std::move(kept).error().With(name);
  }
  return name;
}

}  // namespace authseal
