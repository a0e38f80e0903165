#include "lib/ingest/ingest.h"

#include <random>
#include <string>

#include <gmock/gmock.h>

#include "lib/archive/format.h"
#include "tests/unit/ingest/ingest_fixture.h"
#include "tests/unit/ingest/unwrap.h"

namespace authseal {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

std::string NumberedRecords(int count) {
  std::string text;
  for (int i = 0; i < count; ++i) {
    text += R"({"eventType":"user.session.start","number":)" +
            std::to_string(i) + R"(,"text":")" + std::string(700, 'x') +
            "\"}\n";
  }
  return text;
}

std::vector<std::string> LinesOf(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    const bool has_line_feed = end < text.size();
    text.remove_prefix(has_line_feed ? end + 1 : end);
    if (has_line_feed && line.ends_with('\r')) {
      line.remove_suffix(1);
    }
    if (line.find_first_not_of(" \t\r") != std::string_view::npos) {
      lines.emplace_back(line);
    }
  }
  return lines;
}

TEST_F(IngestTest, StoresAFileLineByLine) {
  inputs_.Add("log", "{\"a\":1}\n\n{\"b\":2}\r\nhello\n{\"c\":3}");
  const IngestResult result = Run(Options({File("log")}));
  EXPECT_THAT(
      StoredRecords(),
      ElementsAre(
          "{\"a\":1}", "{\"b\":2}",
          R"({"authseal":{"unparsed":{"reason":"not-json","text":"hello"}}})",
          "{\"c\":3}"));
  EXPECT_EQ(result.counts.line_count, 5u);
  EXPECT_EQ(result.counts.blank_count, 1u);
  EXPECT_EQ(result.counts.record_count, 4u);
  EXPECT_EQ(result.counts.unparsed_count, 1u);
  EXPECT_EQ(result.counts.bytes_in, 31u);
  EXPECT_EQ(result.first_record, 0u);
  EXPECT_EQ(result.end_record, 4u);
  EXPECT_GT(result.bytes_stored, 0u);
  ASSERT_THAT(result.unparsed, SizeIs(1));
  EXPECT_EQ(result.unparsed[0].source, "/log");
  EXPECT_EQ(result.unparsed[0].line_number, 4u);
  EXPECT_EQ(result.unparsed[0].offset_bytes, 24u);
  EXPECT_EQ(result.unparsed[0].reason, UnparsedReason::kNotJson);
  ASSERT_THAT(result.sources, SizeIs(1));
  EXPECT_EQ(result.sources[0].name, "/log");
  EXPECT_EQ(result.sources[0].from_bytes, 0u);
  EXPECT_EQ(result.sources[0].to_bytes, 31u);
}

TEST_F(IngestTest, TakesAnEmptyFileAndOneOfBlankLines) {
  inputs_.Add("empty", "");
  inputs_.Add("blank", "\n \n");
  const IngestResult result = Run(Options({File("empty"), File("blank")}));
  EXPECT_EQ(result.counts.line_count, 2u);
  EXPECT_EQ(result.counts.blank_count, 2u);
  EXPECT_EQ(result.counts.record_count, 0u);
  EXPECT_THAT(StoredRecords(), IsEmpty());
}

TEST_F(IngestTest, RefusesWhatItCannotReadBeforeItTakesAnything) {
  inputs_.Add("log", "{}\n");
  inputs_.Add("dir", "").is_directory = true;
  IngestResult result;
  Status status = Run(Options({File("log"), File("dir")}), result, files_);
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, ErrorCode::kInvalidArgument);
  EXPECT_THAT(status.error().message, HasSubstr("directory"));
  status = Run(Options({File("log"), File("missing")}), result, files_);
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, ErrorCode::kNotFound);
  IngestSource nameless = File("log");
  nameless.name = "\xFF";
  EXPECT_FALSE(Run(Options({nameless}), result, files_));
  nameless.name = std::string(kSourceNameSizeBytesMax + 1, 'x');
  EXPECT_FALSE(Run(Options({nameless}), result, files_));
  EXPECT_THAT(StoredRecords(), IsEmpty());
}

TEST_F(IngestTest, AddsNothingWhenAFileIsDeliveredAgain) {
  const std::string text = NumberedRecords(3000);
  inputs_.Add("log", text);
  EXPECT_EQ(Run(Options({File("log")})).counts.record_count, 3000u);
  const IngestResult again = Run(Options({File("log"), File("log")}));
  EXPECT_EQ(again.counts.record_count, 0u);
  EXPECT_EQ(again.counts.line_count, 0u);
  EXPECT_EQ(again.skipped_known_bytes, 2 * text.size());
  EXPECT_EQ(again.end_record, 3000u);
  EXPECT_THAT(StoredRecords(), SizeIs(3000));
}

TEST_F(IngestTest, AddsWhatAFileHasGrownBy) {
  const std::string text = NumberedRecords(3000);
  for (const std::size_t size : {100u, 5000u, 5001u, 1u << 20}) {
    // Whole lines only; a cut one would be a line of its own.
    const std::size_t end = text.rfind('\n', size);
    inputs_.Add("log", text.substr(0, end == std::string::npos ? 0 : end + 1));
    Run(Options({File("log")}));
  }
  inputs_.Add("log", text);
  Run(Options({File("log")}));
  EXPECT_EQ(StoredRecords(), LinesOf(text));
}

TEST_F(IngestTest, TakesTheSameFileTwiceInOneRunOnce) {
  inputs_.Add("log", NumberedRecords(10));
  const IngestResult result =
      Run(Options({File("log"), File("log"), File("log")}));
  EXPECT_EQ(result.counts.record_count, 10u);
  EXPECT_THAT(result.sources, SizeIs(3));
}

TEST_F(IngestTest, BeginsAnewWhereTheFileIsAnother) {
  const std::string text = NumberedRecords(100);
  struct Change {
    const char* what;
    std::string text;
  };
  std::string other_head = text;
  other_head[30] = 'Y';
  std::string other_tail = text;
  other_tail[text.size() - 10] = 'Y';
  for (const Change& change :
       {Change{"shorter", text.substr(0, text.find('\n', 5000) + 1)},
        Change{"other head", other_head}, Change{"other tail", other_tail}}) {
    const std::string name = change.what;
    inputs_.Add(name, text);
    Run(Options({File(name)}));
    inputs_.Add(name, change.text);
    const IngestResult result = Run(Options({File(name)}));
    EXPECT_EQ(result.counts.record_count, LinesOf(change.text).size()) << name;
    EXPECT_TRUE(result.sources[0].restarted) << name;
    EXPECT_EQ(result.skipped_known_bytes, 0u) << name;
  }
}

TEST_F(IngestTest, ResumesWithinAnArray) {
  const std::string text = "[\n{\"a\":1},\n{\"b\":2},\n{\"c\":3}\n]\n";
  for (std::size_t cut = 1; cut < text.size(); ++cut) {
    const std::string name = "log" + std::to_string(cut);
    // The pipe breaks: what came before is taken, the rest comes later.
    inputs_.Add(name, text).fail_at = cut;
    IngestResult result;
    EXPECT_FALSE(Run(Options({File(name)}), result, files_));
    const std::uint64_t before = result.counts.record_count;
    inputs_.Add(name, text).fail_at = SIZE_MAX;
    const IngestResult rest = Run(Options({File(name)}));
    EXPECT_EQ(before + rest.counts.record_count, 3u) << cut;
    EXPECT_EQ(rest.counts.unparsed_count, 0u) << cut;
  }
}

TEST_F(IngestTest, TakesAPipeAgainAsOften) {
  inputs_.AddPipe("-", "{\"a\":1}\n");
  Run(Options({Pipe()}));
  const IngestResult result = Run(Options({Pipe()}));
  EXPECT_EQ(result.counts.record_count, 1u);
  EXPECT_THAT(StoredRecords(), SizeIs(2));
}

TEST_F(IngestTest, ResumesANamedPipe) {
  const std::string text = NumberedRecords(20);
  const IngestSource source = {.path = "-", .name = "okta"};
  inputs_.AddPipe("-", text.substr(0, text.find('\n', 5000) + 1));
  Run(Options({source}));
  inputs_.AddPipe("-", text).read_size_max = 100;
  const IngestResult result = Run(Options({source}));
  EXPECT_GT(result.skipped_known_bytes, 5000u);
  EXPECT_EQ(StoredRecords(), LinesOf(text));
  // Another pipe under the same name is given whole.
  inputs_.AddPipe("-", "{\"a\":1}\n");
  EXPECT_EQ(Run(Options({source})).counts.record_count, 1u);
}

TEST_F(IngestTest, GivesTheSameRecordsWithOneWorkerAndWithFour) {
  const std::string text = NumberedRecords(12'000);  // about nine blocks
  inputs_.Add("log", text);
  IngestOptions options = Options({File("log")});
  options.worker_count = 1;
  Run(options);
  const std::vector<std::string> one = StoredRecords();
  const std::vector<BlockHeader> headers = Headers();
  EXPECT_GT(headers.size(), 5u);

  files_ = MemoryFileSystem();
  SetUp();
  options.worker_count = 4;
  Run(options);
  EXPECT_EQ(StoredRecords(), one);
  EXPECT_EQ(one, LinesOf(text));
  const std::vector<BlockHeader> again = Headers();
  ASSERT_EQ(again.size(), headers.size());
  for (std::size_t i = 0; i < headers.size(); ++i) {
    EXPECT_EQ(again[i].stored_hash, headers[i].stored_hash);
    EXPECT_EQ(again[i].sources, headers[i].sources);
  }
}

TEST_F(IngestTest, RecordsWhichBytesOfWhichSourceEachBlockHas) {
  inputs_.Add("one", NumberedRecords(3000));
  inputs_.Add("two", NumberedRecords(2));
  Run(Options({File("one"), File("two")}));
  std::uint64_t end_of_one = 0;
  std::uint64_t records = 0;
  for (const BlockHeader& header : Headers()) {
    for (const SourceRange& source : header.sources) {
      records += source.count;
      if (source.name == "/one") {
        EXPECT_EQ(source.begin_bytes, end_of_one);
        end_of_one = source.end_bytes;
      }
    }
  }
  EXPECT_EQ(end_of_one, NumberedRecords(3000).size());
  EXPECT_EQ(records, 3002u);
}

TEST_F(IngestTest, TakesMoreFilesThanABlockHasSources) {
  std::vector<IngestSource> sources;
  for (int i = 0; i < 600; ++i) {
    const std::string name = "log" + std::to_string(i);
    inputs_.Add(name, "{\"i\":" + std::to_string(i) + "}\n");
    sources.push_back(File(name));
  }
  const IngestResult result = Run(Options(sources));
  EXPECT_EQ(result.counts.record_count, 600u);
  EXPECT_LE(Headers().size(), 4u);
  const std::vector<std::string> records = StoredRecords();
  ASSERT_THAT(records, SizeIs(600));
  EXPECT_EQ(records[599], "{\"i\":599}");
  EXPECT_EQ(Run(Options(sources)).counts.record_count, 0u);
}

// Lines of any bytes come back as they were, whatever the pieces they came in.
TEST_F(IngestTest, GivesBackEveryLineOfAnyBytes) {
  std::mt19937 random(8);
  const std::string_view pieces[] = {"{\"a\":1}",
                                     "x",
                                     "\n",
                                     "\r\n",
                                     " ",
                                     "\t",
                                     "\"",
                                     "}",
                                     "\xFF",
                                     "\xC3\xA4",
                                     R"({"authseal":{"seal":1}})",
                                     "pre {\"b\":2}",
                                     "12",
                                     "\n\n",
                                     "\x01"};
  std::string all;
  for (int round = 0; round < 40; ++round) {
    std::string text;
    for (int i = 0; i < 200; ++i) {
      text += pieces[random() % std::size(pieces)];
    }
    all += text + "\n";
    inputs_.AddPipe("-", text + "\n").read_size_max = 1 + random() % 50;
    // Neither arrays nor objects over lines are among the pieces, so nothing
    // is put together; an object that stays open is no exception.
    IngestOptions options = Options({Pipe()});
    options.worker_count = static_cast<unsigned>(1 + random() % 3);
    Run(options);
  }
  EXPECT_EQ(UnwrapAll(StoredRecords()), LinesOf(all));
}

TEST_F(IngestTest, KeepsALineOf100MegabytesInParts) {
  const std::string line = "{\"a\":\"" + std::string(100u << 20, 'x') + "\"}";
  inputs_.Add("log", "{\"b\":1}\n" + line + "\r\n{\"c\":2}\n");
  const IngestResult result = Run(Options({File("log")}));
  EXPECT_EQ(result.counts.unparsed_count, 1u);
  const std::vector<std::string> lines = UnwrapAll(StoredRecords());
  ASSERT_THAT(lines, SizeIs(3));
  EXPECT_TRUE(lines[1] == line);
  ASSERT_THAT(result.unparsed, SizeIs(1));
  EXPECT_EQ(result.unparsed[0].reason, UnparsedReason::kTooLong);
  EXPECT_EQ(result.unparsed[0].line_number, 2u);
}

TEST_F(IngestTest, KeepsAStreamOfTinyLines) {
  std::string text;
  for (int i = 0; i < 300'000; ++i) {
    text += "x\n";
  }
  inputs_.Add("log", text);
  IngestOptions options = Options({File("log")});
  options.worker_count = 2;
  const IngestResult result = Run(options);
  EXPECT_EQ(result.counts.unparsed_count, 300'000u);
  EXPECT_EQ(result.counts.line_count, 300'000u);
  EXPECT_THAT(result.unparsed, SizeIs(kUnparsedDetailsMax));
}

TEST_F(IngestTest, StopsStrictlyBeforeTheFirstLineThatIsNoObject) {
  const std::string good = NumberedRecords(5000);
  inputs_.Add("log", good + "\noops\n" + good);
  IngestOptions options = Options({File("log")});
  options.strict = true;
  options.worker_count = 3;
  const IngestResult result = Run(options);
  ASSERT_TRUE(result.stopped_at.has_value());
  EXPECT_EQ(result.stopped_at->line_number, 5002u);
  EXPECT_EQ(result.stopped_at->reason, UnparsedReason::kNotJson);
  EXPECT_EQ(result.counts.record_count, 5000u);
  EXPECT_EQ(result.counts.unparsed_count, 0u);
  EXPECT_EQ(StoredRecords(), LinesOf(good));
  // The next run comes to the same place, and takes nothing twice.
  const IngestResult again = Run(options);
  EXPECT_TRUE(again.stopped_at.has_value());
  EXPECT_EQ(again.counts.record_count, 0u);
  EXPECT_EQ(StoredRecords(), LinesOf(good));
}

TEST_F(IngestTest, KeepsWhatCameBeforeAReadError) {
  const std::string text = NumberedRecords(3000);
  inputs_.Add("log", text).fail_at = 2'000'000;
  IngestResult result;
  Status status = Run(Options({File("log")}), result, files_);
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, ErrorCode::kIo);
  EXPECT_GT(result.counts.record_count, 2000u);
  inputs_.Add("log", text).fail_at = SIZE_MAX;
  Run(Options({File("log")}));
  EXPECT_EQ(StoredRecords(), LinesOf(text));
}

}  // namespace
}  // namespace authseal
