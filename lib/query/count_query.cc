#include "lib/query/count_query.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "lib/query/column_counts.h"
#include "lib/query/index_question.h"
#include "lib/query/time_bucket.h"

namespace authseal {

void GroupCount::Add(UnixNanos time) {
  Add(GroupCount{.count = 1, .first_time = time, .last_time = time});
}

void GroupCount::Add(const GroupCount& other) {
  first_time =
      count == 0 ? other.first_time : std::min(first_time, other.first_time);
  last_time =
      count == 0 ? other.last_time : std::max(last_time, other.last_time);
  count += other.count;
}

namespace {

struct Counts : BlockResult {
  CountQueryResult result;
};

class CountEvaluator : public BlockEvaluator {
 public:
  CountEvaluator(const EventMapper& mapper, const EventFilter& filter,
                 const CountQueryOptions& options)
      : options_(options),
        matcher_(mapper, filter,
                 {.with_control = options.with_control,
                  .with_events = !options.records_only}) {}

  bool MayAnswer(const ScannedBlock& block) override {
    return matcher_.MayAnswer(block);
  }

  std::unique_ptr<BlockResult> Evaluate(const ScannedBlock& block) override {
    auto counts = std::make_unique<Counts>();
    matcher_.Match(block, [this, &counts](const MatchedRecord& record) {
      if (options_.records_only) {
        ++counts->result.total;
        return;
      }
      for (const Event& event : record.events) {
        CountEvent(record, event, options_, counts->result);
      }
    });
    return counts;
  }

 private:
  const CountQueryOptions& options_;
  RecordMatcher matcher_;
};

}  // namespace

void CountEvent(const MatchedRecord& record, const Event& event,
                const CountQueryOptions& options, CountQueryResult& counts) {
  const UnixNanos time = event.time.value_or(record.ingest_time);
  ++counts.total;
  if (!options.by.empty()) {
    std::vector<std::string> key(options.by.size());
    for (std::size_t i = 0; i < key.size(); ++i) {
      options.by[i]->append(record, event, key[i]);
    }
    counts.groups[std::move(key)].Add(time);
  }
  if (options.bucket_nanos > 0) {
    ++counts.buckets[TimeBucket::Of(time, options.bucket_nanos).begin];
  }
}

Result<CountQueryResult> RunCountQuery(const ArchiveReader& archive,
                                       const ScanOptions& scan_options,
                                       const EventMapper& mapper,
                                       const EventFilter& filter,
                                       const CountQueryOptions& options) {
  CountQueryResult result;
  ScanOptions scan = scan_options;
  scan.records = filter.records;
  scan.question = IndexQuestionOf(filter, mapper, options.with_control);
  const auto counter = MakeColumnCounter(filter, options, result);
  if (counter != nullptr) {
    scan.question = CountQuestionOf(filter, mapper);
    scan.counter = counter.get();
  }
  TRY_ASSIGN(result.scan,
             ScanArchive(
                 archive, scan,
                 [&] {
                   return std::make_unique<CountEvaluator>(mapper, filter,
                                                           options);
                 },
                 [&](std::unique_ptr<BlockResult> block) -> Result<bool> {
                   const CountQueryResult& counts =
                       static_cast<const Counts&>(*block).result;
                   result.total += counts.total;
                   for (const auto& [key, group] : counts.groups) {
                     result.groups[key].Add(group);
                   }
                   for (const auto& [begin, count] : counts.buckets) {
                     result.buckets[begin] += count;
                   }
                   return true;
                 }));
  return result;
}

}  // namespace authseal
