#include "lib/witness/add_checkpoint.h"

#include <string>

#include <gtest/gtest.h>

#include "lib/base/encoding.h"

namespace authseal {
namespace {

std::string HashLine() {
  return Base64Encode(Hash{}.view()) + "\n";
}

TEST(AddCheckpoint, IsReadAndWrittenAlike) {
  for (const std::size_t hashes : {0u, 1u, 63u}) {
    AddCheckpoint request{.old_size = hashes,
                          .proof = std::vector<Hash>(hashes),
                          .checkpoint = "o\n1\nroot\n\n— n sig\n"};
    const std::string body = FormatAddCheckpoint(request);
    const auto back = ParseAddCheckpoint(body);
    ASSERT_TRUE(back.has_value());
    EXPECT_EQ(back->old_size, request.old_size);
    EXPECT_EQ(back->proof, request.proof);
    EXPECT_EQ(back->checkpoint, request.checkpoint);
  }
}

TEST(AddCheckpoint, IsRefusedInAnyOtherForm) {
  std::string many = "old 1\n";
  for (int i = 0; i < 64; ++i) {
    many += HashLine();
  }
  for (const std::string& body :
       {std::string(), std::string("old 0"), std::string("old 0\n"),
        std::string("old\n\nx"), std::string("old 01\n\nx"),
        std::string("old -1\n\nx"), std::string("old 1 \n\nx"),
        std::string("old 18446744073709551616\n\nx"), std::string("OLD 1\n\nx"),
        std::string("size 1\n\nx"), std::string("\nold 1\n\nx"),
        std::string("old 1\r\n\r\nx"), std::string("old 1\nabc\n\nx"),
        "old 1\n" + HashLine(), "old 1\n " + HashLine() + "\nx", many + "\nx",
        std::string(kAddCheckpointSizeBytesMax + 1, 'x')}) {
    const auto request = ParseAddCheckpoint(body);
    ASSERT_FALSE(request.has_value()) << body.substr(0, 60);
    EXPECT_EQ(request.error().code, ErrorCode::kDamaged);
  }
}

TEST(TreeSizeBody, IsANumberOnALine) {
  EXPECT_EQ(*ParseTreeSizeBody("0\n"), 0u);
  EXPECT_EQ(*ParseTreeSizeBody("20852014\n"), 20852014u);
  for (const std::string_view body :
       {"", "1", "\n", "1\n\n", "01\n", "x\n", "-1\n", "1 2\n"}) {
    EXPECT_FALSE(ParseTreeSizeBody(body).has_value()) << body;
  }
}

}  // namespace
}  // namespace authseal
