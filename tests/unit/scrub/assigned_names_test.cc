// What is remembered of the names before a '=' is what ClassifyParameter and
// ClassifyVariable say.
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "lib/scrub/name_class_cache.h"
#include "lib/scrub/scrubber.h"
#include "lib/scrub/secret_names.h"

namespace authseal {
namespace {

NameClass TheLongWay(std::string_view name) {
  const NameClass parameter = ClassifyParameter(name);
  return parameter != NameClass::kPlain ? parameter : ClassifyVariable(name);
}

TEST(AssignedNames, AreClassifiedTheSameWhenTheyComeAgain) {
  const std::vector<std::string> stems = {"code",
                                          "state",
                                          "access_token",
                                          "user%5Bpassword%5D",
                                          "user[pin]",
                                          "sig",
                                          "AUTH0_CLIENT_SECRET",
                                          "GITHUB_TOKEN",
                                          "CLIENT_SECRET",
                                          "id",
                                          "access%5Ftoken",
                                          "PATH",
                                          "",
                                          "%",
                                          "x-api-key",
                                          "\xff",
                                          "session.token",
                                          "redirect_uri"};
  std::mt19937 random(17);
  NameClasses<ClassifyAssigned> classes;
  for (int i = 0; i < 100'000; ++i) {
    std::string name = stems[random() % stems.size()];
    if (random() % 4 == 0) {
      name += std::to_string(random() % 5'000);
    } else if (random() % 4 == 0) {
      name.resize(random() % (name.size() + 1));
    }
    ASSERT_EQ(classes.Classify(name), TheLongWay(name)) << name;
  }
}

TEST(AssignedNames, OfParametersAndVariablesCountInText) {
  Scrubber scrubber;
  std::string out;
  for (int again = 0; again < 2; ++again) {
    EXPECT_EQ(scrubber.ScrubText("AUTH0_CLIENT_SECRET=hunter2 PATH=/bin", out),
              1u);
    EXPECT_EQ(out, "AUTH0_CLIENT_SECRET=redacted PATH=/bin");
    EXPECT_EQ(scrubber.ScrubText("GET /?user%5Bpassword%5D=hunter2&id=1", out),
              1u);
    EXPECT_EQ(out, "GET /?user%5Bpassword%5D=redacted&id=1");
  }
}

}  // namespace
}  // namespace authseal
