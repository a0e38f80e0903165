#include "lib/event/value_memo.h"

#include <string>

#include <gtest/gtest.h>

namespace authseal {
namespace {

MemoKey KeyOf(std::uint64_t owner, std::string_view a, std::string_view b) {
  MemoKey key(owner);
  key.AddText(a);
  key.AddText(b);
  return key;
}

void Put(ValueMemo& memo, const MemoKey& key, std::uint32_t value) {
  EXPECT_FALSE(memo.Find(key));
  memo.Remember(key, value);
}

TEST(ValueMemo, FindsWhatIsEqualInFullAndNothingElse) {
  ValueMemo memo;
  Put(memo, KeyOf(1, "ab", "c"), 7);
  EXPECT_EQ(memo.Find(KeyOf(1, "ab", "c")), 7u);
  EXPECT_FALSE(memo.Find(KeyOf(1, "a", "bc")));
  EXPECT_FALSE(memo.Find(KeyOf(1, "abc", "")));
  EXPECT_FALSE(memo.Find(KeyOf(2, "ab", "c")));
  EXPECT_FALSE(memo.Find(KeyOf(1, "ab", std::string_view("c\0", 2))));
}

TEST(ValueMemo, NeverTakesOneOfManyKeysForAnother) {
  ValueMemo memo;
  for (std::uint32_t i = 0; i < 100'000; ++i) {
    const std::string text = std::to_string(i);
    const auto known = memo.Find(KeyOf(1, text, "x"));
    ASSERT_FALSE(known) << text;
    memo.Remember(KeyOf(1, text, "x"), i);
    ASSERT_EQ(memo.Find(KeyOf(1, text, "x")), i);
  }
}

TEST(ValueMemo, LongValuesDoNotFit) {
  EXPECT_TRUE(KeyOf(1, std::string(200, 'a'), "").fits());
  EXPECT_FALSE(KeyOf(1, std::string(200, 'a'), std::string(60, 'b')).fits());
  EXPECT_FALSE(KeyOf(1, std::string(256, 'a'), "").fits());
}

TEST(ValueMemo, EveryOwnerIsNew) {
  ValueMemo memo;
  EXPECT_NE(memo.NewOwner(), memo.NewOwner());
}

TEST(MemoGain, EndsWhereMoreIsMissedThanFound) {
  MemoGain good;
  MemoGain bad;
  for (int i = 0; i < 10'000; ++i) {
    good.Found();
    good.Found();
    good.Found();
    good.Missed();
    bad.Found();
    bad.Missed();
  }
  EXPECT_TRUE(good.expected());
  EXPECT_FALSE(bad.expected());
}

}  // namespace
}  // namespace authseal
