#include "lib/archive/segment_reader.h"

#include <string>
#include <utility>

#include "lib/archive/segment_map.h"

namespace authseal {
namespace {

Error Damaged(std::string what) {
  return {ErrorCode::kDamaged, std::move(what)};
}

}  // namespace

Result<SegmentReader> SegmentReader::Open(std::unique_ptr<ReadableFile> file,
                                          bool sealed) {
  SegmentReader reader;
  reader.file_ = std::move(file);
  reader.sealed_ = sealed;
  // Taken once: what a writer appends meanwhile is not looked at.
  TRY_ASSIGN(const FileInfo info, reader.file_->Info());
  reader.map_.file_size_bytes = info.size_bytes;
  if (sealed) {
    TRY_ASSIGN(auto map, MapBySeekTable(*reader.file_, info.size_bytes));
    if (map.has_value()) {
      reader.map_ = *std::move(map);
      return reader;
    }
  }
  TRY(reader.MapByWalking());
  return reader;
}

Status SegmentReader::MapByWalking() {
  TRY_ASSIGN(map_,
             authseal::MapByWalking(*file_, map_.file_size_bytes, sealed_));
  return Ok();
}

Status SegmentReader::Read(const ByteExtent& extent, std::uint64_t limit_bytes,
                           ByteVector& out) const {
  if (extent.size_bytes > limit_bytes) {
    return Error{ErrorCode::kInvalidArgument,
                 "a frame of " + std::to_string(extent.size_bytes) +
                     " bytes, above " + std::to_string(limit_bytes)};
  }
  if (extent.offset_bytes > map_.file_size_bytes ||
      extent.size_bytes > map_.file_size_bytes - extent.offset_bytes) {
    return Damaged("the file ends before byte " +
                   std::to_string(extent.end_bytes()));
  }
  out.resize(static_cast<std::size_t>(extent.size_bytes));
  TRY_ASSIGN(const std::size_t count, file_->ReadAt(extent.offset_bytes, out));
  if (count != out.size()) {
    return Damaged("the file became shorter while it was read");
  }
  return Ok();
}

Result<BlockHeader> SegmentReader::ReadHeader(std::size_t block,
                                              ByteVector& frame) const {
  if (block >= map_.blocks.size()) {
    return Error{ErrorCode::kInvalidArgument,
                 "no block " + std::to_string(block)};
  }
  TRY(Read(map_.blocks[block].header, kHeaderFrameSizeBytesMax, frame));
  return DecodeBlockHeader(frame);
}

Result<SegmentFooter> SegmentReader::ReadFooter(ByteVector& frame) const {
  if (!map_.footer.has_value()) {
    return Damaged("no footer");
  }
  TRY(Read(*map_.footer, kFooterFrameSizeBytesMax, frame));
  return DecodeSegmentFooter(frame);
}

}  // namespace authseal
