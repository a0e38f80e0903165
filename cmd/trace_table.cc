// Columns of a trace on 80: the day is a line of its own, so that what, which,
// who and where find room beside the time.
#include <algorithm>
#include <memory>

#include "cmd/trace_output.h"
#include "lib/base/time.h"
#include "lib/query/table_row.h"
#include "lib/query/trace_rows.h"

namespace authseal {

namespace {

constexpr std::size_t kDayWidth = 10;
constexpr std::size_t kTimeWidth = 9;  // "09:00:01" and its mark
constexpr std::size_t kKindWidth = 14;
constexpr std::size_t kOutcomeWidth = 4;
constexpr std::size_t kIpWidth = 15;
constexpr std::size_t kNameWidthMin = 6;
constexpr std::string_view kIndent = "    ";

std::string_view ShortOutcome(EventOutcome outcome) {
  switch (outcome) {
    case EventOutcome::kSuccess:
      return "ok";
    case EventOutcome::kFailure:
      return "FAIL";
    case EventOutcome::kUnknown:
      break;
  }
  return "?";
}

// The narrowest identifier the event has.
std::string Which(const Event& event) {
  const auto tail = [](const std::string& id) {
    return id.starts_with("sha256:") ? "#" + id.substr(7) : id;
  };
  if (!event.token.id.empty()) {
    return tail(event.token.id);
  }
  if (!event.token.fingerprint.empty()) {
    return tail(event.token.fingerprint);
  }
  if (!event.token.family.empty()) {
    return "f:" + event.token.family;
  }
  return event.session.empty() ? "" : "s:" + event.session;
}

std::string_view NameOf(const std::string& name, const std::string& id) {
  return name.empty() ? id : name;
}

std::string StripRight(std::string line) {
  line.erase(line.find_last_not_of(' ') + 1);
  return line + '\n';
}

class Columns {
 public:
  Columns(unsigned columns, std::uint64_t last_record)
      : record_width_(
            std::max<std::size_t>(std::to_string(last_record).size(), 3)) {
    const std::size_t used =
        kTimeWidth + kKindWidth + kOutcomeWidth + kIpWidth + record_width_ + 7;
    const std::size_t left = columns > used ? columns - used : 0;
    name_width_ = std::max(kNameWidthMin, left / 3);
    which_width_ = std::max(kNameWidthMin, left - 2 * (left / 3));
  }

  std::string Line(std::string_view time, std::string_view record,
                   std::string_view kind, std::string_view outcome,
                   std::string_view which, std::string_view who,
                   std::string_view client, std::string_view ip) const {
    return StripRight(
        FitToWidth(time, kTimeWidth) + ' ' + FitToWidth(record, record_width_) +
        ' ' + FitToWidth(kind, kKindWidth) + ' ' +
        FitToWidth(outcome, kOutcomeWidth) + ' ' +
        FitToWidth(which, which_width_) + ' ' + FitToWidth(who, name_width_) +
        ' ' + FitToWidth(client, name_width_) + ' ' + FitToWidth(ip, kIpWidth));
  }

 private:
  std::size_t record_width_;
  std::size_t name_width_;
  std::size_t which_width_;
};

std::string GapLine(const TraceResult& trace, const TraceGap& gap) {
  std::string line(kIndent);
  line += IsAlarm(gap.kind) ? "! " : "- ";
  line += GapName(gap.kind);
  if (gap.cause) {
    const TracedEvent& cause = trace.events[*gap.cause];
    line += " (record " + std::to_string(cause.record) + ", " +
            FormatRfc3339(cause.time()).substr(0, 19) + "Z)";
  }
  return line + '\n';
}

// Rows of our own columns, or of those that --fields names.
class TraceTable {
 public:
  TraceTable(const RowOptions& options, std::uint64_t last_record)
      : columns_(options.columns, last_record) {
    if (!options.fields.empty()) {
      chosen_ = std::make_unique<TableLayout>(options.fields, options.columns);
    }
  }

  std::string Header() const {
    return chosen_ ? chosen_->Header()
                   : columns_.Line("time", "rec", "what", "", "which", "who",
                                   "client", "ip");
  }

  std::string Row(const TracedEvent& traced) {
    std::string text;
    if (chosen_) {
      WithRow(traced, [this, &text](const MatchedRecord& row) {
        chosen_->AppendRow(row, row.events.front(), text);
      });
      return text;
    }
    const std::string time = FormatRfc3339(traced.time());
    const std::string day = time.substr(0, kDayWidth);
    if (day != day_) {
      text = day + " UTC\n";
      day_ = day;
    }
    const Event& event = traced.event;
    return text +
           columns_.Line(time.substr(kDayWidth + 1, 8) + Mark(traced),
                         std::to_string(traced.record),
                         EventKindName(event.kind), ShortOutcome(event.outcome),
                         Which(event), NameOf(event.user_name, event.user),
                         NameOf(event.client_name, event.client), event.ip);
  }

 private:
  static std::string Mark(const TracedEvent& traced) {
    return traced.event.time ? (traced.repeat ? "=" : "") : "~";
  }

  Columns columns_;
  std::unique_ptr<TableLayout> chosen_;
  std::string day_;
};

std::string Plural(std::size_t count, const std::string& word) {
  return std::to_string(count) + " " + word + (count == 1 ? "" : "s");
}

}  // namespace

void WriteTraceTable(const TraceResult& trace,
                     const std::vector<TraceGap>& gaps,
                     const std::vector<std::size_t>& shown,
                     const RowOptions& options, const TextSink& sink) {
  std::uint64_t last_record = 0;
  for (const std::size_t i : shown) {
    last_record = std::max(last_record, trace.events[i].record);
  }
  TraceTable table(options, last_record);
  std::string text = table.Header();
  auto gap = gaps.begin();
  std::size_t alarms = 0;
  std::size_t notices = 0;
  for (const std::size_t i : shown) {
    text += table.Row(trace.events[i]);
    gap = std::find_if(gap, gaps.end(),
                       [i](const TraceGap& g) { return g.event >= i; });
    for (; gap != gaps.end() && gap->event == i; ++gap) {
      text += GapLine(trace, *gap);
      ++(IsAlarm(gap->kind) ? alarms : notices);
    }
    if (!sink(text)) {
      return;
    }
    text.clear();
  }
  text += Plural(shown.size(), "event");
  if (shown.size() != trace.events.size()) {
    text += " of " + std::to_string(trace.events.size());
  }
  sink(text + ", " + Plural(alarms, "alarm") + ", " +
       Plural(notices, "notice") + "\n");
}

}  // namespace authseal
