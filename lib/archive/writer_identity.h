// The identity key as a writer has it, and its rotation. The order of a
// rotation is that of authseal-format(5), CRASH SAFETY. Private to
// lib/archive's writing side.
#ifndef AUTHSEAL_ARCHIVE_WRITER_IDENTITY_H_
#define AUTHSEAL_ARCHIVE_WRITER_IDENTITY_H_

#include <optional>

#include "lib/archive/archive_reader.h"
#include "lib/archive/archive_writer.h"
#include "lib/archive/identity_chain.h"
#include "lib/archive/key_store.h"
#include "lib/archive/segment_footer.h"
#include "lib/base/result.h"
#include "lib/io/file_system.h"
#include "lib/note/signed_note_signer.h"

namespace authseal {

struct WriterIdentity {
  std::optional<NamedSigner> signer;   // the newest key; empty when elsewhere
  std::optional<IdentityChain> chain;  // empty when no key is known here
  bool rotation_completed = false;     // one that a crash had cut off
};

// Loads what is in the key directory, and lets the new key take its place
// where a rotation note names it already. Errors: kKey (not this archive's, or
// one that was rotated away), kIo.
Result<WriterIdentity> LoadWriterIdentity(const ArchiveReader& archive,
                                          KeyStore& keys);

// Makes a new identity key, has both sign the rotation at `newest`'s end,
// whose checkpoint the old key has published, and puts the new key in the old
// one's place; or, where there is a `keep`, leaves the key directory's alone
// and has that keep the new one. `identity` has a signer; afterwards it is the
// new one.
Status RotateIdentity(const ArchiveReader& archive, Directory& checkpoints,
                      KeyStore& keys, const SegmentFooter& newest,
                      const KeepIdentity& keep, WriterIdentity& identity);

}  // namespace authseal

#endif  // AUTHSEAL_ARCHIVE_WRITER_IDENTITY_H_
