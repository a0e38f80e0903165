#include "lib/ingest/record_sequencer.h"

#include "lib/archive/format.h"

namespace authseal {

// One block is left for the seal record.
RecordSequencer::Limits::Limits()
    : segment_content_size_bytes(kSegmentContentSizeBytesTarget),
      segment_block_count(kSegmentBlocksMax - 1) {}

RecordSequencer::RecordSequencer(const Clock& clock, const Start& start,
                                 const Limits& limits)
    : clock_(clock), state_(start), limits_(limits) {}

PlannedBlock RecordSequencer::Place(const BlockDraft& draft) {
  PlannedBlock planned;
  if (SealIsDue() || !FitsSegment(draft)) {
    planned.seal_before = true;
    CountSeal();
  }
  planned.first_record = state_.next_record;
  state_.next_record += draft.record_count();
  state_.segment_content_size_bytes += draft.content.size();
  ++state_.segment_block_count;
  if (!state_.segment_begin.has_value()) {
    state_.segment_begin = draft.ingest_first;
  }
  return planned;
}

bool RecordSequencer::SealNow() {
  if (!SealIsDue()) {
    return false;
  }
  CountSeal();
  return true;
}

bool RecordSequencer::SealIsDue() const {
  return requested_ || (state_.segment_begin.has_value() &&
                        clock_.Now().value - state_.segment_begin->value >=
                            limits_.seal_every_nanos);
}

bool RecordSequencer::FitsSegment(const BlockDraft& draft) const {
  return state_.segment_block_count == 0 ||
         (state_.segment_block_count < limits_.segment_block_count &&
          state_.segment_content_size_bytes + draft.content.size() <=
              limits_.segment_content_size_bytes);
}

void RecordSequencer::CountSeal() {
  requested_ = false;
  ++state_.next_record;  // the seal record
  state_.segment_content_size_bytes = 0;
  state_.segment_block_count = 0;
  state_.segment_begin.reset();
}

}  // namespace authseal
