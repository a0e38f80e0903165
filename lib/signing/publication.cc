#include "lib/signing/publication.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "lib/archive/identity_chain.h"
#include "lib/archive/layout.h"
#include "lib/archive/publishing.h"

namespace authseal {
namespace {

constexpr std::string_view kForkHint =
    "nothing was published; keep the response, and run 'authseal verify "
    "--checkpoint' with it";

Result<Checkpoint> CheckNote(std::string_view note,
                             const ArchiveReader& archive,
                             const VerificationKey& pinned) {
  if (note.empty()) {
    return Error{ErrorCode::kDamaged, "the response is empty",
                 "nothing was signed: see what 'authseal sign' said"};
  }
  auto parsed = ParseSignedNote(note);
  if (!parsed.has_value()) {
    return std::move(parsed)
        .error()
        .With("response")
        .WithHint("give what 'authseal sign' answered, whole");
  }
  TRY_ASSIGN(const ArchiveListing listing, archive.List());
  std::vector<RotationFault> faults;  // authseal verify reports them
  TRY_ASSIGN(const IdentityChain identities,
             ReadIdentityChain(archive, listing.rotations, pinned, {}, faults));
  if (VerifySignedNote(archive.signed_note(), identities.first()) !=
      NoteVerdict::kVerified) {
    return Error{ErrorCode::kKey,
                 "archive.note is not signed by the key in identity.pub",
                 "name the archive's own key directory with --keys"};
  }
  auto checkpoint = ParseCheckpointText(parsed->text);
  const VerificationKey& key = checkpoint.has_value()
                                   ? identities.KeyAt(checkpoint->size)
                                   : identities.newest();
  if (parsed->signatures.size() != 1 ||
      VerifySignedNote(*parsed, key) != NoteVerdict::kVerified) {
    return Error{ErrorCode::kKey,
                 "checkpoint-invalid: the response is not signed by " +
                     FormatVerificationKey(key) + " alone",
                 "give the response to a request of this archive"};
  }
  if (!checkpoint.has_value() || checkpoint->origin != pinned.name) {
    return Error{
        ErrorCode::kDamaged,
        "checkpoint-invalid: the response is no checkpoint of " + pinned.name,
        "give the response to a request of this archive"};
  }
  return checkpoint;
}

Error Contradicts(std::string_view finding, const Checkpoint& checkpoint,
                  std::string_view what) {
  return {ErrorCode::kDamaged,
          std::string(finding) + ": the response is over " +
              std::to_string(checkpoint.size) + " records, " +
              std::string(what),
          std::string(kForkHint)};
}

// The footer of the seal that ends at the checkpoint.
Result<SegmentFooter> FindFooter(const ArchiveReader& archive,
                                 const Checkpoint& checkpoint,
                                 std::uint64_t& newest_size) {
  TRY_ASSIGN(const ArchiveListing listing, archive.List());
  const SegmentFile* wanted = nullptr;
  const SegmentFile* newest = nullptr;
  for (const SegmentFile& segment : listing.segments) {
    if (!segment.sealed) {
      continue;
    }
    newest = &segment;
    if (segment.first_record < checkpoint.size) {
      wanted = &segment;
    }
  }
  if (wanted == nullptr) {
    return Contradicts("rollback", checkpoint, "and nothing is sealed here");
  }
  ByteVector frame;
  TRY_ASSIGN(const SegmentReader last, archive.OpenSegment(*newest));
  TRY_ASSIGN(const SegmentFooter last_footer, last.ReadFooter(frame));
  newest_size = last_footer.end_record;
  if (checkpoint.size > newest_size) {
    return Contradicts(
        "rollback", checkpoint,
        "and only " + std::to_string(newest_size) + " are sealed here");
  }
  TRY_ASSIGN(const SegmentReader reader, archive.OpenSegment(*wanted));
  return reader.ReadFooter(frame);
}

}  // namespace

Result<Publication> PublishResponse(FileSystem& file_system,
                                    const ArchiveReader& archive,
                                    KeyStore& keys,
                                    const VerificationKey& pinned,
                                    std::string_view note) {
  Publication publication;
  TRY_ASSIGN(publication.checkpoint, CheckNote(note, archive, pinned));
  TRY_ASSIGN(
      const SegmentFooter footer,
      FindFooter(archive, publication.checkpoint, publication.newest_size));
  if (footer.end_record != publication.checkpoint.size) {
    return Contradicts("fork", publication.checkpoint,
                       "and no seal of this archive ends there");
  }
  if (footer.end.Root() != publication.checkpoint.root) {
    return Contradicts("fork", publication.checkpoint,
                       "and over another tree than this archive has");
  }
  publication.epoch = footer.epoch;
  TRY_ASSIGN(const auto lock, keys.LockPublisher());
  TRY_ASSIGN(const auto root, file_system.OpenDirectory(archive.path()));
  TRY_ASSIGN(const auto checkpoints, root->OpenDirectory(kCheckpointsName));
  TRY_ASSIGN(publication.is_new,
             PublishNote(*checkpoints, publication.checkpoint.size, note));
  return publication;
}

}  // namespace authseal
