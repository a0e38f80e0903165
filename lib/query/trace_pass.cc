#include "lib/query/trace_pass.h"

#include <algorithm>
#include <map>
#include <utility>

#include "lib/query/delivered.h"

namespace authseal {

std::vector<EventName> NamesOf(const Event& event) {
  return {{"token_id", &event.token.id},
          {"token_fingerprint", &event.token.fingerprint},
          {"token_family", &event.token.family},
          {"session", &event.session},
          {"user", &event.user},
          {"user_name", &event.user_name},
          {"client", &event.client},
          {"client_name", &event.client_name},
          {"request_id", &event.request_id}};
}

TraceEvaluator::TraceEvaluator(const EventMapper& mapper,
                               const EventFilter& filter,
                               const TraceWanted& wanted, bool with_control)
    : filter_(filter),
      wanted_(wanted),
      matcher_(mapper, everything_,
               {.with_control = with_control, .with_events = true}),
      wanted_mention_(wanted.values),
      shown_mention_(filter.tokens) {}

bool TraceEvaluator::Wants(const Event& event) const {
  if (!wanted_.values.empty()) {
    const auto names = NamesOf(event);
    return std::any_of(names.begin(), names.end(), [this](const EventName& n) {
      return !n.value->empty() && wanted_.values.contains(*n.value);
    });
  }
  const auto links = LinksOf(event);
  return std::any_of(links.begin(), links.end(), [this](const Link& link) {
    return wanted_.keys.contains(link.Key());
  });
}

void TraceEvaluator::Keep(const MatchedRecord& record, std::size_t index,
                          const RowKey& key, TraceFound& found) {
  TracedEvent traced;
  traced.record = record.number;
  traced.index = index;
  traced.ingest_time = record.ingest_time;
  traced.event = record.events[index];
  traced.key = key;
  traced.shown =
      filter_.records.contains(record.number) &&
      filter_.MatchesEvent(traced.event, record.ingest_time,
                           shown_mention_.In(record.bytes, record.mark));
  if (traced.shown && !filter_.members.empty()) {
    const std::string_view object =
        ProviderObject(record.bytes, record.mark, document_);
    traced.shown = !object.empty() &&
                   object_document_.Parse(object) == JsonFault::kNone &&
                   filter_.MatchesObject(object_document_.root());
  }
  found.events.push_back(std::move(traced));
}

void TraceEvaluator::KeepWanted(const MatchedRecord& record,
                                TraceFound& found) {
  std::vector<std::size_t> indexes;
  const bool mentioned = wanted_mention_.In(record.bytes, record.mark);
  for (std::size_t i = 0; i < record.events.size(); ++i) {
    if (mentioned || Wants(record.events[i])) {
      indexes.push_back(i);
    }
  }
  if (indexes.empty()) {
    return;
  }
  // An envelope may hold thousands of events: each key is made once.
  std::map<RowKey, std::size_t> repeats;
  std::size_t next = 0;
  for (const std::size_t index : indexes) {
    for (; next < index; ++next) {
      ++repeats[RowKeyOf(record.leaf, &record.events[next])];
    }
    const RowKey key = RowKeyOf(record.leaf, &record.events[index]);
    Keep(record, index, TellApart(key, repeats[key]), found);
  }
}

std::unique_ptr<BlockResult> TraceEvaluator::Evaluate(
    const ScannedBlock& block) {
  auto found = std::make_unique<TraceFound>();
  found->end_record = block.header.records().end;
  matcher_.Match(block, [this, &found](const MatchedRecord& record) {
    KeepWanted(record, *found);
  });
  return found;
}

}  // namespace authseal
