#include "lib/query/count_query.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lib/base/time.h"
#include "tests/unit/query/query_archive.h"

namespace authseal {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

std::string Line(std::string_view time, std::string_view client,
                 std::string_view user) {
  return R"({"time":")" + std::string(time) +
         R"(","event":"token_issued","client_id":")" + std::string(client) +
         R"(","sub":")" + std::string(user) + "\"}";
}

std::int64_t Nanos(std::string_view time) {
  return ParseRfc3339(time)->value;
}

class CountQueryTest : public ::testing::Test {
 protected:
  void SetUp() override {
    archive_.Commit({{Line("2026-03-05T06:30:00Z", "web", "alice"),
                      Line("2026-03-05T07:59:59.999Z", "web", "bob")},
                     {Line("2026-03-05T06:00:00Z", "web", "alice")}});
    archive_.Seal();
    archive_.Commit({{Line("1969-12-31T23:59:59Z", "app", "alice"),
                      Line("1970-01-01T00:00:00Z", "app", "alice"),
                      R"({"authseal":{"unparsed":{"reason":"not-json",)"
                      R"("text":"hello"}}})"}});
  }
  CountQueryResult Count(const CountQueryOptions& options,
                         const EventFilter& filter = {}) {
    return QueryCounts(archive_.Files(), archive_.pin(), filter, options);
  }
  RecordedArchive archive_;
};

TEST_F(CountQueryTest, CountsRecordsWithoutOurOwn) {
  CountQueryOptions options;
  options.records_only = true;
  EXPECT_EQ(Count(options).total, 6U);
  EventFilter alice;
  alice.users = {"alice"};
  EXPECT_EQ(Count(options, alice).total, 4U);
  options.with_control = true;
  EXPECT_EQ(Count(options).total, 7U);
}

TEST_F(CountQueryTest, CountsBySeveralFieldsWithFirstAndLast) {
  CountQueryOptions options;
  options.by = *ParseFieldList("client,user");
  const CountQueryResult result = Count(options);
  EXPECT_EQ(result.total, 6U);
  ASSERT_EQ(result.groups.size(), 4U);
  const GroupCount& web_alice = result.groups.at({"web", "alice"});
  EXPECT_EQ(web_alice.count, 2U);
  EXPECT_EQ(web_alice.first_time.value, Nanos("2026-03-05T06:00:00Z"));
  EXPECT_EQ(web_alice.last_time.value, Nanos("2026-03-05T06:30:00Z"));
  EXPECT_EQ(result.groups.at({"app", "alice"}).first_time.value,
            -kNanosPerSecond);
  EXPECT_EQ(result.groups.at({"", ""}).count, 1U);
  EXPECT_EQ(result.groups.at({"web", "bob"}).count, 1U);
}

TEST_F(CountQueryTest, BucketsBeginAtMultiplesAlsoBefore1970) {
  EventFilter timed;
  timed.kinds = {"token.issue"};
  CountQueryOptions options;
  options.bucket_nanos = 3'600 * kNanosPerSecond;
  EXPECT_THAT(Count(options, timed).buckets,
              ElementsAre(Pair(-3'600 * kNanosPerSecond, 1U), Pair(0, 1U),
                          Pair(Nanos("2026-03-05T06:00:00Z"), 2U),
                          Pair(Nanos("2026-03-05T07:00:00Z"), 1U)));
}

TEST_F(CountQueryTest, ABucketWiderThanTimeItselfDoesNotOverflow) {
  archive_.Commit({{Line("1677-09-21T00:12:44Z", "old", "alice")}});
  EventFilter old;
  old.clients = {"old"};
  CountQueryOptions options;
  options.bucket_nanos = std::int64_t{36'600} * 86'400 * kNanosPerSecond;
  const auto buckets = Count(options, old).buckets;
  ASSERT_EQ(buckets.size(), 1U);
  EXPECT_LE(buckets.begin()->first, Nanos("1677-09-21T00:12:44Z"));
}

TEST_F(CountQueryTest, NothingThatMatchesIsZero) {
  EventFilter nobody;
  nobody.users = {"nobody"};
  CountQueryOptions options;
  options.by = *ParseFieldList("kind");
  options.bucket_nanos = kNanosPerSecond;
  const CountQueryResult result = Count(options, nobody);
  EXPECT_EQ(result.total, 0U);
  EXPECT_THAT(result.groups, IsEmpty());
  EXPECT_THAT(result.buckets, IsEmpty());
}

TEST_F(CountQueryTest, CountsOnlyWhatIsChecked) {
  ArchiveFiles files = archive_.Files();
  files.at("segments/000000000000.jsonl.zst")[20] ^= 1;
  CountQueryOptions options;
  options.records_only = true;
  const CountQueryResult result =
      QueryCounts(files, archive_.pin(), {}, options);
  EXPECT_EQ(result.total, 4U);
  EXPECT_EQ(result.scan.findings.size(), 1U);
}

}  // namespace
}  // namespace authseal
