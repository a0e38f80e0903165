#include "tests/unit/query/indexed_twins.h"

namespace authseal {
namespace {

void AddTo(std::vector<std::string>& values, const std::string& value) {
  if (!value.empty()) {
    values.push_back(value);
  }
}

}  // namespace

const EventMapper& BuiltInMapper() {
  static const EventMapper mapper = *EventMapper::Create({});
  return mapper;
}

Twins::Twins() {
  plain.archive().UseIndexer(no_index_);
  indexed.FillSamples();
  plain.FillSamples();
}

const Twins& SampleTwins() {
  static const Twins twins;
  return twins;
}

QueriedRows Ask(const ArchiveFiles& files, const Pin& pin,
                const EventFilter& filter, bool with_control) {
  RowQueryOptions options;
  options.rows.format = RowFormat::kJsonLines;
  options.with_control = with_control;
  return QueryRows(files, pin, filter, options);
}

QueriedRows AskIndexed(const EventFilter& filter) {
  const Twins& twins = SampleTwins();
  return Ask(twins.indexed.Files(), twins.indexed.pin(), filter);
}
QueriedRows AskPlain(const EventFilter& filter) {
  const Twins& twins = SampleTwins();
  return Ask(twins.plain.Files(), twins.plain.pin(), filter);
}

Values SampleValues() {
  Values values;
  EventMapper::Scratch scratch;
  std::vector<Event> events;
  for (const std::string& record : SampleRecords()) {
    BuiltInMapper().Map(record, {}, scratch, events);
    for (const Event& event : events) {
      AddTo(values.tokens, event.token.id);
      AddTo(values.tokens, event.token.fingerprint);
      AddTo(values.tokens, event.token.family);
      AddTo(values.sessions, event.session);
      AddTo(values.requests, event.request_id);
      AddTo(values.users, event.user);
      AddTo(values.users, event.user_name);
      AddTo(values.clients, event.client);
      AddTo(values.clients, event.client_name);
      AddTo(values.ips, event.ip);
      AddTo(values.providers, event.provider);
      if (event.time) {
        values.times.push_back(*event.time);
      }
    }
    for (std::size_t at = record.find("sha256:"); at != std::string::npos;
         at = record.find("sha256:", at + 1)) {
      values.tokens.push_back(record.substr(at, 71));
    }
  }
  return values;
}

}  // namespace authseal
