// Leaves in, tiles out: the hashes of a tree in rows of tiles 256 wide, and its
// entries in bundles as wide, as c2sp.org/tlog-tiles has them. Holds one tile a
// level and one bundle.
#ifndef AUTHSEAL_EXPORT_TILE_ROWS_H_
#define AUTHSEAL_EXPORT_TILE_ROWS_H_

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/bytes.h"
#include "lib/base/result.h"

namespace authseal {

// A longer record cannot be an entry: its size is stored in two bytes.
inline constexpr std::size_t kEntrySizeBytesMax = 65'535;

// Writes one file; `path` as in tile_path.h.
using PutTile =
    std::function<Status(const std::vector<std::string>& path, Bytes bytes)>;

class TileRows {
 public:
  explicit TileRows(PutTile put) : put_(std::move(put)) {}

  // Errors of these are those of `put`.
  Status AddLeaf(const Hash& leaf) { return AddHash(0, leaf); }
  // Writes the partial tiles; nothing is added behind.
  Status Finish();

  std::uint64_t tiles() const { return tiles_; }  // written

 private:
  struct Row {
    std::uint64_t number = 0;  // of the tile that grows
    std::vector<Hash> hashes;
  };
  Status AddHash(std::size_t level, const Hash& hash);
  Status Put(std::size_t level);

  PutTile put_;
  std::vector<Row> rows_;  // by level
  std::uint64_t tiles_ = 0;
};

class EntryBundles {
 public:
  explicit EntryBundles(PutTile put) : put_(std::move(put)) {}

  Status AddEntry(std::string_view record);
  // A record of more than kEntrySizeBytesMax: its bundle is left out.
  Status AddTooLong();
  Status Finish();

  std::uint64_t bundles() const { return bundles_; }  // written
  std::uint64_t left_out() const { return left_out_; }
  std::uint64_t too_long() const { return too_long_; }  // records

 private:
  Status Next();
  Status Put();

  PutTile put_;
  std::string bytes_;
  std::size_t width_ = 0;
  bool whole_ = true;  // no record was too long
  std::uint64_t number_ = 0;
  std::uint64_t bundles_ = 0;
  std::uint64_t left_out_ = 0;
  std::uint64_t too_long_ = 0;
};

}  // namespace authseal

#endif  // AUTHSEAL_EXPORT_TILE_ROWS_H_
