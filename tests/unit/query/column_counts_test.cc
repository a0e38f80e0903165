// Counts from the columns of an index are those of the records.
#include <algorithm>
#include <random>
#include <string>

#include <gtest/gtest.h>

#include "lib/index/column_layout.h"
#include "tests/unit/query/indexed_twins.h"

namespace authseal {
namespace {

CountQueryOptions By(std::string_view fields) {
  CountQueryOptions options;
  if (!fields.empty()) {
    options.by = *ParseFieldList(fields);
  }
  return options;
}
CountQueryOptions Steps(std::int64_t seconds) {
  CountQueryOptions options;
  options.bucket_nanos = seconds * kNanosPerSecond;
  return options;
}
CountQueryOptions Records() {
  CountQueryOptions options;
  options.records_only = true;
  return options;
}

void ExpectSame(const CountQueryResult& a, const CountQueryResult& b) {
  EXPECT_EQ(a.total, b.total);
  EXPECT_EQ(a.buckets, b.buckets);
  ASSERT_EQ(a.groups.size(), b.groups.size());
  for (const auto& [key, group] : a.groups) {
    const auto found = b.groups.find(key);
    ASSERT_NE(found, b.groups.end()) << key.front();
    EXPECT_EQ(group.count, found->second.count);
    EXPECT_EQ(group.first_time, found->second.first_time);
    EXPECT_EQ(group.last_time, found->second.last_time);
  }
}

// Questions that columns answer.
std::vector<CountQueryOptions> Questions() {
  std::vector<CountQueryOptions> all = {Records(), Steps(1), Steps(3600),
                                        Steps(86'400 * 36'600LL)};
  for (const char* fields :
       {"client", "client_name", "kind", "outcome", "provider", "raw_kind",
        "error", "grant", "tenant", "client,kind", "provider,raw_kind,client",
        "tenant,client_name,outcome"}) {
    all.push_back(By(fields));
  }
  return all;
}

CountQueryResult CountIn(const IndexedArchive& archive,
                         const ArchiveFiles& files, const EventFilter& filter,
                         const CountQueryOptions& options) {
  return QueryCounts(files, archive.pin(), filter, options);
}

class Filters {
 public:
  EventFilter Next() {
    EventFilter filter;
    const auto pick = [this](const std::vector<std::string>& values) {
      return values[random_() % values.size()];
    };
    const std::uint64_t bits = random_();
    if ((bits & 1) != 0) {
      filter.clients = {pick(values_.clients), pick(values_.clients)};
    }
    if ((bits & 2) != 0) {
      filter.providers = {pick(values_.providers), pick(values_.providers),
                          pick(values_.providers)};
    }
    if ((bits & 4) != 0) {
      filter.kinds = {"token.*", "login"};
    }
    if ((bits & 8) != 0) {
      filter.outcomes = {static_cast<EventOutcome>(random_() % 3)};
    }
    if ((bits & 48) == 48) {
      filter.grants = {"refresh_token", "authorization_code"};
    }
    if ((bits & 64) != 0) {
      filter.since = values_.times[random_() % values_.times.size()];
    }
    if ((bits & 128) != 0) {
      filter.until = values_.times[random_() % values_.times.size()];
    }
    return filter;
  }

 private:
  std::mt19937_64 random_{11};
  Values values_ = SampleValues();
};

TEST(ColumnCounts, OfTheSamplesAreThoseOfReadingThem) {
  const Twins& twins = SampleTwins();
  const ArchiveFiles indexed = twins.indexed.Files();
  const ArchiveFiles plain = twins.plain.Files();
  const auto questions = Questions();
  Filters filters;
  std::uint64_t counted = 0;
  std::uint64_t answers = 0;
  for (std::size_t i = 0; i < 6 * questions.size(); ++i) {
    const EventFilter filter =
        i < questions.size() ? EventFilter() : filters.Next();
    const CountQueryOptions& question = questions[i % questions.size()];
    const auto with = CountIn(twins.indexed, indexed, filter, question);
    const auto without = CountIn(twins.plain, plain, filter, question);
    ExpectSame(with, without);
    EXPECT_TRUE(with.scan.findings.empty());
    EXPECT_EQ(without.scan.blocks_counted, 0u);
    // No sealed block is read: the open segment alone.
    EXPECT_LT(with.scan.blocks_read, without.scan.blocks_total / 3);
    counted += with.scan.blocks_counted;
    answers += with.total > 0 ? 1U : 0U;
  }
  EXPECT_GT(counted, 500u);
  EXPECT_GT(answers, questions.size() * 2);
}

TEST(ColumnCounts, WhatColumnsDoNotHaveIsRead) {
  const Twins& twins = SampleTwins();
  const ArchiveFiles files = twins.indexed.Files();
  const Values values = SampleValues();
  EventFilter user;
  user.users = {values.users.front()};
  EventFilter member;
  member.members.push_back(*MemberMatch::Parse("/none!=x"));
  EventFilter range;
  range.records = {3, 40};
  EventFilter none;
  CountQueryOptions all = Records();
  all.with_control = true;
  for (const auto& [filter, options] :
       {std::pair(&user, By("kind")), std::pair(&member, Records()),
        std::pair(&range, Records()), std::pair(&none, By("user")),
        std::pair(&none, By("kind,ip")), std::pair(&none, all)}) {
    const auto with = CountIn(twins.indexed, files, *filter, options);
    EXPECT_EQ(with.scan.blocks_counted, 0u);
    ExpectSame(with,
               CountIn(twins.plain, twins.plain.Files(), *filter, options));
  }
}

// Two archives of the same blocks, one with indexes.
struct Pair {
  explicit Pair(const std::vector<std::vector<std::string>>& blocks) {
    plain.archive().UseIndexer(no_index);
    for (IndexedArchive* archive : {&indexed, &plain}) {
      archive->Commit(blocks);
      archive->Seal();
    }
  }
  void ExpectSameCounts(std::uint64_t blocks_read_max) {
    for (const CountQueryOptions& question : Questions()) {
      const auto with = CountIn(indexed, indexed.Files(), {}, question);
      ExpectSame(with, CountIn(plain, plain.Files(), {}, question));
      EXPECT_TRUE(with.scan.findings.empty());
      EXPECT_LE(with.scan.blocks_read, blocks_read_max);
    }
  }
  PlainIndexer no_index{0};
  IndexedArchive indexed;
  IndexedArchive plain;
};

std::string Login(const std::string& client, const std::string& time = "") {
  return R"({"event":"login","client_id":")" + client + "\"" +
         (time.empty() ? "" : R"(,"time":")" + time + "\"") + "}";
}

TEST(ColumnCounts, OddRecordsCountAsWhenTheyAreRead) {
  Pair pair({{Login("c"), R"({"authseal":{"note":{}}})", Login(""),
              R"({"authseal":{"unparsed":{"reason":"nul","text":"x"}}})",
              R"({"authseal":{"prefix":"<1>","line":{"event":"login"}}})"},
             {R"({"authseal":{"only":{}}})"},
             {"{}", Login("c", "1677-09-21T00:12:44Z"),
              Login("c", "2262-04-11T23:47:16Z"),
              Login("c", "2026-01-01T00:00:00.123456789Z")},
             {Login(std::string(255, 'x')), Login("\xc3\xa9")}});
  pair.ExpectSameCounts(0);
}

TEST(ColumnCounts, RecordsOfSeveralEventsAreOneRecordEach) {
  std::vector<std::string> records = SampleLog("cloudtrail");
  const auto many = SampleLog("secevent");
  records.insert(records.end(), many.begin(), many.end());
  records.push_back(
      R"({"Records":[{"eventSource":"sts.amazonaws.com","eventName":"A"},)"
      R"({"eventSource":"sts.amazonaws.com","eventName":"B"}]})");
  Pair pair({records, {Login("c")}});
  pair.ExpectSameCounts(0);
  const ArchiveFiles files = pair.indexed.Files();
  EXPECT_GT(CountIn(pair.indexed, files, {}, By("kind")).total,
            CountIn(pair.indexed, files, {}, Records()).total);
}

TEST(ColumnCounts, ABlockThatIsTooMuchForColumnsIsRead) {
  std::vector<std::string> clients;
  for (std::size_t i = 0; i <= kBlockColumnValuesMax; ++i) {
    clients.push_back(Login("client-" + std::to_string(i)));
  }
  Pair pair({{Login("a")}, clients, {Login(std::string(256, 'x'))}, {"{}"}});
  pair.ExpectSameCounts(4);
  const auto by_kind =
      CountIn(pair.indexed, pair.indexed.Files(), {}, By("kind"));
  EXPECT_EQ(by_kind.scan.blocks_read, 0u);
}

TEST(ColumnCounts, AsManyClientsAsEventsAreNoColumn) {
  std::vector<std::vector<std::string>> blocks(2);
  for (std::size_t i = 0; i < 400; ++i) {
    blocks[i % 2].push_back(Login("client-" + std::to_string(i)));
  }
  Pair pair(blocks);
  pair.ExpectSameCounts(2);
  EXPECT_EQ(CountIn(pair.indexed, pair.indexed.Files(), {}, By("client"))
                .scan.blocks_read,
            2u);
}

TEST(ColumnCounts, MoreEventsThanColumnsTakeAreRead) {
  std::vector<std::string> records(kBlockColumnEventsMax + 1, "{}");
  Pair pair({records, {Login("c")}});
  const auto with = CountIn(pair.indexed, pair.indexed.Files(), {}, By("kind"));
  ExpectSame(with, CountIn(pair.plain, pair.plain.Files(), {}, By("kind")));
  EXPECT_EQ(with.scan.blocks_read, 1u);
  EXPECT_EQ(with.total, records.size() + 1);
}

TEST(ColumnCounts, NoChangedByteOfAnIndexChangesACountSilently) {
  Pair pair({{Login("c1"), Login("c2", "2026-01-01T00:00:00Z")},
             {Login("c1"), "{}"}});
  const ArchiveFiles sound = pair.indexed.Files();
  const std::string path = IndexPaths(sound).at(0);
  ASSERT_EQ(sound.at(path).size(), 4128u);
  const auto expected = CountIn(pair.indexed, sound, {}, By("client,kind"));
  for (std::size_t at = 0; at < sound.at(path).size(); at += 3) {
    ArchiveFiles files = sound;
    files[path][at] ^= static_cast<std::uint8_t>(1u << (at % 8));
    const auto counts = CountIn(pair.indexed, files, {}, By("client,kind"));
    ExpectSame(counts, expected);
    ASSERT_EQ(counts.scan.findings.size(), 1u) << at;
    ASSERT_EQ(counts.scan.blocks_counted, 0u) << at;
  }
}

// Signed all the same: what a writer that lies could have sealed. Whatever it
// says, nothing worse than wrong counts or a finding comes of it.
TEST(ColumnCounts, ColumnsThatWereMadeWrongDoNoHarm) {
  std::size_t findings = 0;
  for (std::size_t at = 0; at < 400; at += 3) {
    IndexedArchive archive;
    archive.indexer().change_body = [at](ByteVector& body) {
      const IndexHeader header =
          *DecodeIndexHeader(Bytes(body).first(kIndexPageSizeBytes),
                             body.size() / kIndexPageSizeBytes);
      const std::uint64_t begin = header.dictionaries.offset_bytes;
      const std::uint64_t end =
          header.columns.offset_bytes + header.columns.size_bytes;
      if (begin + at < end) {
        body[static_cast<std::size_t>(begin + at)] ^=
            static_cast<std::uint8_t>(at % 2 == 0 ? 0xff : 1u << (at % 8));
      }
    };
    archive.Commit({{Login("c1"), Login("c2"), "{}"}, {Login("c1")}});
    archive.Seal();
    for (const char* fields : {"client,raw_kind", "kind"}) {
      const auto counts = CountIn(archive, archive.Files(), {}, By(fields));
      findings += counts.scan.findings.size();
      if (!counts.scan.findings.empty()) {
        EXPECT_EQ(counts.scan.findings[0].kind, FindingKind::kIndexMismatch);
        EXPECT_EQ(counts.total, 4u) << at;  // it was read instead
      }
    }
  }
  EXPECT_GT(findings, 20u);
}

// Sealed with columns that say nothing true, so that whoever reads them shows.
TEST(ColumnCounts, OneDictionaryOverAWholeSegmentNeedsNoColumns) {
  IndexedArchive archive;
  archive.indexer().change_body = [](ByteVector& body) {
    const IndexHeader header =
        *DecodeIndexHeader(Bytes(body).first(kIndexPageSizeBytes),
                           body.size() / kIndexPageSizeBytes);
    for (std::uint64_t i = 0; i < header.columns.size_bytes; ++i) {
      body[static_cast<std::size_t>(header.columns.offset_bytes + i)] = 0xff;
    }
  };
  archive.Commit({{Login("c1"), Login("c2"), "{}"}, {Login("c1")}});
  archive.Seal();
  const ArchiveFiles files = archive.Files();
  for (const char* fields : {"client", "client,client_name", "kind", "raw_kind",
                             "provider,tenant", "kind,grant"}) {
    const auto counts = CountIn(archive, files, {}, By(fields));
    EXPECT_EQ(counts.total, 4u) << fields;
    EXPECT_TRUE(counts.scan.findings.empty()) << fields;
    EXPECT_EQ(counts.scan.blocks_read, 0u) << fields;
  }
  EXPECT_EQ(CountIn(archive, files, {}, By("client")).groups.at({"c1"}).count,
            2u);
  EventFilter logins;
  logins.kinds = {"login"};
  EXPECT_EQ(CountIn(archive, files, logins, By("raw_kind")).total, 3u);
  for (const CountQueryOptions& question :
       {By("client,kind"), Steps(60), Records()}) {
    const auto counts = CountIn(archive, files, {}, question);
    EXPECT_EQ(counts.scan.findings.size(), 1u);
    EXPECT_EQ(counts.total, 4u) << "it was read instead";
  }
}

}  // namespace
}  // namespace authseal
