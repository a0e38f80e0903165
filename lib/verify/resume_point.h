// Where a verification may begin that checks only what is new: behind a seal
// that a known checkpoint covers. Nothing before it is read but its own footer
// and some headers of its segment. See authseal-format(5), VERIFICATION.
#ifndef AUTHSEAL_VERIFY_RESUME_POINT_H_
#define AUTHSEAL_VERIFY_RESUME_POINT_H_

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "lib/archive/archive_reader.h"
#include "lib/base/result.h"
#include "lib/base/types.h"
#include "lib/note/checkpoint.h"
#include "lib/verify/report.h"
#include "lib/verify/seal_check.h"

namespace authseal {

struct ResumePoint {
  Checkpoint checkpoint;
  SegmentContext next;  // for the segment behind it
  UnixNanos seal_time;
  std::uint64_t segments = 0;  // that begin before it
};

// The oldest of `known` that is not newer than `known[after]`, so that every
// other one is met on the way; empty where all are of no records.
std::optional<Checkpoint> ResumeFrom(std::span<const KnownCheckpoint> known,
                                     std::size_t after);

// Empty unless a segment ends at the checkpoint's size, its footer has the
// compact range of exactly its root, and the seal record that follows from the
// footer is proven to be the last leaf of that tree: then the footer names the
// next epoch's key as it was sealed. Whatever is missing, damaged or of
// another history gives empty, and everything has to be read.
// Errors: kIo, kTemporary.
Result<std::optional<ResumePoint>> FindResumePoint(
    const ArchiveReader& archive, const ArchiveListing& listing,
    const Checkpoint& checkpoint);

// Takes out of `listing` what lies before `size`, and gives the records that
// segments must begin at, by the names of checkpoints, and none does.
std::vector<std::uint64_t> DropBefore(std::uint64_t size,
                                      ArchiveListing& listing);

// Compares every root that somebody signed for this size: adds root-mismatch
// and fork.
void JudgeResumed(const Checkpoint& resumed, AnchorSet& anchors,
                  FindingList& findings);

}  // namespace authseal

#endif  // AUTHSEAL_VERIFY_RESUME_POINT_H_
