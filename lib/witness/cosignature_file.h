// checkpoints/N.cosig of an archive; see authseal-format(5), CHECKPOINTS.
#ifndef AUTHSEAL_WITNESS_COSIGNATURE_FILE_H_
#define AUTHSEAL_WITNESS_COSIGNATURE_FILE_H_

#include <cstdint>
#include <span>
#include <vector>

#include "lib/base/result.h"
#include "lib/io/file_system.h"
#include "lib/note/signed_note.h"

namespace authseal {

// The lines of the file; none when it is not there. Error kDamaged, kIo.
Result<std::vector<NoteSignature>> ReadCosignatures(
    const Directory& checkpoints, std::uint64_t tree_size);

// Appends what is not there yet, by name and key id; what is there stays, byte
// for byte. Replaced atomically, durable when it returns. The caller holds the
// lock of cosignatures, has verified the lines, and N.note is there. Errors:
// kDamaged (the file is no such file), kInvalidArgument (note and lines would
// be above a limit of signed notes), kIo.
Status AddCosignatures(Directory& checkpoints, std::uint64_t tree_size,
                       std::span<const NoteSignature> lines);

}  // namespace authseal

#endif  // AUTHSEAL_WITNESS_COSIGNATURE_FILE_H_
