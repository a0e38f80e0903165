#include "lib/archive/segment_map.h"

#include <span>

#include "lib/compress/seek_table.h"

namespace authseal {
namespace {

// Two frames a block, and the footer.
constexpr std::uint64_t kSeekTableEntriesMax =
    std::uint64_t{kSegmentBlocksMax} * 2 + 1;
constexpr std::uint64_t kSeekTableSizeBytesMax = kSeekTableEntriesMax * 8 +
                                                 kSkippablePrefixSizeBytes +
                                                 kSeekTableFooterSizeBytes;

// Places extents one behind the other.
class Tiler {
 public:
  ByteExtent Take(std::uint64_t size_bytes) {
    const ByteExtent extent{end_bytes_, size_bytes};
    end_bytes_ += size_bytes;
    return extent;
  }
  std::uint64_t end_bytes() const { return end_bytes_; }

 private:
  std::uint64_t end_bytes_ = 0;
};

bool IsSkippableEntry(const SeekTableEntry& entry,
                      std::uint64_t size_bytes_max) {
  return entry.content_size_bytes == 0 && entry.stored_size_bytes > 0 &&
         entry.stored_size_bytes <= size_bytes_max;
}

bool IsDataEntry(const SeekTableEntry& entry) {
  return entry.content_size_bytes > 0 &&
         entry.content_size_bytes <= kBlockContentSizeBytesMax &&
         entry.stored_size_bytes > 0 &&
         entry.stored_size_bytes <= kBlockStoredSizeBytesMax;
}

// The map that the table's entries describe; empty when they are not in the
// order of a sealed segment.
std::optional<SegmentMap> MapOfEntries(std::span<const SeekTableEntry> entries,
                                       std::uint64_t table_size_bytes) {
  if (entries.size() < 3 || entries.size() % 2 == 0 ||
      !IsSkippableEntry(entries.back(), kFooterFrameSizeBytesMax)) {
    return std::nullopt;
  }
  SegmentMap map;
  map.blocks.reserve(entries.size() / 2);
  Tiler tiler;
  for (std::size_t i = 0; i + 1 < entries.size(); i += 2) {
    if (!IsDataEntry(entries[i]) ||
        !IsSkippableEntry(entries[i + 1], kHeaderFrameSizeBytesMax)) {
      return std::nullopt;
    }
    BlockExtent block;
    block.data = tiler.Take(entries[i].stored_size_bytes);
    block.header = tiler.Take(entries[i + 1].stored_size_bytes);
    map.blocks.push_back(block);
  }
  map.footer = tiler.Take(entries.back().stored_size_bytes);
  map.seek_table = tiler.Take(table_size_bytes);
  map.tiled_end_bytes = tiler.end_bytes();
  map.by_seek_table = true;
  return map;
}

// `size_bytes` bytes at `offset_bytes`; empty when the file got shorter.
Result<std::optional<ByteVector>> ReadExactly(const ReadableFile& file,
                                              std::uint64_t offset_bytes,
                                              std::uint64_t size_bytes) {
  ByteVector bytes(static_cast<std::size_t>(size_bytes));
  TRY_ASSIGN(const std::size_t count, file.ReadAt(offset_bytes, bytes));
  if (count != bytes.size()) {
    return std::optional<ByteVector>();
  }
  return std::optional<ByteVector>(std::move(bytes));
}

// Steps over one frame after the other.
class FrameWalker {
 public:
  FrameWalker(const ReadableFile& file, std::uint64_t file_size_bytes)
      : file_size_bytes_(file_size_bytes),
        read_at_([&file](std::uint64_t offset_bytes, MutableBytes out) {
          return file.ReadAt(offset_bytes, out);
        }) {}

  // The frame at `offset_bytes` if it is a whole one with this magic and at
  // most this size; empty otherwise.
  Result<std::optional<ByteExtent>> FrameAt(std::uint64_t offset_bytes,
                                            std::uint32_t magic,
                                            std::uint64_t size_bytes_max) {
    Result<FrameExtent> frame =
        MeasureFrame(read_at_, offset_bytes, file_size_bytes_);
    if (!frame.has_value()) {
      if (frame.error().code == ErrorCode::kDamaged) {
        return std::optional<ByteExtent>();
      }
      return std::move(frame).error();
    }
    if (frame->magic != magic || frame->stored_size_bytes > size_bytes_max) {
      return std::optional<ByteExtent>();
    }
    return std::optional<ByteExtent>({offset_bytes, frame->stored_size_bytes});
  }

 private:
  std::uint64_t file_size_bytes_;
  ReadAtFunction read_at_;
};

Status WalkBlocks(FrameWalker& walker, SegmentMap& map) {
  while (map.blocks.size() < kSegmentBlocksMax) {
    TRY_ASSIGN(const auto data, walker.FrameAt(map.tiled_end_bytes, kZstdMagic,
                                               kBlockStoredSizeBytesMax));
    if (!data.has_value()) {
      return Ok();
    }
    TRY_ASSIGN(const auto header,
               walker.FrameAt(data->end_bytes(), kHeaderFrameMagic,
                              kHeaderFrameSizeBytesMax));
    if (!header.has_value()) {
      return Ok();
    }
    map.blocks.push_back({*data, *header});
    map.tiled_end_bytes = header->end_bytes();
  }
  return Ok();
}

}  // namespace

Result<std::optional<SegmentMap>> MapBySeekTable(
    const ReadableFile& file, std::uint64_t file_size_bytes) {
  const std::optional<SegmentMap> none;
  if (file_size_bytes < kSeekTableFooterSizeBytes) {
    return none;
  }
  TRY_ASSIGN(const auto last,
             ReadExactly(file, file_size_bytes - kSeekTableFooterSizeBytes,
                         kSeekTableFooterSizeBytes));
  if (!last.has_value()) {
    return none;
  }
  const Result<std::uint64_t> size_bytes = SeekTableSize(*last);
  if (!size_bytes.has_value() || *size_bytes > kSeekTableSizeBytesMax ||
      *size_bytes > file_size_bytes) {
    return none;
  }
  TRY_ASSIGN(const auto frame,
             ReadExactly(file, file_size_bytes - *size_bytes, *size_bytes));
  if (!frame.has_value()) {
    return none;
  }
  const auto entries = DecodeSeekTable(*frame);
  if (!entries.has_value()) {
    return none;
  }
  std::optional<SegmentMap> map = MapOfEntries(*entries, *size_bytes);
  if (!map.has_value() || map->tiled_end_bytes != file_size_bytes) {
    return none;
  }
  map->file_size_bytes = file_size_bytes;
  return map;
}

Result<SegmentMap> MapByWalking(const ReadableFile& file,
                                std::uint64_t file_size_bytes, bool sealed) {
  SegmentMap map;
  map.file_size_bytes = file_size_bytes;
  FrameWalker walker(file, file_size_bytes);
  TRY(WalkBlocks(walker, map));
  if (!sealed) {
    return map;
  }
  TRY_ASSIGN(map.footer, walker.FrameAt(map.tiled_end_bytes, kFooterFrameMagic,
                                        kFooterFrameSizeBytesMax));
  if (!map.footer.has_value()) {
    return map;
  }
  map.tiled_end_bytes = map.footer->end_bytes();
  TRY_ASSIGN(map.seek_table,
             walker.FrameAt(map.tiled_end_bytes, kSeekTableMagic,
                            kSeekTableSizeBytesMax));
  if (map.seek_table.has_value()) {
    map.tiled_end_bytes = map.seek_table->end_bytes();
  }
  return map;
}

}  // namespace authseal
