// The slots that chunks travel in from the reader over the workers to the
// committer, and who waits for what.
//
//   reader     free → filled
//   workers    filled → drafted           make records; any order
//   sequencer  drafted → numbered         in order, by whoever drafted last
//   workers    numbered → built           compress and hash; any order
//   committer  built → free               in order
//
// There is a fixed number of slots, so memory is bounded and nobody runs ahead
// of the disk. All waiting is on condition variables. Every member may be
// called from any thread; a slot belongs to whoever was given it last.
#ifndef AUTHSEAL_INGEST_BLOCK_PIPELINE_H_
#define AUTHSEAL_INGEST_BLOCK_PIPELINE_H_

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "lib/archive/block_builder.h"
#include "lib/ingest/draft_maker.h"
#include "lib/ingest/raw_chunk.h"
#include "lib/ingest/record_sequencer.h"

namespace authseal {

struct PipelineSlot {
  RawChunk chunk;
  bool flush = false;  // commit without waiting for more
  bool end = false;    // nothing follows
  ChunkRecords records;
  std::vector<PlannedBlock> plan;  // one a draft
  bool seal_after = false;
  bool discarded = false;  // stands behind the line where strict stopped
  std::vector<EncodedBlock> blocks;

 private:
  friend class BlockPipeline;
  enum class State : std::uint8_t {
    kFree,
    kWithReader,
    kFilled,
    kBeingDrafted,
    kDrafted,
    kNumbered,
    kBeingBuilt,
    kBuilt,
    kWithCommitter,
  };
  State state_ = State::kFree;
};

class BlockPipeline {
 public:
  using Deadline = std::chrono::steady_clock::time_point;

  // Slots hold at most `bytes_max` together, or one of them more.
  BlockPipeline(std::size_t slot_count, std::size_t bytes_max,
                RecordSequencer sequencer);

  // Reader. Null when none came free in time, or after Fail().
  PipelineSlot* AcquireFree(Deadline deadline);
  void Submit(PipelineSlot& slot);
  // No use in reading on: an error, or the line where strict stops.
  bool reading_is_over() const;
  bool seal_is_due() const;

  // Workers. Empty at the end and after Fail().
  struct Job {
    PipelineSlot* slot;
    enum class Kind : std::uint8_t {
      kDraft,
      kBuild,
    } kind;
  };
  std::optional<Job> TakeJob();
  void FinishJob(const Job& job);

  // Committer. Null when the next slot was not built in time, or after Fail().
  PipelineSlot* TakeBuilt(Deadline deadline);
  void Release(PipelineSlot& slot);  // after the end slot workers go home
  void RequestSeal();

  // Everybody stops; the first error is kept.
  void Fail(Error error);
  std::optional<Error> failure() const;

 private:
  using State = PipelineSlot::State;
  PipelineSlot& At(std::uint64_t ticket) {
    return *slots_[static_cast<std::size_t>(ticket % slots_.size())];
  }
  PipelineSlot* FindJobSlot(State state);
  void NumberDrafted();
  void Number(PipelineSlot& slot);

  mutable std::mutex mutex_;
  std::condition_variable free_changed_;
  std::condition_variable jobs_changed_;
  std::condition_variable built_changed_;
  std::vector<std::unique_ptr<PipelineSlot>> slots_;  // by ticket, a ring
  std::size_t bytes_max_;
  std::size_t bytes_in_flight_ = 0;
  RecordSequencer sequencer_;
  // The next slot for each: committed <= numbered <= submitted.
  std::uint64_t next_to_fill_ = 0;
  std::uint64_t next_to_number_ = 0;
  std::uint64_t next_to_commit_ = 0;
  bool stopped_strictly_ = false;
  bool over_ = false;
  std::optional<Error> failure_;
};

}  // namespace authseal

#endif  // AUTHSEAL_INGEST_BLOCK_PIPELINE_H_
