#include "lib/query/segment_trust.h"

#include <algorithm>

#include "lib/crypto/sha256.h"
#include "lib/query/believed_seal.h"
#include "lib/query/header_chain.h"
#include "lib/verify/frame_scanner.h"
#include "lib/verify/identity_check.h"

namespace authseal {

namespace {

std::string SegmentPath(const SegmentFile& file) {
  return std::string(kSegmentsName) + "/" + file.name;
}

Finding SealFinding(const SegmentFile& file, FindingKind kind,
                    std::string text) {
  return {.kind = kind,
          .file = SegmentPath(file),
          .offset_bytes = std::nullopt,
          .block = std::nullopt,
          .records = std::nullopt,
          .text = std::move(text)};
}

// The identity key vouches for what the lost key signed, and adds nothing.
void CheckReopened(const SegmentFile& file, const StoredHeaders& stored,
                   const SegmentFooter& footer, bool has_headers,
                   Descent& descent, std::vector<Finding>& findings) {
  descent.reopened.push_back(
      {footer.epoch, footer.records(), Hash{}, SegmentPath(file)});
  if (!has_headers || !stored.complete || !descent.epoch_key.has_value() ||
      stored.list.size() < 2) {
    return;
  }
  if (!SignedHeader(stored.list[stored.list.size() - 2].header, descent)) {
    findings.push_back(SealFinding(
        file, FindingKind::kSealInvalid,
        "the identity key closed the segment behind more than the epoch's key "
        "had signed"));
  }
}

// Both identity keys signed the tree at which they changed.
void CheckRotation(const SegmentFooter& footer, const Descent& descent,
                   std::vector<Finding>& findings) {
  for (const RotationNote& rotation : descent.archive.identities.rotations()) {
    if (rotation.size == footer.end_record &&
        rotation.root != footer.end.Root()) {
      findings.push_back({.kind = FindingKind::kRootMismatch,
                          .file = std::string(kCheckpointsName) + "/" +
                                  RotationName(rotation.size),
                          .offset_bytes = std::nullopt,
                          .block = std::nullopt,
                          .records = std::nullopt,
                          .text = "another root of " +
                                  std::to_string(rotation.size) +
                                  " records than in the seal"});
    }
  }
}

// What stands behind must be found again from its own name and a root.
void LoseDescent(Descent& descent) {
  descent.epoch_key.reset();
  descent.place_lost = true;
}

Finding VouchedFinding(const SegmentFile& file) {
  return SealFinding(
      file, FindingKind::kEpochGap,
      "behind what is damaged, only the identity key vouches for these "
      "records; they are not shown: a checkpoint kept elsewhere would prove "
      "them, --vouched shows them all the same");
}

Result<TrustedSegment> TrustSealed(const ArchiveReader& archive,
                                   const SegmentFile& file,
                                   const SegmentReader& segment,
                                   bool wants_headers, Descent& descent,
                                   std::vector<Finding>& findings) {
  TrustedSegment trust;
  trust.sealed = true;
  Sealed sealed{archive, file, segment};
  TRY_ASSIGN(auto seal, BelieveSeal(sealed, descent, findings));
  if (!seal) {
    LoseDescent(descent);
    return trust;
  }
  SegmentFooter& footer = seal->footer;
  trust.records = footer.records();
  // Who closed it could have put something behind what the lost key signed.
  wants_headers = wants_headers || footer.reopens || seal->restored;
  if (wants_headers) {
    TRY(sealed.NeedHeaders());
  }
  if (footer.reopens) {
    CheckReopened(file, sealed.stored, footer, wants_headers, descent,
                  findings);
  }
  const bool believed =
      seal->root == TrustRoot::kPin || descent.believes_vouched;
  if (!believed) {
    findings.push_back(VouchedFinding(file));
  } else if (wants_headers) {
    TrustHeaders(file, footer, std::move(sealed.stored), trust, findings);
  }
  trust.previous = descent.previous;
  if (!seal->restored) {
    CheckRotation(footer, descent, findings);
  }
  descent.epoch_key = footer.next_key;
  descent.root = seal->root;
  descent.epoch = footer.epoch + 1;
  descent.next_record = footer.end_record;
  descent.previous = seal->frame_hash;
  if (believed && !seal->restored) {
    trust.footer = std::move(footer);
  }
  return trust;
}

// Whether a signed commit stands behind the frames that tile: then these were
// damaged, and not torn by a crash.
Result<bool> SignedCommitBehind(const SegmentReader& segment,
                                const Descent& descent) {
  if (segment.map().tiled_end_bytes >= segment.map().file_size_bytes) {
    return false;
  }
  FrameScanner scanner(segment);
  std::uint64_t offset_bytes = segment.map().tiled_end_bytes;
  for (;;) {
    TRY_ASSIGN(const std::optional<ScannedFrame> found,
               scanner.Next(offset_bytes));
    if (!found) {
      return false;
    }
    if (found->header && SignedHeader(*found->header, descent)) {
      return true;
    }
    offset_bytes = found->extent.end_bytes();
  }
}

// Headers that chain from the last seal, up to the newest one whose signature
// verifies. What stands behind may be a writer at work, or a torn tail.
Result<TrustedSegment> TrustOpen(const SegmentFile& file,
                                 const SegmentReader& segment,
                                 const Descent& descent,
                                 std::vector<Finding>& findings) {
  TrustedSegment trust;
  TRY_ASSIGN(StoredHeaders stored, ReadHeaders(segment));
  std::size_t chained = 0;
  std::optional<Hash> expected = descent.previous;
  std::uint64_t next_record = descent.next_record;
  while (chained < stored.list.size() &&
         (!expected || stored.list[chained].header.previous == *expected) &&
         stored.list[chained].header.first_record == next_record) {
    expected = stored.list[chained].hash;
    next_record = stored.list[chained].header.records().end;
    ++chained;
  }
  std::size_t end = chained;
  bool unverified = false;  // a signature that is not the epoch key's
  while (end > 0 && !SignedHeader(stored.list[end - 1].header, descent)) {
    unverified |= stored.list[end - 1].header.signature.has_value();
    --end;
  }
  bool broken = chained < stored.list.size();
  if (!broken) {
    TRY_ASSIGN(broken, SignedCommitBehind(segment, descent));
  }
  if (broken || unverified) {
    findings.push_back(SealFinding(
        file,
        broken ? FindingKind::kChainBroken
               : FindingKind::kHeaderSignatureInvalid,
        "unsealed records behind this point do not follow from the last seal "
        "and are not shown"));
  }
  if (end > 0 && descent.root != TrustRoot::kPin && !descent.believes_vouched) {
    findings.push_back(VouchedFinding(file));
    end = 0;
  }
  for (std::size_t i = 0; i < end; ++i) {
    trust.blocks.push_back(
        {stored.list[i].block, std::move(stored.list[i].header)});
  }
  trust.records = {
      descent.next_record,
      end > 0 ? trust.blocks.back().header.records().end : descent.next_record};
  return trust;
}

}  // namespace

Result<std::optional<Descent>> BeginDescent(const ArchiveReader& archive,
                                            const Pin& pin,
                                            std::vector<Finding>& findings) {
  // Taken before the chain: what is published later is not looked at.
  TRY_ASSIGN(const ArchiveListing listing, archive.List());
  TRY_ASSIGN(const IdentityChain identities,
             CheckIdentityChain(archive, listing, pin, findings));
  TRY_ASSIGN(PinnedArchive pinned,
             CheckArchiveNote(archive.signed_note(), pin, kArchiveNoteName,
                              findings, &identities));
  if (!pinned.trusted) {
    return std::optional<Descent>();
  }
  Descent descent;
  descent.epoch_key = pinned.note.first_epoch_key;
  descent.previous = pinned.genesis;
  descent.archive = std::move(pinned);
  return std::optional<Descent>(std::move(descent));
}

Result<TrustedSegment> TrustSegment(const ArchiveReader& archive,
                                    const SegmentFile& file,
                                    const SegmentReader& segment,
                                    bool wants_headers, Descent& descent,
                                    std::vector<Finding>& findings) {
  if (descent.place_lost) {
    descent.next_record = file.first_record;
    descent.place_lost = false;
  }
  if (file.first_record != descent.next_record) {
    findings.push_back(
        {.kind = FindingKind::kFileMissing,
         .file = std::string(kSegmentsName) + "/" +
                 SealedSegmentName(descent.next_record),
         .offset_bytes = std::nullopt,
         .block = std::nullopt,
         .records =
             RecordRange{descent.next_record,
                         std::max(descent.next_record, file.first_record)},
         .text = "the segment that holds these records is not there"});
    descent.epoch_key.reset();
    descent.previous.reset();
    descent.next_record = file.first_record;
  }
  if (file.sealed || segment.map().footer) {
    return TrustSealed(archive, file, segment, wants_headers, descent,
                       findings);
  }
  return TrustOpen(file, segment, descent, findings);
}

Status TrustSealedHeaders(const SegmentFile& file, const SegmentReader& segment,
                          TrustedSegment& trust,
                          std::vector<Finding>& findings) {
  TRY_ASSIGN(StoredHeaders stored, ReadHeaders(segment));
  TrustHeaders(file, *trust.footer, std::move(stored), trust, findings);
  return Ok();
}

}  // namespace authseal
