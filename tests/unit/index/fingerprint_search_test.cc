#include "lib/index/fingerprint_search.h"

#include <random>
#include <string>

#include <gtest/gtest.h>

namespace authseal {
namespace {

TEST(FindFingerprintPrefix, FindsWhatFindFindsFromEveryPlace) {
  const std::string pieces[] = {"sha256:",
                                "sha256",
                                "6:",
                                "256:",
                                ":",
                                "6",
                                "s",
                                "sha256:sha256:",
                                "SHA256:",
                                "sha2566:",
                                "aaaaaaa",
                                std::string(40, 'x'),
                                std::string(1, '\0')};
  std::mt19937 random(5);
  for (int i = 0; i < 20'000; ++i) {
    std::string text;
    for (auto count = random() % 7; count > 0; --count) {
      text += pieces[random() % std::size(pieces)];
    }
    for (std::size_t from = 0; from <= text.size(); ++from) {
      ASSERT_EQ(FindFingerprintPrefix(text, from), text.find("sha256:", from))
          << text << " from " << from;
    }
  }
}

TEST(FindFingerprintPrefix, FindsItAtEveryPlaceOfALongText) {
  for (std::size_t at = 0; at + 7 <= 100; ++at) {
    std::string text(100, '6');
    text.replace(at, 7, "sha256:");
    EXPECT_EQ(FindFingerprintPrefix(text, 0), at);
    EXPECT_EQ(FindFingerprintPrefix(text, at + 1), std::string::npos);
  }
}

}  // namespace
}  // namespace authseal
