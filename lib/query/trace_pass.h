// One reading of the archive for a trace. Private to lib/query.
#ifndef AUTHSEAL_QUERY_TRACE_PASS_H_
#define AUTHSEAL_QUERY_TRACE_PASS_H_

#include <memory>
#include <string>
#include <unordered_set>
#include <vector>

#include "lib/json/document.h"
#include "lib/query/record_matcher.h"
#include "lib/query/token_mention.h"
#include "lib/query/trace_query.h"

namespace authseal {

// What a pass looks for; frozen while it runs, so that the answer does not
// depend on the number of threads.
struct TraceWanted {
  std::unordered_set<std::string> values;  // of the first pass
  std::unordered_set<std::string> keys;    // of links, in later ones
};

// The names by which a value finds an event: field and value.
struct EventName {
  std::string_view field;
  const std::string* value;
};
std::vector<EventName> NamesOf(const Event& event);

struct TraceFound : BlockResult {
  std::vector<TracedEvent> events;
  std::uint64_t end_record = 0;  // of the block
};

// One a thread; what it borrows must outlive it.
class TraceEvaluator : public BlockEvaluator {
 public:
  TraceEvaluator(const EventMapper& mapper, const EventFilter& filter,
                 const TraceWanted& wanted, bool with_control);
  std::unique_ptr<BlockResult> Evaluate(const ScannedBlock& block) override;

 private:
  bool Wants(const Event& event) const;
  void KeepWanted(const MatchedRecord& record, TraceFound& found);
  void Keep(const MatchedRecord& record, std::size_t index, const RowKey& key,
            TraceFound& found);

  const EventFilter& filter_;
  const TraceWanted& wanted_;
  const EventFilter everything_ = {};
  RecordMatcher matcher_;
  TokenMention wanted_mention_;
  TokenMention shown_mention_;
  JsonDocument document_;
  JsonDocument object_document_;
};

}  // namespace authseal

#endif  // AUTHSEAL_QUERY_TRACE_PASS_H_
