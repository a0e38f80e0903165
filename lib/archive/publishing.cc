#include "lib/archive/publishing.h"

#include <string>
#include <utility>

#include "lib/archive/layout.h"
#include "lib/archive/open_segment.h"
#include "lib/note/signed_note.h"

namespace authseal {

Result<Published> PublishCheckpoint(Directory& checkpoints,
                                    const NamedSigner& identity,
                                    const SegmentFooter& footer) {
  Published published;
  published.checkpoint = {.origin = identity.name,
                          .size = footer.end_record,
                          .root = footer.end.Root()};
  // Ed25519 is deterministic: the same checkpoint is the same bytes.
  TRY_ASSIGN(const std::string note,
             SignNote(FormatCheckpointText(published.checkpoint), identity.name,
                      identity.signer));
  TRY_ASSIGN(published.is_new,
             PublishNote(checkpoints, footer.end_record, note));
  return published;
}

Result<bool> PublishNote(Directory& checkpoints, std::uint64_t tree_size,
                         std::string_view note) {
  const std::string name = CheckpointName(tree_size);
  const Status created =
      CreateFileDurably(checkpoints, name, AsBytes(note), kWrittenOnceMode);
  if (created.has_value()) {
    return true;
  }
  if (created.error().code != ErrorCode::kAlreadyExists) {
    return Error(created.error()).With("checkpoints");
  }
  TRY_ASSIGN(const ByteVector present,
             ReadWholeFile(checkpoints, name, kNoteSizeBytesMax));
  if (AsText(present) != note) {
    return Error{ErrorCode::kDamaged,
                 "checkpoints/" + name + " is not the one this archive has",
                 "keep it, and run 'authseal verify'"};
  }
  return false;
}

}  // namespace authseal
