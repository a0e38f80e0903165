#include "cmd/mapping_trial.h"

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "lib/base/escape.h"
#include "lib/ingest/line_splitter.h"
#include "lib/ingest/record_maker.h"
#include "lib/json/writer.h"
#include "lib/query/row_field.h"

namespace authseal {
namespace {

using Counts = std::map<std::string, std::uint64_t, std::less<>>;

struct EventFields {
  std::vector<std::pair<std::string_view, std::string>> found;
  std::vector<std::string_view> missed;
};

EventFields FieldsOf(const Event& event) {
  const Hash no_leaf;
  const std::vector<Event> events = {event};
  const MatchedRecord record{.number = 0,
                             .bytes = {},
                             .mark = std::nullopt,
                             .leaf = no_leaf,
                             .ingest_time = UnixNanos{},
                             .events = events};
  EventFields fields;
  for (const RowField& field : RowFields()) {
    if (field.name == "record" || field.name == "time_source" ||
        field.name == "provider") {
      continue;
    }
    std::string value;
    if (field.name != "time" || event.time) {
      field.append(record, event, value);
    }
    if (value.empty()) {
      fields.missed.push_back(field.name);
    } else {
      fields.found.emplace_back(field.name, std::move(value));
    }
  }
  return fields;
}

struct Summary {
  std::uint64_t records = 0;
  std::uint64_t recognised = 0;  // by the mapping on trial
  std::uint64_t events = 0;      // of those
  std::uint64_t scrubbed = 0;
  Counts others;    // records of other mappings, by name
  Counts unparsed;  // records kept as text, by reason
  Counts kinds;
  Counts missed;       // by field
  Counts other_kinds;  // kind `other`, by raw name
};

// The most frequent first; of equal ones by name.
std::vector<std::pair<std::string, std::uint64_t>> Ranked(
    const Counts& counts) {
  std::vector<std::pair<std::string, std::uint64_t>> ranked(counts.begin(),
                                                            counts.end());
  std::stable_sort(
      ranked.begin(), ranked.end(),
      [](const auto& a, const auto& b) { return a.second > b.second; });
  return ranked;
}

class TrialRun {
 public:
  TrialRun(const MappingTrial& trial, Context& context)
      : trial_(trial), context_(context), maker_(trial.mapper, {}) {}

  void TakeAll(const std::string& sample) {
    LineSplitter splitter({.assemble = true});
    RawChunk chunk;
    const Bytes bytes = AsBytes(sample);
    chunk.bytes.assign(bytes.begin(), bytes.end());
    chunk.used_size = chunk.bytes.size();
    splitter.BeginSource(chunk, 0, LineSplitter::Place::kSourceBegin);
    while (true) {
      splitter.Split(chunk, true);
      for (const DeliveredLine& line : chunk.lines) {
        TakeLine(chunk.Text(line), line.line_number);
      }
      const std::size_t pending = splitter.pending();
      if (pending == chunk.used_size) {
        return;
      }
      RawChunk next;
      next.bytes.assign(
          chunk.bytes.begin() + static_cast<std::ptrdiff_t>(pending),
          chunk.bytes.end());
      next.used_size = next.bytes.size();
      chunk = std::move(next);
      splitter.MoveTo(0);
    }
  }

  void PrintSummary() const;
  void PrintSummaryJson() const;

 private:
  void TakeLine(std::string_view line, std::uint64_t number);
  void PrintEvent(const Event& event, const EventFields& fields,
                  std::uint64_t number, std::string_view kept_as) const;
  void PrintEventJson(const Event& event, const EventFields& fields,
                      std::uint64_t number, std::string_view kept_as) const;
  void PrintCounts(std::string_view title, const Counts& counts,
                   std::uint64_t of) const;

  const MappingTrial& trial_;
  Context& context_;
  RecordMaker maker_;
  EventMapper::Scratch scratch_;
  std::vector<Event> events_;
  Summary summary_;
};

void TrialRun::TakeLine(std::string_view line, std::uint64_t number) {
  const MadeRecord made = maker_.Make(line);
  const std::string_view kept_as =
      made.unparsed ? UnparsedReasonName(*made.unparsed) : "";
  ++summary_.records;
  summary_.scrubbed += made.scrubbed_count;
  if (made.unparsed) {
    ++summary_.unparsed[std::string(kept_as)];
  }
  trial_.mapper.Map(made.text, {}, scratch_, events_);
  const bool recognised = std::any_of(
      events_.begin(), events_.end(),
      [this](const Event& event) { return event.provider == trial_.provider; });
  if (recognised) {
    ++summary_.recognised;
  } else {
    ++summary_.others[events_.front().provider];
  }
  for (const Event& event : events_) {
    const EventFields fields = FieldsOf(event);
    trial_.json ? PrintEventJson(event, fields, number, kept_as)
                : PrintEvent(event, fields, number, kept_as);
    if (event.provider != trial_.provider) {
      continue;
    }
    ++summary_.events;
    ++summary_.kinds[std::string(EventKindName(event.kind))];
    if (event.kind == EventKind::kOther) {
      ++summary_.other_kinds[event.raw_kind];
    }
    for (const std::string_view field : fields.missed) {
      ++summary_.missed[std::string(field)];
    }
  }
}

void TrialRun::PrintEvent(const Event& event, const EventFields& fields,
                          std::uint64_t number,
                          std::string_view kept_as) const {
  context_.out << "line " << number << "  " << EscapeForTerminal(event.provider)
               << (event.provider == trial_.provider ? "" : "  NOT RECOGNISED");
  if (!kept_as.empty()) {
    context_.out << "  kept as text: " << kept_as;
  }
  context_.out << '\n';
  for (const auto& [name, value] : fields.found) {
    context_.out << "  " << name << ": " << EscapeForTerminal(value) << '\n';
  }
  context_.out << "  missed:";
  for (const std::string_view name : fields.missed) {
    context_.out << ' ' << name;
  }
  context_.out << '\n';
}

// One object a line, so that a sample of any length streams.
void TrialRun::PrintEventJson(const Event& event, const EventFields& fields,
                              std::uint64_t number,
                              std::string_view kept_as) const {
  JsonWriter out;
  out.BeginObject().Name("schema").String("authseal/mappings@1");
  out.Name("line").Number(number);
  out.Name("provider").String(event.provider);
  if (!kept_as.empty()) {
    out.Name("unparsed").String(kept_as);
  }
  out.Name("event").BeginObject();
  for (const auto& [name, value] : fields.found) {
    out.Name(name).String(value);
  }
  out.End().Name("missed").BeginArray();
  for (const std::string_view name : fields.missed) {
    out.String(name);
  }
  out.End().End();
  context_.out << out.text() << '\n';
}

void TrialRun::PrintCounts(std::string_view title, const Counts& counts,
                           std::uint64_t of) const {
  constexpr std::size_t kShownMax = 50;
  if (counts.empty()) {
    return;
  }
  context_.out << "  " << title << ":\n";
  const auto ranked = Ranked(counts);
  for (std::size_t i = 0; i < std::min(ranked.size(), kShownMax); ++i) {
    const std::string name =
        ranked[i].first.empty() ? "(no raw_kind)" : ranked[i].first;
    context_.out << "    " << ranked[i].second;
    if (of > 0) {
      context_.out << " of " << of;
    }
    context_.out << "  " << EscapeForTerminal(name) << '\n';
  }
  if (ranked.size() > kShownMax) {
    context_.out << "    ... and " << ranked.size() - kShownMax << " more\n";
  }
}

void TrialRun::PrintSummary() const {
  const Summary& all = summary_;
  context_.out << "\nsummary: " << all.recognised << " of " << all.records
               << (all.records == 1 ? " record" : " records")
               << " recognised by " << trial_.provider << ", " << all.events
               << (all.events == 1 ? " event\n" : " events\n");
  PrintCounts("taken by another mapping", all.others, 0);
  PrintCounts("kept as text", all.unparsed, 0);
  PrintCounts("kinds", all.kinds, 0);
  PrintCounts("kind other, by raw_kind", all.other_kinds, 0);
  PrintCounts("fields missed", all.missed, all.events);
  if (all.scrubbed > 0) {
    context_.out << "  secrets replaced: " << all.scrubbed << '\n';
  }
  if (all.recognised == 0) {
    context_.out << "  nothing was recognised: look at 'recognise' of "
                 << trial_.provider << '\n';
  }
}

void TrialRun::PrintSummaryJson() const {
  JsonWriter out;
  out.BeginObject().Name("schema").String("authseal/mappings@1");
  out.Name("summary").BeginObject();
  out.Name("provider").String(trial_.provider);
  out.Name("records").Number(summary_.records);
  out.Name("recognised").Number(summary_.recognised);
  out.Name("events").Number(summary_.events);
  out.Name("scrubbed").Number(summary_.scrubbed);
  const std::pair<std::string_view, const Counts&> maps[] = {
      {"others", summary_.others},
      {"unparsed", summary_.unparsed},
      {"kinds", summary_.kinds},
      {"other_kinds", summary_.other_kinds},
      {"missed", summary_.missed}};
  for (const auto& [name, counts] : maps) {
    out.Name(name).BeginObject();
    for (const auto& [key, count] : counts) {
      out.Name(key).Number(count);
    }
    out.End();
  }
  out.End().End();
  context_.out << out.text() << '\n';
}

}  // namespace

void TryMapping(const MappingTrial& trial, const std::string& sample,
                Context& context) {
  TrialRun run(trial, context);
  run.TakeAll(sample);
  trial.json ? run.PrintSummaryJson() : run.PrintSummary();
}

}  // namespace authseal
