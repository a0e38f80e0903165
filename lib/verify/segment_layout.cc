#include "lib/verify/segment_layout.h"

#include <algorithm>

#include "lib/archive/format.h"
#include "lib/compress/seek_table.h"
#include "lib/compress/zstd_frame.h"
#include "lib/verify/frame_scanner.h"

namespace authseal {
namespace {

void AddGap(std::uint64_t begin_bytes, std::uint64_t end_bytes,
            SegmentLayout& layout) {
  if (begin_bytes < end_bytes) {
    layout.gaps.push_back({begin_bytes, end_bytes - begin_bytes});
  }
}

// A header says how long the data before it is; what is left over in between
// belongs to nothing.
void AddBlock(const ScannedFrame& found, std::uint64_t end_bytes,
              SegmentLayout& layout) {
  const std::uint64_t room_bytes = found.extent.offset_bytes - end_bytes;
  const std::uint64_t data_size_bytes =
      std::min<std::uint64_t>(found.header->stored_size_bytes, room_bytes);
  const std::uint64_t data_offset_bytes =
      found.extent.offset_bytes - data_size_bytes;
  AddGap(end_bytes, data_offset_bytes, layout);
  layout.blocks.push_back({{data_offset_bytes, data_size_bytes}, found.extent});
}

// The frame behind the footer, if it is a skippable one of the right magic.
Result<std::optional<ByteExtent>> SeekTableAt(const SegmentReader& segment,
                                              std::uint64_t offset_bytes) {
  const ReadAtFunction read_at = [&segment](std::uint64_t offset,
                                            MutableBytes out) {
    return segment.file().ReadAt(offset, out);
  };
  const Result<FrameExtent> frame =
      MeasureFrame(read_at, offset_bytes, segment.map().file_size_bytes);
  if (!frame.has_value() && frame.error().code != ErrorCode::kDamaged) {
    return frame.error();
  }
  if (!frame.has_value() || frame->magic != kSeekTableMagic) {
    return std::optional<ByteExtent>();
  }
  return std::optional(ByteExtent{offset_bytes, frame->stored_size_bytes});
}

// A header whose length was changed reaches over what stands behind it. Only
// the last one can, for behind it nothing tiles.
Status DropWrongLastHeader(const SegmentReader& segment,
                           std::uint64_t& end_bytes, SegmentLayout& layout) {
  if (layout.blocks.empty()) {
    return Ok();
  }
  ByteVector frame;
  const auto header = segment.ReadHeader(layout.blocks.size() - 1, frame);
  if (header.has_value()) {
    return Ok();
  }
  if (header.error().code == ErrorCode::kIo ||
      header.error().code == ErrorCode::kTemporary) {
    return header.error();
  }
  end_bytes = layout.blocks.back().data.offset_bytes;
  layout.blocks.pop_back();
  layout.tiled_blocks = layout.blocks.size();
  return Ok();
}

Status FindBehindDamage(const SegmentReader& segment, std::uint64_t& end_bytes,
                        SegmentLayout& layout) {
  FrameScanner scanner(segment);
  while (!layout.footer.has_value() &&
         layout.blocks.size() < kSegmentBlocksMax) {
    TRY_ASSIGN(const auto found, scanner.Next(end_bytes));
    if (!found.has_value()) {
      return Ok();
    }
    if (found->header.has_value()) {
      AddBlock(*found, end_bytes, layout);
    } else {
      AddGap(end_bytes, found->extent.offset_bytes, layout);
      layout.footer = found->extent;
    }
    end_bytes = found->extent.end_bytes();
  }
  return Ok();
}

}  // namespace

Result<SegmentLayout> LayOutSegment(const SegmentReader& segment) {
  const SegmentMap& map = segment.map();
  SegmentLayout layout;
  layout.blocks = map.blocks;
  layout.tiled_blocks = map.blocks.size();
  layout.footer = map.footer;
  layout.seek_table = map.seek_table;
  layout.by_seek_table = map.by_seek_table;
  std::uint64_t end_bytes = map.tiled_end_bytes;
  if (!layout.footer.has_value()) {
    TRY(DropWrongLastHeader(segment, end_bytes, layout));
    TRY(FindBehindDamage(segment, end_bytes, layout));
    if (layout.footer.has_value()) {
      TRY_ASSIGN(layout.seek_table, SeekTableAt(segment, end_bytes));
      if (layout.seek_table.has_value()) {
        end_bytes = layout.seek_table->end_bytes();
      }
    }
  }
  layout.rest = {end_bytes, map.file_size_bytes - end_bytes};
  return layout;
}

}  // namespace authseal
