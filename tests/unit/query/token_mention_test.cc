#include "lib/query/token_mention.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "lib/base/encoding.h"

namespace authseal {
namespace {

const std::string kWanted = "sha256:" + std::string(64, 'a');
const std::string kOther = "sha256:" + std::string(64, 'b');

bool Mentions(const std::vector<std::string>& values, std::string_view record,
              std::optional<RecordMark> mark = std::nullopt) {
  TokenMention mention(values);
  return mention.In(record, mark);
}

TEST(TokenMention, FindsAFingerprintWhereverItStands) {
  EXPECT_TRUE(Mentions({kWanted}, R"({"unknown":{"x":")" + kWanted + "\"}}"));
  EXPECT_TRUE(Mentions({kWanted}, R"({"u":"/cb?x=1&t=)" + kWanted + "&y\"}"));
  EXPECT_TRUE(Mentions({kOther, kWanted},
                       R"({"a":")" + kOther.substr(0, 70) + kWanted + "\"}"));
}

TEST(TokenMention, DoesNotFindAnotherOrHalfOfOne) {
  EXPECT_FALSE(Mentions({kWanted}, R"({"a":")" + kOther + "\"}"));
  EXPECT_FALSE(Mentions({kWanted}, R"({"a":"sha256:aaaa"})"));
  EXPECT_FALSE(Mentions({kWanted}, "{}"));
  EXPECT_FALSE(Mentions({}, R"({"a":")" + kWanted + "\"}"));
}

// An id or family is a field's value, not a piece of text to look for.
TEST(TokenMention, LooksForFingerprintsOnly) {
  EXPECT_FALSE(Mentions({"abc"}, R"({"a":"abc"})"));
  EXPECT_FALSE(Mentions({"sha256:short"}, R"({"a":"sha256:short"})"));
}

TEST(TokenMention, LooksIntoLinesThatAreKeptInBase64) {
  const std::string line = "\xff token=" + kWanted;
  const std::string record =
      R"({"authseal":{"unparsed":{"reason":"utf8","base64":")" +
      Base64Encode(AsBytes(line)) + "\"}}}";
  EXPECT_TRUE(Mentions({kWanted}, record, RecordMark::kUnparsed));
  EXPECT_FALSE(Mentions({kOther}, record, RecordMark::kUnparsed));
}

}  // namespace
}  // namespace authseal
