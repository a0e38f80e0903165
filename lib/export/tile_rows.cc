#include "lib/export/tile_rows.h"

#include "lib/export/tile_path.h"
#include "lib/merkle/compact_range.h"

namespace authseal {

Status TileRows::AddHash(std::size_t level, const Hash& hash) {
  if (level == rows_.size()) {
    rows_.emplace_back();
  }
  rows_[level].hashes.push_back(hash);
  if (rows_[level].hashes.size() < kTileWidth) {
    return Ok();
  }
  TRY(Put(level));
  const Hash above =
      CompactRange::FromLeaves(0, rows_[level].hashes).hashes().front();
  rows_[level].hashes.clear();
  ++rows_[level].number;
  return AddHash(level + 1, above);
}

Status TileRows::Put(std::size_t level) {
  const Row& row = rows_[level];
  ByteVector bytes;
  bytes.reserve(row.hashes.size() * Hash::kSizeBytes);
  for (const Hash& hash : row.hashes) {
    bytes.insert(bytes.end(), hash.bytes.begin(), hash.bytes.end());
  }
  ++tiles_;
  return put_(
      HashTilePath(static_cast<int>(level), row.number, row.hashes.size()),
      bytes);
}

Status TileRows::Finish() {
  for (std::size_t level = 0; level < rows_.size(); ++level) {
    if (!rows_[level].hashes.empty()) {
      TRY(Put(level));
    }
  }
  return Ok();
}

Status EntryBundles::AddEntry(std::string_view record) {
  if (record.size() > kEntrySizeBytesMax) {
    return AddTooLong();
  }
  if (whole_) {
    bytes_ += static_cast<char>(record.size() >> 8);
    bytes_ += static_cast<char>(record.size() & 0xff);
    bytes_ += record;
  }
  return Next();
}

Status EntryBundles::AddTooLong() {
  ++too_long_;
  whole_ = false;
  bytes_.clear();
  return Next();
}

Status EntryBundles::Next() {
  return ++width_ == kTileWidth ? Put() : Ok();
}

Status EntryBundles::Put() {
  if (whole_) {
    ++bundles_;
    TRY(put_(EntryBundlePath(number_, width_), AsBytes(bytes_)));
  } else {
    ++left_out_;
  }
  ++number_;
  width_ = 0;
  whole_ = true;
  bytes_.clear();
  return Ok();
}

Status EntryBundles::Finish() {
  return width_ > 0 ? Put() : Ok();
}

}  // namespace authseal
