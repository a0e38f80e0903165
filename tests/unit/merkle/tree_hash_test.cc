#include "lib/merkle/tree_hash.h"

#include <gtest/gtest.h>

#include "lib/base/encoding.h"
#include "lib/merkle/compact_range.h"

namespace authseal {
namespace {

std::string Hex(const Hash& hash) {
  return HexEncode(hash.view());
}

// The constants that certificate transparency's implementations share.
TEST(TreeHash, GivesTheKnownAnswersOfRfc6962) {
  EXPECT_EQ(Hex(EmptyRoot()),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(Hex(LeafHash({})),
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
  EXPECT_EQ(Hex(LeafHash(AsBytes("L123456"))),
            "395aa064aa4c29f7010acfe3f25db9485bbd4b91897b6ad7ad547639252b4d56");
}

TEST(TreeHash, TellsLeavesFromNodes) {
  const Hash left = LeafHash(AsBytes("a"));
  const Hash right = LeafHash(AsBytes("b"));
  ByteVector both(left.bytes.begin(), left.bytes.end());
  both.insert(both.end(), right.bytes.begin(), right.bytes.end());
  EXPECT_NE(NodeHash(left, right), LeafHash(both));
  EXPECT_NE(NodeHash(left, right), NodeHash(right, left));
}

// Roots of the first n of eight leaves, the reference tree of RFC 6962 tests.
TEST(TreeHash, GivesTheKnownRootsOfTheReferenceTree) {
  const std::string_view kLeavesHex[] = {"",
                                         "00",
                                         "10",
                                         "2021",
                                         "3031",
                                         "40414243",
                                         "5051525354555657",
                                         "606162636465666768696a6b6c6d6e6f"};
  const std::string_view kRootsHex[] = {
      "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
      "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
      "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
      "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
      "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
      "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
      "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
      "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"};
  CompactRange range;
  for (std::size_t i = 0; i < 8; ++i) {
    const auto record = HexDecode(kLeavesHex[i]);
    ASSERT_TRUE(record.has_value());
    range.Append(LeafHash(*record));
    EXPECT_EQ(Hex(range.Root()), kRootsHex[i]) << i + 1;
  }
}

}  // namespace
}  // namespace authseal
