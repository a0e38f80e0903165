// Names of a tiled log's files, as c2sp.org/tlog-tiles has them; pure.
#ifndef AUTHSEAL_EXPORT_TILE_PATH_H_
#define AUTHSEAL_EXPORT_TILE_PATH_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace authseal {

inline constexpr std::size_t kTileWidth = 256;  // hashes, or entries

// The parts of a path below the log, the file's name last: tile 1234067 of
// level 0 is tile, 0, x001, x234, 067; with 17 of its hashes the end is
// 067.p, 17. `width` is 1 to 256.
std::vector<std::string> HashTilePath(int level, std::uint64_t number,
                                      std::size_t width);
std::vector<std::string> EntryBundlePath(std::uint64_t number,
                                         std::size_t width);

}  // namespace authseal

#endif  // AUTHSEAL_EXPORT_TILE_PATH_H_
