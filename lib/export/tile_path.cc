#include "lib/export/tile_path.h"

#include "lib/base/encoding.h"

namespace authseal {

namespace {

constexpr std::size_t kGroupDigits = 3;
constexpr std::uint64_t kGroup = 1000;

std::vector<std::string> TilePath(std::string kind, std::uint64_t number,
                                  std::size_t width) {
  std::vector<std::string> groups = {ZeroPadded(number % kGroup, kGroupDigits)};
  for (number /= kGroup; number > 0; number /= kGroup) {
    groups.insert(groups.begin(),
                  "x" + ZeroPadded(number % kGroup, kGroupDigits));
  }
  std::vector<std::string> path = {"tile", std::move(kind)};
  path.insert(path.end(), groups.begin(), groups.end());
  if (width < kTileWidth) {
    path.back() += ".p";
    path.push_back(std::to_string(width));
  }
  return path;
}

}  // namespace

std::vector<std::string> HashTilePath(int level, std::uint64_t number,
                                      std::size_t width) {
  return TilePath(std::to_string(level), number, width);
}

std::vector<std::string> EntryBundlePath(std::uint64_t number,
                                         std::size_t width) {
  return TilePath("entries", number, width);
}

}  // namespace authseal
