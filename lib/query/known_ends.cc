#include "lib/query/known_ends.h"

#include <optional>
#include <utility>

#include "lib/archive/layout.h"
#include "lib/query/header_chain.h"

namespace authseal {
namespace {

bool CouldNotLook(const Error& error) {
  return error.code == ErrorCode::kIo || error.code == ErrorCode::kTemporary;
}

struct Known {
  CompactRange start;
  CompactRange end;
  bool folds = false;  // so that `start` is as known as `end`
};

// The segment's ends as its footer has them; empty where that is damaged.
Result<std::optional<Known>> ReadEnds(const ArchiveReader& archive,
                                      const SegmentFile& file) {
  const Result<SegmentReader> segment = archive.OpenSegment(file);
  if (!segment) {
    return CouldNotLook(segment.error())
               ? Result<std::optional<Known>>(segment.error())
               : std::optional<Known>();
  }
  ByteVector frame;
  Result<SegmentFooter> footer = segment->ReadFooter(frame);
  if (!footer) {
    return CouldNotLook(footer.error())
               ? Result<std::optional<Known>>(footer.error())
               : std::optional<Known>();
  }
  TRY_ASSIGN(const StoredHeaders stored, ReadHeaders(*segment));
  const bool folds = stored.complete && RangesFold(stored, *footer);
  return std::optional(
      Known{std::move(footer->start), std::move(footer->end), folds});
}

Status WalkBack(const ArchiveReader& archive, const ArchiveListing& listing,
                const Checkpoint& checkpoint, std::vector<CompactRange>& ends) {
  std::optional<CompactRange> expected;
  for (auto file = listing.segments.rbegin(); file != listing.segments.rend();
       ++file) {
    if (!file->sealed || file->first_record >= checkpoint.size) {
      continue;
    }
    TRY_ASSIGN(auto known, ReadEnds(archive, *file));
    const bool is_it =
        known && (expected ? known->end == *expected
                           : known->end.end() == checkpoint.size &&
                                 known->end.Root() == checkpoint.root);
    if (!is_it) {
      return Ok();
    }
    ends.push_back(std::move(known->end));
    if (!known->folds) {
      return Ok();
    }
    expected = std::move(known->start);
  }
  return Ok();
}

}  // namespace

Result<std::vector<CompactRange>> FindKnownEnds(
    const ArchiveReader& archive, std::span<const KnownCheckpoint> known) {
  std::vector<CompactRange> ends;
  if (known.empty()) {
    return ends;
  }
  TRY_ASSIGN(const ArchiveListing listing, archive.List());
  for (const KnownCheckpoint& one : known) {
    TRY(WalkBack(archive, listing, one.checkpoint, ends));
  }
  return ends;
}

}  // namespace authseal
