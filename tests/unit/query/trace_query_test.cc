#include "lib/query/trace_query.h"

#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "lib/base/check.h"
#include "tests/unit/query/query_archive.h"

namespace authseal {
namespace {

// A line that the generic mapping knows.
std::string Line(int second, std::string_view event, std::string_view members) {
  return R"({"time":"2026-03-05T06:)" + std::to_string(10 + second / 60 % 50) +
         ":" + std::to_string(10 + second % 50) + R"(Z","event":")" +
         std::string(event) + R"(","client_id":"web",)" + std::string(members) +
         "}";
}

// Supabase's current audit form.
std::string Supabase(int second, std::string_view action,
                     std::string_view request) {
  return R"({"auth_audit_event":{"action":")" + std::string(action) +
         R"(","actor_id":"u-)" + std::to_string(second) +
         R"(","audit_log_id":"id-)" + std::to_string(second) +
         R"(","created_at":"2026-03-01T22:00:)" + std::to_string(10 + second) +
         R"(Z","request_id":")" + std::string(request) +
         R"("},"level":"info","msg":"audit_event"})";
}

class TraceQueryTest : public ::testing::Test {
 protected:
  TraceResult Trace(TraceOptions options, const EventFilter& filter = {},
                    unsigned threads = 1) {
    MemoryFileSystem file_system = FileSystemOf(archive_.Files());
    const auto archive = ArchiveReader::Open(file_system, "A");
    const auto mapper = EventMapper::Create({});
    AUTHSEAL_CHECK(archive.has_value() && mapper.has_value());
    ScanOptions scan;
    scan.pin = archive_.pin();
    scan.threads = threads;
    auto result = RunTrace(*archive, scan, *mapper, filter, options);
    AUTHSEAL_CHECK(result.has_value());
    return *std::move(result);
  }
  // Record numbers in the order of the trace.
  std::string Records(std::string value, const EventFilter& filter = {}) {
    return RecordsOf(Trace({.values = {std::move(value)}}, filter));
  }
  static std::string RecordsOf(const TraceResult& trace) {
    std::string text;
    for (const TracedEvent& traced : trace.events) {
      text += (text.empty() ? "" : " ") + std::to_string(traced.record);
    }
    return text;
  }
  static std::string Verdict(const TraceResult& trace, std::string_view value) {
    for (const FollowedLink& link : trace.links) {
      if (link.link().value == value) {
        return std::string(LinkVerdictName(link.verdict()));
      }
    }
    return "none";
  }
  RecordedArchive archive_;
};

TEST_F(TraceQueryTest, FollowsTokenFamilySessionAndRequest) {
  archive_.Commit(
      {{Line(1, "login", R"("sub":"alice","session_id":"sess-1")")},
       {Line(2, "token_issued", R"("jti":"tok-1","session_id":"sess-1")")}});
  archive_.Seal();
  archive_.Commit(
      {{Line(4, "token_refreshed", R"("jti":"tok-2","family_id":"fam-1")"),
        Line(3, "token_issued", R"("jti":"tok-1","family_id":"fam-1")")},
       {Line(5, "token_revoked", R"("jti":"tok-2","request_id":"req-1")"),
        Line(6, "error", R"("request_id":"req-1","error":"x")"),
        Line(7, "login", R"("sub":"bob","session_id":"sess-2")")}});
  // Record 2 is the seal.
  for (const char* value : {"sess-1", "tok-1", "fam-1", "tok-2", "req-1"}) {
    EXPECT_EQ(Records(value), "0 1 4 3 5 6") << value;
  }
  EXPECT_EQ(Records("alice"), "0 1 4 3 5 6");
  EXPECT_EQ(Records("bob"), "7");
  EXPECT_EQ(Records("nobody"), "");
}

TEST_F(TraceQueryTest, UsersAndClientsAreFollowedToButNotThrough) {
  archive_.Commit({{Line(1, "login", R"("sub":"alice","session_id":"sess-1")"),
                    Line(2, "login", R"("sub":"alice","session_id":"sess-2")"),
                    Line(3, "login", R"("sub":"bob","session_id":"sess-3")")}});
  EXPECT_EQ(Records("sess-1"), "0");
  EXPECT_EQ(Records("alice"), "0 1");
  EXPECT_EQ(Records("web"), "0 1 2");
}

TEST_F(TraceQueryTest, AnIdentifierIsTheWordOfItsServer) {
  archive_.Commit({{Line(1, "login", R"("sub":"bob","request_id":"req-1234")"),
                    Supabase(1, "login", "req-1234")}});
  const TraceResult both = Trace({.values = {"req-1234"}});
  EXPECT_EQ(RecordsOf(both), "1 0") << "the value itself is in both";
  ASSERT_EQ(both.matches.size(), 2U);
  EXPECT_EQ(both.matches.begin()->first.server, "generic");
  EXPECT_EQ(both.matches.begin()->first.field, "request_id");
  EXPECT_EQ(Records("bob"), "0");
  EXPECT_EQ(Records("u-1"), "1");
}

TEST_F(TraceQueryTest, AFingerprintTiesServersTogether) {
  const std::string print = "sha256:" + std::string(63, 'a') + "b";
  archive_.Commit(
      {{Line(1, "token_issued",
             R"("access_token":")" + print + R"(","sub":"bob")"),
        R"({"level":30,"time":"2026-03-05T06:00:00Z","evt":"access_token.saved",)"
        R"("token":{"kind":"AccessToken","jti":")" +
            print +
            R"(","grantId":"grant-1","clientId":"w","accountId":"bob"},)"
            R"("msg":"access_token.saved"})",
        R"({"level":30,"time":"2026-03-05T06:00:01Z","evt":"grant.revoked",)"
        R"("grantId":"grant-1","event_ctx":{"client_id":"w"}})"}});
  EXPECT_EQ(Records("grant-1"), "1 2 0");
  EXPECT_EQ(Records(print), "1 2 0");
}

TEST_F(TraceQueryTest, AValueSharedByManyUsersTiesNothing) {
  std::vector<std::string> lines;
  for (int i = 0; i < 8; ++i) {
    lines.push_back(Line(
        i, "login",
        R"("session_id":"cookie-one","sub":"u)" + std::to_string(i) + "\""));
  }
  archive_.Commit({lines});
  const TraceResult trace = Trace({.values = {"u3"}});
  EXPECT_EQ(RecordsOf(trace), "3");
  EXPECT_EQ(Verdict(trace, "cookie-one"), "many-users");
  EXPECT_TRUE(trace.complete);
  // Asked for by name, it is given.
  EXPECT_EQ(Records("cookie-one"), "0 1 2 3 4 5 6 7");
}

TEST_F(TraceQueryTest, AConstantRequestIdTiesNothing) {
  std::vector<std::string> lines = {
      Line(0, "login", R"("sub":"alice","request_id":"req-same")")};
  for (int i = 1; i <= 101; ++i) {
    lines.push_back(Line(i, "poll", R"("request_id":"req-same")"));
  }
  archive_.Commit({lines});
  const TraceResult trace = Trace({.values = {"alice"}});
  EXPECT_EQ(RecordsOf(trace), "0");
  EXPECT_EQ(Verdict(trace, "req-same"), "many-events");
}

TEST_F(TraceQueryTest, APlaceholderTiesNothing) {
  archive_.Commit(
      {{Supabase(1, "login", "rq"), Supabase(2, "logout", "rq"),
        Line(1, "login", R"("sub":"bob","session_id":"00000000-0000-0000")"),
        Line(2, "login", R"("sub":"eve","session_id":"00000000-0000-0000")")}});
  EXPECT_EQ(Records("u-1"), "0");
  EXPECT_EQ(Records("bob"), "2");
  EXPECT_EQ(Records("rq"), "0 1");
}

TEST_F(TraceQueryTest, StopsAtItsLimitsAndSaysSo) {
  std::vector<std::string> lines;
  for (int i = 0; i < 10; ++i) {  // a chain: each names the next session
    lines.push_back(Line(i, "token_issued",
                         R"("jti":"link-)" + std::to_string(i) +
                             R"(","session_id":"link-)" +
                             std::to_string(i + 1) + "\""));
  }
  archive_.Commit({lines});
  EXPECT_EQ(Records("link-0"), "0 1 2 3 4 5 6 7 8 9");
  const TraceResult few_passes =
      Trace({.values = {"link-0"}, .limits = {.passes_max = 3}});
  EXPECT_EQ(RecordsOf(few_passes), "0 1 2");
  EXPECT_EQ(few_passes.passes, 3U);
  EXPECT_FALSE(few_passes.complete);
  EXPECT_EQ(Verdict(few_passes, "link-3"), "limit");
  const TraceResult few_events =
      Trace({.values = {"web"}, .limits = {.events_max = 4}});
  EXPECT_EQ(RecordsOf(few_events), "0 1 2 3");
  EXPECT_FALSE(few_events.complete);
  const TraceResult little_text =
      Trace({.values = {"web"}, .limits = {.text_bytes_max = 1}});
  EXPECT_EQ(RecordsOf(little_text), "");
  EXPECT_FALSE(little_text.complete);
}

TEST_F(TraceQueryTest, TheFilterHidesButDoesNotCut) {
  archive_.Commit(
      {{Line(1, "login", R"("sub":"alice","session_id":"sess-1")"),
        Line(2, "token_issued", R"("jti":"tok-1","session_id":"sess-1")"),
        Line(3, "token_revoked", R"("jti":"tok-1","a":7)")}});
  EventFilter filter;
  filter.kinds = {"token.revoke"};
  filter.members.push_back(*MemberMatch::Parse("/a=7"));
  filter.records = {1, 3};
  const TraceResult trace = Trace({.values = {"alice"}}, filter);
  EXPECT_EQ(RecordsOf(trace), "0 1 2");
  EXPECT_FALSE(trace.events[0].shown);
  EXPECT_FALSE(trace.events[1].shown);
  EXPECT_TRUE(trace.events[2].shown);
  filter.members.push_back(*MemberMatch::Parse("/a=8"));
  EXPECT_FALSE(Trace({.values = {"alice"}}, filter).events[2].shown);
}

TEST_F(TraceQueryTest, EventsWithoutATimeStandWhereTheyWereIngested) {
  // The archive's clock begins at 2026-01-01.
  archive_.Commit({{Line(1, "login", R"("sub":"alice")"),
                    R"({"event":"login","sub":"alice","client_id":"w"})",
                    R"({"time":"2025-12-01T00:00:00Z","event":"login",)"
                    R"("sub":"alice","client_id":"w"})"}});
  EXPECT_EQ(Records("alice"), "2 1 0");
}

TEST_F(TraceQueryTest, MarksWhatWasDeliveredBefore) {
  const std::string line = Line(1, "login", R"("sub":"alice","event_id":"e1")");
  archive_.Commit({{line}});
  archive_.Commit({{line, Line(1, "login", R"("sub":"alice")")}});
  const TraceResult trace = Trace({.values = {"alice"}});
  ASSERT_EQ(RecordsOf(trace), "0 1 2");
  EXPECT_FALSE(trace.events[0].repeat);
  EXPECT_TRUE(trace.events[1].repeat);
  EXPECT_FALSE(trace.events[2].repeat);
}

TEST_F(TraceQueryTest, SeveralEventsOfOneRecordAreNoRepeats) {
  const std::string record =
      R"({"kind":"admin#reports#activity","id":{"uniqueQualifier":"-21",)"
      R"("time":"2026-03-01T13:01:00.000Z","applicationName":"token"},)"
      R"("actor":{"email":"alice@example.com"},"events":[)"
      R"({"type":"auth","name":"authorize","parameters":[]},)"
      R"({"type":"auth","name":"authorize","parameters":[]}]})";
  archive_.Commit({{record}, {record}});
  const TraceResult trace = Trace({.values = {"alice@example.com"}});
  ASSERT_EQ(RecordsOf(trace), "0 0 1 1");
  EXPECT_FALSE(trace.events[1].repeat);
  EXPECT_TRUE(trace.events[2].repeat);
  EXPECT_TRUE(trace.events[3].repeat);
}

TEST_F(TraceQueryTest, IsTheSameOnEveryNumberOfThreads) {
  FillSegments(archive_);
  const TraceResult one = Trace({.values = {"c1"}});
  EXPECT_EQ(one.events.size(), 16U);
  for (const unsigned threads : {2U, 7U}) {
    EXPECT_EQ(RecordsOf(Trace({.values = {"c1"}}, {}, threads)),
              RecordsOf(one));
  }
}

TEST_F(TraceQueryTest, DamageIsOneFindingInAllPasses) {
  archive_.Commit({{Line(1, "login", R"("sub":"alice","session_id":"sess-1")")},
                   {Line(2, "login", R"("sub":"bob","session_id":"sess-1")")}});
  archive_.Seal();
  ArchiveFiles files = archive_.Files();
  const std::string path = "segments/000000000000.jsonl.zst";
  const auto file = std::find_if(
      files.begin(), files.end(),
      [&path](const auto& entry) { return entry.first.ends_with(path); });
  ASSERT_NE(file, files.end());
  const auto extent = MapOf(archive_.Files(), path).blocks[1].data;
  file->second[extent.offset_bytes + extent.size_bytes - 1] ^= 1;
  MemoryFileSystem file_system = FileSystemOf(files);
  const auto archive = ArchiveReader::Open(file_system, "A");
  const auto mapper = EventMapper::Create({});
  ASSERT_TRUE(archive.has_value() && mapper.has_value());
  const auto trace = RunTrace(*archive, {.pin = archive_.pin()}, *mapper, {},
                              {.values = {"alice"}});
  ASSERT_TRUE(trace.has_value());
  EXPECT_EQ(RecordsOf(*trace), "0");
  EXPECT_EQ(trace->passes, 2U);
  EXPECT_EQ(FindingLines(trace->scan),
            "stored-hash-mismatch segments/000000000000.jsonl.zst 1..2\n");
}

}  // namespace
}  // namespace authseal
