#include "lib/query/row_query.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "lib/query/index_question.h"
#include "lib/query/row_key.h"

namespace authseal {

namespace {

struct Rows : BlockResult {
  struct Row {
    std::size_t end_bytes = 0;
    RowKey key = {};
  };
  std::string text;
  std::vector<Row> rows;
};

class RowEvaluator : public BlockEvaluator {
 public:
  RowEvaluator(const EventMapper& mapper, const EventFilter& filter,
               const RowQueryOptions& options)
      : writer_(MakeRowWriter(options.rows)),
        keys_(options.deduplicate),
        matcher_(mapper, filter,
                 {.with_control = options.with_control,
                  .with_events = writer_->needs_events() || keys_}) {}

  bool MayAnswer(const ScannedBlock& block) override {
    return matcher_.MayAnswer(block);
  }

  std::unique_ptr<BlockResult> Evaluate(const ScannedBlock& block) override {
    auto result = std::make_unique<Rows>();
    Rows& rows = *result;
    matcher_.Match(block, [this, &rows](const MatchedRecord& record) {
      record_keys_.clear();
      writer_->Append(record, rows.text, [&](const Event* event) {
        rows.rows.push_back({.end_bytes = rows.text.size(),
                             .key = keys_ ? NextKey(record, event) : RowKey{}});
      });
    });
    return result;
  }

 private:
  RowKey NextKey(const MatchedRecord& record, const Event* event) {
    const RowKey key = RowKeyOf(record.leaf, event);
    const auto repeats =
        std::count(record_keys_.begin(), record_keys_.end(), key);
    record_keys_.push_back(key);
    return TellApart(key, static_cast<std::size_t>(repeats));
  }

  std::unique_ptr<RowWriter> writer_;
  bool keys_;
  RecordMatcher matcher_;
  std::vector<RowKey> record_keys_;  // of the record at hand
};

// Cuts what the workers made into what the user asked for.
class RowConsumer {
 public:
  RowConsumer(const RowQueryOptions& options, std::string_view separator,
              const TextSink& sink)
      : options_(options), separator_(separator), sink_(sink) {}

  bool Consume(const Rows& block) {
    if (separator_.empty() && !options_.limit && !options_.deduplicate) {
      count_ += block.rows.size();
      return block.text.empty() || sink_(block.text);
    }
    std::string text;
    std::size_t begin = 0;
    for (const Rows::Row& row : block.rows) {
      if (LimitReached()) {
        break;
      }
      if (!options_.deduplicate || seen_.insert(row.key).second) {
        text += count_ == 0 ? "" : separator_;
        text.append(block.text, begin, row.end_bytes - begin);
        ++count_;
      }
      begin = row.end_bytes;
    }
    return (text.empty() || sink_(text)) && !LimitReached();
  }

  std::uint64_t count() const { return count_; }

 private:
  bool LimitReached() const {
    return options_.limit && count_ >= *options_.limit;
  }

  const RowQueryOptions& options_;
  std::string_view separator_;
  const TextSink& sink_;
  std::uint64_t count_ = 0;
  std::set<RowKey> seen_;
};

}  // namespace

Result<RowQueryResult> RunRowQuery(const ArchiveReader& archive,
                                   const ScanOptions& scan_options,
                                   const EventMapper& mapper,
                                   const EventFilter& filter,
                                   const RowQueryOptions& options,
                                   const TextSink& sink) {
  const std::unique_ptr<RowWriter> frame = MakeRowWriter(options.rows);
  const std::string begin = frame->Begin();
  if (!begin.empty()) {
    sink(begin);
  }
  RowConsumer consumer(options, frame->Separator(), sink);
  ScanOptions scan = scan_options;
  scan.records = filter.records;
  scan.question = IndexQuestionOf(filter, mapper, options.with_control);
  RowQueryResult result;
  TRY_ASSIGN(result.scan,
             ScanArchive(
                 archive, scan,
                 [&] {
                   return std::make_unique<RowEvaluator>(mapper, filter,
                                                         options);
                 },
                 [&](std::unique_ptr<BlockResult> rows) -> Result<bool> {
                   return consumer.Consume(static_cast<const Rows&>(*rows));
                 }));
  const std::string end = frame->End();
  if (!end.empty()) {
    sink(end);
  }
  result.rows = consumer.count();
  return result;
}

}  // namespace authseal
