// One pass over a line finds what FindAnchor finds in each of its strings.
#include "lib/scrub/line_anchors.h"

#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "lib/scrub/text_anchors.h"
#include "lib/scrub/token_prefixes.h"

namespace authseal {
namespace {

class LineAnchorsTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!AnchorLanesSupported()) {
      GTEST_SKIP() << "this machine has no AVX2";
    }
  }

  // Where the strings of a line are, `line` in memory of just its size.
  struct String {
    std::size_t begin = 0;
    std::size_t end = 0;
  };

  void Check(std::string_view line, const std::vector<String>& strings) {
    const auto memory = std::make_unique<char[]>(line.size());
    line.copy(memory.get(), line.size());
    const std::string_view exact(memory.get(), line.size());
    ASSERT_TRUE(anchors_.Read(exact));
    for (const auto& [begin, end] : strings) {
      const std::string_view string = exact.substr(begin, end - begin);
      for (std::size_t from = 0; from <= string.size(); ++from) {
        const std::size_t wanted = FindAnchor(string, from);
        ASSERT_EQ(anchors_.FirstIn(begin, end, from),
                  wanted == string.size() ? std::string_view::npos : wanted)
            << string << " from " << from << " at " << begin;
      }
    }
  }

  LineAnchors anchors_;
};

// The three bytes an anchor is judged by, each alone, at a string's front and
// in its middle, with what follows that can count.
TEST_F(LineAnchorsTest, AgreesForAllThreeBytesInARow) {
  std::string line = "{\"";
  std::vector<String> strings;
  for (const char anchor : std::string_view("_./w=: -J%\\>aA0,~")) {
    for (int second = 0x20; second < 0x100; ++second) {
      for (int before = 0x20; before < 0x100; ++before) {
        if (second == '"' || before == '"') {
          continue;
        }
        const std::size_t begin = line.size();
        line += static_cast<char>(second);
        line += static_cast<char>(before);
        line += anchor;
        line += "/-0"[(second + before) % 3];
        strings.push_back({begin, line.size()});
        line += '"';
        if (line.size() > 4000) {
          Check(line, strings);
          if (HasFatalFailure()) {
            return;
          }
          line.resize(2);
          strings.clear();
        }
      }
    }
  }
  Check(line, strings);
}

TEST_F(LineAnchorsTest, AgreesForEveryTokenPrefixAtEveryAlignment) {
  for (const TokenPrefix& prefix : kTokenPrefixes) {
    for (std::size_t before = 0; before < 70; ++before) {
      std::string line = "{" + std::string(before, ' ') + "\"";
      const std::size_t begin = line.size();
      line += std::string(prefix.text) + std::string(before % 3, '0');
      const std::size_t end = line.size();
      line += "\"}";
      Check(line, {{begin, end}});
    }
  }
}

// Strings of all lengths, the last one up to the line's last byte but one.
TEST_F(LineAnchorsTest, AgreesForLinesOfRandomStrings) {
  constexpr std::string_view kBytes =
      "=%>:::   ---___...///wwJyeEoxhpsk1w0aAbBcCdDnNrRsSpP,;'~\xc3\xa4";
  std::mt19937 random(5);
  for (int i = 0; i < 4'000; ++i) {
    std::string line = "{\"";
    std::vector<String> strings;
    for (auto count = 1 + random() % 5; count > 0; --count) {
      const std::size_t begin = line.size();
      const std::size_t size = random() % (i % 10 == 0 ? 300 : 70);
      // Mostly bytes that mean nothing, so that gaps are long.
      while (line.size() < begin + size) {
        line += random() % 4 == 0 ? kBytes[random() % kBytes.size()] : 'q';
      }
      strings.push_back({begin, line.size()});
      line += '"';
    }
    line += std::string(random() % 70, '}') + "}}}";
    Check(line, strings);
    if (HasFatalFailure()) {
      return;
    }
  }
}

TEST_F(LineAnchorsTest, KnowsNothingOfTheLineBefore) {
  Check("{\"" + std::string(200, '=') + "\"}", {{2, 202}});
  Check("{\"" + std::string(100, 'q') + "\"}", {{2, 102}});
  Check("{\"" + std::string(190, 'q') + "\"}", {{2, 192}});
}

TEST_F(LineAnchorsTest, ReadsLinesUpToItsLimitOnly) {
  const std::size_t size = LineAnchors::kLineBytesMax;
  std::string line = "{\"" + std::string(size - 5, 'q') + "=\"}";
  ASSERT_EQ(line.size(), size);
  ASSERT_TRUE(anchors_.Read(line));
  EXPECT_EQ(anchors_.FirstIn(2, size - 2, 0), size - 5);
  line.insert(2, "q");
  EXPECT_FALSE(anchors_.Read(line));
  EXPECT_FALSE(anchors_.Read("{}"));
}

}  // namespace
}  // namespace authseal
