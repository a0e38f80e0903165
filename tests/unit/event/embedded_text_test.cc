#include "lib/event/embedded_text.h"

#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace authseal {
namespace {

using Pairs = std::vector<std::pair<std::string, std::string>>;

Pairs ReadAll(std::string_view text) {
  Pairs pairs;
  KeyValueReader reader(text);
  while (const auto pair = reader.Next()) {
    std::string value(pair->value);
    if (pair->escaped) {
      UnescapeQuotes(pair->value, value);
    }
    pairs.emplace_back(pair->name, value);
  }
  return pairs;
}

TEST(KeyValueReader, ReadsKeycloaksFormats) {
  EXPECT_EQ(ReadAll(R"(type="LOGIN", realmId="r 1", userId="null")"),
            (Pairs{{"type", "LOGIN"}, {"realmId", "r 1"}, {"userId", "null"}}));
  EXPECT_EQ(ReadAll("type=LOGIN, username='a b', uri=https://x/?a=b, c=d"),
            (Pairs{{"type", "LOGIN"},
                   {"username", "a b"},
                   {"uri", "https://x/?a=b"},
                   {"c", "d"}}));
}

TEST(KeyValueReader, StepsOverWhatIsNoPair) {
  EXPECT_EQ(ReadAll("2026-03-01 09:00:00 WARN [a.b] (t-1) type=X"),
            (Pairs{{"type", "X"}}));
  EXPECT_TRUE(ReadAll("nothing here == = ==").empty());
  EXPECT_TRUE(ReadAll("").empty());
}

TEST(KeyValueReader, AQuoteInAValueDoesNotEndIt) {
  EXPECT_EQ(ReadAll(R"(username="x\", type=\"LOGOUT", error="e")"),
            (Pairs{{"username", R"(x", type="LOGOUT)"}, {"error", "e"}}));
}

TEST(KeyValueReader, AnUnclosedQuoteTakesTheRest) {
  EXPECT_EQ(ReadAll(R"(a="b c=d)"), (Pairs{{"a", "b c=d"}}));
  EXPECT_EQ(ReadAll("a=\""), (Pairs{{"a", ""}}));
  EXPECT_EQ(ReadAll("a=\"\\"), (Pairs{{"a", "\\"}}));
}

TEST(UrlParameter, IsFoundInQueryAndFragment) {
  EXPECT_EQ(UrlParameter("/a?client_id=x&scope=y", "client_id"), "x");
  EXPECT_EQ(UrlParameter("/a?client_id=x&scope=y#z", "scope"), "y");
  EXPECT_EQ(UrlParameter("https://h/#access_token=t&a=b", "access_token"), "t");
  EXPECT_EQ(UrlParameter("/a?q=1#q=2", "q"), "1");
}

TEST(UrlParameter, NeedsTheWholeName) {
  EXPECT_EQ(UrlParameter("/a?xclient_id=x", "client_id"), std::nullopt);
  EXPECT_EQ(UrlParameter("/a?client_idx=x", "client_id"), std::nullopt);
  EXPECT_EQ(UrlParameter("/client_id=x", "client_id"), std::nullopt);
  EXPECT_EQ(UrlParameter("", "client_id"), std::nullopt);
  EXPECT_EQ(UrlParameter("?&&&client_id=", "client_id"), "");
}

TEST(DecodeFormValue, DecodesOnceAndLeavesMalformedEscapes) {
  std::string out;
  DecodeFormValue("a+b%20c%2Fd%zz%2", out);
  EXPECT_EQ(out, "a b c/d%zz%2");
}

}  // namespace
}  // namespace authseal
