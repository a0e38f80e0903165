#include "lib/export/tile_path.h"

#include <gtest/gtest.h>

namespace authseal {
namespace {

std::string Text(const std::vector<std::string>& path) {
  std::string text;
  for (const std::string& part : path) {
    text += (text.empty() ? "" : "/") + part;
  }
  return text;
}

// The examples of c2sp.org/tlog-tiles, and the ends of each range.
TEST(TilePath, IsThatOfTheSpecification) {
  struct Case {
    int level;
    std::uint64_t number;
    std::size_t width;
    std::string path;
  };
  const std::vector<Case> cases = {
      {0, 0, 256, "tile/0/000"},
      {0, 0, 1, "tile/0/000.p/1"},
      {0, 273, 112, "tile/0/273.p/112"},
      {0, 273, 255, "tile/0/273.p/255"},
      {0, 999, 256, "tile/0/999"},
      {1, 1000, 256, "tile/1/x001/000"},
      {2, 1234067, 256, "tile/2/x001/x234/067"},
      {2, 1234067, 8, "tile/2/x001/x234/067.p/8"},
      {0, 999999, 256, "tile/0/x999/999"},
      {0, 1000000, 256, "tile/0/x001/x000/000"},
      {63, 0, 256, "tile/63/000"},
      {0, (std::uint64_t{1} << 63) / 256, 256,
       "tile/0/x036/x028/x797/x018/x963/968"},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(Text(HashTilePath(c.level, c.number, c.width)), c.path);
  }
  EXPECT_EQ(Text(EntryBundlePath(0, 256)), "tile/entries/000");
  EXPECT_EQ(Text(EntryBundlePath(1234067, 7)),
            "tile/entries/x001/x234/067.p/7");
}

}  // namespace
}  // namespace authseal
