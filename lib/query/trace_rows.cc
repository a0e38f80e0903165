#include "lib/query/trace_rows.h"

#include <algorithm>
#include <memory>
#include <set>
#include <string>

#include "lib/query/index_question.h"

namespace authseal {

namespace {

using RecordNumbers = std::set<std::uint64_t>;

bool AnyIn(const RecordNumbers& numbers, const RecordRange& range) {
  const auto next = numbers.lower_bound(range.first);
  return next != numbers.end() && *next < range.end;
}

struct Text : BlockResult {
  std::string text;
};

class RecordCopier : public BlockEvaluator {
 public:
  RecordCopier(const EventMapper& mapper, const RecordNumbers& numbers,
               RowFormat format)
      : numbers_(numbers),
        writer_(MakeRowWriter({.format = format, .fields = {}})),
        matcher_(mapper, everything_, {.with_control = true}) {}

  std::unique_ptr<BlockResult> Evaluate(const ScannedBlock& block) override {
    auto result = std::make_unique<Text>();
    matcher_.Match(block, [this, &result](const MatchedRecord& record) {
      if (numbers_.contains(record.number)) {
        writer_->Append(record, result->text, [](const Event*) {});
      }
    });
    return result;
  }

 private:
  const EventFilter everything_ = {};
  const RecordNumbers& numbers_;
  std::unique_ptr<RowWriter> writer_;
  RecordMatcher matcher_;
};

RecordNumbers NumbersOf(const TraceResult& trace,
                        const std::vector<std::size_t>& shown) {
  RecordNumbers numbers;
  for (const std::size_t i : shown) {
    numbers.insert(trace.events[i].record);
  }
  return numbers;
}

}  // namespace

std::vector<std::size_t> ShownEvents(const TraceResult& trace, bool deduplicate,
                                     std::optional<std::uint64_t> limit) {
  std::vector<std::size_t> shown;
  for (std::size_t i = 0; i < trace.events.size(); ++i) {
    const TracedEvent& traced = trace.events[i];
    if (limit && shown.size() >= *limit) {
      break;
    }
    if (traced.shown && !(deduplicate && traced.repeat)) {
      shown.push_back(i);
    }
  }
  return shown;
}

void WithRow(const TracedEvent& traced,
             const std::function<void(const MatchedRecord&)>& use) {
  const Hash no_leaf;
  const std::vector<Event> events = {traced.event};
  use({.number = traced.record,
       .bytes = {},
       .mark = std::nullopt,
       .leaf = no_leaf,
       .ingest_time = traced.ingest_time,
       .sealed = false,
       .events = events});
}

void WriteTracedEvents(const TraceResult& trace,
                       const std::vector<std::size_t>& shown,
                       const RowOptions& options, const TextSink& sink) {
  const std::unique_ptr<RowWriter> writer = MakeRowWriter(options);
  std::string text = writer->Begin();
  for (const std::size_t i : shown) {
    WithRow(trace.events[i], [&](const MatchedRecord& row) {
      writer->Append(row, text, [](const Event*) {});
    });
    if (!sink(text)) {
      return;
    }
    text.clear();
  }
  sink(text + writer->End());
}

Result<ScanReport> WriteTracedRecords(const ArchiveReader& archive,
                                      const ScanOptions& scan_options,
                                      const EventMapper& mapper,
                                      const TraceResult& trace,
                                      const std::vector<std::size_t>& shown,
                                      RowFormat format, const TextSink& sink) {
  const RecordNumbers numbers = NumbersOf(trace, shown);
  ScanOptions scan = scan_options;
  scan.records = numbers.empty()
                     ? RecordRange{0, 0}
                     : RecordRange{*numbers.begin(), *numbers.rbegin() + 1};
  scan.wants_records = [&numbers](const RecordRange& records) {
    return AnyIn(numbers, records);
  };
  scan.question = IndexQuestionOf(scan.records, scan.wants_records, mapper);
  return ScanArchive(
      archive, scan,
      [&] { return std::make_unique<RecordCopier>(mapper, numbers, format); },
      [&sink](std::unique_ptr<BlockResult> block) -> Result<bool> {
        const std::string& text = static_cast<const Text&>(*block).text;
        return text.empty() || sink(text);
      });
}

CountQueryResult CountTraced(const TraceResult& trace,
                             const std::vector<std::size_t>& shown,
                             const CountQueryOptions& options) {
  CountQueryResult counts;
  if (options.records_only) {
    counts.total = NumbersOf(trace, shown).size();
    return counts;
  }
  for (const std::size_t i : shown) {
    WithRow(trace.events[i], [&](const MatchedRecord& row) {
      CountEvent(row, row.events.front(), options, counts);
    });
  }
  return counts;
}

}  // namespace authseal
