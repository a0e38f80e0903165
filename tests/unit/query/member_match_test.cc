#include "lib/query/member_match.h"

#include <string>

#include <gtest/gtest.h>

namespace authseal {
namespace {

constexpr std::string_view kObject =
    R"({"s":"caf\u00e9","n":9007199254740993,"f":1.50,"t":true,"z":null,)"
    R"("a":{"b":["x",{"c":"deep"}]},"a/b":"slash","m~n":"tilde",)"
    R"("d":"first","d":"last","":"empty","a!b":"bang","num":"12",)"
    R"("a.b":"dot"})";

bool Holds(const std::string& condition) {
  const auto match = MemberMatch::Parse(condition);
  EXPECT_TRUE(match.has_value()) << condition;
  JsonDocument document;
  EXPECT_EQ(document.Parse(kObject), JsonFault::kNone);
  return match.has_value() && match->Matches(document.root());
}

struct Case {
  const char* condition;
  bool holds;
};

TEST(MemberMatch, ComparesAMemberAsAPersonReadsIt) {
  constexpr Case kCases[] = {
      {"/s=café", true},
      {"/s=caf", false},
      {"/s!=caf", true},
      {"/s~^caf.$", true},
      {"/s~AF", false},
      {"/s~(?i)AF", true},
      {"/s>cae", true},
      {"/s<cag", true},
      {"/s<caf", false},
      {"/n=9007199254740993", true},
      {"/n=9007199254740992", false},
      {"/n>9007199254740992", true},
      {"/n<9007199254740993", false},
      {"/n=9.007199254740993e15", true},
      {"/n~993$", true},
      {"/f=1.5", true},
      {"/f!=1.5", false},
      {"/f<15e-1", false},
      {"/num=12", true},
      {"/num<9", true},  // a string: by its bytes
      {"/t=true", true},
      {"/t!=true", false},
      {"/z=null", true},
      {"/a/b/0=x", true},
      {"/a/b/1/c=deep", true},
      {"/a/b/01=x", false},
      {"/d=last", true},  // of duplicates the last
      {"/d=first", false},
      {"/=empty", true},
      {"/a.b=dot", true},
  };
  for (const Case& c : kCases) {
    EXPECT_EQ(Holds(c.condition), c.holds) << c.condition;
  }
}

TEST(MemberMatch, OnlyNotEqualHoldsForAnAbsentMember) {
  EXPECT_TRUE(Holds("/absent!=x"));
  EXPECT_TRUE(Holds("/a/b/9!=x"));
  EXPECT_FALSE(Holds("/absent="));
  EXPECT_FALSE(Holds("/absent~.*"));
  EXPECT_FALSE(Holds("/absent<z"));
  EXPECT_FALSE(Holds("/absent>0"));
}

TEST(MemberMatch, TakesEscapesOfThePointerForNoOperator) {
  EXPECT_TRUE(Holds("/a~1b=slash"));
  EXPECT_TRUE(Holds("/m~0n=tilde"));
  EXPECT_TRUE(Holds("/a~1b~^sl"));
  EXPECT_TRUE(Holds("/a!b=bang"));
  EXPECT_TRUE(Holds("/a!b!=x"));
  EXPECT_TRUE(Holds("/num~(1)"));  // an expression that begins with a digit
}

TEST(MemberMatch, TheValueMayHoldOperators) {
  EXPECT_TRUE(Holds("/s!=a=b"));
  EXPECT_FALSE(Holds("/s=a=b"));
  EXPECT_FALSE(Holds("/s=~x"));
}

TEST(MemberMatch, RefusesWhatIsNoCondition) {
  for (const char* text : {"", "s=x", "/s", "/s!", "/a~1b", "=x", "/s~(",
                           "/s~(a)\\1", "/s~[z-a]"}) {
    const auto match = MemberMatch::Parse(text);
    ASSERT_FALSE(match.has_value()) << text;
    EXPECT_EQ(match.error().code, ErrorCode::kInvalidArgument);
    EXPECT_FALSE(match.error().hint.empty());
  }
}

}  // namespace
}  // namespace authseal
