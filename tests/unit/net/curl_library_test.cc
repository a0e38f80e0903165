#include "lib/net/curl_library.h"

#include <gtest/gtest.h>

namespace authseal {
namespace {

TEST(CurlLibrary, IsLoadedWithAllThatIsUsed) {
  const auto curl = LoadCurl();
  ASSERT_TRUE(curl.has_value()) << curl.error().message;
  EXPECT_STREQ(curl->easy_strerror(CURLE_OK), "No error");
}

TEST(CurlLibrary, ThatIsNotInstalledIsSaidWithWhatToDo) {
  const auto curl = LoadCurl("libcurl-that-nobody-has.so.4");
  ASSERT_FALSE(curl.has_value());
  EXPECT_EQ(curl.error().code, ErrorCode::kTemporary);
  EXPECT_NE(curl.error().message.find("libcurl-that-nobody-has.so.4"),
            std::string::npos);
  EXPECT_NE(curl.error().hint.find("install libcurl"), std::string::npos);
}

TEST(CurlLibrary, AnotherLibraryInItsPlaceIsRefused) {
  const auto curl = LoadCurl("libc.so.6");
  ASSERT_FALSE(curl.has_value());
  EXPECT_EQ(curl.error().code, ErrorCode::kTemporary);
  EXPECT_NE(curl.error().message.find("curl_easy_init"), std::string::npos)
      << curl.error().message;
}

}  // namespace
}  // namespace authseal
