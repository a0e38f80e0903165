#include "lib/event/pointer_trie.h"

#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace authseal {
namespace {

// The raw JSON that one walk finds at each pointer; "-" for nothing.
std::vector<std::string> Look(const std::string& json,
                              const std::vector<std::string>& pointers) {
  PointerTrie trie;
  SlotIndex next_slot = 0;
  std::vector<SlotIndex> slots;
  for (const std::string& pointer : pointers) {
    const auto slot = trie.Add(pointer, next_slot);
    EXPECT_TRUE(slot.has_value()) << pointer;
    slots.push_back(slot ? *slot : SlotIndex{0});
  }
  JsonDocument document;
  EXPECT_EQ(document.Parse(json), JsonFault::kNone) << json;
  std::vector<SlotValue> values(next_slot);
  PointerTrie::Workspace workspace;
  trie.Walk(document.root(), values, workspace);
  std::vector<std::string> found;
  for (const SlotIndex slot : slots) {
    found.emplace_back(values[slot].state == SlotValue::State::kJson
                           ? std::string(values[slot].json.raw())
                           : "-");
  }
  return found;
}

using Found = std::vector<std::string>;

TEST(PointerTrie, FindsManyPointersInOneWalk) {
  EXPECT_EQ(Look(R"({"a":{"b":1,"c":[10,20,{"d":2}]},"e":null})",
                 {"/a/b", "/a/c/1", "/a/c/2/d", "/e", "/x", "/a/c/3", "/a"}),
            (Found{"1", "20", "2", "null", "-", "-",
                   R"({"b":1,"c":[10,20,{"d":2}]})"}));
}

TEST(PointerTrie, NamesAreLiteralButForTheTwoEscapes) {
  EXPECT_EQ(Look(R"({"a.b":1,"c/d":2,"e~f":3,"":4,"0":5})",
                 {"/a.b", "/c~1d", "/e~0f", "/", "/0"}),
            (Found{"1", "2", "3", "4", "5"}));
}

TEST(PointerTrie, EscapedNamesAreUnescaped) {
  EXPECT_EQ(Look(R"({"client\u005fid":1,"a\\b":2})", {"/client_id", "/a\\b"}),
            (Found{"1", "2"}));
  EXPECT_EQ(Look(R"({"a\\\\b":2})", {"/a\\b"}), (Found{"-"}));
}

TEST(PointerTrie, OfDuplicatesTheLastCountsWithAllBelow) {
  EXPECT_EQ(Look(R"({"a":{"x":1,"y":2},"a":{"x":3}})", {"/a/x", "/a/y", "/a"}),
            (Found{"3", "-", R"({"x":3})"}));
  EXPECT_EQ(Look(R"({"a":{"x":1},"a":7})", {"/a/x", "/a"}), (Found{"-", "7"}));
}

TEST(PointerTrie, BracketsSelectByMember) {
  const std::string json =
      R"({"t":[{"k":"A","v":1},{"k":"B","v":2},{"k":"B","v":3}],"o":{"k":"A","v":4}})";
  EXPECT_EQ(Look(json, {"/t/[k=B]/v", "/t/[k=C|A]/v", "/t/[k=D]/v",
                        "/o/[k=A]/v", "/o/[k=B]/v", "/t/[*]/v"}),
            (Found{"2", "1", "-", "4", "-", "1"}));
}

TEST(PointerTrie, BracketsCompareNumbersAsText) {
  EXPECT_EQ(
      Look(R"([{"k":7,"v":1},{"k":true,"v":2}])", {"/[k=7]/v", "/[k=true]/v"}),
      (Found{"1", "2"}));
}

TEST(PointerTrie, TheRootIsAPointerToo) {
  EXPECT_EQ(Look("\"text\"", {"", "/a"}), (Found{"\"text\"", "-"}));
}

TEST(PointerTrie, EqualPointersShareASlot) {
  PointerTrie trie;
  SlotIndex next_slot = 0;
  const auto first = trie.Add("/a/b", next_slot);
  const auto second = trie.Add("/a/b", next_slot);
  EXPECT_EQ(*first, *second);
  EXPECT_EQ(next_slot, 1);
}

TEST(PointerTrie, MalformedPointersAreRefused) {
  PointerTrie trie;
  SlotIndex next_slot = 0;
  for (const char* pointer : {"a", "/a~", "/a~2", "/[x]", "/[=x]", "/[]"}) {
    const auto slot = trie.Add(pointer, next_slot);
    ASSERT_FALSE(slot.has_value()) << pointer;
    EXPECT_EQ(slot.error().code, ErrorCode::kInvalidArgument);
  }
}

TEST(PointerTrie, LeadingZerosAreNoIndex) {
  EXPECT_EQ(Look("[1,2]", {"/00", "/1", "/01"}), (Found{"-", "2", "-"}));
}

}  // namespace
}  // namespace authseal
