#include "lib/event/flat_tree.h"

#include <array>

#include <gtest/gtest.h>

#include "lib/event/mapper.h"

namespace authseal {
namespace {

void ExpectSame(const YamlNode& a, const YamlNode& b) {
  EXPECT_EQ(a.type, b.type);
  EXPECT_EQ(a.text, b.text);
  EXPECT_EQ(a.line, b.line);
  EXPECT_EQ(a.column, b.column);
  ASSERT_EQ(a.items.size(), b.items.size());
  for (std::size_t i = 0; i < a.items.size(); ++i) {
    ExpectSame(a.items[i], b.items[i]);
  }
}

TEST(FlatTree, BuiltInMappingsHaveTheTreesOfTheirTexts) {
  for (const BuiltInMapping& source : BuiltInMappings()) {
    const auto parsed = ParseYaml(source.name, source.text);
    const auto flat = ReadFlatTree(AsBytes(source.tree));
    ASSERT_TRUE(parsed.has_value());
    ASSERT_TRUE(flat.has_value()) << source.name;
    ExpectSame(*parsed, *flat);
  }
}

TEST(FlatTree, SectionsAreThoseOfTheTree) {
  constexpr std::array<std::string_view, 2> kKeys = {"name", "recognise"};
  for (const BuiltInMapping& source : BuiltInMappings()) {
    const auto whole = ParseYaml(source.name, source.text);
    const auto part = ReadFlatSections(AsBytes(source.tree), kKeys);
    ASSERT_TRUE(whole.has_value() && part.has_value());
    EXPECT_LE(part->pair_count(), 2u);
    for (const std::string_view key : kKeys) {
      ASSERT_EQ(whole->Find(key) == nullptr, part->Find(key) == nullptr);
      if (whole->Find(key) != nullptr) {
        ExpectSame(*whole->Find(key), *part->Find(key));
      }
    }
  }
}

TEST(FlatTree, CutOrMalformedBytesAreRefused) {
  const auto root = ParseYaml("m.yaml", "a: [1, {b: c}]\nd: ''\n");
  ASSERT_TRUE(root.has_value());
  ByteVector flat;
  AppendFlatTree(*root, flat);
  ASSERT_TRUE(ReadFlatTree(flat).has_value());
  for (std::size_t size = 0; size < flat.size(); ++size) {
    EXPECT_FALSE(ReadFlatTree(Bytes(flat).first(size)).has_value()) << size;
  }
  flat[4] = 9;
  EXPECT_FALSE(ReadFlatTree(flat).has_value());
}

}  // namespace
}  // namespace authseal
