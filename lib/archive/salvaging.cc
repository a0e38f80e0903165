#include "lib/archive/salvaging.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

#include "lib/archive/archive_tip.h"
#include "lib/archive/block_builder.h"
#include "lib/archive/durable_copy.h"
#include "lib/archive/format.h"
#include "lib/archive/layout.h"
#include "lib/archive/open_segment.h"
#include "lib/archive/recovery.h"
#include "lib/archive/stray_files.h"
#include "lib/archive/writer_identity.h"
#include "lib/base/encoding.h"
#include "lib/base/time.h"
#include "lib/crypto/sha256.h"

namespace authseal {
namespace {

constexpr std::size_t kHashChunkSizeBytes = 1u << 20;

Result<Hash> HashOf(const ReadableFile& file, ByteExtent extent) {
  Sha256 digest;
  ByteVector chunk(kHashChunkSizeBytes);
  while (extent.size_bytes > 0) {
    const auto want = static_cast<std::size_t>(
        std::min<std::uint64_t>(chunk.size(), extent.size_bytes));
    TRY_ASSIGN(
        const std::size_t count,
        file.ReadAt(extent.offset_bytes, MutableBytes(chunk).first(want)));
    if (count != want) {
      return Error{ErrorCode::kIo, "the segment became shorter meanwhile"};
    }
    digest.Update(Bytes(chunk).first(count));
    extent.offset_bytes += count;
    extent.size_bytes -= count;
  }
  return digest.Finish();
}

std::uint64_t CountOf(const std::vector<RecordRange>& ranges) {
  std::uint64_t count = 0;
  for (const RecordRange& range : ranges) {
    count += range.count();
  }
  return count;
}

// What the archive says about its own loss.
std::string RecoveryRecord(const SalvageResult& result, const Hash& bytes_hash,
                           UnixNanos now) {
  const OpenSegmentDamage& damage = result.damage;
  std::string text = "{\"authseal\":{\"recovery\":{\"first_record\":";
  text += std::to_string(damage.valid.next_record());
  text += ",\"end_record\":" + std::to_string(damage.end_record());
  const RecordRange perhaps_lost = damage.PerhapsLostRecords();
  if (!perhaps_lost.empty()) {
    text += ",\"claimed_end_record\":" + std::to_string(perhaps_lost.end);
  }
  text += ",\"intact\":" + std::to_string(CountOf(damage.IntactRecords()));
  text += ",\"salvage\":\"" + result.bytes_path;
  text += "\",\"size\":" + std::to_string(damage.rest_size_bytes());
  text += ",\"sha256\":\"" + HexEncode(bytes_hash.view());
  text += "\",\"time\":\"" + FormatRfc3339(now) + "\"}}}";
  return text;
}

Result<EncodedBlock> BlockOf(const std::string& record, UnixNanos now,
                             std::uint64_t first_record) {
  BlockDraft draft;
  draft.content.assign(record.begin(), record.end());
  draft.content.push_back('\n');
  draft.record_ends_bytes = {static_cast<std::uint32_t>(record.size())};
  draft.ingest_first = now;
  draft.ingest_last = now;
  BlockBuilder builder;
  return builder.Build(draft, first_record);
}

class Salvage {
 public:
  Salvage(std::string_view path, KeyStore keys, ArchiveReader archive)
      : path_(path), keys_(std::move(keys)), archive_(std::move(archive)) {}

  Status Open(FileSystem& file_system) {
    TRY_ASSIGN(lock_, keys_.LockWriter());
    TRY_ASSIGN(root_, file_system.OpenDirectory(path_));
    TRY_ASSIGN(segments_, root_->OpenDirectory(kSegmentsName));
    TRY_ASSIGN(checkpoints_, root_->OpenDirectory(kCheckpointsName));
    TRY_ASSIGN(const WriterIdentity identity,
               LoadWriterIdentity(archive_, keys_));
    TRY_ASSIGN(tip_, ReadArchiveTip(archive_, identity.chain.has_value()
                                                  ? &*identity.chain
                                                  : nullptr));
    TRY_ASSIGN(intent_, keys_.ReadIntent());
    TRY_ASSIGN(const auto tail, keys_.ReadTail());
    // What is signed as the segment's end already is not to be signed anew.
    if (intent_.has_value() && (tail.has_value() || intent_->reopens ||
                                intent_->epoch != tip_.start.epoch)) {
      return Error{ErrorCode::kInvalidArgument,
                   "the end of the segment is being signed",
                   intent_->reopens ? "complete it first: authseal reopen"
                                    : "complete it first: authseal seal"};
    }
    return Ok();
  }

  Result<SalvageResult> Examine() {
    SalvageResult result;
    result.damage.valid = ProgressAt(tip_.start);
    const std::string name = OpenSegmentName(tip_.start.first_record);
    if (!tip_.open_segment_present) {
      result.damage.segment_name = name;
      return result;
    }
    const SegmentTrust trust = {.genesis = archive_.genesis(),
                                .epoch_key = tip_.epoch_key};
    TRY_ASSIGN(result.damage,
               ExamineOpenSegment(*segments_, name, tip_.start, trust));
    if (result.damage.rest_size_bytes() == 0) {
      return result;
    }
    TRY_ASSIGN(const auto mark, keys_.ReadCleanMark());
    const bool was_clean =
        mark ==
        KeyStore::CleanMark{.segment_name = name,
                            .size_bytes = result.damage.file_size_bytes};
    TRY_ASSIGN(auto file, segments_->OpenRead(name));
    TRY_ASSIGN(const SegmentReader segment,
               SegmentReader::Open(std::move(file), false));
    TRY_ASSIGN(const bool later,
               HasLaterCommit(segment, tip_.start, result.damage.valid, trust));
    result.is_damaged = was_clean || intent_.has_value() || later;
    return result;
  }

  Result<SalvageResult> Run(const Clock& clock, const DeliverRecord& deliver) {
    TRY_ASSIGN(const auto key, keys_.LoadEpochKey());
    if (!key.has_value() || key->epoch != tip_.start.epoch ||
        key->signer.public_key() != tip_.epoch_key) {
      return Error{ErrorCode::kKey,
                   keys_.path() + ": the key of epoch " +
                       std::to_string(tip_.start.epoch) + " is missing",
                   "name the archive's own key directory with --keys"};
    }
    TRY_ASSIGN(SalvageResult result, Examine());
    if (result.is_damaged) {
      TRY(SetAsideAndGoOn(clock.Now(), *key, deliver, result));
    }
    if (result.is_damaged || IsStale(result.damage.valid)) {
      TRY(keys_.RemoveIntentAndTail());
      TRY(keys_.DestroyNextKey());
      TRY(keys_.RemoveCleanMark());
    }
    return result;
  }

 private:
  // Of a seal that read back something else than is there now.
  bool IsStale(const SegmentProgress& valid) const {
    return intent_.has_value() &&
           (intent_->chain != valid.chain ||
            intent_->base_size_bytes != valid.size_bytes);
  }

  Status SetAsideAndGoOn(UnixNanos now, const EpochKey& key,
                         const DeliverRecord& deliver, SalvageResult& result) {
    const OpenSegmentDamage& damage = result.damage;
    const std::string& name = damage.segment_name;
    TRY(RemoveStrayFiles(*segments_, *checkpoints_));
    TRY_ASSIGN(auto file, segments_->OpenRead(name));
    TRY_ASSIGN(const SegmentReader segment,
               SegmentReader::Open(std::move(file), false));
    const ByteExtent rest = {damage.valid.size_bytes, damage.rest_size_bytes()};
    TRY_ASSIGN(const Hash hash, HashOf(segment.file(), rest));
    TRY_ASSIGN(result.bytes_path, SetAside(*root_, segment.file(), name, rest));
    TRY(WriteLines(segment, deliver, result));
    TRY_ASSIGN(EncodedBlock block, BlockOf(RecoveryRecord(result, hash, now),
                                           now, damage.valid.next_record()));
    ByteVector commit;
    TRY_ASSIGN(const SegmentProgress after,
               EncodeCommit({&block, 1}, damage.valid, archive_.genesis(), key,
                            commit));
    TRY(CheckRoomForSeal(after));
    // At once, so that the loss is said wherever the cut is made.
    return CopyDurably(segment.file(), {0, damage.valid.size_bytes}, commit,
                       *segments_, name, kOpenSegmentMode);
  }

  // "<name>.bin" has a sister "<name>.jsonl" with what can be ingested again.
  Status WriteLines(const SegmentReader& segment, const DeliverRecord& deliver,
                    SalvageResult& result) {
    if (result.damage.IntactRecords().empty()) {
      return Ok();
    }
    std::string_view stem = result.bytes_path;
    stem.remove_prefix(kSalvageName.size() + 1);
    stem.remove_suffix(std::string_view(".bin").size());
    const std::string name = std::string(stem) + ".jsonl";
    const std::string temporary = name + std::string(kTemporaryFileSuffix);
    TRY_ASSIGN(const auto salvage, root_->OpenDirectory(kSalvageName));
    TRY_ASSIGN(const auto out,
               CreateTemporary(*salvage, temporary, kWrittenOnceMode));
    BlockDecoder decoder;
    ByteVector data;
    for (const BlockRemains& block : result.damage.blocks) {
      if (!block.intact) {
        continue;
      }
      TRY(segment.Read(block.data, kBlockStoredSizeBytesMax, data));
      if (decoder.Decode(data, block.header) != BlockDecoder::Fault::kNone) {
        return Error{ErrorCode::kIo,
                     "a block reads otherwise than a moment ago",
                     "look at the disk and memory of this machine"};
      }
      std::string lines;
      for (const std::string_view record : decoder.records()) {
        deliver(record, lines);
      }
      TRY(out->Append(AsBytes(lines)));
    }
    TRY(out->SyncData());
    TRY(salvage->Rename(temporary, name));
    TRY(salvage->Sync());
    result.lines_path = std::string(kSalvageName) + "/" + name;
    return Ok();
  }

  std::string path_;
  KeyStore keys_;
  ArchiveReader archive_;
  std::unique_ptr<FileLock> lock_;
  std::unique_ptr<Directory> root_;
  std::unique_ptr<Directory> segments_;
  std::unique_ptr<Directory> checkpoints_;
  ArchiveTip tip_;
  std::optional<SealIntent> intent_;
};

}  // namespace

Result<SalvageResult> ExamineArchive(FileSystem& file_system,
                                     std::string_view archive_path,
                                     KeyStore keys) {
  TRY_ASSIGN(ArchiveReader archive,
             ArchiveReader::Open(file_system, archive_path));
  Salvage salvage(archive_path, std::move(keys), std::move(archive));
  TRY(salvage.Open(file_system));
  return salvage.Examine();
}

Result<SalvageResult> SalvageArchive(FileSystem& file_system,
                                     const Clock& clock,
                                     std::string_view archive_path,
                                     KeyStore keys,
                                     const DeliverRecord& deliver) {
  TRY_ASSIGN(ArchiveReader archive,
             ArchiveReader::Open(file_system, archive_path));
  Salvage salvage(archive_path, std::move(keys), std::move(archive));
  TRY(salvage.Open(file_system));
  return salvage.Run(clock, deliver);
}

}  // namespace authseal
