#include "lib/archive/archive_tip.h"

#include <utility>
#include <vector>

#include "lib/archive/segment_reader.h"
#include "lib/crypto/sha256.h"

namespace authseal {
namespace {

constexpr std::string_view kVerifyHint =
    "run 'authseal verify' and restore the archive from a copy";

Error Damaged(const std::string& name, std::string_view what) {
  return {ErrorCode::kDamaged, "segments/" + name + ": " + std::string(what),
          std::string(kVerifyHint)};
}

struct FooterAndHash {
  SegmentFooter footer;
  Hash hash;  // of its frame
};

Result<FooterAndHash> ReadFooterOf(const ArchiveReader& archive,
                                   const SegmentFile& segment) {
  TRY_ASSIGN(const SegmentReader reader, archive.OpenSegment(segment));
  ByteVector frame;
  auto footer = reader.ReadFooter(frame);
  if (!footer.has_value()) {
    Error error = std::move(footer).error();
    return error.code == ErrorCode::kDamaged
               ? Damaged(segment.name, error.message)
               : std::move(error).With(segment.name);
  }
  if (reader.map().tiled_end_bytes != reader.map().file_size_bytes) {
    return Damaged(segment.name, "bytes behind the seek table");
  }
  if (footer->first_record != segment.first_record) {
    return Damaged(segment.name, "the footer is of another segment");
  }
  return FooterAndHash{.footer = *std::move(footer), .hash = Sha256Of(frame)};
}

Status CheckNewest(const ArchiveReader& archive,
                   const std::vector<SegmentFile>& sealed,
                   const SegmentFooter& footer,
                   const IdentityChain* identities) {
  Ed25519PublicKey key = archive.note().first_epoch_key;
  std::uint64_t first_record = 0;
  const std::string& name = sealed.back().name;
  if (sealed.size() > 1) {
    TRY_ASSIGN(const FooterAndHash before,
               ReadFooterOf(archive, sealed[sealed.size() - 2]));
    key = before.footer.next_key;
    first_record = before.footer.end_record;
  }
  if (footer.first_record != first_record ||
      footer.epoch + 1 != sealed.size()) {
    return Damaged(name, "segments before it are missing or repeated");
  }
  if (footer.reopens && identities == nullptr) {
    return Ok();
  }
  if (footer.reopens) {
    key = identities->KeyAt(footer.end_record).key;
  }
  if (!VerifyEd25519(key, SegmentFooterSignedMessage(archive.genesis(), footer),
                     footer.signature)) {
    return Damaged(name, "the footer's signature does not verify");
  }
  return Ok();
}

}  // namespace

Result<ArchiveTip> ReadArchiveTip(const ArchiveReader& archive,
                                  const IdentityChain* identities) {
  TRY_ASSIGN(ArchiveListing listing, archive.List());
  ArchiveTip tip;
  std::vector<SegmentFile> sealed = std::move(listing.segments);
  std::optional<SegmentFile> open;
  if (!sealed.empty() && !sealed.back().sealed) {
    open = std::move(sealed.back());
    sealed.pop_back();
  }
  tip.start.chain = archive.genesis();
  tip.epoch_key = archive.note().first_epoch_key;
  if (!sealed.empty()) {
    TRY_ASSIGN(FooterAndHash newest, ReadFooterOf(archive, sealed.back()));
    TRY(CheckNewest(archive, sealed, newest.footer, identities));
    tip.start = {.epoch = newest.footer.epoch + 1,
                 .first_record = newest.footer.end_record,
                 .chain = newest.hash,
                 .tree = newest.footer.end};
    tip.epoch_key = newest.footer.next_key;
    tip.footer = std::move(newest.footer);
  }
  if (open.has_value()) {
    if (open->first_record != tip.start.first_record) {
      return Damaged(open->name, "does not follow the sealed segments");
    }
    tip.open_segment_present = true;
  }
  return tip;
}

}  // namespace authseal
