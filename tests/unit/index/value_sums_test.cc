#include "lib/index/value_sums.h"

#include <gtest/gtest.h>

namespace authseal {
namespace {

UnixNanos At(std::int64_t value) {
  return UnixNanos{value};
}

TEST(ValueSums, CountAndKeepTheFirstAndLastTimeOfEachCode) {
  const std::vector<std::uint16_t> codes = {2, 0, 2, 2};
  const std::vector<UnixNanos> times = {At(5), At(-7), At(-9), At(1)};
  const auto sums = SumCodes(codes, times, 4);
  ASSERT_EQ(sums.size(), 4u);
  EXPECT_EQ(sums[0].events, 1u);
  EXPECT_EQ(sums[0].first, At(-7));
  EXPECT_EQ(sums[0].last, At(-7));
  EXPECT_EQ(sums[1].events, 0u);
  EXPECT_EQ(sums[2].events, 3u);
  EXPECT_EQ(sums[2].first, At(-9));
  EXPECT_EQ(sums[2].last, At(5));
}

TEST(ValueSums, ASumWithoutEventsChangesNoTime) {
  ValueSum sum{.events = 1, .first = At(10), .last = At(20)};
  sum.Add({.events = 0, .first = At(0), .last = At(99)});
  EXPECT_EQ(sum.first, At(10));
  EXPECT_EQ(sum.last, At(20));
  ValueSum none;
  none.Add(sum);
  EXPECT_EQ(none.first, At(10)) << "not the zero that it began with";
  EXPECT_EQ(none.events, 1u);
}

TEST(ValueSums, AreReadBack) {
  const DictionarySums sums{
      .blocks_left_out = 3,
      .values = {{.events = 1ull << 40, .first = At(-1), .last = At(2)},
                 {.events = 0, .first = At(0), .last = At(0)}}};
  Encoder out;
  EncodeSums(sums, out);
  Decoder in(out.bytes());
  const auto back = DecodeSums(in, 2);
  ASSERT_TRUE(back.has_value());
  EXPECT_TRUE(in.Finish().has_value());
  EXPECT_EQ(back->blocks_left_out, 3u);
  EXPECT_EQ(back->values[0].events, 1ull << 40);
  EXPECT_EQ(back->values[0].first, At(-1));
  EXPECT_EQ(back->values[0].last, At(2));
}

TEST(ValueSums, CutOrBackwardOnesAreRefused) {
  Encoder out;
  EncodeSums({.blocks_left_out = 0,
              .values = {{.events = 2, .first = At(3), .last = At(3)}}},
             out);
  ByteVector bytes = out.bytes();
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    Decoder in(Bytes(bytes).first(size));
    EXPECT_FALSE(DecodeSums(in, 1).has_value()) << size;
  }
  bytes.at(bytes.size() - 8) = 2;  // the last time, one before the first
  Decoder in(bytes);
  EXPECT_FALSE(DecodeSums(in, 1).has_value());
}

}  // namespace
}  // namespace authseal
