// A checkpoint that a user gives as a file.
#ifndef AUTHSEAL_CMD_CHECKPOINT_FILE_H_
#define AUTHSEAL_CMD_CHECKPOINT_FILE_H_

#include <string>

#include "cmd/context.h"
#include "lib/base/result.h"
#include "lib/note/checkpoint.h"
#include "lib/note/signed_note.h"

namespace authseal {

struct CheckpointFile {
  SignedNote note;  // its signatures are not checked
  Checkpoint checkpoint;
};

// Signature lines of others, such as witnesses', are no hindrance. Errors:
// kInvalidArgument (no checkpoint, with a hint), kNotFound, kIo.
Result<CheckpointFile> ReadCheckpointFile(Context& context,
                                          const std::string& path);

}  // namespace authseal

#endif  // AUTHSEAL_CMD_CHECKPOINT_FILE_H_
