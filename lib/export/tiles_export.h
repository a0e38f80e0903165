// An archive as a tiled log: what readers of c2sp.org/tlog-tiles understand.
// See authseal-export(1), TILED LOGS.
#ifndef AUTHSEAL_EXPORT_TILES_EXPORT_H_
#define AUTHSEAL_EXPORT_TILES_EXPORT_H_

#include <cstdint>
#include <string>

#include "lib/archive/archive_reader.h"
#include "lib/base/result.h"
#include "lib/io/file_system.h"
#include "lib/verify/report.h"

namespace authseal {

struct TilesOptions {
  Pin pin;
  std::string out_path;
  unsigned threads = 1;
};

struct TilesResult {
  std::uint64_t tree_size = 0;
  Hash root;
  std::uint64_t old_size = 0;  // of the log that was there; 0 for a new one
  std::uint64_t tiles = 0;     // hash tiles and bundles that the tree has
  std::uint64_t bundles = 0;
  // Records that are too long for an entry, and bundles that are not there
  // because of them.
  std::uint64_t too_long = 0;
  std::uint64_t left_out = 0;
};

// Writes all records below the newest checkpoint, control records included, in
// bounded memory: a tile a level, one bundle, and some blocks a thread. An
// older export of the same history is extended. Errors: kDamaged (of the
// archive, or `out_path` is of another history or newer), kNotFound (no
// checkpoint), kAlreadyExists, kInvalidArgument, kIo. After an error the
// file `checkpoint` there is as it was.
Result<TilesResult> WriteTiles(FileSystem& file_system,
                               const ArchiveReader& archive,
                               const TilesOptions& options);

}  // namespace authseal

#endif  // AUTHSEAL_EXPORT_TILES_EXPORT_H_
