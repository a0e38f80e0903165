#include "lib/archive/source_positions.h"

#include <utility>

#include "lib/archive/segment_reader.h"

namespace authseal {
namespace {

SourcePosition PositionOf(const SourceRange& range) {
  return {.end_bytes = range.end_bytes,
          .head_hash = range.head_hash,
          .tail_hash = range.tail_hash};
}

}  // namespace

void SourcePositions::NoteNewer(const BlockHeader& header) {
  for (const SourceRange& range : header.sources) {
    positions_.insert_or_assign(range.name, PositionOf(range));
  }
}

void SourcePositions::NoteOlder(const BlockHeader& header) {
  for (auto range = header.sources.rbegin(); range != header.sources.rend();
       ++range) {
    positions_.try_emplace(range->name, PositionOf(*range));
  }
}

Status SourcePositions::ScanOneSegment(const ArchiveReader& archive) {
  TRY_ASSIGN(const SegmentReader reader, archive.OpenSegment(unread_->back()));
  ByteVector frame;
  for (std::size_t block = reader.map().blocks.size(); block > 0; --block) {
    auto header = reader.ReadHeader(block - 1, frame);
    if (!header.has_value()) {
      return std::move(header).error().With("segments/" + unread_->back().name);
    }
    NoteOlder(*header);
  }
  unread_->pop_back();
  return Ok();
}

Result<std::optional<SourcePosition>> SourcePositions::Find(
    const ArchiveReader& archive, std::string_view source) {
  if (!unread_.has_value()) {
    TRY_ASSIGN(ArchiveListing listing, archive.List());
    unread_ = std::move(listing.segments);
  }
  while (true) {
    const auto known = positions_.find(source);
    if (known != positions_.end()) {
      return std::optional<SourcePosition>(known->second);
    }
    if (unread_->empty()) {
      return std::optional<SourcePosition>();
    }
    TRY(ScanOneSegment(archive));
  }
}

}  // namespace authseal
