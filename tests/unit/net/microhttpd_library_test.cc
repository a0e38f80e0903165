#include "lib/net/microhttpd_library.h"

#include <gtest/gtest.h>

namespace authseal {
namespace {

TEST(MicrohttpdLibrary, IsLoadedWithAllThatIsUsed) {
  const auto mhd = LoadMicrohttpd();
  ASSERT_TRUE(mhd.has_value()) << mhd.error().message;
}

TEST(MicrohttpdLibrary, ThatIsNotInstalledIsSaidWithWhatToDo) {
  const auto mhd = LoadMicrohttpd("libmicrohttpd-that-nobody-has.so.12");
  ASSERT_FALSE(mhd.has_value());
  EXPECT_EQ(mhd.error().code, ErrorCode::kTemporary);
  EXPECT_NE(mhd.error().message.find("libmicrohttpd-that-nobody-has.so.12"),
            std::string::npos);
  EXPECT_NE(mhd.error().hint.find("apt install libmicrohttpd12"),
            std::string::npos);
}

TEST(MicrohttpdLibrary, AnotherLibraryInItsPlaceIsRefused) {
  const auto mhd = LoadMicrohttpd("libc.so.6");
  ASSERT_FALSE(mhd.has_value());
  EXPECT_NE(mhd.error().message.find("MHD_start_daemon"), std::string::npos)
      << mhd.error().message;
}

}  // namespace
}  // namespace authseal
