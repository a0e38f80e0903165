#include "lib/query/line_prefilter.h"

#include <algorithm>
#include <random>
#include <string>

#include <gtest/gtest.h>

#include "tests/unit/query/hiding_lines.h"

namespace authseal {
namespace {

std::vector<MemberMatch> Conditions(const std::vector<std::string>& texts) {
  std::vector<MemberMatch> conditions;
  for (const std::string& text : texts) {
    auto match = MemberMatch::Parse(text);
    EXPECT_TRUE(match.has_value()) << text;
    conditions.push_back(*std::move(match));
  }
  return conditions;
}

// One text of lines, as a block's content is.
struct Text {
  std::string bytes;
  std::vector<std::string_view> lines;

  explicit Text(const std::vector<std::string>& wanted) {
    for (const std::string& line : wanted) {
      bytes += line + "\n";
    }
    std::size_t at = 0;
    for (const std::string& line : wanted) {
      lines.push_back(std::string_view(bytes).substr(at, line.size()));
      at += line.size() + 1;
    }
  }
};

// The slow way: every line is parsed.
std::vector<std::uint32_t> Answers(const std::vector<MemberMatch>& conditions,
                                   const std::vector<std::string_view>& lines) {
  std::vector<std::uint32_t> answers;
  JsonDocument document;
  for (std::uint32_t line = 0; line < lines.size(); ++line) {
    if (document.Parse(lines[line]) == JsonFault::kNone &&
        std::all_of(conditions.begin(), conditions.end(),
                    [&document](const MemberMatch& condition) {
                      return condition.Matches(document.root());
                    })) {
      answers.push_back(line);
    }
  }
  return answers;
}

std::vector<std::uint32_t> Candidates(LinePrefilter& prefilter,
                                      const Text& text) {
  std::vector<std::uint32_t> candidates = {77};
  prefilter.Find(text.lines, candidates);
  return candidates;
}

// Everything that the slow way finds is a candidate.
void ExpectNoneLost(const std::vector<std::string>& texts, const Text& text) {
  const std::vector<MemberMatch> conditions = Conditions(texts);
  LinePrefilter prefilter(conditions);
  if (!prefilter.useful()) {
    return;
  }
  const auto answers = Answers(conditions, text.lines);
  // Again and again, since it looks for another literal each time.
  for (int round = 0; round < 4; ++round) {
    const auto candidates = Candidates(prefilter, text);
    ASSERT_TRUE(std::is_sorted(candidates.begin(), candidates.end()));
    ASSERT_EQ(std::adjacent_find(candidates.begin(), candidates.end()),
              candidates.end());
    ASSERT_TRUE(std::includes(candidates.begin(), candidates.end(),
                              answers.begin(), answers.end()))
        << texts.front() << " and " << texts.back() << ", round " << round;
  }
}

TEST(LinePrefilter, LosesNoLineThatMatchesOneCondition) {
  const Text text(kHidingLines);
  for (const std::string& condition : kHidingConditions) {
    ExpectNoneLost({condition}, text);
    // Alone too: each line is then the last of its text.
    for (const std::string& line : kHidingLines) {
      ExpectNoneLost({condition}, Text({line}));
    }
  }
}

TEST(LinePrefilter, LosesNoLineThatMatchesTwoConditions) {
  const Text text(kHidingLines);
  for (const std::string& one : kHidingConditions) {
    for (const std::string& other : kHidingConditions) {
      ExpectNoneLost({one, other}, text);
    }
  }
}

// Pieces put together by chance, so that what the cases above have is met at
// every place of a step of the search.
TEST(LinePrefilter, LosesNoLineOfMadeUpOnes) {
  std::mt19937 random(7);  // NOLINT(cert-msc51-cpp): the same each time
  const std::vector<std::string> names = {
      R"("name")",   R"("n\u0061me")", R"("names")", R"("a")",
      R"("\u0061")", R"("na\/me")",    R"("na/me")"};
  const std::vector<std::string> values = {
      R"("value")",
      R"("valu\u0065")",
      R"("name")",
      "1",
      "1.0",
      "true",
      R"({"name":"value"})",
      R"(["value","name"])",
      R"("v\"alue\\u0061")",
      R"("a long text that moves what follows \u0026 on and on")",
      R"("")"};
  const auto pick = [&random](const std::vector<std::string>& from) {
    return from[random() % from.size()];
  };
  for (int round = 0; round < 200; ++round) {
    std::vector<std::string> lines;
    for (int line = 0; line < 40; ++line) {
      std::string made = "{\"pad\":\"" + std::string(random() % 90, 'p') + '"';
      for (std::size_t member = random() % 4; member > 0; --member) {
        made += "," + pick(names) + ":" + pick(values);
      }
      lines.push_back(made + "}");
    }
    const Text text(lines);
    for (const char* condition :
         {"/name=value", "/name=1", "/a=value", "/name/name=value",
          "/na~1me=name", "/name/0=value", "/name~alu"}) {
      ExpectNoneLost({condition}, text);
    }
  }
}

TEST(LinePrefilter, LeavesOutWhatCannotMatch) {
  const Text text({R"({"name":"other"})", R"({"name":"value"})",
                   R"({"other":"value"})", R"({"n":"a\u0026b","m":"\"\\"})",
                   R"({"n\u0061":"x"})", R"({"name":"a","x":"value"})"});
  LinePrefilter by_both(Conditions({"/name=value"}));
  EXPECT_EQ(Candidates(by_both, text), (std::vector<std::uint32_t>{1, 4, 5}));
  LinePrefilter by_name(Conditions({"/name~x"}));
  EXPECT_EQ(Candidates(by_name, text),
            (std::vector<std::uint32_t>{0, 1, 4, 5}));
  LinePrefilter none(Conditions({"/absent=value"}));
  EXPECT_EQ(Candidates(none, text), (std::vector<std::uint32_t>{4}));
  EXPECT_EQ(Candidates(none, Text(std::vector<std::string>())),
            std::vector<std::uint32_t>());
}

TEST(LinePrefilter, IsOfNoUseWhereAnAbsentMemberIsAnAnswer) {
  EXPECT_FALSE(LinePrefilter(Conditions({"/name!=value"})).useful());
  EXPECT_FALSE(LinePrefilter({}).useful());
  EXPECT_FALSE(LinePrefilter(Conditions({"/0=1"})).useful());
  EXPECT_TRUE(LinePrefilter(Conditions({"/name!=x", "/other~x"})).useful());
}

}  // namespace
}  // namespace authseal
