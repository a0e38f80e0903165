// The key directory's files about seals in progress, clean ends, requests and
// an archive that waits for its signature; none holds a secret.
#include <string>
#include <utility>

#include "lib/archive/format.h"
#include "lib/archive/index_part_file.h"
#include "lib/archive/key_files.h"
#include "lib/archive/key_store.h"
#include "lib/base/coding.h"
#include "lib/base/encoding.h"

namespace authseal {
namespace {

constexpr std::string_view kIntentTag = "ASI1";
constexpr std::string_view kReopenIntentTag = "ASI2";
constexpr std::uint64_t kIntentSizeBytesMax = 4096;
constexpr std::uint64_t kCleanMarkSizeBytesMax = 4096;
// Seal block, footer, and a seek table of 16 bytes a block.
constexpr std::uint64_t kTailSizeBytesMax =
    std::uint64_t{kSegmentBlocksMax} * 16 + (1u << 20);

ByteVector EncodeIntent(const SealIntent& intent) {
  Encoder out;
  out.Raw(AsBytes(intent.reopens ? kReopenIntentTag : kIntentTag))
      .U64(intent.epoch)
      .U64(intent.segment_first_record)
      .U64(intent.end_record)
      .U64(intent.base_size_bytes)
      .Raw(intent.chain.view())
      .I64(intent.seal_time.value)
      .Raw(intent.next_key.view());
  return std::move(out).Take();
}

Result<SealIntent> DecodeIntent(Bytes bytes) {
  Decoder in(bytes);
  TRY_ASSIGN(const Bytes tag, in.Raw(kIntentTag.size(), "tag"));
  SealIntent intent;
  intent.reopens = AsText(tag) == kReopenIntentTag;
  if (!intent.reopens && AsText(tag) != kIntentTag) {
    return Error{ErrorCode::kDamaged, "wrong tag"};
  }
  TRY_ASSIGN(intent.epoch, in.U64("epoch"));
  TRY_ASSIGN(intent.segment_first_record, in.U64("segment_first_record"));
  TRY_ASSIGN(intent.end_record, in.U64("end_record"));
  TRY_ASSIGN(intent.base_size_bytes, in.U64("base_size"));
  TRY_ASSIGN(intent.chain, in.Hash32("chain"));
  TRY_ASSIGN(intent.seal_time.value, in.I64("seal_time"));
  TRY_ASSIGN(const Hash next_key, in.Hash32("next_key"));
  intent.next_key.bytes = next_key.bytes;
  TRY(in.Finish());
  return intent;
}

// Removes what is there; true when something was.
Result<bool> RemoveIfThere(Directory& directory, std::string_view name) {
  const Status status = directory.Remove(name);
  if (status.has_value()) {
    return true;
  }
  if (status.error().code == ErrorCode::kNotFound) {
    return false;
  }
  return status.error();
}

Error NamesIndexParts(Error error, std::string_view keys_path) {
  return std::move(error)
      .With(std::string(keys_path) + "/" + std::string(kIndexPartsName))
      .WithHint("it only saves the next seal work: remove it, and try again");
}

Status RemoveDurably(Directory& directory, std::string_view name) {
  TRY_ASSIGN(const bool removed, RemoveIfThere(directory, name));
  return removed ? directory.Sync() : Ok();
}

}  // namespace

Status KeyStore::WriteIntent(const SealIntent& intent) {
  return WriteFileDurably(*directory_, kIntentName, EncodeIntent(intent),
                          kPrivateFileMode);
}

Result<std::optional<SealIntent>> KeyStore::ReadIntent() const {
  TRY_ASSIGN(const auto bytes, ReadPrivateFile(*directory_, path_, kIntentName,
                                               kIntentSizeBytesMax));
  if (!bytes.has_value()) {
    return std::optional<SealIntent>();
  }
  auto intent = DecodeIntent(bytes->view());
  if (!intent.has_value()) {
    return std::move(intent).error().With(path_ + "/" +
                                          std::string(kIntentName));
  }
  return std::optional<SealIntent>(*intent);
}

Status KeyStore::WriteTail(Bytes tail) {
  return WriteFileDurably(*directory_, kTailName, tail, kPrivateFileMode);
}

Result<std::optional<ByteVector>> KeyStore::ReadTail() const {
  TRY_ASSIGN(const auto bytes,
             ReadPrivateFile(*directory_, path_, kTailName, kTailSizeBytesMax));
  if (!bytes.has_value()) {
    return std::optional<ByteVector>();
  }
  return std::optional<ByteVector>(
      ByteVector(bytes->view().begin(), bytes->view().end()));
}

Status KeyStore::RemoveIntentAndTail() {
  // In this order, so that a tail never stands without its intent.
  TRY(RemoveDurably(*directory_, kTailName));
  return RemoveDurably(*directory_, kIntentName);
}

Status KeyStore::WriteCleanMark(const CleanMark& mark) {
  const std::string text =
      mark.segment_name + " " + std::to_string(mark.size_bytes) + "\n";
  return WriteFileDurably(*directory_, kCleanMarkName, AsBytes(text),
                          kPrivateFileMode);
}

Result<std::optional<KeyStore::CleanMark>> KeyStore::ReadCleanMark() const {
  TRY_ASSIGN(const auto bytes,
             ReadPrivateFile(*directory_, path_, kCleanMarkName,
                             kCleanMarkSizeBytesMax));
  const std::optional<CleanMark> none;
  if (!bytes.has_value() || bytes->empty()) {
    return none;
  }
  // One that cannot be read says nothing: the open segment is copied then.
  const std::string_view text = AsText(bytes->view());
  const std::size_t space = text.find(' ');
  if (space == std::string_view::npos || !text.ends_with('\n')) {
    return none;
  }
  const auto size_bytes =
      ParseDecimal(text.substr(space + 1, text.size() - space - 2));
  if (!size_bytes.has_value()) {
    return none;
  }
  return std::optional<CleanMark>(
      CleanMark{.segment_name = std::string(text.substr(0, space)),
                .size_bytes = *size_bytes});
}

Status KeyStore::RemoveCleanMark() {
  return RemoveDurably(*directory_, kCleanMarkName);
}

Status KeyStore::AppendIndexParts(const EpochKey& key, const Hash& genesis,
                                  const SegmentIndexer& indexer) {
  TRY_ASSIGN(const Secret mac_key,
             IndexPartKey(key.signer.seed(), genesis, key.epoch));
  Status appended = authseal::AppendIndexParts(*directory_, kIndexPartsName,
                                               mac_key, indexer);
  return appended.has_value() ? Ok() : NamesIndexParts(appended.error(), path_);
}

Result<std::shared_ptr<const StoredIndexParts>> KeyStore::OpenIndexParts(
    const EpochKey& key, const Hash& genesis) const {
  TRY_ASSIGN(Secret mac_key,
             IndexPartKey(key.signer.seed(), genesis, key.epoch));
  auto file =
      IndexPartFile::Open(*directory_, kIndexPartsName, std::move(mac_key));
  if (!file.has_value()) {
    return NamesIndexParts(file.error(), path_);
  }
  return std::shared_ptr<const StoredIndexParts>(*std::move(file));
}

// One that stays is of a key that is gone: nobody takes anything from it.
Status KeyStore::RemoveIndexParts() {
  TRY(RemoveIfThere(*directory_, kIndexPartsName));
  return Ok();
}

Status KeyStore::RequestSeal() {
  // It counts by being there, so several may ask at once, and a writer that
  // starts has no temporary file of ours to clear away.
  Status created =
      CreatePrivateFile(*directory_, kSealRequestName, AsBytes("seal\n"));
  if (!created.has_value() &&
      created.error().code == ErrorCode::kAlreadyExists) {
    return directory_->Sync();
  }
  return created;
}

Result<bool> KeyStore::SealRequested() const {
  const auto info = directory_->Info(kSealRequestName);
  if (info.has_value()) {
    return true;
  }
  if (info.error().code == ErrorCode::kNotFound) {
    return false;
  }
  return info.error();
}

Status KeyStore::ClearSealRequest() {
  return RemoveDurably(*directory_, kSealRequestName);
}

Status KeyStore::WriteUnsignedNote(std::string_view text) {
  return WriteFileDurably(*directory_, kUnsignedNoteName, AsBytes(text),
                          kPrivateFileMode);
}

Result<std::optional<std::string>> KeyStore::ReadUnsignedNote() const {
  TRY_ASSIGN(const auto bytes,
             ReadPrivateFile(*directory_, path_, kUnsignedNoteName,
                             kNoteSizeBytesMax));
  if (!bytes.has_value()) {
    return std::optional<std::string>();
  }
  return std::optional<std::string>(std::string(AsText(bytes->view())));
}

Status KeyStore::RemoveUnsignedNote() {
  return RemoveDurably(*directory_, kUnsignedNoteName);
}

}  // namespace authseal
