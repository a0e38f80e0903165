#include "lib/verify/checkpoint_verifier.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "lib/archive/format.h"
#include "lib/archive/layout.h"
#include "lib/base/encoding.h"
#include "lib/verify/pin_check.h"

namespace authseal {
namespace {

std::string PathOf(std::string_view name) {
  return std::string(kCheckpointsName) + "/" + std::string(name);
}

bool CouldNotLook(const Error& error) {
  return error.code == ErrorCode::kIo || error.code == ErrorCode::kTemporary;
}

void Report(FindingKind kind, std::string file, std::string text,
            FindingList& findings) {
  findings.Add({kind, std::move(file), std::nullopt, std::nullopt, std::nullopt,
                std::move(text)});
}

// The note's bytes; empty, with a finding, when they cannot be had.
Result<std::optional<std::string>> ReadNote(const ArchiveReader& archive,
                                            std::uint64_t size,
                                            FindingList& findings) {
  Result<std::string> note = archive.ReadCheckpoint(size);
  if (note.has_value()) {
    return std::optional(*std::move(note));
  }
  if (CouldNotLook(note.error())) {
    return std::move(note).error();
  }
  // A checkpoint once written never changes, so it cannot have been replaced.
  Report(note.error().code == ErrorCode::kNotFound
             ? FindingKind::kFileMissing
             : FindingKind::kCheckpointInvalid,
         PathOf(CheckpointName(size)), note.error().message, findings);
  return std::optional<std::string>();
}

Status VerifyNote(const ArchiveReader& archive, std::uint64_t size,
                  const IdentityChain& identities, AnchorSet& anchors,
                  FindingList& findings) {
  const std::string file = PathOf(CheckpointName(size));
  TRY_ASSIGN(const auto note, ReadNote(archive, size, findings));
  if (!note.has_value()) {
    return Ok();
  }
  std::vector<Finding> found;
  const std::optional<Checkpoint> checkpoint =
      CheckCheckpointNote(*note, identities, file, found);
  for (Finding& finding : found) {
    findings.Add(std::move(finding));
  }
  if (!checkpoint.has_value()) {
    return Ok();
  }
  if (checkpoint->size != size) {
    Report(FindingKind::kCheckpointInvalid, file,
           "the name says " + std::to_string(size) +
               " records, the checkpoint " + std::to_string(checkpoint->size),
           findings);
  }
  anchors.Add({checkpoint->size, checkpoint->root, file, std::nullopt});
  return Ok();
}

std::string ExtraName(const CheckpointFileName& extra) {
  std::string_view suffix = ".cosig";
  if (extra.kind == CheckpointFileKind::kTimestampRequest) {
    suffix = ".tsq";
  } else if (extra.kind == CheckpointFileKind::kTimestampReply) {
    suffix = ".tsr";
  }
  return ZeroPadded(extra.tree_size, kRecordNumberDigits) + std::string(suffix);
}

// The lines count as if they stood at the note's end, so that is where they
// must parse. Empty, with a finding, when they do not.
Result<std::optional<std::vector<NoteSignature>>> ReadCosignatures(
    const ArchiveReader& archive, const std::string& note,
    const std::string& name, FindingList& findings) {
  using Lines = std::optional<std::vector<NoteSignature>>;
  const auto lines =
      ReadWholeFile(archive.checkpoints(), name, kNoteSizeBytesMax);
  if (!lines.has_value() && CouldNotLook(lines.error())) {
    return lines.error();
  }
  if (!lines.has_value() || lines->empty() || lines->back() != '\n') {
    Report(FindingKind::kCheckpointInvalid, PathOf(name),
           "the file holds no whole signature lines", findings);
    return Lines();
  }
  const auto alone = ParseSignedNote(note);
  auto both = ParseSignedNote(note + std::string(AsText(*lines)));
  if (!alone.has_value()) {
    return Lines();  // reported where the note is verified
  }
  if (!both.has_value() || both->text != alone->text) {
    Report(FindingKind::kCheckpointInvalid, PathOf(name),
           "the file does not hold signature lines of a signed note", findings);
    return Lines();
  }
  return Lines({both->signatures.begin() +
                    static_cast<std::ptrdiff_t>(alone->signatures.size()),
                both->signatures.end()});
}

Status CheckCosignatures(const ArchiveReader& archive, std::uint64_t size,
                         const IdentityChain& identities,
                         const std::string& name, WitnessLedger& witnesses,
                         VerifyReport& report, FindingList& findings) {
  const auto note = archive.ReadCheckpoint(size);
  if (!note.has_value()) {
    return Ok();  // reported where the note is verified
  }
  TRY_ASSIGN(const auto lines,
             ReadCosignatures(archive, *note, name, findings));
  std::vector<Finding> reported;  // there too
  const auto checkpoint =
      CheckCheckpointNote(*note, identities, name, reported);
  if (lines.has_value() && checkpoint.has_value() && checkpoint->size == size) {
    witnesses.Add(FormatCheckpointText(*checkpoint), size, *lines, PathOf(name),
                  report, findings);
  }
  return Ok();
}

}  // namespace

Status VerifyCheckpoints(const ArchiveReader& archive,
                         const ArchiveListing& listing,
                         const IdentityChain& identities, AnchorSet& anchors,
                         WitnessLedger& witnesses, VerifyReport& report,
                         FindingList& findings) {
  for (const std::uint64_t size : listing.checkpoints) {
    TRY(VerifyNote(archive, size, identities, anchors, findings));
  }
  for (const CheckpointFileName& extra : listing.checkpoint_extras) {
    const std::string name = ExtraName(extra);
    if (!std::binary_search(listing.checkpoints.begin(),
                            listing.checkpoints.end(), extra.tree_size)) {
      Report(FindingKind::kFileUnexpected, PathOf(name),
             "no checkpoint of this size is here", findings);
    } else if (extra.kind == CheckpointFileKind::kCosignatures) {
      TRY(CheckCosignatures(archive, extra.tree_size, identities, name,
                            witnesses, report, findings));
    }
  }
  return Ok();
}

}  // namespace authseal
