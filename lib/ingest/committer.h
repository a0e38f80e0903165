// The last stage: writes built blocks in order, up to 16 a commit, seals where
// the sequencer said so, and counts what is durable.
#ifndef AUTHSEAL_INGEST_COMMITTER_H_
#define AUTHSEAL_INGEST_COMMITTER_H_

#include <chrono>
#include <cstdint>
#include <mutex>
#include <vector>

#include "lib/archive/archive_writer.h"
#include "lib/ingest/block_pipeline.h"
#include "lib/ingest/chunk_reader.h"
#include "lib/ingest/ingest.h"

namespace authseal {

class Committer {
 public:
  // All borrowed. `observer` may be null.
  Committer(ArchiveWriter& writer, BlockPipeline& pipeline,
            IngestObserver* observer, IngestResult& result);

  // Until the end slot is committed. Errors: of the writer, of the observer,
  // and the pipeline's failure.
  Status Run();
  // After the reader's thread has ended.
  void FinishResult();

  // From the reader's thread.
  void NoteSource(const ChunkReader::SourceEvent& event);

 private:
  using SteadyTime = std::chrono::steady_clock::time_point;

  Status Take(PipelineSlot& slot);
  Status Add(EncodedBlock block);
  Status CommitPending();
  Status Seal();
  Status PollSealRequest();
  void Count(const PipelineSlot& slot);
  SteadyTime NextDeadline() const;

  ArchiveWriter& writer_;
  BlockPipeline& pipeline_;
  IngestObserver* observer_;
  IngestResult& result_;
  std::mutex sources_mutex_;  // guards the list, which the reader extends
  std::vector<IngestResult::Source> sources_;

  std::vector<EncodedBlock> pending_;  // of the commit that is being gathered
  std::uint64_t pending_bytes_ = 0;
  // Of the slots whose blocks are all written or pending.
  IngestCounts pending_counts_;
  std::vector<SourceProgress> pending_progress_;
  std::vector<UnparsedLine> pending_unparsed_;
  bool seal_request_seen_ = false;
  SteadyTime pending_since_;
  SteadyTime last_poll_;
};

}  // namespace authseal

#endif  // AUTHSEAL_INGEST_COMMITTER_H_
