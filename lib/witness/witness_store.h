// What a witness remembers: for each log the last checkpoint that it cosigned,
// as a whole signed note, in a file of its own that is replaced atomically.
#ifndef AUTHSEAL_WITNESS_WITNESS_STORE_H_
#define AUTHSEAL_WITNESS_WITNESS_STORE_H_

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "lib/base/bytes.h"
#include "lib/base/result.h"
#include "lib/io/file_system.h"
#include "lib/note/checkpoint.h"

namespace authseal {

struct CosignedCheckpoint {
  Checkpoint checkpoint;
  std::string note;  // the log's lines that verified, then the witness's
};

// Locked against a second witness while it lives. Files are named
// "<hex SHA-256 of the origin>.note", 0600.
class WitnessStore {
 public:
  // Makes the directory (0700) when it is missing, not what is above it.
  // Errors: kLocked, kIo.
  static Result<WitnessStore> Open(FileSystem& file_system,
                                   std::string_view path);

  // Empty when nothing was cosigned for the origin. kDamaged when the file is
  // not one of ours: then the witness does not know what it signed, and must
  // not sign again.
  Result<std::optional<CosignedCheckpoint>> Load(std::string_view origin) const;
  // The same by the name's hash, as monitors ask.
  Result<std::optional<CosignedCheckpoint>> LoadByHash(
      const Hash& origin_hash) const;
  // Durable when it returns. After an error the old file or the new one is
  // there; which, is unknown. The caller sees to it that the tree only grows,
  // and that Load() and Save() are one step.
  Status Save(const CosignedCheckpoint& cosigned);
  // Keeps a checkpoint that contradicts the cosigned one, the first of an
  // origin, as "<hex>.fork", and gives that name.
  Result<std::string> KeepFork(std::string_view origin, std::string_view note);

 private:
  WitnessStore() = default;
  std::unique_ptr<Directory> directory_;
  std::unique_ptr<FileLock> lock_;
};

Hash OriginHash(std::string_view origin);

}  // namespace authseal

#endif  // AUTHSEAL_WITNESS_WITNESS_STORE_H_
