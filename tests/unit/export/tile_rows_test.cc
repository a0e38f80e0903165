#include "lib/export/tile_rows.h"

#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lib/export/tile_path.h"
#include "lib/merkle/compact_range.h"
#include "lib/merkle/tree_hash.h"

namespace authseal {
namespace {

using ::testing::ElementsAre;

class TileRowsTest : public ::testing::Test {
 protected:
  PutTile Put() {
    return [this](const std::vector<std::string>& path, Bytes bytes) -> Status {
      std::string name;
      for (const std::string& part : path) {
        name += (name.empty() ? "" : "/") + part;
      }
      EXPECT_EQ(files_.count(name), 0u) << name;
      files_[name] = ByteVector(bytes.begin(), bytes.end());
      return Ok();
    };
  }
  void Fill(std::size_t size) {
    files_.clear();
    TileRows rows(Put());
    leaves_.clear();
    for (std::size_t i = 0; i < size; ++i) {
      leaves_.push_back(LeafHash(AsBytes("record " + std::to_string(i))));
      ASSERT_TRUE(rows.AddLeaf(leaves_.back()).has_value());
    }
    ASSERT_TRUE(rows.Finish().has_value());
    EXPECT_EQ(rows.tiles(), files_.size());
  }
  std::vector<std::string> Names() const {
    std::vector<std::string> names;
    for (const auto& [name, bytes] : files_) {
      names.push_back(name);
    }
    return names;
  }

  std::map<std::string, ByteVector> files_;
  std::vector<Hash> leaves_;
};

TEST_F(TileRowsTest, HasTheFilesOfEachSize) {
  Fill(0);
  EXPECT_THAT(Names(), ElementsAre());
  Fill(1);
  EXPECT_THAT(Names(), ElementsAre("tile/0/000.p/1"));
  Fill(255);
  EXPECT_THAT(Names(), ElementsAre("tile/0/000.p/255"));
  Fill(256);
  EXPECT_THAT(Names(), ElementsAre("tile/0/000", "tile/1/000.p/1"));
  Fill(257);
  EXPECT_THAT(Names(),
              ElementsAre("tile/0/000", "tile/0/001.p/1", "tile/1/000.p/1"));
  Fill(65'536);
  EXPECT_EQ(files_.size(), 258u);
  EXPECT_EQ(files_.at("tile/1/000").size(), 256 * Hash::kSizeBytes);
  EXPECT_EQ(files_.count("tile/2/000.p/1"), 1u);
}

TEST_F(TileRowsTest, HoldsTheHashesOfCompleteSubtrees) {
  Fill(700);
  for (const auto& [name, bytes] : files_) {
    const std::size_t level = name[5] == '0' ? 0 : 1;
    const std::size_t tile = std::stoul(name.substr(7, 3));
    const std::size_t width = level == 0 ? 1 : 256;
    for (std::size_t i = 0; i < bytes.size() / Hash::kSizeBytes; ++i) {
      const std::size_t first = (tile * kTileWidth + i) * width;
      const std::vector<Hash> part(
          leaves_.begin() + static_cast<std::ptrdiff_t>(first),
          leaves_.begin() + static_cast<std::ptrdiff_t>(first + width));
      const Hash hash = CompactRange::FromLeaves(0, part).Root();
      EXPECT_TRUE(std::equal(
          hash.bytes.begin(), hash.bytes.end(),
          bytes.begin() + static_cast<std::ptrdiff_t>(i * Hash::kSizeBytes)))
          << name << " " << i;
    }
  }
}

TEST_F(TileRowsTest, BundlesEntriesWithTheirSizes) {
  EntryBundles bundles(Put());
  const std::string longest(kEntrySizeBytesMax, 'x');
  ASSERT_TRUE(bundles.AddEntry("ab").has_value());
  ASSERT_TRUE(bundles.AddEntry("").has_value());
  ASSERT_TRUE(bundles.AddEntry(longest).has_value());
  ASSERT_TRUE(bundles.Finish().has_value());
  const ByteVector& bytes = files_.at("tile/entries/000.p/3");
  EXPECT_EQ(AsText(bytes), std::string("\0\2ab\0\0\xff\xff", 8) + longest);
  EXPECT_EQ(bundles.bundles(), 1u);
  EXPECT_EQ(bundles.too_long(), 0u);
}

TEST_F(TileRowsTest, LeavesOutABundleWithARecordThatIsTooLong) {
  EntryBundles bundles(Put());
  for (int i = 0; i < 600; ++i) {
    ASSERT_TRUE(bundles
                    .AddEntry(i == 300
                                  ? std::string(kEntrySizeBytesMax + 1, 'x')
                                  : std::to_string(i))
                    .has_value());
  }
  ASSERT_TRUE(bundles.AddTooLong().has_value());
  ASSERT_TRUE(bundles.Finish().has_value());
  EXPECT_THAT(Names(), ElementsAre("tile/entries/000"));
  EXPECT_EQ(bundles.bundles(), 1u);
  EXPECT_EQ(bundles.left_out(), 2u);
  EXPECT_EQ(bundles.too_long(), 2u);
}

TEST_F(TileRowsTest, PassesOnTheErrorOfTheDisk) {
  TileRows rows([](const std::vector<std::string>&, Bytes) -> Status {
    return Error{ErrorCode::kIo, "no space left on device"};
  });
  for (int i = 0; i < 255; ++i) {
    ASSERT_TRUE(rows.AddLeaf(Hash{}).has_value());
  }
  const Status status = rows.AddLeaf(Hash{});
  ASSERT_FALSE(status.has_value());
  EXPECT_EQ(status.error().code, ErrorCode::kIo);
}

}  // namespace
}  // namespace authseal
