#include "lib/query/trace_query.h"

#include <algorithm>
#include <set>
#include <tuple>
#include <utility>

#include "lib/query/index_question.h"
#include "lib/query/trace_pass.h"

namespace authseal {

namespace {

std::uint64_t TextBytes(const Event& event) {
  std::uint64_t bytes = event.time_text.size() + event.provider.size() +
                        event.raw_kind.size() + event.error.size() +
                        event.user_agent.size() + event.grant.size() +
                        event.audience.size() + event.event_id.size() +
                        event.tenant.size() + event.ip.size();
  for (const EventName& name : NamesOf(event)) {
    bytes += name.value->size();
  }
  for (const std::string& scope : event.scopes) {
    bytes += sizeof(scope) + scope.size();
  }
  return bytes;
}

class Closure {
 public:
  Closure(const TraceOptions& options, TraceResult& result)
      : options_(options), result_(result) {
    wanted_.values.insert(options.values.begin(), options.values.end());
  }

  const TraceWanted& wanted() const { return wanted_; }
  bool done() const { return wanted_.values.empty() && wanted_.keys.empty(); }
  std::uint64_t end_record() const { return end_record_; }

  void Take(TraceFound& found) {
    end_record_ = std::max(end_record_, found.end_record);
    for (TracedEvent& traced : found.events) {
      Take(std::move(traced));
    }
  }

  // Keeps what the pass found, and turns to what that brought.
  void EndPass() {
    wanted_ = {};
    std::vector<TracedEvent> found = std::exchange(found_, {});
    std::erase_if(found, [this](const TracedEvent& traced) {
      return !traced.named && !IsTied(traced.event);
    });
    for (TracedEvent& traced : found) {
      for (Link& link : LinksOf(traced.event)) {
        const std::string key = link.Key();
        if (links_.try_emplace(key, std::move(link)).second) {
          Pursue(key);
        }
      }
      kept_.emplace(traced.record, traced.index);
      result_.events.push_back(std::move(traced));
    }
  }

  // Nothing more will be read.
  void End() {
    for (const std::string& key : wanted_.keys) {
      links_.at(key).Stop();
    }
    for (auto& [key, link] : links_) {
      result_.links.push_back(std::move(link));
    }
  }

 private:
  void Pursue(const std::string& key) {
    if (links_.at(key).verdict() == LinkVerdict::kFollowed) {
      wanted_.keys.insert(key);
    }
  }

  bool IsTied(const Event& event) const {
    const auto links = LinksOf(event);
    return std::any_of(links.begin(), links.end(), [this](const Link& link) {
      const auto found = links_.find(link.Key());
      return found != links_.end() &&
             found->second.verdict() == LinkVerdict::kFollowed;
    });
  }

  void Take(TracedEvent traced) {
    if (!wanted_.values.empty()) {
      traced.named = true;
      for (const EventName& name : NamesOf(traced.event)) {
        if (!name.value->empty() && wanted_.values.contains(*name.value)) {
          ++result_.matches[{std::string(ServerOf(traced.event.provider)),
                             std::string(name.field)}];
        }
      }
    } else {
      for (const Link& link : LinksOf(traced.event)) {
        if (wanted_.keys.contains(link.Key())) {
          links_.at(link.Key()).Count(traced.event, link.kind);
        }
      }
      if (kept_.contains({traced.record, traced.index}) ||
          !IsTied(traced.event)) {
        return;
      }
    }
    Hold(std::move(traced));
  }

  void Hold(TracedEvent traced) {
    const std::uint64_t bytes = TextBytes(traced.event);
    if (result_.events.size() + found_.size() >= options_.limits.events_max ||
        bytes > options_.limits.text_bytes_max - text_bytes_) {
      result_.complete = false;
      return;
    }
    text_bytes_ += bytes;
    found_.push_back(std::move(traced));
  }

  const TraceOptions& options_;
  TraceResult& result_;
  TraceWanted wanted_;
  std::vector<TracedEvent> found_;  // in the pass at hand
  std::map<std::string, FollowedLink> links_;
  std::set<std::pair<std::uint64_t, std::size_t>> kept_;
  std::uint64_t text_bytes_ = 0;
  std::uint64_t end_record_ = 0;
};

void PutInOrder(std::vector<TracedEvent>& events) {
  // The delivery that came first is the one that counts.
  std::sort(events.begin(), events.end(),
            [](const TracedEvent& a, const TracedEvent& b) {
              return std::tie(a.record, a.index) < std::tie(b.record, b.index);
            });
  std::set<RowKey> seen;
  for (TracedEvent& traced : events) {
    traced.repeat = !seen.insert(traced.key).second;
  }
  std::stable_sort(events.begin(), events.end(),
                   [](const TracedEvent& a, const TracedEvent& b) {
                     return a.time() < b.time();
                   });
}

}  // namespace

Result<TraceResult> RunTrace(const ArchiveReader& archive,
                             const ScanOptions& scan_options,
                             const EventMapper& mapper,
                             const EventFilter& filter,
                             const TraceOptions& options) {
  TraceResult result;
  Closure closure(options, result);
  ScanOptions scan = scan_options;
  while (!closure.done() && result.passes < options.limits.passes_max) {
    scan.question =
        IndexQuestionOf(closure.wanted(), mapper, options.with_control);
    TRY_ASSIGN(const ScanReport report,
               ScanArchive(
                   archive, scan,
                   [&] {
                     return std::make_unique<TraceEvaluator>(
                         mapper, filter, closure.wanted(),
                         options.with_control);
                   },
                   [&](std::unique_ptr<BlockResult> found) -> Result<bool> {
                     closure.Take(static_cast<TraceFound&>(*found));
                     return true;
                   }));
    AddToReport(report, result.scan);
    ++result.passes;
    // With an index not every block was read, yet all were looked at.
    const std::uint64_t end_record = std::max(
        closure.end_record(), report.sealed_records + report.unsealed_records);
    scan.records.end = std::min(scan.records.end, end_record);
    closure.EndPass();
  }
  result.complete = result.complete && closure.done();
  closure.End();
  PutInOrder(result.events);
  return result;
}

}  // namespace authseal
