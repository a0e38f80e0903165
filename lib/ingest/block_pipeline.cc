#include "lib/ingest/block_pipeline.h"

namespace authseal {

BlockPipeline::BlockPipeline(std::size_t slot_count, std::size_t bytes_max,
                             RecordSequencer sequencer)
    : bytes_max_(bytes_max), sequencer_(std::move(sequencer)) {
  for (std::size_t i = 0; i < slot_count; ++i) {
    slots_.push_back(std::make_unique<PipelineSlot>());
  }
}

PipelineSlot* BlockPipeline::AcquireFree(Deadline deadline) {
  std::unique_lock lock(mutex_);
  PipelineSlot& slot = At(next_to_fill_);
  const bool free = free_changed_.wait_until(
      lock, deadline, [&] { return over_ || slot.state_ == State::kFree; });
  if (!free || over_) {
    return nullptr;
  }
  slot.state_ = State::kWithReader;
  slot.flush = slot.end = slot.seal_after = slot.discarded = false;
  slot.plan.clear();
  slot.blocks.clear();
  return &slot;
}

void BlockPipeline::Submit(PipelineSlot& slot) {
  std::unique_lock lock(mutex_);
  const std::size_t size = slot.chunk.used_size;
  free_changed_.wait(lock, [&] {
    return over_ || bytes_in_flight_ == 0 ||
           bytes_in_flight_ + size <= bytes_max_;
  });
  bytes_in_flight_ += size;
  slot.state_ = State::kFilled;
  ++next_to_fill_;
  jobs_changed_.notify_one();
}

bool BlockPipeline::reading_is_over() const {
  const std::lock_guard lock(mutex_);
  return over_ || stopped_strictly_;
}

bool BlockPipeline::seal_is_due() const {
  const std::lock_guard lock(mutex_);
  return sequencer_.SealIsDue();
}

std::optional<BlockPipeline::Job> BlockPipeline::TakeJob() {
  std::unique_lock lock(mutex_);
  while (!over_) {
    // What is nearer to the disk goes first: it gives a slot back.
    if (PipelineSlot* slot = FindJobSlot(State::kNumbered)) {
      slot->state_ = State::kBeingBuilt;
      return Job{.slot = slot, .kind = Job::Kind::kBuild};
    }
    if (PipelineSlot* slot = FindJobSlot(State::kFilled)) {
      slot->state_ = State::kBeingDrafted;
      return Job{.slot = slot, .kind = Job::Kind::kDraft};
    }
    jobs_changed_.wait(lock);
  }
  return std::nullopt;
}

// The oldest one.
PipelineSlot* BlockPipeline::FindJobSlot(State state) {
  for (std::uint64_t ticket = next_to_commit_; ticket < next_to_fill_;
       ++ticket) {
    if (At(ticket).state_ == state) {
      return &At(ticket);
    }
  }
  return nullptr;
}

void BlockPipeline::FinishJob(const Job& job) {
  const std::lock_guard lock(mutex_);
  if (job.kind == Job::Kind::kDraft) {
    job.slot->state_ = State::kDrafted;
    NumberDrafted();
  } else {
    job.slot->state_ = State::kBuilt;
    built_changed_.notify_one();
  }
}

void BlockPipeline::NumberDrafted() {
  while (next_to_number_ < next_to_fill_ &&
         At(next_to_number_).state_ == State::kDrafted) {
    PipelineSlot& slot = At(next_to_number_++);
    Number(slot);
    if (slot.plan.empty()) {
      slot.state_ = State::kBuilt;
      built_changed_.notify_one();
    } else {
      slot.state_ = State::kNumbered;
      jobs_changed_.notify_one();
    }
  }
}

void BlockPipeline::Number(PipelineSlot& slot) {
  slot.discarded = stopped_strictly_;
  if (slot.discarded) {
    return;
  }
  for (std::size_t i = 0; i < slot.records.draft_count; ++i) {
    slot.plan.push_back(sequencer_.Place(slot.records.drafts[i]));
  }
  const bool at_rest = slot.records.draft_count == 0 || slot.end;
  slot.seal_after = at_rest && sequencer_.SealNow();
  stopped_strictly_ = slot.records.stopped_at.has_value();
}

PipelineSlot* BlockPipeline::TakeBuilt(Deadline deadline) {
  std::unique_lock lock(mutex_);
  PipelineSlot& slot = At(next_to_commit_);
  const bool built = built_changed_.wait_until(
      lock, deadline, [&] { return over_ || slot.state_ == State::kBuilt; });
  if (!built || over_) {
    return nullptr;
  }
  slot.state_ = State::kWithCommitter;
  return &slot;
}

void BlockPipeline::Release(PipelineSlot& slot) {
  const std::lock_guard lock(mutex_);
  bytes_in_flight_ -= slot.chunk.used_size;
  slot.state_ = State::kFree;
  ++next_to_commit_;
  if (slot.end) {
    over_ = true;
    jobs_changed_.notify_all();
  }
  free_changed_.notify_all();
}

void BlockPipeline::RequestSeal() {
  const std::lock_guard lock(mutex_);
  sequencer_.RequestSeal();
}

void BlockPipeline::Fail(Error error) {
  const std::lock_guard lock(mutex_);
  if (!failure_.has_value()) {
    failure_ = std::move(error);
  }
  over_ = true;
  free_changed_.notify_all();
  jobs_changed_.notify_all();
  built_changed_.notify_all();
}

std::optional<Error> BlockPipeline::failure() const {
  const std::lock_guard lock(mutex_);
  return failure_;
}

}  // namespace authseal
