#include "lib/query/needle_prefilter.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>

#include <gtest/gtest.h>

#include "lib/event/field_value.h"
#include "lib/event/mapper.h"
#include "lib/event/mapping_library.h"

namespace authseal {
namespace {

namespace fs = std::filesystem;

using Values = std::vector<std::string> EventFilter::*;

// The filters that the prefilter looks at, and the fields that they ask about.
struct Needle {
  const char* name;
  Values values;
  std::vector<EventField> fields;
};

const std::vector<Needle>& Needles() {
  static const std::vector<Needle> needles = {
      {"token",
       &EventFilter::tokens,
       {EventField::kTokenId, EventField::kTokenFingerprint,
        EventField::kTokenFamily}},
      {"request_id", &EventFilter::request_ids, {EventField::kRequestId}},
      {"session", &EventFilter::sessions, {EventField::kSession}},
      {"user", &EventFilter::users, {EventField::kUser, EventField::kUserName}},
      {"client",
       &EventFilter::clients,
       {EventField::kClient, EventField::kClientName}}};
  return needles;
}

EventMapper BuiltIn() {
  auto mapper = EventMapper::Create({});
  EXPECT_TRUE(mapper.has_value());
  return *std::move(mapper);
}

EventFilter Asking(Values values, std::vector<std::string> wanted) {
  EventFilter filter;
  filter.*values = std::move(wanted);
  return filter;
}

std::vector<std::uint32_t> KeptOf(const EventFilter& filter,
                                  const std::vector<std::string>& lines,
                                  const std::vector<MarkRun>& marks = {}) {
  std::string text;
  for (const std::string& line : lines) {
    text += line + "\n";
  }
  std::vector<std::string_view> records;
  std::size_t at = 0;
  for (const std::string& line : lines) {
    records.push_back(std::string_view(text).substr(at, line.size()));
    at += line.size() + 1;
  }
  NeedlePrefilter prefilter(filter, /*only_built_in=*/true);
  EXPECT_TRUE(prefilter.useful());
  std::vector<std::uint32_t> kept = {77};
  prefilter.Find(records, marks, kept);
  return kept;
}

// Lines of every file below `folder`.
std::vector<std::string> LinesBelow(const fs::path& folder) {
  std::vector<std::string> lines;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.path().extension() == ".jsonl" ||
        entry.path().extension() == ".log") {
      std::ifstream file(entry.path());
      for (std::string line; std::getline(file, line);) {
        lines.push_back(line);
      }
    }
  }
  return lines;
}

// Each value of each event is looked for in its own record; how many.
std::size_t LookForEveryValue(const std::vector<std::string>& lines) {
  const EventMapper mapper = BuiltIn();
  EventMapper::Scratch scratch;
  std::vector<Event> events;
  std::size_t looked_for = 0;
  for (const std::string& line : lines) {
    mapper.Map(line, {}, scratch, events);
    for (Event& event : events) {
      for (const Needle& needle : Needles()) {
        for (const EventField field : needle.fields) {
          const std::string value = *FieldText(event, field);
          if (!value.empty()) {
            ++looked_for;
            EXPECT_EQ(KeptOf(Asking(needle.values, {value}), {line}).size(), 1U)
                << needle.name << " " << value << " in " << line;
          }
        }
      }
    }
  }
  return looked_for;
}

TEST(NeedlePrefilter, KeepsEveryRecordThatHasTheValueInTheTestLogs) {
  EXPECT_GT(LookForEveryValue(
                LinesBelow(fs::path(AUTHSEAL_SOURCE_DIR) / "testdata/logs")),
            900U);
}

TEST(NeedlePrefilter, KeepsEveryRecordThatHasTheValueInTheSamples) {
  const fs::path samples =
      fs::path(AUTHSEAL_SOURCE_DIR) / ".." / "shared" / "samples";
  if (!fs::exists(samples)) {
    GTEST_SKIP() << "no shared samples beside the checkout";
  }
  EXPECT_GT(LookForEveryValue(LinesBelow(samples)), 1500U);
}

// What would not stand in a record: the prefilter must not be used then.
TEST(NeedlePrefilter, NoBuiltInMappingMakesTheseFieldsUp) {
  JsonDocument empty;
  ASSERT_EQ(empty.Parse("{}"), JsonFault::kNone);
  for (const BuiltInMapping& source : BuiltInMappings()) {
    const auto mapping = CompileMappingText(
        {std::string(source.name), std::string(source.text)});
    ASSERT_TRUE(mapping.has_value()) << source.name;
    RecordValues values;
    mapping->plan.Fill(empty.root(), values);
    for (const FieldRule& rule : mapping->fields) {
      for (const Needle& needle : Needles()) {
        if (std::find(needle.fields.begin(), needle.fields.end(), rule.field) ==
            needle.fields.end()) {
          continue;
        }
        EXPECT_TRUE(rule.table.empty()) << source.name << " " << needle.name;
        for (const SlotRef ref : rule.from) {
          EXPECT_FALSE(values.Text(ref).has_value())
              << source.name << " " << needle.name << " is a constant";
        }
      }
    }
  }
}

TEST(NeedlePrefilter, LeavesOutWhatCannotHaveTheValue) {
  const std::vector<std::string> lines = {
      R"({"jti":"abc-1"})", R"({"jti":"abc-2"})", "{}", R"({"jti":"xabc-2y"})",
      R"({"a":"abc-","b":"2"})"};
  using Kept = std::vector<std::uint32_t>;
  EXPECT_EQ(KeptOf(Asking(&EventFilter::tokens, {"abc-2"}), lines),
            (Kept{1, 3}));
  EXPECT_EQ(KeptOf(Asking(&EventFilter::tokens, {"abc-1", "abc-2"}), lines),
            (Kept{0, 1, 3}));
  EXPECT_EQ(KeptOf(Asking(&EventFilter::sessions, {"none"}), lines), Kept{});
  // Not across the border of two records.
  EXPECT_EQ(KeptOf(Asking(&EventFilter::sessions, {"}\n{"}), lines),
            (Kept{0, 1, 2, 3}))
      << "kept though, which costs nothing but time";
}

TEST(NeedlePrefilter, KeepsWhatMayBeSpelledInAnotherWay) {
  const std::string hex(64, 'a');
  const std::string base64 = "qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqo=";
  const std::vector<std::string> lines = {
      R"({"sid":"\u0061b"})", R"({"url":"/x?sid=%61b"})",
      R"({"url":"/x?sid=a+b"})", R"({"token_hash":")" + base64 + R"("})", "{}"};
  using Kept = std::vector<std::uint32_t>;
  EXPECT_EQ(KeptOf(Asking(&EventFilter::sessions, {"ab"}), lines),
            (Kept{0, 1}));
  EXPECT_EQ(KeptOf(Asking(&EventFilter::sessions, {"a b"}), lines),
            (Kept{0, 1, 2}));
  EXPECT_EQ(NormalFingerprint(base64), "sha256:" + hex);
  EXPECT_EQ(KeptOf(Asking(&EventFilter::tokens, {"sha256:" + hex}), lines),
            (Kept{0, 1, 3}));
}

TEST(NeedlePrefilter, KeepsOnlyTheEscapesThatCanSpellTheValue) {
  const std::vector<std::string> lines = {
      R"({"m":"say \"ab\" \n"})",           // no character of "xy"
      R"({"m":"{\"sid\":\"\\u0078y\"}"})",  // an escape inside an escape
      R"({"url":"/p%2Fq%20r"})",            // '/' and ' '
      R"({"url":"/p?s=%78y"})",             // 'x'
      R"({"url":"/p?s=%2578y"})",           // "%78" once more encoded
      R"({"url":"100%"})",
      R"({"url":"%7"})"};
  using Kept = std::vector<std::uint32_t>;
  const auto kept = [&lines](const char* value) {
    return KeptOf(Asking(&EventFilter::sessions, {value}), lines);
  };
  EXPECT_EQ(kept("xy"), (Kept{1, 3, 4}));
  EXPECT_EQ(kept("x\"y"), (Kept{0, 1, 3, 4})) << "a quote has a short escape";
  EXPECT_EQ(kept("x/y"), (Kept{0, 1, 2, 3, 4})) << "and so has a slash";
  EXPECT_EQ(kept("x y"), (Kept{1, 2, 3, 4}));
}

TEST(NeedlePrefilter, KeepsBase64WhoseSlashIsEscaped) {
  const std::string hex(64, 'f');
  const std::string base64 = "//////////////////////////////////////////8=";
  ASSERT_EQ(NormalFingerprint(base64), "sha256:" + hex);
  std::string escaped;
  for (const char c : base64) {
    escaped += c == '/' ? "\\/" : std::string(1, c);
  }
  EXPECT_EQ(KeptOf(Asking(&EventFilter::tokens, {"sha256:" + hex}),
                   {R"({"token_hash":")" + escaped + R"("})", "{}"}),
            (std::vector<std::uint32_t>{0}));
}

TEST(NeedlePrefilter, KeepsWhatIngestWrapped) {
  const std::vector<MarkRun> marks = {{1, 2, RecordMark::kUnparsed}};
  EXPECT_EQ(KeptOf(Asking(&EventFilter::sessions, {"x"}),
                   {"{}", "{}", "{}", "{}"}, marks),
            (std::vector<std::uint32_t>{1, 2}));
}

TEST(NeedlePrefilter, IsOfNoUseWhereValuesMayStandNowhere) {
  const EventFilter one = Asking(&EventFilter::users, {"bob"});
  EXPECT_TRUE(NeedlePrefilter(one, true).useful());
  EXPECT_FALSE(NeedlePrefilter(one, false).useful()) << "a user's mapping";
  EXPECT_FALSE(NeedlePrefilter(EventFilter(), true).useful());
  EXPECT_FALSE(
      NeedlePrefilter(Asking(&EventFilter::users, {"bob", ""}), true).useful());
  EXPECT_FALSE(
      NeedlePrefilter(
          Asking(&EventFilter::users, std::vector<std::string>(9, "bob")), true)
          .useful())
      << "many";
}

}  // namespace
}  // namespace authseal
