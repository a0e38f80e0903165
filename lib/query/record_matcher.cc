#include "lib/query/record_matcher.h"

#include <algorithm>
#include <numeric>

#include "lib/query/delivered.h"

namespace authseal {

namespace {

// The mark of each record of a block, from the header's runs.
std::vector<std::optional<RecordMark>> SpreadMarks(const BlockHeader& header) {
  std::vector<std::optional<RecordMark>> marks(header.record_count);
  for (const MarkRun& run : header.marks) {
    std::fill_n(marks.begin() + run.first, run.count, run.mark);
  }
  return marks;
}

}  // namespace

RecordMatcher::RecordMatcher(const EventMapper& mapper,
                             const EventFilter& filter, Options options)
    : mapper_(mapper),
      filter_(filter),
      options_(options),
      token_mention_(filter.tokens),
      prefilter_(filter.members),
      needle_prefilter_(filter, mapper.only_built_in()) {}

bool RecordMatcher::Wanted(const ScannedBlock& block, std::size_t index,
                           std::optional<RecordMark> mark) {
  const std::uint64_t number = block.header.first_record + index;
  if (!filter_.records.contains(number) ||
      (mark == RecordMark::kControl && !options_.with_control)) {
    return false;
  }
  const std::string_view record = block.records[index];
  events_.clear();
  if (!filter_.members.empty()) {
    const std::string_view object = ProviderObject(record, mark, document_);
    if (object.empty() || object_document_.Parse(object) != JsonFault::kNone ||
        !filter_.MatchesObject(object_document_.root())) {
      return false;
    }
  }
  if (filter_.matches_any_event() && !options_.with_events) {
    return true;
  }
  mapper_.Map(record, {}, scratch_, events_);
  const UnixNanos ingest_time = block.header.ingest_first;
  const bool mentions = token_mention_.In(record, mark);
  std::erase_if(events_, [&](const Event& event) {
    return !filter_.MatchesEvent(event, ingest_time, mentions);
  });
  return !events_.empty();
}

void RecordMatcher::FindCandidates(const ScannedBlock& block) {
  first_answer_ = 0;
  if (prefilter_.useful()) {
    prefilter_.Find(block.records, candidates_);
  } else if (needle_prefilter_.useful()) {
    needle_prefilter_.Find(block.records, block.header.marks, candidates_);
  } else {
    candidates_.resize(block.records.size());
    std::iota(candidates_.begin(), candidates_.end(), 0U);
  }
}

bool RecordMatcher::MayAnswer(const ScannedBlock& block) {
  FindCandidates(block);
  asked_block_ = block.header.first_record;
  if (candidates_.empty()) {
    return false;
  }
  const auto marks = SpreadMarks(block.header);
  while (first_answer_ < candidates_.size()) {
    const std::uint32_t index = candidates_[first_answer_];
    if (Wanted(block, index, marks[index])) {
      return true;
    }
    ++first_answer_;
  }
  return false;
}

void RecordMatcher::Match(
    const ScannedBlock& block,
    const std::function<void(const MatchedRecord&)>& found) {
  if (asked_block_ != block.header.first_record) {
    FindCandidates(block);
  }
  asked_block_.reset();
  if (block.records.empty()) {
    return;
  }
  const auto marks = SpreadMarks(block.header);
  for (std::size_t i = first_answer_; i < candidates_.size(); ++i) {
    const std::uint32_t index = candidates_[i];
    if (Wanted(block, index, marks[index])) {
      found(MatchedRecord{.number = block.header.first_record + index,
                          .bytes = block.records[index],
                          .mark = marks[index],
                          .leaf = block.leaves[index],
                          .ingest_time = block.header.ingest_first,
                          .sealed = block.sealed,
                          .events = events_});
    }
  }
}

}  // namespace authseal
