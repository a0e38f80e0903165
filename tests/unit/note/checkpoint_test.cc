#include "lib/note/checkpoint.h"

#include <string>

#include <gtest/gtest.h>

namespace authseal {
namespace {

using namespace std::string_literals;

// SHA-256(""), the root of the empty tree.
const std::string kRoot = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";

TEST(Checkpoint, IsReadAndWrittenAlike) {
  for (const std::string& size :
       {"0"s, "1"s, "10"s, "734212"s, "9223372036854775808"s}) {
    const std::string text = "example.com/log\n" + size + "\n" + kRoot + "\n";
    const auto checkpoint = ParseCheckpointText(text);
    ASSERT_TRUE(checkpoint.has_value()) << text;
    EXPECT_EQ(checkpoint->origin, "example.com/log");
    EXPECT_EQ(std::to_string(checkpoint->size), size);
    EXPECT_EQ(checkpoint->root.bytes[0], 0xe3);
    EXPECT_EQ(checkpoint->root.bytes[31], 0x55);
    EXPECT_EQ(FormatCheckpointText(*checkpoint), text);
  }
}

TEST(Checkpoint, IsRefusedWhenItIsNotThreeLines) {
  const std::string good = "o\n5\n" + kRoot + "\n";
  ASSERT_TRUE(ParseCheckpointText(good).has_value());
  for (std::size_t size = 0; size < good.size(); ++size) {
    EXPECT_FALSE(ParseCheckpointText(good.substr(0, size)).has_value());
  }
  for (const std::string& text :
       {good + "extension\n", good + "\n", good + " ", "\n" + good}) {
    const auto checkpoint = ParseCheckpointText(text);
    ASSERT_FALSE(checkpoint.has_value()) << text;
    EXPECT_EQ(checkpoint.error().code, ErrorCode::kDamaged);
  }
}

TEST(Checkpoint, HasOneSpellingPerSize) {
  for (const std::string& size :
       {""s, "05"s, "00"s, "+5"s, "-5"s, " 5"s, "5 "s, "0x5"s, "5.0"s, "5e1"s,
        "9223372036854775809"s, "18446744073709551616"s,
        "99999999999999999999999"s, "5\r"s, "5\0"s, "٥"s}) {
    EXPECT_FALSE(
        ParseCheckpointText("o\n" + size + "\n" + kRoot + "\n").has_value())
        << size;
  }
}

TEST(Checkpoint, HasOneSpellingPerRoot) {
  for (const std::string& root :
       {""s, kRoot.substr(0, 43), kRoot + "=", kRoot + " ", " " + kRoot,
        "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU="s,  // URL alphabet
        "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFV="s,  // trailing bit
        "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuA=="s,  // 31 bytes
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"s,  // 33 bytes
        kRoot + "\r"}) {
    EXPECT_FALSE(ParseCheckpointText("o\n5\n" + root + "\n").has_value())
        << root;
  }
}

TEST(Checkpoint, HasAnOriginThatCanBeShown) {
  for (const std::string& origin :
       {""s, "a\tb"s, "a\x1b[31m"s, "a\0b"s, "\xFF"s, "a\r"s}) {
    EXPECT_FALSE(
        ParseCheckpointText(origin + "\n5\n" + kRoot + "\n").has_value())
        << origin;
  }
  // Spaces are allowed here, unlike in a key's name.
  EXPECT_TRUE(ParseCheckpointText("a log\n5\n" + kRoot + "\n").has_value());
}

}  // namespace
}  // namespace authseal
