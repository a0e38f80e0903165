#include "lib/archive/index_part_file.h"

#include <string_view>
#include <utility>

#include "lib/archive/format.h"
#include "lib/archive/key_files.h"
#include "lib/base/coding.h"
#include "lib/crypto/hmac_sha256.h"

namespace authseal {
namespace {

constexpr std::string_view kKeyPurpose = "authseal/v1/index-parts\n";
constexpr std::string_view kFileTag = "ASP1";
constexpr std::size_t kFileHeadSizeBytes = kFileTag.size() + Hash::kSizeBytes;
// Size of the part, first record, stored hash; behind the part its MAC.
constexpr std::size_t kEntryHeadSizeBytes = 4 + 8 + Hash::kSizeBytes;

// Says whose file it is. No entry's MAC: those are longer.
Result<ByteVector> FileHead(const Secret& key) {
  TRY_ASSIGN(const Hash mac, HmacSha256(key.view(), AsBytes(kFileTag)));
  Encoder head;
  head.Raw(AsBytes(kFileTag)).Raw(mac.view());
  return std::move(head).Take();
}

// Empty when the file ends before.
Result<std::optional<ByteVector>> ReadExactly(const ReadableFile& file,
                                              std::uint64_t offset_bytes,
                                              std::size_t size_bytes) {
  ByteVector bytes(size_bytes);
  TRY_ASSIGN(const std::size_t count, file.ReadAt(offset_bytes, bytes));
  return count == size_bytes ? std::optional<ByteVector>(std::move(bytes))
                             : std::nullopt;
}

// Whether it begins as this key's file does.
Result<bool> IsOf(const ReadableFile& file, const Secret& key) {
  TRY_ASSIGN(const ByteVector expected, FileHead(key));
  TRY_ASSIGN(const auto head, ReadExactly(file, 0, kFileHeadSizeBytes));
  return head == expected;
}

// The file to append to, with its head.
Result<std::unique_ptr<WritableFile>> OpenForAppending(Directory& directory,
                                                       std::string_view name,
                                                       const Secret& key) {
  const auto old = directory.OpenRead(name);
  if (old.has_value()) {
    TRY_ASSIGN(const bool is_own, IsOf(**old, key));
    if (is_own) {
      return directory.OpenWrite(name, OpenMode::kAppendExisting,
                                 kPrivateFileMode);
    }
    TRY(directory.Remove(name));
  } else if (old.error().code != ErrorCode::kNotFound) {
    return old.error();
  }
  TRY_ASSIGN(auto file, directory.OpenWrite(name, OpenMode::kCreateExclusive,
                                            kPrivateFileMode));
  TRY_ASSIGN(const ByteVector head, FileHead(key));
  TRY(file->Append(head));
  return file;
}

}  // namespace

Result<Secret> IndexPartKey(Bytes epoch_seed, const Hash& genesis,
                            std::uint64_t epoch) {
  Encoder purpose;
  purpose.Raw(AsBytes(kKeyPurpose)).Raw(genesis.view()).U64(epoch);
  return DeriveKey(epoch_seed, purpose.bytes());
}

Status AppendIndexParts(Directory& directory, std::string_view name,
                        const Secret& key, const SegmentIndexer& indexer) {
  std::unique_ptr<WritableFile> file;
  return indexer.ForEachKept([&](std::uint64_t first_record,
                                 const Hash& stored_hash,
                                 Bytes part) -> Status {
    if (file == nullptr) {
      TRY_ASSIGN(file, OpenForAppending(directory, name, key));
    }
    const std::uint64_t size_bytes =
        kEntryHeadSizeBytes + part.size() + Hash::kSizeBytes;
    if (part.size() > kIndexPartSizeBytesMax ||
        file->size_bytes() > kIndexPartFileSizeBytesMax - size_bytes) {
      return Ok();
    }
    Encoder entry;
    entry.U32(static_cast<std::uint32_t>(part.size())).U64(first_record);
    entry.Raw(stored_hash.view()).Raw(part);
    TRY_ASSIGN(const Hash mac, HmacSha256(key.view(), entry.bytes()));
    entry.Raw(mac.view());
    return file->Append(entry.bytes());
  });
}

Result<std::shared_ptr<const IndexPartFile>> IndexPartFile::Open(
    const Directory& directory, std::string_view name, Secret key) {
  const std::shared_ptr<const IndexPartFile> none;
  auto file = directory.OpenRead(name);
  if (!file.has_value()) {
    return file.error().code == ErrorCode::kNotFound
               ? Result<std::shared_ptr<const IndexPartFile>>(none)
               : file.error();
  }
  TRY_ASSIGN(const FileInfo info, (*file)->Info());
  TRY_ASSIGN(const bool is_own, IsOf(**file, key));
  if (!is_own || !CheckKeptPrivate(info, name, "600").has_value() ||
      info.size_bytes > kIndexPartFileSizeBytesMax) {
    return none;
  }
  std::shared_ptr<IndexPartFile> opened(
      new IndexPartFile(*std::move(file), std::move(key)));
  TRY(opened->FindPlaces());
  return std::shared_ptr<const IndexPartFile>(std::move(opened));
}

// Sizes are believed here, whoever wrote them: the MAC of an entry covers its
// own, and wrong ones only lead to entries that are none.
Status IndexPartFile::FindPlaces() {
  std::uint64_t at = kFileHeadSizeBytes;
  while (places_.size() < kSegmentBlocksMax) {
    TRY_ASSIGN(const auto head, ReadExactly(*file_, at, kEntryHeadSizeBytes));
    if (!head.has_value()) {
      break;
    }
    Decoder in(*head);
    Place place;
    place.offset_bytes = at;
    TRY_ASSIGN(place.size_bytes, in.U32("size"));
    TRY_ASSIGN(const std::uint64_t first_record, in.U64("first_record"));
    TRY_ASSIGN(place.stored_hash, in.Hash32("stored_hash"));
    if (place.size_bytes > kIndexPartSizeBytesMax) {
      break;
    }
    at += kEntryHeadSizeBytes + place.size_bytes + Hash::kSizeBytes;
    places_.emplace(first_record, place);
  }
  return Ok();
}

Result<std::optional<ByteVector>> IndexPartFile::Find(
    const BlockHeader& header) const {
  const auto [begin, end] = places_.equal_range(header.first_record);
  for (auto place = begin; place != end; ++place) {
    if (place->second.stored_hash == header.stored_hash) {
      TRY_ASSIGN(auto part, ReadPart(place->second, header));
      if (part.has_value()) {
        return part;
      }
    }
  }
  return std::optional<ByteVector>();
}

// What counts is what is read now, whatever stood there before.
Result<std::optional<ByteVector>> IndexPartFile::ReadPart(
    const Place& place, const BlockHeader& header) const {
  const std::optional<ByteVector> none;
  const std::size_t covered = kEntryHeadSizeBytes + place.size_bytes;
  TRY_ASSIGN(const auto entry, ReadExactly(*file_, place.offset_bytes,
                                           covered + Hash::kSizeBytes));
  if (!entry.has_value()) {
    return none;
  }
  Decoder in(*entry);
  TRY_ASSIGN(const std::uint32_t size_bytes, in.U32("size"));
  TRY_ASSIGN(const std::uint64_t first_record, in.U64("first_record"));
  TRY_ASSIGN(const Hash stored_hash, in.Hash32("stored_hash"));
  TRY_ASSIGN(const Bytes part, in.Raw(place.size_bytes, "part"));
  TRY_ASSIGN(const Hash mac, in.Hash32("mac"));
  TRY_ASSIGN(const Hash expected,
             HmacSha256(key_.view(), Bytes(*entry).first(covered)));
  const bool is_good =
      EqualInConstantTime(mac, expected) && size_bytes == place.size_bytes &&
      first_record == header.first_record && stored_hash == header.stored_hash;
  return is_good ? std::optional(ByteVector(part.begin(), part.end())) : none;
}

}  // namespace authseal
