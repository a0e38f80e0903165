// What ingest promises about crashes, seals, acknowledgements and stopping.
#include <algorithm>
#include <string>

#include <gmock/gmock.h>

#include "lib/ingest/omprog.h"
#include "tests/unit/ingest/ingest_fixture.h"
#include "tests/unit/ingest/unwrap.h"

namespace authseal {
namespace {

using ::testing::ElementsAre;
using ::testing::SizeIs;

std::string Numbered(int begin, int end, std::size_t size = 10) {
  std::string text;
  for (int i = begin; i < end; ++i) {
    text += "{\"n\":" + std::to_string(i) + ",\"t\":\"" +
            std::string(size, 'x') + "\"}\n";
  }
  return text;
}

std::vector<std::uint64_t> SealRecords(const std::vector<std::string>& all) {
  std::vector<std::uint64_t> seals;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (all[i].starts_with(R"({"authseal":{"seal":)")) {
      seals.push_back(i);
    }
  }
  return seals;
}

// Whatever operation of the disk fails, what was acknowledged is there, and
// another run completes the file without losing or repeating a line.
TEST_F(IngestTest, LosesNothingAcknowledgedWhereverTheDiskFails) {
  const std::string text = Numbered(0, 200);
  for (std::uint64_t fail_at = 1; fail_at < 200; ++fail_at) {
    SCOPED_TRACE(fail_at);
    files_ = MemoryFileSystem();
    SetUp();
    inputs_.AddPipe("log", text).read_size_max = 1000;
    FaultyFileSystem faulty(files_,
                            {.fail_at = fail_at,
                             .sticky = true,
                             .effect = FaultPlan::Effect::kHalfWritten});
    std::uint64_t acknowledged = 0;
    observer_.on_committed = [&](const IngestResult& so_far) {
      acknowledged = so_far.counts.record_count;
      return Ok();
    };
    IngestOptions options = Options({File("log")});
    options.one_by_one = true;  // a commit for each read
    IngestResult result;
    const Status status = Run(options, result, faulty);
    EXPECT_NE(status.has_value(), faulty.has_failed());
    EXPECT_LE(result.counts.record_count, acknowledged);
    files_ = files_.CrashCopy({});
    observer_.on_committed = nullptr;
    inputs_.AddPipe("log", text);
    IngestResult rest;
    ASSERT_TRUE(Run(Options({File("log")}), rest, files_));
    const std::vector<std::string> records = StoredRecords();
    ASSERT_THAT(records, SizeIs(200));
    EXPECT_EQ(records[199],
              text.substr(text.rfind("{"), text.size() - text.rfind("{") - 1));
    EXPECT_LE(rest.counts.record_count, 200 - acknowledged);
    if (!faulty.has_failed()) {
      return;  // past the last operation
    }
  }
  FAIL() << "the run never came to its end";
}

TEST_F(IngestTest, SealsByTheClockAlsoWhileNothingComes) {
  const std::string first = Numbered(0, 3);
  observer_.on_committed = [&](const IngestResult&) {
    clock_.AdvanceSeconds(3600);
    return Ok();
  };
  // The rest comes only once the seal is there.
  inputs_.AddPipe("-", first + Numbered(3, 5)).has_more =
      [&](std::size_t offset) {
        if (offset < first.size()) {
          return true;
        }
        const auto names = files_.ListPaths();
        return std::find(names.begin(), names.end(),
                         "A/segments/000000000000.jsonl.zst") != names.end();
      };
  inputs_.Find("-").read_size_max = first.size();
  const IngestResult result = Run(Options({Pipe()}));
  EXPECT_EQ(result.seal_count, 1u);
  EXPECT_THAT(SealRecords(StoredRecords(/*control=*/true)), ElementsAre(3));
  EXPECT_EQ(result.end_record, 6u);
}

TEST_F(IngestTest, SealsOnRequestAndTakesTheRequestAway) {
  auto keys = KeyStore::Open(files_, "A.keys");
  ASSERT_TRUE(keys.has_value());
  ASSERT_TRUE(keys->RequestSeal());
  bool requested = true;
  inputs_.AddPipe("-", Numbered(0, 3)).has_more = [&](std::size_t offset) {
    requested = *keys->SealRequested();
    return offset == 0 || !requested;
  };
  const IngestResult result = Run(Options({Pipe()}));
  EXPECT_EQ(result.seal_count, 1u);
  EXPECT_FALSE(*keys->SealRequested());
}

TEST_F(IngestTest, SealsAtTheEndWhenTheSegmentIsOldEnough) {
  inputs_.Add("one", Numbered(0, 3));
  inputs_.Add("two", "");
  EXPECT_EQ(Run(Options({File("one")})).seal_count, 0u);
  clock_.AdvanceSeconds(3600);
  const IngestResult result = Run(Options({File("two")}));
  EXPECT_EQ(result.seal_count, 1u);
  EXPECT_EQ(result.first_record, 3u);
  EXPECT_EQ(result.end_record, 4u);
}

TEST_F(IngestTest, AnswersOmprogLineByLineAfterTheCommit) {
  // The sender waits for each answer before it sends the next line.
  std::string answers;
  std::atomic<std::size_t> answered = 0;
  OmprogAcknowledger acknowledger(
      [&](std::string_view text) {
        answers += text;
        answered += static_cast<std::size_t>(
            std::count(text.begin(), text.end(), '\n'));
        return Ok();
      },
      [] { return std::chrono::steady_clock::now(); });
  const std::string lines[] = {"{\"a\":1}\n", "\n", "{\n",
                               "[{\"b\":2},{\"c\":3}]\n", "\"x\":1}\n"};
  std::string text;
  std::vector<std::size_t> begins;
  for (const std::string& line : lines) {
    begins.push_back(text.size());
    text += line;
  }
  MemoryInput& input = inputs_.AddPipe("-", text);
  input.read_size_max = 1;
  input.has_more = [&](std::size_t offset) {
    const auto sent = static_cast<std::size_t>(
        std::upper_bound(begins.begin(), begins.end(), offset) -
        begins.begin() - 1);
    return offset == text.size() ? answered >= 1 + std::size(lines)
                                 : answered >= 1 + sent;
  };
  observer_.on_committed = [&](const IngestResult& so_far) {
    return acknowledger.Committed(so_far);
  };
  ASSERT_TRUE(acknowledger.Ready());
  IngestOptions options = Options({Pipe()});
  options.one_by_one = true;
  const IngestResult result = Run(options);
  EXPECT_EQ(answers, "OK\nOK\nOK\nOK\nOK\nOK\n");
  EXPECT_EQ(result.counts.line_count, 5u);
  EXPECT_EQ(UnwrapAll(StoredRecords()),
            (std::vector<std::string>{"{\"a\":1}", "{", "[{\"b\":2},{\"c\":3}]",
                                      "\"x\":1}"}));
}

TEST_F(IngestTest, StopsInOrderAndTakesAPipeToItsLastByte) {
  inputs_.AddPipe("-", Numbered(0, 3) + "cut").has_more =
      [&](std::size_t offset) {
        const bool all = offset == inputs_.Find("-").content.size();
        stop_ = all;
        return !all;
      };
  const IngestResult result = Run(Options({Pipe()}));
  EXPECT_EQ(result.counts.record_count, 4u);
  EXPECT_EQ(Unwrap(StoredRecords().back()).bytes, "cut");
}

TEST_F(IngestTest, StopsInOrderAndResumesANamedPipeAtItsLastLine) {
  const IngestSource source = {.path = "-", .name = "okta"};
  const std::string text = Numbered(0, 5);
  inputs_.AddPipe("-", text.substr(0, text.size() - 5)).has_more =
      [&](std::size_t offset) {
        const bool all = offset == inputs_.Find("-").content.size();
        stop_ = all;
        return !all;
      };
  EXPECT_EQ(Run(Options({source})).counts.record_count, 4u);
  stop_ = false;
  inputs_.AddPipe("-", text).has_more = nullptr;
  EXPECT_EQ(Run(Options({source})).counts.record_count, 1u);
}

TEST_F(IngestTest, EndsWhenTheObserverFails) {
  observer_.on_committed = [](const IngestResult&) -> Status {
    return Error{ErrorCode::kIo, "nobody listens"};
  };
  inputs_.Add("log", Numbered(0, 50'000, 200));
  IngestOptions options = Options({File("log")});
  options.worker_count = 3;
  IngestResult result;
  const Status status = Run(options, result, files_);
  EXPECT_FALSE(status.has_value());
}

}  // namespace
}  // namespace authseal
