#include "lib/query/column_counts.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "lib/index/column_reader.h"
#include "lib/query/column_question.h"
#include "lib/query/time_bucket.h"

namespace authseal {
namespace {

constexpr std::size_t kDenseGroupsMax = 1u << 18;

class ColumnCounter : public IndexCounter {
 public:
  ColumnCounter(const EventFilter& filter, const CountQueryOptions& options,
                GroupFields groups, CountQueryResult& counts)
      : filter_(filter),
        parts_(SplitFilter(filter)),
        options_(options),
        groups_(std::move(groups)),
        choice_(groups_.choice),
        counts_(counts) {
    by_act_ = !parts_.acts.matches_any_event();
    by_detail_ = !parts_.details.matches_any_event();
    by_client_ = !parts_.clients.matches_any_event();
    by_time_ = filter.since.has_value() || filter.until.has_value();
    choice_.acts |= by_act_ || by_detail_;
    choice_.details |= by_detail_;
    choice_.clients |= by_client_;
    choice_.times = by_time_ || !options.records_only;
  }

  Result<bool> CountAll(IndexReader& index) override;
  Result<std::vector<std::uint32_t>> Count(
      IndexReader& index, const std::vector<std::uint32_t>& blocks) override;
  void Accept() override;

 private:
  Event EventOf(const IndexHeader& header, std::optional<std::uint64_t> act,
                std::optional<std::uint64_t> detail,
                std::optional<std::uint64_t> client) const;
  void BeginSegment(const IndexHeader& header);
  void MarkWanted(const IndexHeader& header);
  bool Wanted(std::size_t event) const;
  bool AskedOfOneDictionary() const;
  const DictionarySums* SumsThatAnswer() const;
  void CountBySums(const DictionarySums& sums);
  void CountEvents();
  void CountRecords();
  void AddToGroup(std::size_t event, UnixNanos time);
  void AddToBucket(UnixNanos time);
  std::uint64_t DetailOf(std::size_t event) const;

  const EventFilter& filter_;
  FilterParts parts_;
  const CountQueryOptions& options_;
  GroupFields groups_;
  ColumnChoice choice_;
  bool by_act_ = false;
  bool by_detail_ = false;
  bool by_client_ = false;
  bool by_time_ = false;
  CountQueryResult& counts_;

  // Of the last segment.
  ColumnDictionaries dictionaries_;
  std::vector<std::string> providers_;
  ColumnEvents events_;
  std::vector<bool> wanted_acts_;
  std::vector<bool> wanted_details_;
  std::vector<bool> wanted_clients_;
  std::uint64_t total_ = 0;
  // By the number of act or detail, times the clients, and of the client.
  std::size_t group_values_ = 1;
  std::size_t group_clients_ = 1;
  std::vector<GroupCount> dense_;
  std::unordered_map<std::uint64_t, GroupCount> sparse_;
  std::map<std::int64_t, std::uint64_t> buckets_;
  TimeBucket bucket_;
  std::uint64_t* bucket_count_ = nullptr;
};

Event ColumnCounter::EventOf(const IndexHeader& header,
                             std::optional<std::uint64_t> act,
                             std::optional<std::uint64_t> detail,
                             std::optional<std::uint64_t> client) const {
  Event event;
  if (act.has_value()) {
    const auto& values = dictionaries_.acts[static_cast<std::size_t>(*act)];
    event.provider = header.providers[values.provider];
    event.kind = values.kind;
    event.outcome = values.outcome;
  }
  if (detail.has_value()) {
    const auto& values =
        dictionaries_.details[static_cast<std::size_t>(*detail)];
    for (std::size_t i = 0; i < values.size(); ++i) {
      event.*kDetailMembers[i] = values[i];
    }
  }
  if (client.has_value()) {
    const auto& values =
        dictionaries_.clients[static_cast<std::size_t>(*client)];
    for (std::size_t i = 0; i < values.size(); ++i) {
      event.*kClientMembers[i] = values[i];
    }
  }
  return event;
}

void ColumnCounter::MarkWanted(const IndexHeader& header) {
  const UnixNanos never;
  wanted_acts_.clear();
  for (std::size_t i = 0; by_act_ && i < dictionaries_.acts.size(); ++i) {
    wanted_acts_.push_back(parts_.acts.MatchesEvent(
        EventOf(header, i, std::nullopt, std::nullopt), never, false));
  }
  wanted_details_.clear();
  for (std::size_t i = 0; by_detail_ && i < dictionaries_.details.size(); ++i) {
    wanted_details_.push_back(parts_.details.MatchesEvent(
        EventOf(header, std::nullopt, i, std::nullopt), never, false));
  }
  wanted_clients_.clear();
  for (std::size_t i = 0; by_client_ && i < dictionaries_.clients.size(); ++i) {
    wanted_clients_.push_back(parts_.clients.MatchesEvent(
        EventOf(header, std::nullopt, std::nullopt, i), never, false));
  }
}

void ColumnCounter::BeginSegment(const IndexHeader& header) {
  providers_ = header.providers;
  MarkWanted(header);
  total_ = 0;
  buckets_.clear();
  bucket_ = {};
  bucket_count_ = nullptr;
  group_values_ = groups_.choice.details ? dictionaries_.details.size()
                  : groups_.choice.acts  ? dictionaries_.acts.size()
                                         : 1;
  group_clients_ = groups_.choice.clients ? dictionaries_.clients.size() : 1;
  sparse_.clear();
  const bool is_dense =
      !options_.by.empty() && group_values_ * group_clients_ <= kDenseGroupsMax;
  dense_.assign(is_dense ? group_values_ * group_clients_ : 0, {});
}

// The act of a detail.
std::size_t ActOf(const ColumnDictionaries& dictionaries, std::size_t detail) {
  const auto& begin = dictionaries.detail_begin;
  return static_cast<std::size_t>(
      std::upper_bound(begin.begin(), begin.end(), detail) - begin.begin() - 1);
}

bool ColumnCounter::AskedOfOneDictionary() const {
  return !options_.records_only && options_.bucket_nanos == 0 && !by_time_ &&
         choice_.acts != choice_.clients;
}

// Those of the one dictionary that filter and groups ask about; nullptr where
// some block is not in them.
const DictionarySums* ColumnCounter::SumsThatAnswer() const {
  const bool in_dictionary = choice_.clients   ? dictionaries_.has_clients
                             : choice_.details ? dictionaries_.has_details
                                               : dictionaries_.has_acts;
  const DictionarySums& sums = choice_.clients   ? dictionaries_.client_sums
                               : choice_.details ? dictionaries_.detail_sums
                                                 : dictionaries_.act_sums;
  return in_dictionary && sums.blocks_left_out == 0 ? &sums : nullptr;
}

void ColumnCounter::CountBySums(const DictionarySums& sums) {
  for (std::size_t value = 0; value < sums.values.size(); ++value) {
    const ValueSum& sum = sums.values[value];
    const std::size_t act =
        choice_.details ? ActOf(dictionaries_, value) : value;
    if (sum.events == 0 || (by_act_ && !wanted_acts_[act]) ||
        (by_detail_ && !wanted_details_[value]) ||
        (by_client_ && !wanted_clients_[value])) {
      continue;
    }
    total_ += sum.events;
    if (options_.by.empty()) {
      continue;
    }
    const std::size_t group =
        groups_.choice.acts && !groups_.choice.details  ? act
        : groups_.choice.acts || groups_.choice.clients ? value
                                                        : 0;
    const GroupCount count{
        .count = sum.events, .first_time = sum.first, .last_time = sum.last};
    (dense_.empty() ? sparse_[group] : dense_[group]).Add(count);
  }
}

// In the dictionary.
std::uint64_t ColumnCounter::DetailOf(std::size_t event) const {
  const std::size_t act = static_cast<std::size_t>(events_.acts[event]);
  return dictionaries_.detail_begin[act] + events_.details[event];
}

bool ColumnCounter::Wanted(std::size_t event) const {
  return (!by_act_ ||
          wanted_acts_[static_cast<std::size_t>(events_.acts[event])]) &&
         (!by_client_ ||
          wanted_clients_[static_cast<std::size_t>(events_.clients[event])]) &&
         (!by_detail_ ||
          wanted_details_[static_cast<std::size_t>(DetailOf(event))]) &&
         (!filter_.since || events_.times[event] >= *filter_.since) &&
         (!filter_.until || events_.times[event] < *filter_.until);
}

void ColumnCounter::AddToGroup(std::size_t event, UnixNanos time) {
  std::uint64_t group = groups_.choice.details ? DetailOf(event)
                        : groups_.choice.acts  ? events_.acts[event]
                                               : 0;
  group = group * group_clients_ +
          (groups_.choice.clients ? events_.clients[event] : 0);
  if (dense_.empty()) {
    sparse_[group].Add(time);
  } else {
    dense_[static_cast<std::size_t>(group)].Add(time);
  }
}

void ColumnCounter::AddToBucket(UnixNanos time) {
  if (bucket_count_ == nullptr || !bucket_.Contains(time)) {
    bucket_ = TimeBucket::Of(time, options_.bucket_nanos);
    bucket_count_ = &buckets_[bucket_.begin];
  }
  ++*bucket_count_;
}

void ColumnCounter::CountEvents() {
  const bool all = !by_act_ && !by_detail_ && !by_client_ && !by_time_;
  for (std::size_t event = 0; event < events_.count; ++event) {
    if (!all && !Wanted(event)) {
      continue;
    }
    ++total_;
    const UnixNanos time = events_.times[event];
    if (!options_.by.empty()) {
      AddToGroup(event, time);
    }
    if (options_.bucket_nanos > 0) {
      AddToBucket(time);
    }
  }
}

// Those with an event that is wanted; our own have none here.
void ColumnCounter::CountRecords() {
  std::size_t event = 0;
  for (std::size_t record = 0; record < events_.record_count; ++record) {
    const std::size_t end =
        event + (events_.records.empty()
                     ? 1
                     : static_cast<std::size_t>(events_.records[record]));
    bool wanted = false;
    for (; event < end; ++event) {
      wanted = wanted || Wanted(event);
    }
    total_ += wanted ? 1U : 0U;
  }
}

Result<bool> ColumnCounter::CountAll(IndexReader& index) {
  if (!index.header().has_columns || !AskedOfOneDictionary()) {
    return false;
  }
  TRY_ASSIGN(ColumnReader reader, ColumnReader::Open(index, choice_));
  dictionaries_ = reader.dictionaries();
  BeginSegment(index.header());
  const DictionarySums* const sums = SumsThatAnswer();
  if (sums != nullptr) {
    CountBySums(*sums);
  }
  return sums != nullptr;
}

Result<std::vector<std::uint32_t>> ColumnCounter::Count(
    IndexReader& index, const std::vector<std::uint32_t>& blocks) {
  if (!index.header().has_columns) {
    dictionaries_ = {};
    BeginSegment(index.header());
    return blocks;
  }
  TRY_ASSIGN(ColumnReader reader, ColumnReader::Open(index, choice_));
  dictionaries_ = reader.dictionaries();
  BeginSegment(index.header());
  std::vector<std::uint32_t> to_read;
  for (const std::uint32_t block : blocks) {
    TRY_ASSIGN(const bool whole, reader.ReadBlock(block, events_));
    if (!whole) {
      to_read.push_back(block);
    } else if (options_.records_only) {
      CountRecords();
    } else {
      CountEvents();
    }
  }
  return to_read;
}

void ColumnCounter::Accept() {
  counts_.total += total_;
  for (const auto& [begin, count] : buckets_) {
    counts_.buckets[begin] += count;
  }
  IndexHeader header;
  header.providers = providers_;
  const Hash no_leaf;
  const std::vector<Event> no_events;
  const MatchedRecord record{.bytes = {},
                             .mark = std::nullopt,
                             .leaf = no_leaf,
                             .ingest_time = {},
                             .events = no_events};
  const auto add = [&](std::uint64_t group, const GroupCount& count) {
    const std::uint64_t value = group / group_clients_;
    std::optional<std::uint64_t> act;
    std::optional<std::uint64_t> detail;
    std::optional<std::uint64_t> client;
    if (groups_.choice.details) {
      detail = value;
      act = ActOf(dictionaries_, static_cast<std::size_t>(value));
    } else if (groups_.choice.acts) {
      act = value;
    }
    if (groups_.choice.clients) {
      client = group % group_clients_;
    }
    const Event event = EventOf(header, act, detail, client);
    std::vector<std::string> key(options_.by.size());
    for (std::size_t i = 0; i < key.size(); ++i) {
      options_.by[i]->append(record, event, key[i]);
    }
    counts_.groups[std::move(key)].Add(count);
  };
  for (std::size_t group = 0; group < dense_.size(); ++group) {
    if (dense_[group].count > 0) {
      add(group, dense_[group]);
    }
  }
  for (const auto& [group, count] : sparse_) {
    add(group, count);
  }
}

}  // namespace

std::unique_ptr<IndexCounter> MakeColumnCounter(
    const EventFilter& filter, const CountQueryOptions& options,
    CountQueryResult& counts) {
  if (options.with_control || !IsOfColumns(filter)) {
    return nullptr;
  }
  std::optional<GroupFields> groups = GroupFieldsOf(options.by);
  if (!groups.has_value()) {
    return nullptr;
  }
  return std::make_unique<ColumnCounter>(filter, options, *std::move(groups),
                                         counts);
}

}  // namespace authseal
