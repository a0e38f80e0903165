#include "lib/ingest/record_sequencer.h"

#include <gtest/gtest.h>

#include "lib/archive/format.h"
#include "tests/support/manual_clock.h"

namespace authseal {
namespace {

BlockDraft Draft(std::uint32_t record_count, std::size_t size_bytes,
                 UnixNanos time = ManualClock::kDefaultStart) {
  BlockDraft draft;
  draft.content.resize(size_bytes);
  draft.record_ends_bytes.resize(record_count);
  draft.ingest_first = draft.ingest_last = time;
  return draft;
}

TEST(RecordSequencer, NumbersBlocksOneBehindTheOther) {
  ManualClock clock;
  RecordSequencer::Start start;
  start.next_record = 7;
  RecordSequencer sequencer(clock, start, {});
  EXPECT_EQ(sequencer.Place(Draft(10, 100)).first_record, 7u);
  const PlannedBlock second = sequencer.Place(Draft(1, 100));
  EXPECT_EQ(second.first_record, 17u);
  EXPECT_FALSE(second.seal_before);
}

TEST(RecordSequencer, SealsWhenTheSegmentIsFull) {
  ManualClock clock;
  RecordSequencer::Limits limits;
  limits.segment_content_size_bytes = 1000;
  RecordSequencer sequencer(clock, {}, limits);
  EXPECT_FALSE(sequencer.Place(Draft(1, 600)).seal_before);
  EXPECT_FALSE(sequencer.Place(Draft(1, 400)).seal_before);
  const PlannedBlock third = sequencer.Place(Draft(1, 1));
  EXPECT_TRUE(third.seal_before);
  EXPECT_EQ(third.first_record, 3u);  // 2 is the seal record
  // A block above the limit by itself still has its segment.
  EXPECT_TRUE(sequencer.Place(Draft(1, 5000)).seal_before);
  EXPECT_TRUE(sequencer.Place(Draft(1, 1)).seal_before);
}

TEST(RecordSequencer, LeavesABlockForTheSeal) {
  ManualClock clock;
  RecordSequencer sequencer(clock,
                            {.next_record = 100,
                             .segment_content_size_bytes = 100,
                             .segment_block_count = kSegmentBlocksMax - 1,
                             .segment_begin = ManualClock::kDefaultStart},
                            {});
  EXPECT_TRUE(sequencer.Place(Draft(1, 1)).seal_before);
}

TEST(RecordSequencer, SealsByTheClock) {
  ManualClock clock;
  RecordSequencer sequencer(clock, {}, {});
  clock.AdvanceSeconds(10'000);
  EXPECT_FALSE(sequencer.SealIsDue());  // nothing to seal
  EXPECT_FALSE(sequencer.SealNow());
  EXPECT_FALSE(sequencer.Place(Draft(1, 1, clock.Now())).seal_before);
  clock.AdvanceSeconds(3599);
  EXPECT_FALSE(sequencer.SealIsDue());
  clock.AdvanceSeconds(1);
  EXPECT_TRUE(sequencer.SealIsDue());
  EXPECT_TRUE(sequencer.SealNow());
  EXPECT_FALSE(sequencer.SealNow());
  EXPECT_EQ(sequencer.Place(Draft(1, 1, clock.Now())).first_record, 2u);
}

TEST(RecordSequencer, SealsAnOldSegmentOfAnEarlierRun) {
  ManualClock clock;
  RecordSequencer sequencer(
      clock,
      {.next_record = 5,
       .segment_content_size_bytes = 10,
       .segment_block_count = 1,
       .segment_begin = UnixNanos{clock.Now().value - 7200 * kNanosPerSecond}},
      {});
  const PlannedBlock planned = sequencer.Place(Draft(1, 1, clock.Now()));
  EXPECT_TRUE(planned.seal_before);
  EXPECT_EQ(planned.first_record, 6u);
}

TEST(RecordSequencer, SealsOnRequestEvenNothing) {
  ManualClock clock;
  RecordSequencer sequencer(clock, {}, {});
  sequencer.RequestSeal();
  EXPECT_TRUE(sequencer.SealNow());
  EXPECT_FALSE(sequencer.SealNow());
  sequencer.RequestSeal();
  EXPECT_TRUE(sequencer.Place(Draft(1, 1)).seal_before);
  EXPECT_FALSE(sequencer.Place(Draft(1, 1)).seal_before);
}

TEST(RecordSequencer, IsNotConfusedByAClockThatWasSetBack) {
  ManualClock clock;
  RecordSequencer sequencer(clock, {}, {});
  sequencer.Place(Draft(1, 1, clock.Now()));
  clock.AdvanceSeconds(-1'000'000);
  EXPECT_FALSE(sequencer.SealIsDue());
}

}  // namespace
}  // namespace authseal
