#include "lib/query/pair_search.h"

#include <string>

#include <gtest/gtest.h>

namespace authseal {
namespace {

// "ab" three bytes apart, at every place and with every length behind it.
TEST(PairSearch, FindsAPairAtEveryPlace) {
  const PairPattern pattern = {
      .first = 'a', .second = 'b', .first_at = 2, .second_at = 5};
  for (std::size_t size = 0; size < 300; size += 7) {
    for (std::size_t at = 0; at + 6 <= size; ++at) {
      std::string text(size, 'x');
      text[at + 2] = 'a';
      text[at + 5] = 'b';
      ASSERT_EQ(FindPair(text, 0, pattern, EscapeStops::kAll), at);
      ASSERT_EQ(FindPair(text, at, pattern, EscapeStops::kUnicode), at);
      ASSERT_EQ(FindPair(text, at + 1, pattern, EscapeStops::kAll),
                std::string::npos);
      text[at + 5] = 'c';
      ASSERT_EQ(FindPair(text, 0, pattern, EscapeStops::kAll),
                std::string::npos);
    }
  }
}

TEST(PairSearch, StopsAtEscapes) {
  const PairPattern pattern = {
      .first = '"', .second = '"', .first_at = 0, .second_at = 1};
  for (std::size_t size = 2; size < 200; size += 3) {
    for (std::size_t at = 0; at + 2 <= size; ++at) {
      std::string text(size, 'x');
      text[at] = '\\';
      ASSERT_EQ(FindPair(text, 0, pattern, EscapeStops::kAll), at);
      ASSERT_EQ(FindPair(text, 0, pattern, EscapeStops::kUnicode),
                std::string::npos);
      text[at + 1] = 'u';
      ASSERT_EQ(FindPair(text, 0, pattern, EscapeStops::kUnicode), at);
    }
  }
  EXPECT_EQ(FindPair("\\", 0, pattern, EscapeStops::kAll), 0U);
  EXPECT_EQ(FindPair("\\", 0, pattern, EscapeStops::kUnicode),
            std::string::npos);
  EXPECT_EQ(FindPair("", 0, pattern, EscapeStops::kAll), std::string::npos);
}

}  // namespace
}  // namespace authseal
