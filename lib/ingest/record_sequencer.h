// Gives blocks their first record numbers, in order, and says where a seal
// comes between them: a seal uses one number. Whoever commits follows this.
#ifndef AUTHSEAL_INGEST_RECORD_SEQUENCER_H_
#define AUTHSEAL_INGEST_RECORD_SEQUENCER_H_

#include <cstdint>
#include <optional>

#include "lib/archive/block_builder.h"
#include "lib/base/types.h"
#include "lib/io/clock.h"

namespace authseal {

struct PlannedBlock {
  std::uint64_t first_record = 0;
  bool seal_before = false;
};

class RecordSequencer {
 public:
  // Where the archive stands.
  struct Start {
    std::uint64_t next_record = 0;
    std::uint64_t segment_content_size_bytes = 0;
    std::uint32_t segment_block_count = 0;
    std::optional<UnixNanos> segment_begin;  // empty: no open segment
  };
  struct Limits {
    std::int64_t seal_every_nanos = 3600 * kNanosPerSecond;
    std::uint64_t segment_content_size_bytes;  // set by the constructor below
    std::uint32_t segment_block_count;
    Limits();
  };

  RecordSequencer(const Clock& clock, const Start& start, const Limits& limits);

  PlannedBlock Place(const BlockDraft& draft);
  // When no block follows: whether a seal is due; if so it is counted as done.
  bool SealNow();
  bool SealIsDue() const;
  // The next call of Place or SealNow seals, whatever the limits say.
  void RequestSeal() { requested_ = true; }

 private:
  bool FitsSegment(const BlockDraft& draft) const;
  void CountSeal();

  const Clock& clock_;
  Start state_;
  Limits limits_;
  bool requested_ = false;
};

}  // namespace authseal

#endif  // AUTHSEAL_INGEST_RECORD_SEQUENCER_H_
