#include "lib/query/believed_seal.h"

#include <algorithm>
#include <string>
#include <utility>

#include "lib/crypto/sha256.h"
#include "lib/query/known_ends.h"
#include "lib/verify/identity_check.h"
#include "lib/verify/seal_block.h"

namespace authseal {

namespace {

Finding Report(const SegmentFile& file, FindingKind kind,
               std::string_view text) {
  Finding finding;
  finding.kind = kind;
  finding.file = std::string(kSegmentsName) + "/" + file.name;
  finding.text = text;
  return finding;
}

bool SignedBy(const std::optional<Ed25519PublicKey>& key, Bytes message,
              const Ed25519Signature& signature) {
  return key.has_value() && VerifyEd25519(*key, message, signature);
}

// Where the epoch's key is lost, the identity key still vouches for the tree.
Result<bool> CheckpointVouches(const ArchiveReader& archive,
                               const PinnedArchive& pinned,
                               const SegmentFooter& footer) {
  Result<std::string> note = archive.ReadCheckpoint(footer.end_record);
  if (!note && note.error().code == ErrorCode::kNotFound) {
    return false;
  }
  if (!note) {
    return std::move(note).error();
  }
  std::vector<Finding> ignored;  // authseal verify reports checkpoints
  const std::optional<Checkpoint> checkpoint = CheckCheckpointNote(
      *note, pinned.identities, CheckpointName(footer.end_record), ignored);
  return checkpoint && checkpoint->size == footer.end_record &&
         checkpoint->root == footer.end.Root();
}

// Whether a root from elsewhere proves the footer.
Result<bool> IsKnownOutside(Sealed& sealed, const SegmentFooter& footer,
                            Descent& descent) {
  if (!descent.known_ends) {
    TRY_ASSIGN(descent.known_ends,
               FindKnownEnds(sealed.archive, descent.known));
  }
  const std::vector<CompactRange>& ends = *descent.known_ends;
  if (std::find(ends.begin(), ends.end(), footer.end) == ends.end()) {
    return false;
  }
  TRY(sealed.NeedHeaders());
  return RangesFold(sealed.stored, footer) &&
         SealRecordFolds(sealed.stored, footer);
}

// Under the epoch's key. Without one, a reopening is the identity key's word.
Result<std::optional<BelievedSeal>> BySignature(Sealed& sealed,
                                                const SegmentFooter& footer,
                                                const Hash& frame_hash,
                                                Descent& descent) {
  const bool in_place = footer.first_record == sealed.file.first_record &&
                        footer.first_record == descent.next_record &&
                        footer.epoch == descent.epoch;
  const std::optional<Ed25519PublicKey> signer =
      footer.reopens ? descent.archive.identities.KeyAt(footer.end_record).key
                     : descent.epoch_key;
  if (!in_place ||
      !SignedBy(signer,
                SegmentFooterSignedMessage(descent.archive.genesis, footer),
                footer.signature)) {
    return std::optional<BelievedSeal>();
  }
  BelievedSeal seal{
      .footer = footer,
      .root = descent.epoch_key ? descent.root : TrustRoot::kIdentityAlone,
      .frame_hash = frame_hash};
  if (seal.root != TrustRoot::kPin) {
    TRY_ASSIGN(const bool known, IsKnownOutside(sealed, footer, descent));
    seal.root = known ? TrustRoot::kPin : seal.root;
  }
  return std::optional(std::move(seal));
}

// What the seal block says where the footer is damaged.
Result<std::optional<BelievedSeal>> BySealBlock(Sealed& sealed,
                                                const Descent& descent) {
  const SegmentMap& map = sealed.segment.map();
  if (!descent.epoch_key || map.blocks.empty()) {
    return std::optional<BelievedSeal>();
  }
  TRY_ASSIGN(auto footer,
             ReadSealBlock(sealed.segment, map.blocks.back(),
                           descent.archive.genesis, *descent.epoch_key));
  if (!footer || footer->first_record != sealed.file.first_record ||
      footer->first_record != descent.next_record ||
      footer->epoch != descent.epoch) {
    return std::optional<BelievedSeal>();
  }
  footer->block_count = static_cast<std::uint32_t>(map.blocks.size());
  return std::optional(BelievedSeal{.footer = *std::move(footer),
                                    .root = descent.root,
                                    .frame_hash = std::nullopt,
                                    .restored = true});
}

// Where no key of the epoch is known, or it does not speak for the footer.
Result<std::optional<BelievedSeal>> ByRoot(Sealed& sealed,
                                           const SegmentFooter& footer,
                                           const Hash& frame_hash,
                                           Descent& descent) {
  TRY(sealed.NeedHeaders());
  if (footer.first_record != sealed.file.first_record ||
      !RangesFold(sealed.stored, footer) ||
      !SealRecordFolds(sealed.stored, footer)) {
    return std::optional<BelievedSeal>();
  }
  // Behind an untraced seal its hash is what the next header names.
  BelievedSeal seal{.footer = footer, .frame_hash = frame_hash};
  if (descent.epoch_key) {
    seal.frame_hash.reset();
  }
  TRY_ASSIGN(const bool known, IsKnownOutside(sealed, footer, descent));
  if (known) {
    return std::optional(std::move(seal));
  }
  TRY_ASSIGN(const bool vouched,
             CheckpointVouches(sealed.archive, descent.archive, footer));
  seal.root = TrustRoot::kIdentityAlone;
  return vouched ? std::optional(std::move(seal)) : std::nullopt;
}

std::string_view SealFault(const std::optional<BelievedSeal>& seal) {
  if (!seal) {
    return "the seal cannot be traced to archive.note; its records are not "
           "shown";
  }
  if (seal->restored) {
    return "the footer is damaged; its records follow from the seal block";
  }
  return "the seal does not verify; its records follow from a root for its end";
}

}  // namespace

Result<std::optional<BelievedSeal>> BelieveSeal(
    Sealed& sealed, Descent& descent, std::vector<Finding>& findings) {
  ByteVector frame;
  Result<SegmentFooter> footer = sealed.segment.ReadFooter(frame);
  if (!footer && !IsDamage(footer.error())) {
    return std::move(footer).error();
  }
  std::optional<BelievedSeal> seal;
  if (footer) {
    TRY_ASSIGN(seal, BySignature(sealed, *footer, Sha256Of(frame), descent));
    if (seal) {
      return seal;
    }
  }
  const bool had_key = descent.epoch_key.has_value();
  TRY_ASSIGN(seal, BySealBlock(sealed, descent));
  if (!seal && footer) {
    TRY_ASSIGN(seal, ByRoot(sealed, *footer, Sha256Of(frame), descent));
  }
  if (!footer) {
    findings.push_back(
        Report(sealed.file, FindingKind::kSealMissing,
               seal ? SealFault(seal)
                    : "the segment has no footer that decodes; its records are "
                      "not shown"));
  } else if (had_key || !seal) {
    findings.push_back(
        Report(sealed.file,
               had_key ? FindingKind::kSealInvalid : FindingKind::kEpochGap,
               SealFault(seal)));
  }
  return seal;
}

}  // namespace authseal
