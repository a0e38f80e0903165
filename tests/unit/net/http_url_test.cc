#include "lib/net/http_url.h"

#include <string>

#include <gtest/gtest.h>

#include "lib/net/http_server.h"

namespace authseal {
namespace {

TEST(HttpUrl, IsHttpWithAHostAndAtMostAPath) {
  for (const std::string_view url :
       {"http://a", "https://a.example/", "http://127.0.0.1:7380",
        "http://[::1]:7380/prefix/x", "https://a.example/w+1/%20"}) {
    EXPECT_TRUE(CheckHttpUrl(url).has_value()) << url;
  }
}

TEST(HttpUrl, IsNothingElse) {
  for (const std::string& url :
       {std::string(), std::string("a.example"), std::string("ftp://a/"),
        std::string("file:///etc/passwd"), std::string("HTTP://a/"),
        std::string("http://"), std::string("http:///x"),
        std::string("http://:80/"), std::string("http://user:pw@a/"),
        std::string("http://a/?q"), std::string("http://a/#f"),
        std::string("http://a b/"), std::string("http://a/\n"),
        std::string("http://a/\xC3\xA4"), std::string("http://a\\b/"),
        "http://a/" + std::string(2048, 'x')}) {
    const Status status = CheckHttpUrl(url);
    ASSERT_FALSE(status.has_value()) << url;
    EXPECT_EQ(status.error().code, ErrorCode::kInvalidArgument);
    EXPECT_FALSE(status.error().hint.empty());
  }
}

TEST(ListenAddress, IsAHostAndAPort) {
  HttpServerOptions options;
  ASSERT_TRUE(ParseListenAddress("127.0.0.1:7380", options).has_value());
  EXPECT_EQ(options.host, "127.0.0.1");
  EXPECT_EQ(options.port, 7380);
  ASSERT_TRUE(ParseListenAddress("[::1]:0", options).has_value());
  EXPECT_EQ(options.host, "::1");
  EXPECT_EQ(options.port, 0);
  for (const std::string_view text :
       {"", ":", ":80", "a", "a:", "a:65536", "a:-1", "::1:80", "a:0x50"}) {
    EXPECT_FALSE(ParseListenAddress(text, options).has_value()) << text;
  }
}

}  // namespace
}  // namespace authseal
