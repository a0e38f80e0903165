// The files of a tiled log over the leaves "record 0", "record 1", …, as other
// programs computed them.
#include <map>

#include "lib/base/encoding.h"
#include "lib/crypto/sha256.h"
#include "lib/export/tile_rows.h"
#include "lib/merkle/tree_hash.h"
#include "tests/interop/vectors.h"

namespace authseal {
namespace {

constexpr std::size_t kRecords = 70'000;

TEST(TileRowsVectors, AreTheSameAll277) {
  AUTHSEAL_VECTORS_OR_SKIP(path, "derived/record_tree.json");
  const JsonFile json(path);
  std::map<std::string, std::string> ours;
  TileRows rows(
      [&ours](const std::vector<std::string>& parts, Bytes bytes) -> Status {
        std::string name;
        for (const std::string& part : parts) {
          name += (name.empty() ? "" : "/") + part;
        }
        ours[name] = HexEncode(Sha256Of(bytes).view());
        return Ok();
      });
  for (std::size_t i = 0; i < kRecords; ++i) {
    ASSERT_TRUE(rows.AddLeaf(LeafHash(AsBytes("record " + std::to_string(i))))
                    .has_value());
  }
  ASSERT_TRUE(rows.Finish().has_value());
  std::map<std::string, std::string> theirs;
  for (const auto field : json["tiles_70000"].get_object()) {
    theirs[std::string(field.key)] =
        std::string(std::string_view(field.value.get_string()));
  }
  EXPECT_EQ(ours, theirs);
  EXPECT_EQ(ours.size(), 277u);
  Count("tiles of TileRows", ours.size());
}

}  // namespace
}  // namespace authseal
