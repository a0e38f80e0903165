#include "lib/export/newest_checkpoint.h"

#include <optional>
#include <utility>

#include "lib/archive/layout.h"
#include "lib/base/encoding.h"
#include "lib/query/segment_trust.h"

namespace authseal {

namespace {

constexpr std::string_view kVerifyHint =
    "authseal verify tells what is damaged; nothing was exported";

}  // namespace

Error DamagedArchive(const std::vector<Finding>& findings) {
  std::string message = "the archive does not lead to its checkpoint";
  if (!findings.empty()) {
    message = std::string(FindingName(findings.front().kind)) + " " +
              findings.front().file + ": " + findings.front().text;
  }
  return Error{ErrorCode::kDamaged, message, std::string(kVerifyHint)};
}

Result<PublishedCheckpoint> ReadNewestCheckpoint(const ArchiveReader& archive,
                                                 const ArchiveListing& listing,
                                                 const PinnedArchive& pinned) {
  if (listing.checkpoints.empty()) {
    return Error{ErrorCode::kNotFound, "the archive has no checkpoint yet",
                 "seal it first, where its identity key is: authseal seal"};
  }
  const std::uint64_t size = listing.checkpoints.back();
  PublishedCheckpoint published;
  TRY_ASSIGN(published.note, archive.ReadCheckpoint(size));
  std::vector<Finding> findings;
  const std::optional<Checkpoint> checkpoint = CheckCheckpointNote(
      published.note, pinned.identities,
      std::string(kCheckpointsName) + "/" + CheckpointName(size), findings);
  if (!checkpoint || checkpoint->size != size) {
    return DamagedArchive(findings);
  }
  published.checkpoint = *checkpoint;
  return published;
}

Result<PublishedCheckpoint> ReadNewestCheckpoint(const ArchiveReader& archive,
                                                 const Pin& pin) {
  TRY_ASSIGN(const ArchiveListing listing, archive.List());
  std::vector<Finding> findings;
  TRY_ASSIGN(const std::optional<Descent> descent,
             BeginDescent(archive, pin, findings));
  if (!descent) {
    return DamagedArchive(findings);
  }
  return ReadNewestCheckpoint(archive, listing, descent->archive);
}

Result<std::string> WithCosignatures(const ArchiveReader& archive,
                                     const PublishedCheckpoint& published) {
  const std::string name = CosignaturesName(published.checkpoint.size);
  const Result<ByteVector> lines =
      ReadWholeFile(archive.checkpoints(), name, kNoteSizeBytesMax);
  if (!lines) {
    return lines.error().code == ErrorCode::kNotFound
               ? Result<std::string>(published.note)
               : lines.error();
  }
  std::string whole = published.note + std::string(AsText(*lines));
  const Result<SignedNote> alone = ParseSignedNote(published.note);
  const Result<SignedNote> both = ParseSignedNote(whole);
  if (!alone || !both || both->text != alone->text) {
    return Error{ErrorCode::kDamaged,
                 name + " does not hold signature lines of a signed note",
                 std::string(kVerifyHint)};
  }
  return whole;
}

}  // namespace authseal
