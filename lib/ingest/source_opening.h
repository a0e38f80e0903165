// Opens a source where reading it stopped last time.
//
// A source is resumed where it has at least the offset's bytes, and its first
// 4 KiB and the 4 KiB before the offset are those of then; else it begins
// anew: duplicates over loss.
#ifndef AUTHSEAL_INGEST_SOURCE_OPENING_H_
#define AUTHSEAL_INGEST_SOURCE_OPENING_H_

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "lib/archive/archive_writer.h"
#include "lib/ingest/input_stream.h"

namespace authseal {

// True once reading is to end early. Called from the reading thread.
using StopFunction = std::function<bool()>;

struct IngestSource {
  std::string path;  // "-": standard input
  std::string name;  // in the archive: UTF-8, 1 to kSourceNameSizeBytesMax
  bool resumable = true;
};

struct OpenedSource {
  std::unique_ptr<InputStream> stream;  // at offset_bytes; plain bytes
  std::uint64_t offset_bytes = 0;
  ByteVector look_back;    // the source's bytes before it, at most 4 KiB
  Hash head_hash;          // of its first 4 KiB; when the offset is behind them
  bool live = false;       // a pipe, or followed: bytes come when they come
  bool follows = false;    // `stream` is a FollowedFile
  bool restarted = false;  // there was a position, but it did not fit
  bool stopped = false;    // `stop` said so on the way; nothing to read
};

// `position`: of LastPosition(), or empty. `inputs` must outlive the stream.
// Errors: as InputFiles::Open; kInvalidArgument for a pipe that turns out to
// differ only after what was skipped can no longer be given, and for following
// what is no plain regular file.
Result<OpenedSource> OpenSource(InputFiles& inputs, const IngestSource& source,
                                const std::optional<SourcePosition>& position,
                                bool follow, const StopFunction& stop);

}  // namespace authseal

#endif  // AUTHSEAL_INGEST_SOURCE_OPENING_H_
