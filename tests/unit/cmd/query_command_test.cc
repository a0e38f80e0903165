// authseal query in process: its command line, output and exit status.
#include <algorithm>
#include <atomic>
#include <sstream>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cmd/command.h"
#include "lib/base/escape.h"
#include "lib/json/document.h"
#include "tests/unit/query/query_archive.h"

namespace authseal {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr int kUsage = 2;

struct Ran {
  int exit = -1;
  std::string out;
  std::string err;
};

std::string Line(std::string_view time, std::string_view ip,
                 std::string_view user) {
  return R"({"time":")" + std::string(time) +
         R"(","event":"token_issued","client_id":"web","ip":")" +
         std::string(ip) + R"(","sub":")" + std::string(user) +
         R"(","a":{"b":"c"}})";
}

class QueryCommandTest : public ::testing::Test {
 protected:
  QueryCommandTest() : files_(MakeFiles(archive_)) {}

  static ArchiveFiles MakeFiles(RecordedArchive& archive) {
    // The archive's clock begins at 2026-01-01.
    archive.Commit(
        {{Line("2025-12-31T12:00:00Z", "2001:db8::7", "alice"),
          Line("2025-12-01T12:00:00Z", "192.0.2.7", "[x,y]")},
         {Line("2025-12-30T12:00:00Z", "192.0.2.8", "\\u001b[31m\\u202ebob")}});
    archive.Seal();
    archive.Commit({{Line("2025-12-31T13:00:00Z", "192.0.2.9", "-7d")}});
    return archive.Files();
  }

  Ran Run(std::vector<std::string> arguments, unsigned columns = 0) {
    MemoryFileSystem file_system = FileSystemOf(files_);
    std::ostringstream out;
    std::ostringstream err;
    const std::atomic<bool> stop = false;
    const ManualClock clock;
    Context context{
        .out = out,
        .err = err,
        .out_is_terminal = columns > 0,
        .columns = columns,
        .file_system = file_system,
        .clock = clock,
        .environment = [](const std::string&) { return std::nullopt; },
        .stop = stop,
        .reader_gone = [] { return false; }};
    CLI::App app;
    Command chosen;
    RegisterQuery(app, context, chosen);
    arguments.insert(
        arguments.begin(),
        {"query", "A", "--key", FormatVerificationKey(*archive_.pin().key)});
    std::reverse(arguments.begin(), arguments.end());
    try {
      app.parse(arguments);
    } catch (const CLI::ParseError& error) {
      return {.exit = kUsage, .out = {}, .err = error.what()};
    }
    const Result<ExitStatus> status = chosen.run();
    return {.exit = static_cast<int>(
                status ? *status : ExitStatusOf(status.error().code)),
            .out = out.str(),
            .err = err.str() + (status ? "" : status.error().message)};
  }
  std::string Count(std::vector<std::string> arguments) {
    arguments.emplace_back("--count");
    const Ran ran = Run(arguments);
    EXPECT_EQ(ran.exit, 0) << ran.err;
    return ran.out;
  }

  RecordedArchive archive_;
  ArchiveFiles files_;
};

TEST_F(QueryCommandTest, ValuesMayLookLikeOptionsAddressesAndLists) {
  EXPECT_EQ(Count({}), "4\n");
  EXPECT_EQ(Count({"--since", "-7d"}), "3\n");
  EXPECT_EQ(Count({"--since=-7d"}), "3\n");
  EXPECT_EQ(Count({"--until", "-7d"}), "1\n");
  EXPECT_EQ(Count({"--ip", "2001:db8::/32"}), "1\n");
  EXPECT_EQ(Count({"--ip", "192.0.2.0/29", "--ip", "2001:db8::7"}), "2\n");
  EXPECT_EQ(Count({"--record", "1..3"}), "2\n");
  EXPECT_EQ(Count({"--match", "/a/b=c"}), "4\n");
  EXPECT_EQ(Count({"--match", "/a/b=c", "--match", "/sub=alice"}), "1\n");
  EXPECT_EQ(Count({"--user", "[x,y]"}), "1\n");
  EXPECT_EQ(Count({"--user", "-7d"}), "1\n");
  EXPECT_EQ(Count({"--no-unsealed"}), "3\n");
  EXPECT_EQ(Count({"--all"}), "5\n");
}

TEST_F(QueryCommandTest, MistakesAreRefusedBeforeAnythingIsPrinted) {
  const std::vector<std::vector<std::string>> kCases = {
      {"--since", ""},
      {"--user", ""},
      {"--since", "soon"},
      {"--event", "token"},
      {"--outcome", "good"},
      {"--ip", "localhost"},
      {"--match", "a=b"},
      {"--record", "9..5"},
      {"--provider", "nobody"},
      {"--output", "xml"},
      {"--fields", "time"},
      {"--output", "csv", "--fields", "when"},
      {"--by", "when"},
      {"--histogram", "1y"},
      {"--count", "--by", "kind"},
      {"--count", "--limit", "3"},
      {"--by", "kind", "--dedup"},
      {"--top", "3"},
      {"--jobs", "0"},
      {"--jobs", "100000"},
      {"--limit", "-1"},
  };
  for (const auto& arguments : kCases) {
    const Ran ran = Run(arguments);
    EXPECT_EQ(ran.exit, kUsage) << arguments[0] << " " << arguments.back();
    EXPECT_EQ(ran.out, "") << arguments[0] << " " << arguments.back();
    EXPECT_NE(ran.err, "") << arguments[0] << " " << arguments.back();
  }
}

TEST_F(QueryCommandTest, ExitStatusSaysWhetherAnythingMatched) {
  EXPECT_EQ(Run({"--user", "nobody"}).exit, 0);
  EXPECT_EQ(Run({"--user", "nobody", "--fail-if-empty"}).exit, 5);
  EXPECT_EQ(Run({"--user", "nobody", "--fail-if-empty", "--count"}).exit, 5);
  EXPECT_EQ(Run({"--user", "alice", "--fail-if-empty"}).exit, 0);
}

TEST_F(QueryCommandTest, FindingsGoToStandardErrorAndTheRestIsPrinted) {
  files_.at("segments/000000000000.jsonl.zst")[20] ^= 1;
  for (const std::vector<std::string>& arguments :
       {std::vector<std::string>{}, {"--count"}, {"--by", "kind"}}) {
    const Ran ran = Run(arguments);
    EXPECT_EQ(ran.exit, 1);
    EXPECT_THAT(ran.err, HasSubstr("authseal: finding: stored-hash-mismatch "
                                   "segments/000000000000.jsonl.zst records "
                                   "0..2: "));
    EXPECT_THAT(ran.out, Not(HasSubstr("alice")));
    EXPECT_NE(ran.out, "");
  }
}

TEST_F(QueryCommandTest, CountsAreJsonWhereNobodyLooks) {
  for (const std::vector<std::string>& arguments :
       {std::vector<std::string>{"--count", "--json"},
        {"--by", "kind,user"},
        {"--by", "tenant", "--json"},
        {"--histogram", "1h"},
        {"--json"}}) {
    const Ran ran = Run(arguments);
    JsonDocument document;
    ASSERT_EQ(document.Parse(ran.out), JsonFault::kNone) << ran.out;
    std::string scratch;
    EXPECT_EQ(document.root().Member("schema")->Unescape(scratch),
              "authseal/query@1");
  }
  EXPECT_EQ(Run({"--by", "client", "--output", "csv"}).out,
            "client,count,share,first_time,last_time\r\n"
            "web,4,1,2025-12-01T12:00:00Z,2025-12-31T13:00:00Z\r\n");
  EXPECT_EQ(
      Run({"--histogram", "1d", "--since", "2025-12-30", "--output", "csv"})
          .out,
      "time,count\r\n2025-12-30T00:00:00Z,1\r\n"
      "2025-12-31T00:00:00Z,2\r\n");
  EXPECT_THAT(Run({"--histogram", "1d"}).out,
              HasSubstr(R"({"time":"2025-12-02T00:00:00Z","count":0})"));
}

TEST_F(QueryCommandTest, TablesTakeATerminalOfAnyWidth) {
  for (const unsigned columns : {1U, 40U, 60U, 61U, 64U, 80U, 300U}) {
    for (const std::vector<std::string>& arguments :
         {std::vector<std::string>{},
          {"--by", "kind"},
          {"--by", "kind,client,user,ip"},
          {"--histogram", "1d"}}) {
      const Ran ran = Run(arguments, columns);
      EXPECT_EQ(ran.exit, 0);
      std::istringstream lines(ran.out);
      for (std::string line; std::getline(lines, line);) {
        EXPECT_LE(DisplayWidth(line), std::max(columns, 125U));
        if (columns == 80 && arguments.size() < 2) {
          EXPECT_LE(DisplayWidth(line), 80U) << line;
        }
      }
    }
  }
}

TEST_F(QueryCommandTest, APlotPassesOverLongGaps) {
  const Ran ran = Run({"--histogram", "1d"}, 80);
  EXPECT_THAT(ran.out, HasSubstr("        0  in 28 steps\n"));
  EXPECT_EQ(std::count(ran.out.begin(), ran.out.end(), '\n'), 4) << ran.out;
  EXPECT_THAT(ran.out, Not(HasSubstr(" \n")));
}

TEST_F(QueryCommandTest, CountsByTwoFieldsFitEightyColumns) {
  const Ran ran = Run({"--by", "client,ip"}, 80);
  EXPECT_THAT(ran.out, HasSubstr(" 2001:db8::7 "));
  EXPECT_THAT(ran.out, HasSubstr("  25.0 %  2025-12-31T12:00  "));
  std::istringstream lines(ran.out);
  for (std::string line; std::getline(lines, line);) {
    EXPECT_LE(DisplayWidth(line), 80U) << line;
  }
}

TEST_F(QueryCommandTest, ATraceFitsTheTerminalAndCannotMislead) {
  for (const unsigned columns : {1U, 80U, 300U}) {
    const Ran ran = Run({"--trace", "web"}, columns);
    EXPECT_EQ(ran.exit, 0);
    EXPECT_THAT(ran.out, HasSubstr("4 events, 0 alarms, 0 notices\n"));
    EXPECT_THAT(ran.out, Not(HasSubstr("\x1b")));
    EXPECT_THAT(ran.out, Not(HasSubstr("\xe2\x80\xae")));
    std::istringstream lines(ran.out);
    for (std::string line; std::getline(lines, line);) {
      EXPECT_LE(DisplayWidth(line), std::max(columns, 80U)) << line;
    }
  }
}

TEST_F(QueryCommandTest, NothingOnATerminalCanMislead) {
  for (const char* format :
       {"table", "jsonl", "raw", "events", "csv", "json"}) {
    const Ran ran = Run({"--output", format}, 100);
    EXPECT_THAT(ran.out, Not(HasSubstr("\x1b"))) << format;
    EXPECT_THAT(ran.out, Not(HasSubstr("\xe2\x80\xae"))) << format;
  }
  // Elsewhere the bytes are the stored ones.
  EXPECT_THAT(Run({}).out, HasSubstr(archive_.records().at(2) + "\n"));
  EXPECT_THAT(Run({}, 100).out, HasSubstr("2025-12-31T12:00:00"));
  EXPECT_THAT(Run({"--output", "jsonl"}, 100).out,
              HasSubstr(archive_.records().at(2) + "\n"));
}

TEST_F(QueryCommandTest, ExplainSaysWhatWasRead) {
  const Ran ran = Run({"--record", "0", "--explain"});
  EXPECT_THAT(ran.err, HasSubstr("authseal: explain: segments 1 read of 1, "
                                 "blocks 1 read of "));
}

}  // namespace
}  // namespace authseal
