#include "lib/base/short_text.h"

#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace authseal {
namespace {

TEST(ShortText, EqualOnlyForEqualTexts) {
  // Every length, and for each a change of every byte.
  for (std::size_t size = 0; size <= ShortText::kSizeBytesMax; ++size) {
    std::string text(size, 'a');
    for (std::size_t i = 0; i < size; ++i) {
      text[i] = static_cast<char>('a' + i);
    }
    EXPECT_EQ(ShortText(text), ShortText(std::string(text)));
    for (std::size_t i = 0; i < size; ++i) {
      std::string other = text;
      other[i] = '\0';
      EXPECT_NE(ShortText(text), ShortText(other)) << size << " " << i;
      other[i] = '\xff';
      EXPECT_NE(ShortText(text), ShortText(other)) << size << " " << i;
    }
  }
}

TEST(ShortText, TellsLengthsOfTheSameByteApart) {
  for (const char c : {'\0', 'a', '\xff'}) {
    for (std::size_t a = 0; a <= ShortText::kSizeBytesMax; ++a) {
      for (std::size_t b = 0; b <= ShortText::kSizeBytesMax; ++b) {
        EXPECT_EQ(ShortText(std::string(a, c)) == ShortText(std::string(b, c)),
                  a == b)
            << a << " " << b;
      }
    }
  }
}

TEST(ShortText, ReadsNothingBehindTheText) {
  for (std::size_t size = 0; size <= ShortText::kSizeBytesMax; ++size) {
    // A buffer of exactly that size, for the address sanitizer.
    const std::vector<char> exact(size, 'x');
    EXPECT_EQ(ShortText({exact.data(), size}),
              ShortText(std::string(size, 'x')));
  }
}

TEST(ShortText, SpreadsNamesOverATable) {
  std::set<std::uint64_t> places;
  for (int i = 0; i < 1000; ++i) {
    places.insert(ShortText("name_" + std::to_string(i)).Hash() >> 54);
  }
  EXPECT_GT(places.size(), 500u);  // of 1024; chance has 636
}

}  // namespace
}  // namespace authseal
