#include "lib/archive/archive_writer.h"

#include <functional>
#include <utility>

#include "lib/archive/archive_reader.h"
#include "lib/archive/archive_tip.h"
#include "lib/archive/commit.h"
#include "lib/archive/layout.h"
#include "lib/archive/merging.h"
#include "lib/archive/open_segment.h"
#include "lib/archive/publishing.h"
#include "lib/archive/recovery.h"
#include "lib/archive/sealing.h"
#include "lib/archive/source_positions.h"
#include "lib/archive/stray_files.h"
#include "lib/archive/writer_identity.h"

namespace authseal {

namespace {

// What stands before the last rotation was the old key's to sign.
bool IsToSign(const IdentityChain& chain, std::uint64_t size) {
  return chain.KeyAt(size) == chain.newest();
}

}  // namespace

struct ArchiveWriter::State {
  State(const Clock& clock_in, KeyStore keys_in, Options options_in,
        ArchiveReader archive_in)
      : clock(clock_in),
        keys(std::move(keys_in)),
        options(options_in),
        archive(std::move(archive_in)) {}

  RecoveryPlace recovery_place() {
    return {
        .archive = archive,
        .root = *root,
        .segments = *segments,
        .checkpoints = *checkpoints,
        .keys = keys,
        .indexer = options.indexer,
        .identities = identity.chain.has_value() ? &*identity.chain : nullptr,
        .threads = options.threads};
  }

  const Clock& clock;
  KeyStore keys;
  Options options;
  ArchiveReader archive;
  std::unique_ptr<FileLock> lock;
  std::unique_ptr<Directory> root;
  std::unique_ptr<Directory> segments;
  std::unique_ptr<Directory> checkpoints;
  std::optional<EpochKey> key;
  WriterIdentity identity;
  std::optional<OpenSegment> open;
  std::optional<SegmentFooter> newest_footer;
  SourcePositions positions;
  RecoveryReport recovery;
  std::optional<Error> dead;

  // The first error ends the writer; what refuses a wrong call comes before.
  template <typename T>
  Result<T> Remember(Result<T> result) {
    if (!result.has_value()) {
      dead = result.error();
    }
    return result;
  }

  Status MarkClean();
  Status LeaveIndexParts();
  Status OpenDirectories(FileSystem& file_system);
  Status LoadIdentity();
  Status Recover();
  Result<std::uint64_t> Commit(std::span<EncodedBlock> blocks);
  Result<SealedSegment> Seal();
  Result<std::optional<Checkpoint>> PublishNewest(bool only_new);
};

Status ArchiveWriter::State::MarkClean() {
  return open->exists()
             ? keys.WriteCleanMark({.segment_name = open->name(),
                                    .size_bytes = open->progress().size_bytes})
             : Ok();
}

Status ArchiveWriter::State::LeaveIndexParts() {
  return options.indexer != nullptr && open->exists()
             ? keys.AppendIndexParts(*key, archive.genesis(), *options.indexer)
             : Ok();
}

Status ArchiveWriter::State::OpenDirectories(FileSystem& file_system) {
  TRY_ASSIGN(root, file_system.OpenDirectory(archive.path()));
  // An init that was killed may have left archive.note visible, not durable.
  TRY(root->Sync());
  TRY_ASSIGN(segments, root->OpenDirectory(kSegmentsName));
  TRY_ASSIGN(checkpoints, root->OpenDirectory(kCheckpointsName));
  return Ok();
}

Status ArchiveWriter::State::LoadIdentity() {
  TRY_ASSIGN(identity, LoadWriterIdentity(archive, keys));
  recovery.rotation_completed = identity.rotation_completed;
  if (!options.publish) {
    identity.signer.reset();  // not to be used; the chain is still needed
  }
  return Ok();
}

Status ArchiveWriter::State::Recover() {
  TRY_ASSIGN(key, RecoverSeal(recovery_place(), recovery));
  const RecoveryPlace place = recovery_place();
  TRY_ASSIGN(ArchiveTip tip, ReadArchiveTip(archive, place.identities));
  TRY_ASSIGN(open, RecoverOpenSegment(place, tip, tip.epoch_key, TornTail::kCut,
                                      recovery));
  newest_footer = std::move(tip.footer);
  // Last, so that an archive that is refused stays as it was.
  TRY(RemoveStrayFiles(*segments, *checkpoints));
  return keys.RemoveTemporaryFiles();
}

Result<std::uint64_t> ArchiveWriter::State::Commit(
    std::span<EncodedBlock> blocks) {
  ByteVector bytes;
  TRY_ASSIGN(
      SegmentProgress after,
      EncodeCommit(blocks, open->progress(), archive.genesis(), *key, bytes));
  TRY(CheckRoomForSeal(after));
  TRY(Remember(open->AppendDurably(bytes, std::move(after))));
  for (const EncodedBlock& block : blocks) {
    positions.NoteNewer(block.header);
    if (options.indexer != nullptr && block.index_part != nullptr) {
      options.indexer->Keep(block.header, block.index_part);
    }
  }
  return std::uint64_t{bytes.size()};
}

Result<SealedSegment> ArchiveWriter::State::Seal() {
  if (IsWorthMerging(open->progress(), options.merge_below_bytes)) {
    auto merged = MergeBlocks(*segments, *open, archive.genesis(), *key);
    if (merged.has_value()) {
      open = *std::move(merged);
    } else if (merged.error().code == ErrorCode::kDamaged) {
      // The read-back below meets it again, behind an intent that keeps every
      // writer off until somebody has looked.
      TRY(RemoveStrayFiles(*segments, *checkpoints));
    } else {
      return merged.error();
    }
  }
  std::shared_ptr<const StoredIndexParts> stored_parts;
  if (options.indexer != nullptr) {
    TRY_ASSIGN(stored_parts, keys.OpenIndexParts(*key, archive.genesis()));
  }
  TRY_ASSIGN(const SealIntent intent, DeclareSeal(keys, clock, *open));
  const SealPlace place = {.segments = *segments,
                           .keys = keys,
                           .genesis = archive.genesis(),
                           .indexer = options.indexer,
                           .threads = options.threads,
                           .stored_parts = std::move(stored_parts)};
  const EndSigner end = {.epoch_key = key->signer.public_key(),
                         .signer = key->signer};
  TRY_ASSIGN(SealedSegment sealed, CompleteSeal(place, intent, end, *open));
  newest_footer = sealed.footer;
  key.reset();  // its memory too
  TRY_ASSIGN(key, keys.LoadEpochKey());
  if (!key.has_value() || key->signer.public_key() != intent.next_key) {
    return Error{ErrorCode::kKey,
                 keys.path() + ": the next epoch's key did not take its place",
                 "let nothing else change the key directory"};
  }
  open.emplace(*segments, sealed.next);
  return sealed;
}

Result<std::optional<Checkpoint>> ArchiveWriter::State::PublishNewest(
    bool only_new) {
  if (!identity.signer.has_value() || !newest_footer.has_value() ||
      !IsToSign(*identity.chain, newest_footer->end_record)) {
    return std::optional<Checkpoint>();
  }
  TRY_ASSIGN(Published published,
             PublishCheckpoint(*checkpoints, *identity.signer, *newest_footer));
  if (only_new && !published.is_new) {
    return std::optional<Checkpoint>();
  }
  return std::optional<Checkpoint>(std::move(published.checkpoint));
}

ArchiveWriter::ArchiveWriter(std::unique_ptr<State> state)
    : state_(std::move(state)) {}
ArchiveWriter::~ArchiveWriter() = default;
ArchiveWriter::ArchiveWriter(ArchiveWriter&&) noexcept = default;
ArchiveWriter& ArchiveWriter::operator=(ArchiveWriter&&) noexcept = default;

Result<ArchiveWriter> ArchiveWriter::Open(FileSystem& file_system,
                                          const Clock& clock,
                                          std::string_view archive_path,
                                          KeyStore keys, Options options) {
  TRY_ASSIGN(ArchiveReader archive,
             ArchiveReader::Open(file_system, archive_path));
  TRY_ASSIGN(auto lock, keys.LockWriter());
  auto state = std::make_unique<State>(clock, std::move(keys), options,
                                       std::move(archive));
  state->lock = std::move(lock);
  TRY(state->OpenDirectories(file_system));
  TRY(state->LoadIdentity());
  const Status recovered = state->Recover();
  if (!recovered.has_value()) {
    return Error(recovered.error()).With(archive_path);
  }
  return ArchiveWriter(std::move(state));
}

const RecoveryReport& ArchiveWriter::recovery() const {
  return state_->recovery;
}

const ArchiveNote& ArchiveWriter::note() const {
  return state_->archive.note();
}

std::uint64_t ArchiveWriter::next_record() const {
  return state_->open->progress().next_record();
}

std::uint64_t ArchiveWriter::epoch() const {
  return state_->open->start().epoch;
}

std::uint64_t ArchiveWriter::segment_content_size_bytes() const {
  return state_->open->progress().content_size_bytes;
}

std::uint32_t ArchiveWriter::segment_block_count() const {
  return state_->open->progress().block_count;
}

std::optional<UnixNanos> ArchiveWriter::segment_begin_time() const {
  return state_->open->progress().begin_time;
}

Result<std::uint64_t> ArchiveWriter::Commit(std::span<EncodedBlock> blocks) {
  if (state_->dead.has_value()) {
    return *state_->dead;
  }
  return state_->Commit(blocks);
}

Result<SealResult> ArchiveWriter::Seal() {
  if (state_->dead.has_value()) {
    return *state_->dead;
  }
  TRY(CheckRoomForSeal(state_->open->progress()));
  TRY_ASSIGN(SealedSegment sealed, state_->Remember(state_->Seal()));
  SealResult result;
  result.segment_name = SealedSegmentName(sealed.footer.first_record);
  result.root = sealed.footer.end.Root();
  auto checkpoint = state_->Remember(state_->PublishNewest(false));
  if (!checkpoint.has_value()) {
    return std::move(checkpoint)
        .error()
        .With("sealed " + result.segment_name +
              ", but its checkpoint was not published");
  }
  result.checkpoint = *std::move(checkpoint);
  result.footer = std::move(sealed.footer);
  return result;
}

Result<std::optional<Checkpoint>> ArchiveWriter::Publish() {
  if (state_->dead.has_value()) {
    return *state_->dead;
  }
  return state_->Remember(state_->PublishNewest(true));
}

Result<RotateResult> ArchiveWriter::RotateIdentity(const KeepIdentity& keep) {
  if (state_->dead.has_value()) {
    return *state_->dead;
  }
  if (!state_->identity.signer.has_value()) {
    TRY(state_->keys.CheckIdentityUnlocked());
    return Error{ErrorCode::kKey,
                 state_->keys.path() + "/identity.key is not here",
                 "name the identity key with --identity, or rotate where it "
                 "is"};
  }
  RotateResult result;
  result.old_key = state_->identity.chain->newest();
  TRY_ASSIGN(result.sealed, Seal());
  TRY(state_->Remember(authseal::RotateIdentity(
      state_->archive, *state_->checkpoints, state_->keys, result.sealed.footer,
      keep, state_->identity)));
  result.new_key = state_->identity.chain->newest();
  return result;
}

Result<std::optional<SourcePosition>> ArchiveWriter::LastPosition(
    std::string_view source) {
  if (state_->dead.has_value()) {
    return *state_->dead;
  }
  return state_->positions.Find(state_->archive, source);
}

Result<bool> ArchiveWriter::SealRequested() const {
  return state_->keys.SealRequested();
}

Status ArchiveWriter::ClearSealRequest() {
  return state_->keys.ClearSealRequest();
}

Status ArchiveWriter::Close() {
  if (state_->dead.has_value()) {
    return *state_->dead;
  }
  Status status = state_->MarkClean();
  // Every record is durable, and a seal makes the parts again where they are
  // not: a disk that is full by now is no reason to call the end bad.
  if (status.has_value() && !state_->LeaveIndexParts().has_value()) {
    static_cast<void>(state_->keys.RemoveIndexParts());
  }
  state_->dead = Error{ErrorCode::kInvalidArgument, "the writer was closed"};
  state_->key.reset();
  state_->identity.signer.reset();
  state_->lock.reset();
  return status;
}

}  // namespace authseal
