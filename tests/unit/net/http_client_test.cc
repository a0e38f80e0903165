// What the HTTP client refuses by itself; servers that answer are asked by the
// black-box tests.
#include "lib/net/http_client.h"

#include <string>

#include <gtest/gtest.h>

namespace authseal {
namespace {

TEST(HttpClient, TakesHttpAndHttpsWithoutCredentialsOnly) {
  for (const std::string url :
       {"", "nothing", "file:///etc/passwd", "ftp://127.0.0.1/", "http://",
        "gopher://127.0.0.1/", "http://user:secret@127.0.0.1:1/",
        "https://user@127.0.0.1:1/"}) {
    HttpRequest request;
    request.url = url;
    const auto response = Perform(request);
    ASSERT_FALSE(response.has_value()) << url;
    EXPECT_FALSE(response.error().message.empty()) << url;
    if (url.find("://") != std::string::npos) {
      EXPECT_EQ(response.error().code, ErrorCode::kInvalidArgument) << url;
    }
  }
}

TEST(HttpClient, SaysThatNobodyAnswers) {
  HttpRequest request;
  request.url = "http://127.0.0.1:1/";
  request.method = HttpMethod::kPost;
  request.body = {1, 2, 3};
  const auto response = Perform(request);
  ASSERT_FALSE(response.has_value());
  EXPECT_EQ(response.error().code, ErrorCode::kTemporary);
  EXPECT_EQ(response.error().message.find(request.url), 0u);
}

}  // namespace
}  // namespace authseal
