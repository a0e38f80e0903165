// The open segment's file: grows by whole commits, each durable before it
// counts. Private to lib/archive's writing side.
#ifndef AUTHSEAL_ARCHIVE_OPEN_SEGMENT_H_
#define AUTHSEAL_ARCHIVE_OPEN_SEGMENT_H_

#include <cstdint>
#include <memory>
#include <string>

#include "lib/archive/commit.h"
#include "lib/base/result.h"
#include "lib/io/file_system.h"

namespace authseal {

inline constexpr std::uint32_t kOpenSegmentMode = 0640;
inline constexpr std::uint32_t kWrittenOnceMode = 0440;

// After an error of AppendDurably() the file is not to be written again.
class OpenSegment {
 public:
  // Begins at `start`, with nothing on the disk yet. `segments` outlives it.
  OpenSegment(Directory& segments, SegmentStart start);
  // As above, with `progress` in the file already.
  static Result<OpenSegment> Resume(Directory& segments, SegmentStart start,
                                    SegmentProgress progress);

  const SegmentStart& start() const { return start_; }
  const SegmentProgress& progress() const { return progress_; }
  bool exists() const { return progress_.block_count > 0; }
  std::string name() const;

  // Appends bytes that lead to `after`, in one write, and returns when they,
  // and the file's name, are durable. A failed append is taken back.
  Status AppendDurably(Bytes bytes, SegmentProgress after);

  // The end of its life: appends `tail`, makes the file read-only, syncs it
  // and renames it to its sealed name, durably.
  Status Seal(Bytes tail);

 private:
  Status OpenFile();
  void TakeBack(std::uint64_t size_bytes);

  Directory* segments_;
  SegmentStart start_;
  SegmentProgress progress_;
  std::unique_ptr<WritableFile> file_;  // null until it is needed
};

}  // namespace authseal

#endif  // AUTHSEAL_ARCHIVE_OPEN_SEGMENT_H_
