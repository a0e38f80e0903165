#include "lib/archive/reopening.h"

#include <memory>
#include <optional>
#include <utility>

#include "lib/archive/archive_reader.h"
#include "lib/archive/archive_tip.h"
#include "lib/archive/layout.h"
#include "lib/archive/open_segment.h"
#include "lib/archive/publishing.h"
#include "lib/archive/recovery.h"
#include "lib/archive/sealing.h"
#include "lib/archive/stray_files.h"
#include "lib/archive/writer_identity.h"
#include "lib/crypto/sha256.h"

namespace authseal {
namespace {

class Reopening {
 public:
  Reopening(const Clock& clock, KeyStore keys, ArchiveReader archive)
      : clock_(clock), keys_(std::move(keys)), archive_(std::move(archive)) {}

  Result<ReopenResult> Run(FileSystem& file_system) {
    TRY_ASSIGN(const auto lock, keys_.LockWriter());
    TRY(Open(file_system));
    TRY_ASSIGN(const auto intent, keys_.ReadIntent());
    ReopenResult result;
    if (intent.has_value() && intent->reopens) {
      TRY(Resume(*intent, result.recovery));
    } else {
      TRY(CheckKeyIsLost(result.recovery));
      TRY(Begin(result.recovery));
    }
    return Publish(std::move(result));
  }

 private:
  Status Open(FileSystem& file_system) {
    TRY_ASSIGN(root_, file_system.OpenDirectory(archive_.path()));
    TRY_ASSIGN(segments_, root_->OpenDirectory(kSegmentsName));
    TRY_ASSIGN(checkpoints_, root_->OpenDirectory(kCheckpointsName));
    TRY_ASSIGN(identity_, LoadWriterIdentity(archive_, keys_));
    if (!identity_.signer.has_value()) {
      TRY(keys_.CheckIdentityUnlocked());
      return Error{ErrorCode::kKey, keys_.path() + "/identity.key is missing",
                   "name the archive's identity key with --identity, or bring "
                   "it there: only it can sign in a lost key's place"};
    }
    TRY_ASSIGN(const auto pin, keys_.ReadPinKey());
    return pin.has_value()
               ? Ok()
               : keys_.WritePin(identity_.chain->newest(), archive_.genesis());
  }

  RecoveryPlace Place() {
    return {.archive = archive_,
            .root = *root_,
            .segments = *segments_,
            .checkpoints = *checkpoints_,
            .keys = keys_,
            .indexer = nullptr,
            .identities = &*identity_.chain};
  }

  SealPlace PlaceOfSeal() {
    return {.segments = *segments_,
            .keys = keys_,
            .genesis = archive_.genesis(),
            .indexer = nullptr};
  }

  // A wrong passphrase or a key of another moment is no loss: whatever key is
  // there, somebody has to say that it is of no use.
  Status CheckKeyIsLost(RecoveryReport& recovery) {
    TRY_ASSIGN(const bool has_key, keys_.HasEpochKey());
    const Result<EpochKey> key = RecoverSeal(Place(), recovery);
    if (key.has_value()) {
      return Error{ErrorCode::kInvalidArgument,
                   "the key of epoch " + std::to_string(key->epoch) +
                       " is there and fits: nothing is to be reopened",
                   "run 'authseal seal', which needs no such statement"};
    }
    if (key.error().code != ErrorCode::kKey) {
      return key.error();
    }
    if (has_key) {
      return Error(key.error())
          .WithHint("if the right one is lost for good, move " + keys_.path() +
                    "/epoch.key out of there and reopen again");
    }
    return Ok();
  }

  // What is signed for records beyond the archive's end was lost with it.
  Status CheckEnd(const ArchiveTip& tip) {
    TRY_ASSIGN(const ArchiveListing listing, archive_.List());
    if (!listing.checkpoints.empty() &&
        listing.checkpoints.back() > tip.start.first_record) {
      return Error{
          ErrorCode::kDamaged,
          "a checkpoint is for " + std::to_string(listing.checkpoints.back()) +
              " records, only " + std::to_string(tip.start.first_record) +
              " are sealed: the archive lost its end",
          "restore the newest copy of the archive"};
    }
    return Ok();
  }

  EndSigner End(const ArchiveTip& tip) const {
    return {.epoch_key = tip.epoch_key, .signer = identity_.signer->signer};
  }

  Status Begin(RecoveryReport& recovery) {
    TRY_ASSIGN(const ArchiveTip tip,
               ReadArchiveTip(archive_, &*identity_.chain));
    TRY(CheckEnd(tip));
    TRY_ASSIGN(OpenSegment open, RecoverOpenSegment(Place(), tip, tip.epoch_key,
                                                    TornTail::kCut, recovery));
    // From here on what an unfinished seal of the lost key left is void.
    TRY(RemoveStrayFiles(*segments_, *checkpoints_));
    TRY(keys_.RemoveTemporaryFiles());
    TRY(keys_.RemoveIntentAndTail());
    TRY(keys_.DestroyNextKey());
    TRY_ASSIGN(const SealIntent intent, DeclareSeal(keys_, clock_, open, true));
    TRY(CompleteSeal(PlaceOfSeal(), intent, End(tip), open));
    return Ok();
  }

  Status Resume(const SealIntent& intent, RecoveryReport& recovery) {
    TRY_ASSIGN(const ArchiveTip tip,
               ReadArchiveTip(archive_, &*identity_.chain));
    if (tip.footer.has_value() &&
        tip.footer->first_record == intent.segment_first_record) {
      TRY(RecoverSeal(Place(), recovery));  // only the key is left to change
      return Ok();
    }
    TRY_ASSIGN(const auto next, keys_.LoadNextKey());
    if (!next.has_value() || next->epoch != intent.epoch + 1 ||
        next->signer.public_key() != intent.next_key) {
      return Begin(recovery);
    }
    TRY_ASSIGN(auto tail, keys_.ReadTail());
    if (tail.has_value()) {
      return ReplayTail(Place(), intent, *std::move(tail), false,
                        identity_.chain->KeyAt(intent.end_record).key);
    }
    TRY_ASSIGN(OpenSegment open,
               RecoverOpenSegment(Place(), tip, tip.epoch_key,
                                  TornTail::kRefuse, recovery));
    TRY(CompleteSeal(PlaceOfSeal(), intent, End(tip), open));
    return Ok();
  }

  Result<ReopenResult> Publish(ReopenResult result) {
    TRY_ASSIGN(ArchiveTip tip, ReadArchiveTip(archive_, &*identity_.chain));
    TRY_ASSIGN(
        Published published,
        PublishCheckpoint(*checkpoints_, *identity_.signer, *tip.footer));
    result.footer = *std::move(tip.footer);
    result.segment_name = SealedSegmentName(result.footer.first_record);
    TRY_ASSIGN(result.statement, ReadStatement(result.footer));
    result.checkpoint = std::move(published.checkpoint);
    return result;
  }

  Result<Hash> ReadStatement(const SegmentFooter& footer) const {
    const SegmentFile file = {.first_record = footer.first_record,
                              .sealed = true,
                              .name = SealedSegmentName(footer.first_record)};
    TRY_ASSIGN(const SegmentReader segment, archive_.OpenSegment(file));
    ByteVector frame;
    TRY_ASSIGN(const BlockHeader last,
               segment.ReadHeader(segment.map().blocks.size() - 1, frame));
    return Sha256Of(AsBytes(SealRecord(footer, last.previous)));
  }

  const Clock& clock_;
  KeyStore keys_;
  ArchiveReader archive_;
  WriterIdentity identity_;
  std::unique_ptr<Directory> root_;
  std::unique_ptr<Directory> segments_;
  std::unique_ptr<Directory> checkpoints_;
};

}  // namespace

Result<ReopenResult> ReopenArchive(FileSystem& file_system, const Clock& clock,
                                   std::string_view archive_path,
                                   KeyStore keys) {
  TRY_ASSIGN(ArchiveReader archive,
             ArchiveReader::Open(file_system, archive_path));
  auto result =
      Reopening(clock, std::move(keys), std::move(archive)).Run(file_system);
  return result.has_value() ? std::move(result)
                            : Result<ReopenResult>(
                                  std::move(result).error().With(archive_path));
}

}  // namespace authseal
