// The host's side: a checkpoint that was signed elsewhere takes its place.
#ifndef AUTHSEAL_SIGNING_PUBLICATION_H_
#define AUTHSEAL_SIGNING_PUBLICATION_H_

#include <cstdint>
#include <string_view>

#include "lib/archive/archive_reader.h"
#include "lib/archive/key_store.h"
#include "lib/base/result.h"
#include "lib/io/file_system.h"
#include "lib/note/checkpoint.h"
#include "lib/note/signed_note.h"

namespace authseal {

struct Publication {
  Checkpoint checkpoint;
  bool is_new = false;  // it was not there before
  std::uint64_t epoch = 0;
  std::uint64_t newest_size = 0;  // sealed; larger than checkpoint.size: later
};

// Of any sealed size of this archive: the order in which responses come does
// not matter. `pinned` is what the host was told when the archive was made.
// Needs no writer's lock: a writer may run. Errors: kKey (signed by another
// key), kDamaged (no such note; another tree than this archive has), kLocked,
// kIo.
Result<Publication> PublishResponse(FileSystem& file_system,
                                    const ArchiveReader& archive,
                                    KeyStore& keys,
                                    const VerificationKey& pinned,
                                    std::string_view note);

}  // namespace authseal

#endif  // AUTHSEAL_SIGNING_PUBLICATION_H_
