// RecoverSeal(): finds the row of recovery_table.h and does what it says.
#include <algorithm>
#include <string>
#include <utility>

#include "lib/archive/layout.h"
#include "lib/archive/open_segment_scan.h"
#include "lib/archive/recovery.h"
#include "lib/archive/recovery_table.h"
#include "lib/archive/sealed_tail.h"
#include "lib/archive/sealing.h"
#include "lib/crypto/sha256.h"

namespace authseal {
namespace {

struct FoundKeys {
  std::optional<EpochKey> epoch_key;
  std::optional<EpochKey> next_key;
};

struct Found {
  ArchiveTip tip;
  FoundKeys keys;
  std::optional<SealIntent> intent;
  std::optional<ByteVector> tail;
  SealTraces traces;
};

Error Refused(ErrorCode code, const KeyStore& keys, std::string_view what,
              std::string_view hint) {
  return {code, "key directory " + keys.path() + ": " + std::string(what),
          std::string(hint)};
}

Error WrongKeys(const KeyStore& keys) {
  return Refused(ErrorCode::kKey, keys,
                 "its epoch key does not belong to this archive as it is",
                 "name the archive's own key directory with --keys; an archive "
                 "restored from a copy needs the keys of that moment, and "
                 "these are destroyed at each seal");
}

Result<KeyFound> ClassifyKey(const RecoveryPlace& place, const Found& found,
                             std::uint64_t epoch) {
  const std::optional<EpochKey>& key = found.keys.epoch_key;
  if (!key.has_value()) {
    return KeyFound::kMissing;
  }
  if (key->epoch == epoch) {
    return KeyFound::kOld;
  }
  if (key->epoch == epoch + 1) {
    return KeyFound::kNew;
  }
  return WrongKeys(place.keys);
}

// The intent, the sealed segment and the keys must tell one story before a key
// is destroyed on the strength of it.
Status CheckIntentFits(const RecoveryPlace& place, const Found& found) {
  const SealIntent& intent = *found.intent;
  const ArchiveTip& tip = found.tip;
  const bool fits =
      found.traces.sealed
          ? tip.footer->epoch == intent.epoch &&
                tip.footer->end_record == intent.end_record &&
                tip.footer->next_key == intent.next_key
          : tip.start.epoch == intent.epoch &&
                tip.start.first_record == intent.segment_first_record;
  if (!fits) {
    return Refused(ErrorCode::kDamaged, place.keys,
                   "seal.intent is about another state of the archive",
                   "run 'authseal verify'; was one of the two directories "
                   "restored from a copy?");
  }
  return Ok();
}

// That the old key signs, or signed, the segment in question; or that the new
// one is the one that follows.
Status CheckKeyFits(const RecoveryPlace& place, const Found& found) {
  const std::optional<EpochKey>& key = found.keys.epoch_key;
  if (!key.has_value()) {
    return Ok();
  }
  const Ed25519PublicKey& public_key = key->signer.public_key();
  bool fits = public_key == found.tip.epoch_key;
  if (found.traces.sealed && found.traces.key == KeyFound::kOld) {
    fits = VerifyEd25519(
        public_key,
        SegmentFooterSignedMessage(place.archive.genesis(), *found.tip.footer),
        found.tip.footer->signature);
  }
  // A key ahead of the archive fits nothing here; the table refuses it.
  const bool is_ahead =
      !found.traces.sealed && found.traces.key == KeyFound::kNew;
  return fits || is_ahead ? Ok() : Status(WrongKeys(place.keys));
}

Result<Found> Look(const RecoveryPlace& place) {
  Found found;
  TRY_ASSIGN(found.tip, ReadArchiveTip(place.archive, place.identities));
  TRY_ASSIGN(found.keys.epoch_key, place.keys.LoadEpochKey());
  TRY_ASSIGN(found.keys.next_key, place.keys.LoadNextKey());
  TRY_ASSIGN(found.intent, place.keys.ReadIntent());
  TRY_ASSIGN(found.tail, place.keys.ReadTail());
  SealTraces& traces = found.traces;
  traces.intent = found.intent.has_value();
  traces.tail = found.tail.has_value();
  std::uint64_t epoch = found.tip.start.epoch;
  if (found.intent.has_value()) {
    const SealIntent& intent = *found.intent;
    epoch = intent.epoch;
    traces.sealed =
        found.tip.footer.has_value() &&
        found.tip.footer->first_record == intent.segment_first_record;
    traces.next = found.keys.next_key.has_value() &&
                  found.keys.next_key->epoch == intent.epoch + 1 &&
                  found.keys.next_key->signer.public_key() == intent.next_key;
    TRY(CheckIntentFits(place, found));
  }
  TRY_ASSIGN(traces.key, ClassifyKey(place, found, epoch));
  TRY(CheckKeyFits(place, found));
  return found;
}

SealPlace SealPlaceOf(const RecoveryPlace& place) {
  return {.segments = place.segments,
          .keys = place.keys,
          .genesis = place.archive.genesis(),
          .indexer = place.indexer,
          .threads = place.threads};
}

Status ReplayIntent(const RecoveryPlace& place, const Found& found,
                    RecoveryReport& report) {
  const EpochKey& key = *found.keys.epoch_key;
  const EndSigner end = {.epoch_key = found.tip.epoch_key,
                         .signer = key.signer};
  TRY_ASSIGN(OpenSegment open,
             RecoverOpenSegment(place, found.tip, found.tip.epoch_key,
                                TornTail::kRefuse, report));
  TRY_ASSIGN(const SealedSegment sealed,
             CompleteSeal(SealPlaceOf(place), *found.intent, end, open));
  return Ok();
}

// That what stands before the tail is what was read back before the tail was
// made; the bytes behind it are an interrupted append of the tail.
Status CheckBase(const RecoveryPlace& place, const SealIntent& intent) {
  if (intent.base_size_bytes == 0) {
    return Ok();
  }
  const std::string name = OpenSegmentName(intent.segment_first_record);
  TRY_ASSIGN(auto file, place.segments.OpenRead(name));
  TRY_ASSIGN(const SegmentReader segment,
             SegmentReader::Open(std::move(file), false));
  const auto& blocks = segment.map().blocks;
  const auto last = std::find_if(
      blocks.begin(), blocks.end(), [&intent](const BlockExtent& block) {
        return block.header.end_bytes() == intent.base_size_bytes;
      });
  ByteVector frame;
  if (last != blocks.end()) {
    TRY(segment.Read(last->header, last->header.size_bytes, frame));
    if (Sha256Of(frame) == intent.chain) {
      return Ok();
    }
  }
  return Error{ErrorCode::kDamaged,
               "segments/" + name + " is not the segment being sealed",
               "run 'authseal verify'"};
}

// The key that signed the tail. A tail whose key was lost since is signed all
// the same, and the chain names its key.
Ed25519PublicKey TailKey(const Found& found) {
  return found.traces.sealed ? found.keys.epoch_key->signer.public_key()
                             : found.tip.epoch_key;
}

Status Act(const RecoveryPlace& place, const Found& found,
           RecoveryReport& report) {
  const RecoveryAction action = ChooseRecovery(found.traces);
  report.seal_completed = action == RecoveryAction::kReplayIntent ||
                          action == RecoveryAction::kReplayTailOntoOpen ||
                          action == RecoveryAction::kReplayTailOntoSealed ||
                          action == RecoveryAction::kEvolveKey ||
                          action == RecoveryAction::kRemoveIntent;
  switch (action) {
    case RecoveryAction::kStart:
    case RecoveryAction::kUndo:
      TRY(place.keys.RemoveIntentAndTail());
      return place.keys.DestroyNextKey();
    case RecoveryAction::kReplayIntent:
      return ReplayIntent(place, found, report);
    case RecoveryAction::kReplayTailOntoOpen:
    case RecoveryAction::kReplayTailOntoSealed:
      return ReplayTail(place, *found.intent, *found.tail, found.traces.sealed,
                        TailKey(found));
    case RecoveryAction::kEvolveKey:
      TRY(place.segments.Sync());
      return EvolveKey(place.keys);
    case RecoveryAction::kRemoveIntent:
      return place.keys.RemoveIntentAndTail();
    case RecoveryAction::kRefuseEndLost:
      return Refused(ErrorCode::kDamaged, place.keys,
                     "its epoch key is ahead of the archive, whose last sealed "
                     "segment is gone",
                     "restore the newest copy of the archive");
    case RecoveryAction::kRefuseKeyLost:
      return Refused(ErrorCode::kKey, place.keys, "epoch.key is missing",
                     "name the archive's own key directory with --keys; if "
                     "the key is lost for good, see authseal reopen");
    case RecoveryAction::kRefuseNextKeyLost:
      return Refused(ErrorCode::kKey, place.keys,
                     "a seal has begun, and the next epoch's key is missing",
                     "restore epoch.next into the key directory");
    case RecoveryAction::kRefuseTwoKeys:
      break;
  }
  return Refused(ErrorCode::kKey, place.keys,
                 "epoch.key and epoch.next are of one epoch",
                 "remove epoch.next if both are the same");
}

}  // namespace

Status ReplayTail(const RecoveryPlace& place, const SealIntent& intent,
                  ByteVector bytes, bool sealed, const Ed25519PublicKey& key) {
  TRY_ASSIGN(
      const SealedTail tail,
      ParseSealedTail(std::move(bytes), intent, place.archive.genesis(), key));
  std::string base_name = SealedSegmentName(intent.segment_first_record);
  if (!sealed) {
    TRY(CheckBase(place, intent));
    base_name = OpenSegmentName(intent.segment_first_record);
  }
  return ReplaySealTail(SealPlaceOf(place), intent, base_name, tail.bytes);
}

Result<EpochKey> RecoverSeal(const RecoveryPlace& place,
                             RecoveryReport& report) {
  {
    TRY_ASSIGN(const Found found, Look(place));
    if (found.intent.has_value() && found.intent->reopens &&
        !found.traces.sealed) {
      return Refused(ErrorCode::kKey, place.keys, "a reopening has begun",
                     "run 'authseal reopen' again, which completes it");
    }
    TRY(Act(place, found, report));
  }
  TRY_ASSIGN(const ArchiveTip tip,
             ReadArchiveTip(place.archive, place.identities));
  TRY_ASSIGN(std::optional<EpochKey> key, place.keys.LoadEpochKey());
  if (!key.has_value() || key->epoch != tip.start.epoch ||
      key->signer.public_key() != tip.epoch_key) {
    return WrongKeys(place.keys);
  }
  return *std::move(key);
}

}  // namespace authseal
