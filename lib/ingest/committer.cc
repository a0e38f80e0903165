#include "lib/ingest/committer.h"

#include <algorithm>
#include <utility>

#include "lib/archive/format.h"
#include "lib/base/freed_memory.h"

namespace authseal {
namespace {

// A line is durable within a second of its delivery: the reader gathers for a
// quarter of it, and this is what blocks wait for more to share a sync with.
constexpr std::chrono::milliseconds kGatherWait{300};
constexpr std::chrono::milliseconds kPollEvery{200};
// Bounds memory where blocks do not compress.
constexpr std::uint64_t kCommitSizeBytesMax = 8u << 20;

}  // namespace

void IngestCounts::Add(const IngestCounts& more) {
  line_count += more.line_count;
  blank_count += more.blank_count;
  record_count += more.record_count;
  unparsed_count += more.unparsed_count;
  scrubbed_count += more.scrubbed_count;
  bytes_in += more.bytes_in;
}

Committer::Committer(ArchiveWriter& writer, BlockPipeline& pipeline,
                     IngestObserver* observer, IngestResult& result)
    : writer_(writer),
      pipeline_(pipeline),
      observer_(observer),
      result_(result) {
  result_.first_record = result_.end_record = writer_.next_record();
}

Status Committer::Run() {
  bool end = false;
  while (!end) {
    TRY(PollSealRequest());
    PipelineSlot* slot = pipeline_.TakeBuilt(NextDeadline());
    if (slot == nullptr) {
      if (auto failure = pipeline_.failure()) {
        return *std::move(failure);
      }
    } else {
      TRY(Take(*slot));
      end = slot->end;
      pipeline_.Release(*slot);
    }
    const bool due =
        end || (!pending_.empty() && std::chrono::steady_clock::now() >=
                                         pending_since_ + kGatherWait);
    if (due) {
      TRY(CommitPending());
    }
  }
  return Ok();
}

Status Committer::Take(PipelineSlot& slot) {
  if (slot.discarded) {
    return Ok();
  }
  for (std::size_t i = 0; i < slot.blocks.size(); ++i) {
    if (slot.plan[i].seal_before) {
      TRY(Seal());
    }
    TRY(Add(std::move(slot.blocks[i])));
  }
  Count(slot);
  if (slot.flush || slot.seal_after) {
    TRY(CommitPending());
  }
  return slot.seal_after ? Seal() : Ok();
}

Status Committer::Add(EncodedBlock block) {
  if (pending_.empty()) {
    pending_since_ = std::chrono::steady_clock::now();
  }
  pending_bytes_ += block.frame.size();
  pending_.push_back(std::move(block));
  const bool full = pending_.size() == kCommitBlocksMax ||
                    pending_bytes_ >= kCommitSizeBytesMax;
  return full ? CommitPending() : Ok();
}

Status Committer::CommitPending() {
  if (!pending_.empty()) {
    if (pending_.front().header.first_record != writer_.next_record()) {
      return Error{ErrorCode::kInternal,
                   "ingest: blocks out of order before record " +
                       std::to_string(writer_.next_record())};
    }
    TRY_ASSIGN(const std::uint64_t stored, writer_.Commit(pending_));
    result_.bytes_stored += stored;
    pending_.clear();
    pending_bytes_ = 0;
  }
  result_.end_record = writer_.next_record();
  const bool news =
      pending_counts_.line_count > 0 || pending_counts_.record_count > 0;
  result_.counts.Add(std::exchange(pending_counts_, {}));
  for (UnparsedLine& line : pending_unparsed_) {
    if (result_.unparsed.size() < kUnparsedDetailsMax) {
      result_.unparsed.push_back(std::move(line));
    }
  }
  pending_unparsed_.clear();
  {
    const std::lock_guard lock(sources_mutex_);
    for (const SourceProgress& progress : pending_progress_) {
      sources_[progress.source_index].to_bytes = progress.end_bytes;
    }
  }
  pending_progress_.clear();
  return observer_ != nullptr && news ? observer_->Committed(result_) : Ok();
}

Status Committer::Seal() {
  TRY(CommitPending());
  auto sealed = writer_.Seal();
  ReturnFreedMemory();  // the next segment begins where this one did
  if (!sealed) {
    return std::move(sealed).error();
  }
  ++result_.seal_count;
  result_.end_record = writer_.next_record();
  // A request that came before this seal is served by it.
  seal_request_seen_ = false;
  TRY_ASSIGN(const bool requested, writer_.SealRequested());
  return requested ? writer_.ClearSealRequest() : Ok();
}

Status Committer::PollSealRequest() {
  const SteadyTime now = std::chrono::steady_clock::now();
  if (seal_request_seen_ || now < last_poll_ + kPollEvery) {
    return Ok();
  }
  last_poll_ = now;
  TRY_ASSIGN(seal_request_seen_, writer_.SealRequested());
  if (seal_request_seen_) {
    pipeline_.RequestSeal();
  }
  return Ok();
}

void Committer::Count(const PipelineSlot& slot) {
  const ChunkRecords& records = slot.records;
  const bool stopped = records.stopped_at.has_value();
  IngestCounts counts{.line_count = slot.chunk.delivered_line_count,
                      .blank_count = slot.chunk.blank_count,
                      .record_count = records.record_count,
                      .unparsed_count = records.unparsed_count,
                      .scrubbed_count = records.scrubbed_count,
                      .bytes_in = slot.chunk.consumed_bytes};
  if (stopped) {
    counts.line_count = records.line_count_before_stop;
    counts.blank_count =
        counts.line_count - std::min(counts.line_count, counts.record_count);
    counts.bytes_in = records.bytes_before_stop;
    result_.stopped_at = records.stopped_at;
  }
  pending_counts_.Add(counts);
  pending_progress_.insert(pending_progress_.end(), records.progress.begin(),
                           records.progress.end());
  pending_unparsed_.insert(pending_unparsed_.end(), records.unparsed.begin(),
                           records.unparsed.end());
}

Committer::SteadyTime Committer::NextDeadline() const {
  const SteadyTime poll = std::chrono::steady_clock::now() + kPollEvery;
  return pending_.empty() ? poll : std::min(poll, pending_since_ + kGatherWait);
}

void Committer::NoteSource(const ChunkReader::SourceEvent& event) {
  const std::lock_guard lock(sources_mutex_);
  sources_.push_back({.name = event.name,
                      .from_bytes = event.offset_bytes,
                      .to_bytes = event.offset_bytes,
                      .restarted = event.restarted});
}

void Committer::FinishResult() {
  const std::lock_guard lock(sources_mutex_);
  for (const IngestResult::Source& source : sources_) {
    result_.skipped_known_bytes += source.from_bytes;
  }
  result_.sources = std::move(sources_);
}

}  // namespace authseal
