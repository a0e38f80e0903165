#include "lib/query/missing_end.h"

#include <string>
#include <utility>
#include <vector>

#include "lib/archive/layout.h"
#include "lib/query/header_chain.h"
#include "lib/verify/identity_check.h"

namespace authseal {

namespace {

using Sealed = std::optional<std::uint64_t>;

// How many records are sealed; empty where the newest segment is damaged or
// gone, which whoever reads it finds.
Result<Sealed> SealedEnd(const ArchiveReader& archive,
                         const ArchiveListing& listing) {
  if (listing.segments.empty()) {
    return Sealed(0);
  }
  const SegmentFile& last = listing.segments.back();
  const Result<SegmentReader> segment = archive.OpenSegment(last);
  if (!segment) {
    return IsDamage(segment.error()) ||
                   segment.error().code == ErrorCode::kNotFound
               ? Result<Sealed>(Sealed())
               : segment.error();
  }
  if (!last.sealed && !segment->map().footer) {
    return Sealed(last.first_record);
  }
  ByteVector frame;
  const Result<SegmentFooter> footer = segment->ReadFooter(frame);
  if (!footer) {
    return IsDamage(footer.error()) ? Result<Sealed>(Sealed()) : footer.error();
  }
  return Sealed(footer->end_record);
}

Finding AboutCheckpoint(FindingKind kind, const std::string& file,
                        std::string text) {
  return {.kind = kind,
          .file = file,
          .offset_bytes = std::nullopt,
          .block = std::nullopt,
          .records = std::nullopt,
          .text = std::move(text)};
}

}  // namespace

Result<std::optional<Finding>> FindMissingEnd(
    const ArchiveReader& archive, const ArchiveListing& listing,
    const PinnedArchive& pinned, std::optional<std::uint64_t> sealed_records) {
  if (listing.checkpoints.empty()) {
    return std::optional<Finding>();
  }
  const std::uint64_t size = listing.checkpoints.back();
  Sealed sealed = sealed_records;
  if (!sealed) {
    TRY_ASSIGN(sealed, SealedEnd(archive, listing));
  }
  if (!sealed || size <= *sealed) {
    return std::optional<Finding>();
  }
  const std::string file =
      std::string(kCheckpointsName) + "/" + CheckpointName(size);
  const Result<std::string> note = archive.ReadCheckpoint(size);
  if (!note && !IsDamage(note.error()) &&
      note.error().code != ErrorCode::kNotFound) {
    return note.error();
  }
  std::vector<Finding> findings;
  const std::optional<Checkpoint> checkpoint =
      note ? CheckCheckpointNote(*note, pinned.identities, file, findings)
           : std::nullopt;
  if (!findings.empty()) {
    return std::optional(std::move(findings.front()));
  }
  if (!checkpoint || checkpoint->size != size) {
    return std::optional(
        AboutCheckpoint(FindingKind::kCheckpointInvalid, file,
                        "it is for more records than are sealed here, and is "
                        "no checkpoint of that size"));
  }
  Finding finding = AboutCheckpoint(
      FindingKind::kRollback, file,
      "the checkpoint is for " + std::to_string(size) + " records, only " +
          std::to_string(*sealed) +
          " are sealed here: the end is missing, or this is an older copy");
  finding.records = RecordRange{*sealed, size};
  return std::optional(std::move(finding));
}

}  // namespace authseal
