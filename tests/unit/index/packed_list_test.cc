#include "lib/index/packed_list.h"

#include <limits>
#include <random>

#include <gtest/gtest.h>

#include "lib/index/time_column.h"

namespace authseal {
namespace {

using Values = std::vector<std::uint64_t>;

ByteVector Packed(const Values& values) {
  ByteVector packed;
  AppendPacked(values, packed);
  return packed;
}

TEST(PackedList, GivesBackWhatWasPutIn) {
  std::mt19937_64 random{7};
  for (int i = 0; i < 2000; ++i) {
    Values values(random() % 70);
    const std::uint64_t width = random() % 65;
    for (std::uint64_t& value : values) {
      // Now and then a large one.
      const std::uint64_t bits = random() % 9 == 0 ? random() % 65 : width;
      value = bits == 0 ? 0 : random() >> (64 - bits);
    }
    Values back;
    ASSERT_TRUE(ReadPacked(Packed(values), values.size(), back).has_value());
    ASSERT_EQ(back, values) << i;
  }
}

TEST(PackedList, TakesTheFewestBits) {
  EXPECT_EQ(Packed({}), (ByteVector{0, 0}));
  EXPECT_EQ(Packed({0, 0, 0}), (ByteVector{0, 0}));
  EXPECT_EQ(Packed({1, 0, 1, 1}), (ByteVector{1, 1, 0b1101}));
  // Seven zeros of a bit each, and a large one behind its bit.
  EXPECT_EQ(Packed({0, 0, 0, 0, 0, 0, 0, 255}), (ByteVector{0, 8, 0x80, 0xff}));
}

TEST(PackedList, OfAnotherLengthIsRefused) {
  const ByteVector packed = Packed({1, 2, 3, 900, 5, 6, 7, 8, 9, 10, 11, 12});
  Values back;
  ASSERT_TRUE(ReadPacked(packed, 12, back).has_value());
  for (std::size_t size = 0; size < packed.size(); ++size) {
    EXPECT_FALSE(ReadPacked(Bytes(packed).first(size), 12, back).has_value());
  }
  ByteVector longer = packed;
  longer.push_back(0);
  EXPECT_FALSE(ReadPacked(longer, 12, back).has_value());
  EXPECT_FALSE(ReadPacked(packed, 40, back).has_value());
  EXPECT_FALSE(ReadPacked(ByteVector{3, 2, 0}, 1, back).has_value());
  EXPECT_FALSE(ReadPacked(ByteVector{1, 65, 0}, 1, back).has_value());
}

std::vector<UnixNanos> BackFrom(const std::vector<UnixNanos>& times) {
  ByteVector bytes;
  AppendTimes(times, bytes);
  Values packed;
  std::vector<UnixNanos> back;
  EXPECT_TRUE(ReadTimes(bytes, times.size(), packed, back).has_value());
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    std::vector<UnixNanos> cut;
    EXPECT_FALSE(
        ReadTimes(Bytes(bytes).first(size), times.size(), packed, cut));
  }
  return back;
}

TEST(TimeColumn, EveryTimeIsExact) {
  using Limits = std::numeric_limits<std::int64_t>;
  const std::vector<std::vector<UnixNanos>> lists = {
      {{0}},
      {{5}, {4}, {7}, {-7}},
      {{Limits::min()}, {Limits::max()}, {0}, {Limits::min() + 1}},
      {{Limits::max()}, {Limits::min()}},
      {{-1'500'000'000}, {2'500'000'000}},
      {{1'767'225'600'000'000'000}, {1'767'225'601'000'000'000}},
      {{1'767'225'600'123'456'789}, {1'767'225'600'123'456'788}}};
  for (const auto& times : lists) {
    EXPECT_EQ(BackFrom(times), times);
  }
}

TEST(TimeColumn, WholeSecondsInOrderTakeFewBytes) {
  std::vector<UnixNanos> times;
  for (std::int64_t i = 0; i < 1000; ++i) {
    times.push_back({(1'767'225'600 + i) * 1'000'000'000});
  }
  ByteVector bytes;
  AppendTimes(times, bytes);
  EXPECT_LT(bytes.size(), 400u);
}

TEST(TimeColumn, UnknownUnitIsRefused) {
  ByteVector bytes;
  AppendTimes(std::vector<UnixNanos>{{0}}, bytes);
  bytes[0] = 4;
  Values packed;
  std::vector<UnixNanos> back;
  EXPECT_FALSE(ReadTimes(bytes, 1, packed, back).has_value());
}

}  // namespace
}  // namespace authseal
