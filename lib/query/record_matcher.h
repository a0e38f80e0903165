// Which records of a block are answers, and what their events are.
#ifndef AUTHSEAL_QUERY_RECORD_MATCHER_H_
#define AUTHSEAL_QUERY_RECORD_MATCHER_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>
#include <vector>

#include "lib/event/mapper.h"
#include "lib/json/document.h"
#include "lib/query/archive_scan.h"
#include "lib/query/event_filter.h"
#include "lib/query/line_prefilter.h"
#include "lib/query/needle_prefilter.h"
#include "lib/query/token_mention.h"

namespace authseal {

// One answer; views are valid during the call only.
struct MatchedRecord {
  std::uint64_t number = 0;
  std::string_view bytes;  // as stored
  std::optional<RecordMark> mark;
  const Hash& leaf;
  UnixNanos ingest_time;  // of its block's first record
  bool sealed = false;
  // The events that match; empty when no event was asked for and
  // `with_events` was not set.
  const std::vector<Event>& events;
};

// One a thread. `mapper` and `filter` are borrowed and may be shared.
class RecordMatcher {
 public:
  struct Options {
    bool with_control = false;  // our own control records are answers too
    bool with_events = false;   // map records even if the filter needs none
  };
  RecordMatcher(const EventMapper& mapper, const EventFilter& filter,
                Options options);

  // Whether a record of the block is an answer; its leaves are not looked at.
  bool MayAnswer(const ScannedBlock& block);
  // Calls `found` for each answer of the block, in order. Where it was the
  // last that MayAnswer() was asked about, what was found out then is used.
  void Match(const ScannedBlock& block,
             const std::function<void(const MatchedRecord&)>& found);

 private:
  void FindCandidates(const ScannedBlock& block);
  bool Wanted(const ScannedBlock& block, std::size_t index,
              std::optional<RecordMark> mark);

  const EventMapper& mapper_;
  const EventFilter& filter_;
  Options options_;
  TokenMention token_mention_;
  LinePrefilter prefilter_;           // by members
  NeedlePrefilter needle_prefilter_;  // by fields of events
  // What MayAnswer() found out about the block of this first record: which
  // records may be answers, and the first of those that is one.
  std::optional<std::uint64_t> asked_block_;
  std::vector<std::uint32_t> candidates_;
  std::size_t first_answer_ = 0;
  EventMapper::Scratch scratch_;
  JsonDocument document_;
  JsonDocument object_document_;
  std::vector<Event> events_;
};

}  // namespace authseal

#endif  // AUTHSEAL_QUERY_RECORD_MATCHER_H_
