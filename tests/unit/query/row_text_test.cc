#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lib/base/escape.h"
#include "lib/base/utf8.h"
#include "lib/query/row_writer.h"
#include "lib/query/table_row.h"

namespace authseal {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string Csv(std::string_view value) {
  std::string out;
  AppendCsvValue(value, out);
  return out;
}

TEST(CsvValue, IsQuotedAsRfc4180Asks) {
  EXPECT_EQ(Csv(""), "");
  EXPECT_EQ(Csv("plain text"), "plain text");
  EXPECT_EQ(Csv("a,b"), "\"a,b\"");
  EXPECT_EQ(Csv("say \"hi\""), "\"say \"\"hi\"\"\"");
  EXPECT_EQ(Csv("two\r\nlines"), "\"two\r\nlines\"");
  EXPECT_EQ(Csv("a\nb"), "\"a\nb\"");
}

TEST(CsvValue, HoldsNoControlCharacters) {
  EXPECT_EQ(Csv("a\x1b[31mb"), "a\\x1b[31mb");
  EXPECT_EQ(Csv("DOMAIN\\user"), "DOMAIN\\user");
  EXPECT_EQ(Csv("a\tb"), "a\tb");
}

TEST(CsvValue, IsNoFormulaForASpreadsheet) {
  for (const std::string value :
       {"=1+1", "=cmd|'/c calc'!A1", "+1-1", "@SUM(A1)", "-2+3", "-", "+",
        " =1", "  @x",
        "\xef\xbc\x9d"
        "1",
        "\xef\xbc\xa0x", "\t=1", "\r=1", "\n=1",
        "=HYPERLINK(\"http://x\",\"y\")", "-1e", "--1"}) {
    EXPECT_EQ(Csv(value).substr(0, 2), "\"'") << value;
  }
}

// Excel splits at semicolons where the comma is the decimal point.
TEST(CsvValue, IsOneCellWithSemicolonsToo) {
  EXPECT_EQ(Csv("a;=1"), "\"a;=1\"");
}

TEST(CsvValue, LeavesNumbersAsTheyAre) {
  for (const char* value : {"-5", "-0.5", "-1e9", "12", "0"}) {
    EXPECT_EQ(Csv(value), value);
  }
}

TEST(FitToWidth, FillsExactlyTheColumnsGiven) {
  const std::string texts[] = {"",
                               "alice",
                               "a very long name of somebody",
                               "\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e",  // wide
                               "e\xcc\x81\xcc\x81\xcc\x81",  // combining
                               "\xf0\x9f\x94\x91\xf0\x9f\x94\x91",
                               "\x1b[31mred",
                               "\xe2\x80\xae"
                               "evil",
                               "\xff\xfe",
                               "a\\b",
                               "line\nbreak\ttab"};
  for (const std::string& text : texts) {
    for (std::size_t width = 0; width < 24; ++width) {
      const std::string fitted = FitToWidth(text, width);
      EXPECT_EQ(DisplayWidth(fitted), width) << text << " " << width;
      EXPECT_TRUE(IsValidUtf8(fitted)) << text << " " << width;
    }
  }
}

TEST(FitToWidth, CutsWithAnEllipsisAndPads) {
  EXPECT_EQ(FitToWidth("abc", 5), "abc  ");
  EXPECT_EQ(FitToWidth("abcde", 5), "abcde");
  EXPECT_EQ(FitToWidth("abcdef", 5), "abcd…");
  EXPECT_EQ(FitToWidth("\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e", 4),
            "\xe6\x97\xa5… ");  // half of a wide character is none
  EXPECT_EQ(FitToWidth("abc", 1), "…");
  EXPECT_EQ(FitToWidth("abc", 0), "");
}

std::string TableLine(const Event& event, unsigned columns) {
  const Hash leaf;
  const std::vector<Event> events = {event};
  const MatchedRecord record{.number = 7,
                             .bytes = {},
                             .mark = std::nullopt,
                             .leaf = leaf,
                             .ingest_time = UnixNanos{},
                             .sealed = true,
                             .events = events};
  std::string line;
  TableLayout({}, columns).AppendRow(record, event, line);
  return line;
}

TEST(TableLayout, FitsAnOrdinaryTerminal) {
  Event event;
  event.time = UnixNanos{0};
  event.kind = EventKind::kTokenIntrospect;
  event.outcome = EventOutcome::kUnknown;
  event.user = std::string(100, 'u');
  event.client_name = std::string(100, 'c');
  event.ip = "255.255.255.255";
  for (const unsigned columns : {80U, 100U, 200U}) {
    std::string line = TableLine(event, columns);
    ASSERT_EQ(line.back(), '\n');
    line.pop_back();
    EXPECT_LE(DisplayWidth(line), columns);
    EXPECT_THAT(line, HasSubstr("255.255.255.255"));
    EXPECT_THAT(line, HasSubstr("token.introspect"));
    std::string header = TableLayout({}, columns).Header();
    header.pop_back();
    EXPECT_LE(DisplayWidth(header), columns);
  }
}

TEST(TableLayout, ShrinksForANarrowTerminalAndGrowsOnAWideOne) {
  Event event;
  event.time = UnixNanos{0};
  event.kind = EventKind::kTokenIntrospect;
  event.outcome = EventOutcome::kFailure;
  event.user = std::string(100, 'u');
  event.client_name = std::string(100, 'c');
  event.ip = "2001:db8:1111:2222:3333:4444:5555:6666";
  for (const unsigned columns : {60U, 64U, 72U, 79U}) {
    std::string line = TableLine(event, columns);
    line.pop_back();
    EXPECT_LE(DisplayWidth(line), columns);
    EXPECT_THAT(line, HasSubstr("1970-01-01T00:00:00"));
    EXPECT_THAT(line, HasSubstr("token.in"));
    std::string header = TableLayout({}, columns).Header();
    header.pop_back();
    EXPECT_LE(DisplayWidth(header), columns);
  }
  for (const unsigned columns : {120U, 200U}) {
    std::string line = TableLine(event, columns);
    line.pop_back();
    EXPECT_LE(DisplayWidth(line), columns);
    EXPECT_THAT(line, HasSubstr(event.ip));
  }
}

TEST(TableLayout, IsHarmlessOnATerminal) {
  Event event;
  event.time = UnixNanos{0};
  event.user =
      "\x1b]0;t\x07\xc2\x9b"
      "2J\xe2\x80\xae\n";
  event.client = "\xff";
  event.ip = "\r\b";
  const std::string line = TableLine(event, 200);
  EXPECT_EQ(line.find_first_of("\x1b\x07\r\b\xff"), std::string::npos);
  EXPECT_EQ(line.find('\n'), line.size() - 1);
  EXPECT_THAT(line, Not(HasSubstr("\xc2\x9b")));
  EXPECT_THAT(line, Not(HasSubstr("\xe2\x80\xae")));
}

TEST(TableLayout, MarksATimeThatIsNotTheEvents) {
  Event event;
  EXPECT_THAT(TableLine(event, 80), HasSubstr("1970-01-01T00:00:00~ "));
  event.time = UnixNanos{0};
  EXPECT_THAT(TableLine(event, 80), HasSubstr("1970-01-01T00:00:00  "));
}

TEST(TableLayout, TakesAnyFieldsOnANarrowTerminal) {
  std::vector<const RowField*> all;
  for (const RowField& field : RowFields()) {
    all.push_back(&field);
  }
  for (const unsigned columns : {0U, 1U, 40U}) {
    EXPECT_THAT(TableLayout(all, columns).Header(), HasSubstr("tenant"));
  }
}

TEST(RowField, ListsAreLookedUpOneByOne) {
  const auto fields = ParseFieldList("time,user,record");
  ASSERT_TRUE(fields.has_value());
  ASSERT_EQ(fields->size(), 3U);
  EXPECT_EQ((*fields)[1]->name, "user");
  for (const char* bad : {"", "time,", ",time", "time,,user", "Time", "x"}) {
    const auto refused = ParseFieldList(bad);
    ASSERT_FALSE(refused.has_value()) << bad;
    EXPECT_THAT(refused.error().hint, HasSubstr("token_fingerprint"));
  }
  // Two members of one name are no JSON that programs agree about.
  const auto twice = ParseFieldList("time,user,time");
  ASSERT_FALSE(twice.has_value());
  EXPECT_EQ(twice.error().message, "field \"time\" is named twice");
}

}  // namespace
}  // namespace authseal
