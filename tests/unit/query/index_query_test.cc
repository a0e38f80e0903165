// Queries with an index answer what they answer without, whatever is asked.
#include <random>
#include <set>
#include <string>

#include <gtest/gtest.h>

#include "lib/query/trace_query.h"
#include "tests/unit/query/indexed_twins.h"

namespace authseal {
namespace {

class RandomFilters {
 public:
  RandomFilters() : values_(SampleValues()) {}

  EventFilter Next() {
    EventFilter filter;
    const std::size_t conditions = 1 + Below(3);
    for (std::size_t i = 0; i < conditions; ++i) {
      AddCondition(filter);
    }
    return filter;
  }

 private:
  std::size_t Below(std::size_t end) {
    return static_cast<std::size_t>(random_() % end);
  }
  std::string Any(const std::vector<std::string>& values) {
    return Below(8) == 0 ? "absent-" + std::to_string(Below(100))
                         : values[Below(values.size())];
  }
  void AddCondition(EventFilter& filter) {
    switch (Below(11)) {
      case 0:
        filter.tokens.push_back(Any(values_.tokens));
        break;
      case 1:
        filter.sessions.push_back(Any(values_.sessions));
        break;
      case 2:
        filter.request_ids.push_back(Any(values_.requests));
        break;
      case 3:
        filter.users.push_back(Any(values_.users));
        break;
      case 4:
        filter.clients.push_back(Any(values_.clients));
        break;
      case 5:
        if (auto range = IpRange::Parse(Any(values_.ips) +
                                        (Below(6) == 0 ? "/24" : ""))) {
          filter.ips.push_back(*range);
        }
        break;
      case 6:
        filter.providers.push_back(Any(values_.providers));
        break;
      case 7:
        filter.kinds.push_back(
            std::string(EventKindName(static_cast<EventKind>(Below(23)))));
        break;
      case 8:
        filter.outcomes.push_back(static_cast<EventOutcome>(Below(3)));
        break;
      case 9:
        filter.since = values_.times[Below(values_.times.size())];
        break;
      default:
        filter.until = values_.times[Below(values_.times.size())];
        break;
    }
  }

  std::mt19937_64 random_{20'261'125};
  Values values_;
};

TEST(IndexQuery, RandomFiltersHaveTheAnswersOfAScan) {
  RandomFilters filters;
  std::size_t with_answers = 0;
  std::uint64_t pruned = 0;
  for (int i = 0; i < 300; ++i) {
    const EventFilter filter = filters.Next();
    const QueriedRows with = AskIndexed(filter);
    const QueriedRows without = AskPlain(filter);
    ASSERT_EQ(with.text, without.text) << i;
    EXPECT_TRUE(with.result.scan.findings.empty());
    EXPECT_EQ(without.result.scan.indexes_used, 0u);
    with_answers += with.text.empty() ? 0U : 1U;
    pruned += with.result.scan.blocks_total - with.result.scan.blocks_read;
  }
  EXPECT_GT(with_answers, 60u);
  EXPECT_GT(pruned, 1000u);
}

TEST(IndexQuery, EveryValueOfEveryFieldIsFound) {
  const Values values = SampleValues();
  const auto check = [](const std::vector<std::string>& all, auto&& set) {
    const std::set<std::string> distinct(all.begin(), all.end());
    std::size_t number = 0;
    for (const std::string& value : distinct) {
      if (++number % 4 != 0) {
        continue;  // a quarter of them is enough
      }
      EventFilter filter;
      set(filter, value);
      const QueriedRows rows = AskIndexed(filter);
      EXPECT_GT(rows.result.rows, 0u) << value;
    }
  };
  check(values.tokens, [](auto& f, auto& v) { f.tokens = {v}; });
  check(values.sessions, [](auto& f, auto& v) { f.sessions = {v}; });
  check(values.requests, [](auto& f, auto& v) { f.request_ids = {v}; });
  check(values.users, [](auto& f, auto& v) { f.users = {v}; });
  check(values.clients, [](auto& f, auto& v) { f.clients = {v}; });
}

TEST(IndexQuery, ANeedleReadsFewBlocks) {
  const Values values = SampleValues();
  EventFilter filter;
  filter.request_ids = {values.requests.front()};
  const QueriedRows rows = AskIndexed(filter);
  EXPECT_EQ(rows.result.scan.indexes_used, 3u);
  EXPECT_LT(rows.result.scan.blocks_read, rows.result.scan.blocks_total / 2);
}

TEST(IndexQuery, RecordNumbersReadOnlyTheirBlocks) {
  EventFilter filter;
  filter.records = {20, 22};
  const QueriedRows rows = AskIndexed(filter);
  EXPECT_EQ(rows.text, AskPlain(filter).text);
  EXPECT_EQ(rows.result.rows, 2u);
  EXPECT_EQ(rows.result.scan.blocks_read, 1u);
}

TEST(IndexQuery, SealRecordsAreAnswersWhereControlIsAskedFor) {
  const Twins& twins = SampleTwins();
  EventFilter filter;
  filter.kinds = {"other"};
  const auto with =
      Ask(twins.indexed.Files(), twins.indexed.pin(), filter, true);
  const auto without =
      Ask(twins.plain.Files(), twins.plain.pin(), filter, true);
  EXPECT_GT(with.result.scan.indexes_used, 0u);
  EXPECT_EQ(with.result.rows, without.result.rows);
  std::size_t seals = 0;
  for (std::size_t at = with.text.find("{\"authseal\":{\"seal\"");
       at != std::string::npos;
       at = with.text.find("{\"authseal\":{\"seal\"", at + 1)) {
    ++seals;
  }
  EXPECT_EQ(seals, 3u);
}

TEST(IndexQuery, MappingsOfTheUserReadWithoutIndex) {
  const Twins& twins = SampleTwins();
  const std::vector<MappingSource> own = {
      {"own.yaml",
       "name: own\ntitle: Own\nrecognise:\n  - /own\nfields: {user: /u}\n"}};
  const auto mapper = EventMapper::Create(own);
  ASSERT_TRUE(mapper.has_value());
  EXPECT_FALSE(mapper->only_built_in());
  MemoryFileSystem file_system = FileSystemOf(twins.indexed.Files());
  const auto archive = ArchiveReader::Open(file_system, "A");
  EventFilter filter;
  filter.users = {SampleValues().users.front()};
  CountQueryOptions options;
  ScanOptions scan;
  scan.pin = twins.indexed.pin();
  const auto counted = RunCountQuery(*archive, scan, *mapper, filter, options);
  ASSERT_TRUE(counted.has_value());
  EXPECT_EQ(counted->scan.indexes_used, 0u);
  EXPECT_EQ(counted->scan.blocks_read, counted->scan.blocks_total);
}

TraceResult Trace(const ArchiveFiles& files, const Pin& pin,
                  const std::string& value) {
  MemoryFileSystem file_system = FileSystemOf(files);
  const auto archive = ArchiveReader::Open(file_system, "A");
  EXPECT_TRUE(archive.has_value());
  ScanOptions scan;
  scan.pin = pin;
  TraceOptions options;
  options.values = {value};
  auto trace =
      RunTrace(*archive, scan, BuiltInMapper(), EventFilter(), options);
  EXPECT_TRUE(trace.has_value());
  return *std::move(trace);
}

TEST(IndexQuery, TracesFollowIntoLaterBlocks) {
  IndexedArchive archive;
  archive.Commit({{R"({"event":"login","user":"u1","session_id":"sess-1"})"},
                  {R"({"event":"login","user":"u2","session_id":"sess-2"})"},
                  {R"({"event":"logout","session_id":"sess-1"})"}});
  archive.Seal();
  archive.Commit({{R"({"event":"mfa","session_id":"sess-1"})"}});
  archive.Seal();
  // Only the first block names the user; the index passes over the others.
  const auto trace = Trace(archive.Files(), archive.pin(), "u1");
  EXPECT_EQ(trace.events.size(), 3u);
  EXPECT_EQ(trace.passes, 2u);
}

TEST(IndexQuery, TracesAreThoseOfScans) {
  const Values values = SampleValues();
  const Twins& twins = SampleTwins();
  std::size_t found = 0;
  for (const auto* all : {&values.tokens, &values.sessions, &values.users,
                          &values.clients, &values.requests}) {
    for (std::size_t i = 0; i < all->size(); i += all->size() / 8 + 1) {
      const auto with =
          Trace(twins.indexed.Files(), twins.indexed.pin(), (*all)[i]);
      const auto without =
          Trace(twins.plain.Files(), twins.plain.pin(), (*all)[i]);
      ASSERT_EQ(with.events.size(), without.events.size()) << (*all)[i];
      for (std::size_t event = 0; event < with.events.size(); ++event) {
        EXPECT_EQ(with.events[event].record, without.events[event].record);
        EXPECT_EQ(with.events[event].index, without.events[event].index);
      }
      EXPECT_EQ(with.passes, without.passes);
      EXPECT_EQ(with.links.size(), without.links.size());
      found += with.events.size();
    }
  }
  EXPECT_GT(found, 40u);
}

}  // namespace
}  // namespace authseal
