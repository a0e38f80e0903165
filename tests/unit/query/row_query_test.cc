#include "lib/query/row_query.h"

#include <algorithm>
#include <memory>
#include <random>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lib/ingest/wrapped_record.h"
#include "lib/json/document.h"
#include "tests/unit/query/query_archive.h"

namespace authseal {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

RowQueryOptions Format(RowFormat format) {
  RowQueryOptions options;
  options.rows.format = format;
  return options;
}

std::string Issue(int second, std::string_view client, std::string_view id) {
  return R"({"time":"2026-03-05T06:00:)" + std::to_string(second) +
         R"(Z","event":"token_issued","client_id":")" + std::string(client) +
         R"(","sub":"alice","event_id":")" + std::string(id) + "\"}";
}

class RowQueryTest : public ::testing::Test {
 protected:
  QueriedRows Query(const RowQueryOptions& options,
                    const EventFilter& filter = {}, unsigned threads = 1) {
    return QueryRows(archive_.Files(), archive_.pin(), filter, options,
                     threads);
  }
  std::string AllLines() const {
    std::string lines;
    for (const auto& [number, record] : archive_.records()) {
      lines += record + "\n";
    }
    return lines;
  }
  RecordedArchive archive_;
};

TEST_F(RowQueryTest, JsonLinesAreTheStoredRecords) {
  FillSegments(archive_);
  for (const unsigned threads : {1U, 4U}) {
    const QueriedRows rows = Query(Format(RowFormat::kJsonLines), {}, threads);
    EXPECT_EQ(rows.text, AllLines());
    EXPECT_EQ(rows.result.rows, 48U);
  }
}

TEST_F(RowQueryTest, ControlRecordsAreShownOnlyWhenAsked) {
  FillSegments(archive_);
  RowQueryOptions options = Format(RowFormat::kJsonLines);
  options.with_control = true;
  const QueriedRows rows = Query(options);
  EXPECT_EQ(rows.result.rows, 51U);
  EXPECT_THAT(rows.text, HasSubstr(R"({"authseal":{"seal":)"));
}

TEST_F(RowQueryTest, LimitEndsTheScanAsSoonAsItIsReached) {
  FillSegments(archive_);
  for (const auto& [limit, blocks] :
       {std::pair<std::uint64_t, std::uint64_t>{3, 1}, {4, 2}, {5, 3}}) {
    RowQueryOptions options = Format(RowFormat::kJsonLines);
    options.limit = limit;
    const QueriedRows rows = Query(options);
    EXPECT_EQ(rows.result.rows, limit);
    EXPECT_EQ(std::count(rows.text.begin(), rows.text.end(), '\n'),
              static_cast<std::ptrdiff_t>(limit));
    EXPECT_THAT(AllLines(), StartsWith(rows.text));
    EXPECT_EQ(rows.result.scan.blocks_read, blocks);
  }
  RowQueryOptions none = Format(RowFormat::kJsonLines);
  none.limit = 0;
  EXPECT_EQ(Query(none).text, "");
}

TEST_F(RowQueryTest, AReaderThatWentAwayEndsTheScan) {
  FillSegments(archive_);
  MemoryFileSystem file_system = FileSystemOf(archive_.Files());
  const auto archive = ArchiveReader::Open(file_system, "A");
  const auto mapper = EventMapper::Create({});
  ASSERT_TRUE(archive.has_value() && mapper.has_value());
  int calls = 0;
  const auto result =
      RunRowQuery(*archive, {.pin = archive_.pin()}, *mapper, {},
                  Format(RowFormat::kJsonLines), [&calls](std::string_view) {
                    ++calls;
                    return false;
                  });
  ASSERT_TRUE(result.has_value());
  EXPECT_EQ(calls, 1);
  EXPECT_TRUE(result->scan.stopped);
}

TEST_F(RowQueryTest, DedupHidesADeliveryThatCameTwice) {
  archive_.Commit({{Issue(10, "c1", "e1"), Issue(11, "c2", "e2")}});
  archive_.Seal();
  archive_.Commit({{Issue(10, "c1", "e1")},
                   {R"({"time":"2026-03-05T06:00:10Z","x":1})",
                    R"({"time":"2026-03-05T06:00:10Z","x":1})",
                    R"({"time":"2026-03-05T06:00:10Z","x":2})"}});
  for (const auto& [format, rows] :
       {std::pair(RowFormat::kJsonLines, 4U), {RowFormat::kEvents, 4U}}) {
    RowQueryOptions options = Format(format);
    EXPECT_EQ(Query(options).result.rows, 6U);
    options.deduplicate = true;
    EXPECT_EQ(Query(options).result.rows, rows);
    options.limit = 3;
    EXPECT_EQ(Query(options).result.rows, 3U);
  }
}

TEST_F(RowQueryTest, DedupKeepsSeveralEventsOfOneRecord) {
  // Two events of one name, with one id for both, or none.
  for (const std::string id : {R"("uniqueQualifier":"-21",)", ""}) {
    const std::string record =
        R"({"kind":"admin#reports#activity","id":{)" + id +
        R"("time":"2026-03-01T13:01:00.000Z","applicationName":"token"},)"
        R"("actor":{"email":"alice@example.com"},"events":[)"
        R"({"type":"auth","name":"authorize","parameters":[]},)"
        R"({"type":"auth","name":"authorize","parameters":[]}]})";
    RecordedArchive archive;
    archive.Commit({{record}, {record}});
    RowQueryOptions options = Format(RowFormat::kEvents);
    const auto rows = [&archive, &options] {
      return QueryRows(archive.Files(), archive.pin(), {}, options).result.rows;
    };
    ASSERT_EQ(rows(), 4U);
    options.deduplicate = true;
    EXPECT_EQ(rows(), 2U);
  }
}

TEST_F(RowQueryTest, JsonIsOneObjectWithSeparatedRows) {
  FillSegments(archive_);
  for (const unsigned count : {0U, 48U}) {
    EventFilter filter;
    if (count == 0) {
      filter.users = {"nobody"};
    }
    const QueriedRows rows = Query(Format(RowFormat::kJson), filter);
    JsonDocument document;
    ASSERT_EQ(document.Parse(rows.text), JsonFault::kNone) << rows.text;
    std::string scratch;
    EXPECT_EQ(document.root().Member("schema")->Unescape(scratch),
              "authseal/query@1");
    unsigned seen = 0;
    for (auto row = document.root().Member("rows")->FirstChild(); row;
         row = row->NextSibling()) {
      EXPECT_EQ(row->Member("kind")->Unescape(scratch), "token.issue");
      EXPECT_EQ(row->Member("time_source")->Unescape(scratch), "event");
      EXPECT_EQ(row->Member("record")->type(), JsonType::kNumber);
      ++seen;
    }
    EXPECT_EQ(seen, count);
  }
}

TEST_F(RowQueryTest, JsonWithLimitAndDedupStaysValid) {
  FillSegments(archive_);
  RowQueryOptions options = Format(RowFormat::kJson);
  options.deduplicate = true;
  for (std::uint64_t limit = 0; limit < 20; ++limit) {
    options.limit = limit;
    const QueriedRows rows = Query(options, {}, 3);
    JsonDocument document;
    ASSERT_EQ(document.Parse(rows.text), JsonFault::kNone) << rows.text;
    EXPECT_EQ(rows.result.rows, limit);
  }
}

TEST_F(RowQueryTest, EventsAreJsonLinesOfTheFieldsAsked) {
  archive_.Commit({{Issue(10, "\\u001b[2J\\\"", "e1")}});
  RowQueryOptions options = Format(RowFormat::kEvents);
  options.rows.fields = *ParseFieldList("client,record,tenant");
  EXPECT_EQ(Query(options).text, R"({"client":"\u001b[2J\"","record":0})"
                                 "\n");
}

TEST_F(RowQueryTest, CsvHasAHeaderAndHarmlessValues) {
  archive_.Commit({{Issue(10, "=1+1", "-5"), Issue(11, "a,b", "e2")}});
  RowQueryOptions options = Format(RowFormat::kCsv);
  options.rows.fields = *ParseFieldList("record,client,event_id");
  EXPECT_EQ(Query(options).text,
            "record,client,event_id\r\n"
            "0,\"'=1+1\",-5\r\n"
            "1,\"a,b\",e2\r\n");
}

TEST_F(RowQueryTest, RawGivesBackWhatWasDelivered) {
  const std::string object = Issue(10, "c1", "e1");
  std::string prefixed;
  AppendPrefixRecord("<13>app: ", object + " \r", prefixed);
  std::string unparsed;
  AppendUnparsedRecord(UnparsedReason::kUtf8, "\xff\x01", unparsed);
  std::string part;
  AppendPartRecord(0, false, "long ", part);
  std::string last;
  AppendPartRecord(1, true, "line", last);
  archive_.Commit({{object, prefixed, unparsed}, {part, last}});
  archive_.Seal();
  RowQueryOptions options = Format(RowFormat::kRaw);
  EXPECT_EQ(Query(options).text,
            object + "\n<13>app: " + object + " \r\n\xff\x01\nlong line\n");
  EventFilter by_member;
  by_member.members.push_back(*MemberMatch::Parse("/client_id=c1"));
  EXPECT_EQ(Query(options, by_member).text,
            object + "\n<13>app: " + object + " \r\n");
}

TEST_F(RowQueryTest, DamagedRecordsAreNotAmongTheRows) {
  FillSegments(archive_);
  ArchiveFiles files = archive_.Files();
  ByteVector& segment = files.at("segments/000000000013.jsonl.zst");
  segment[20] ^= 1;
  const QueriedRows rows =
      QueryRows(files, archive_.pin(), {}, Format(RowFormat::kJsonLines));
  EXPECT_EQ(rows.result.scan.findings.size(), 1U);
  EXPECT_EQ(rows.result.rows, 45U);
  EXPECT_EQ(rows.text.find(archive_.records().at(13)), std::string::npos);
}

// What a person would do without an index, block by block or threads: look at
// every record in turn.
class NaiveQuery {
 public:
  NaiveQuery() : mapper_(*EventMapper::Create({})) {}
  bool Holds(const EventFilter& filter, std::uint64_t number,
             const std::string& record, UnixNanos ingest_time) {
    mapper_.Map(record, {}, scratch_, events_);
    JsonDocument document;
    return filter.records.contains(number) &&
           std::any_of(events_.begin(), events_.end(),
                       [&](const Event& event) {
                         return filter.MatchesEvent(event, ingest_time, false);
                       }) &&
           document.Parse(record) == JsonFault::kNone &&
           filter.MatchesObject(document.root());
  }

 private:
  EventMapper mapper_;
  EventMapper::Scratch scratch_;
  std::vector<Event> events_;
};

std::string RandomRecord(std::mt19937& random) {
  constexpr const char* kEvents[] = {"token_issued", "login", "token_revoked",
                                     "nothing"};
  const auto pick = [&random](unsigned count) { return random() % count; };
  std::string record =
      R"({"event":")" + std::string(kEvents[pick(4)]) + R"(","client_id":"c)" +
      std::to_string(pick(4)) + R"(","sub":"u)" + std::to_string(pick(5)) +
      R"(","ip":"192.0.)" + std::to_string(pick(4)) + "." +
      std::to_string(pick(256)) + R"(","n":)" + std::to_string(pick(100));
  if (pick(4) != 0) {
    record +=
        R"(,"time":"2026-03-05T06:)" + std::to_string(10 + pick(40)) + ":00Z\"";
  }
  return record + "}";
}

UnixNanos MinuteOf(std::uint64_t minutes) {
  return UnixNanos{(1'772'690'400 + 60 * static_cast<std::int64_t>(minutes)) *
                   kNanosPerSecond};
}

EventFilter RandomFilter(std::mt19937& random) {
  const auto pick = [&random](unsigned count) { return random() % count; };
  EventFilter filter;
  if (pick(3) == 0) {
    filter.kinds = {pick(2) == 0 ? "token.*" : "login"};
  }
  if (pick(3) == 0) {
    filter.clients = {"c" + std::to_string(pick(4)), "c0"};
  }
  if (pick(3) == 0) {
    filter.users = {"u" + std::to_string(pick(6))};
  }
  if (pick(3) == 0) {
    filter.ips = {*IpRange::Parse("192.0.2.0/23")};
  }
  if (pick(3) == 0) {
    filter.since = MinuteOf(pick(40));
  }
  if (pick(4) == 0) {
    filter.until = MinuteOf(10 + pick(40));
  }
  if (pick(3) == 0) {
    filter.members.push_back(
        *MemberMatch::Parse("/n<" + std::to_string(pick(100))));
  }
  if (pick(4) == 0) {
    const std::uint64_t first = pick(150);
    filter.records = {first, first + 1 + pick(100)};
  }
  return filter;
}

TEST_F(RowQueryTest, IsTheNaiveFilterOverAllRecords) {
  std::mt19937 random(20260301);
  archive_.archive().clock().Set({1'772'690'400 * kNanosPerSecond});
  std::map<std::uint64_t, UnixNanos> ingest_times;
  for (int commit = 0; commit < 12; ++commit) {
    std::vector<std::vector<std::string>> blocks(1 + random() % 3);
    std::uint64_t number = archive_.archive().next_record();
    std::int64_t ahead_seconds = 0;
    for (auto& block : blocks) {
      block.resize(1 + random() % 12);
      for (std::string& record : block) {
        record = RandomRecord(random);
        ingest_times[number++] =
            UnixNanos{archive_.archive().clock().Now().value +
                      ahead_seconds * kNanosPerSecond};
      }
      ++ahead_seconds;  // as TestArchive::Commit moves its clock
    }
    archive_.Commit(blocks);
    archive_.archive().clock().AdvanceSeconds(90);
    if (commit % 4 == 3) {
      archive_.Seal();
    }
  }
  const ArchiveFiles files = archive_.Files();
  NaiveQuery naive;
  std::size_t matches = 0;
  for (unsigned round = 0; round < 120; ++round) {
    const EventFilter filter = RandomFilter(random);
    std::string expected;
    for (const auto& [number, record] : archive_.records()) {
      if (naive.Holds(filter, number, record, ingest_times.at(number))) {
        expected += record + "\n";
        ++matches;
      }
    }
    const QueriedRows rows =
        QueryRows(files, archive_.pin(), filter, Format(RowFormat::kJsonLines),
                  1 + round % 3);
    ASSERT_EQ(rows.text, expected) << round;
  }
  EXPECT_GT(matches, 500U);  // the filters are not all too narrow
}

}  // namespace
}  // namespace authseal
