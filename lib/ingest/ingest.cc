#include "lib/ingest/ingest.h"

#include <algorithm>
#include <chrono>
#include <functional>
#include <map>
#include <new>
#include <system_error>
#include <thread>
#include <utility>

#include "lib/archive/format.h"
#include "lib/base/utf8.h"
#include "lib/ingest/block_pipeline.h"
#include "lib/ingest/chunk_reader.h"
#include "lib/ingest/committer.h"
#include "lib/ingest/draft_maker.h"

namespace authseal {
namespace {

constexpr std::chrono::milliseconds kSlotWait{200};
// Twice the workers keep them busy, two more feed the committer.
constexpr std::size_t kSlotsPerWorker = 2;
constexpr std::size_t kSlotsBeside = 2;
constexpr std::size_t kBytesInFlightMax = 24u << 20;
constexpr unsigned kWorkersMax = 64;

Error OutOfMemory() {
  return Error{ErrorCode::kTemporary, "out of memory",
               "free some memory, or use fewer --jobs"};
}

RecordSequencer::Start StartOf(const ArchiveWriter& writer) {
  return {.next_record = writer.next_record(),
          .segment_content_size_bytes = writer.segment_content_size_bytes(),
          .segment_block_count = writer.segment_block_count(),
          .segment_begin = writer.segment_begin_time()};
}

ChunkReader::Options ReaderOptions(
    const IngestOptions& options,
    std::map<std::string, SourcePosition> positions) {
  ChunkReader::Options reader;
  reader.sources = options.sources;
  reader.positions = std::move(positions);
  reader.follow = options.follow;
  reader.splitter.assemble = !options.one_by_one;
  if (options.one_by_one) {
    reader.gather = std::chrono::milliseconds(0);
  }
  return reader;
}

RecordSequencer MakeSequencer(const ArchiveWriter& writer,
                              const IngestOptions& options,
                              const Clock& clock) {
  RecordSequencer::Limits limits;
  limits.seal_every_nanos = options.seal_every_nanos;
  return {clock, StartOf(writer), limits};
}

// One run: its stages and the threads they have.
class IngestRun {
 public:
  IngestRun(ArchiveWriter& writer, const IngestOptions& options,
            const IngestSurroundings& surroundings,
            std::map<std::string, SourcePosition> positions,
            IngestResult& result)
      : options_(options),
        around_(surroundings),
        worker_count_(std::clamp(options.worker_count, 1u, kWorkersMax)),
        pipeline_(worker_count_ * kSlotsPerWorker + kSlotsBeside,
                  kBytesInFlightMax,
                  MakeSequencer(writer, options, surroundings.clock)),
        reader_(
            surroundings.inputs, surroundings.clock,
            [this] { return IsOver(); },
            ReaderOptions(options, std::move(positions))),
        committer_(writer, pipeline_, surroundings.observer, result),
        result_(result) {
    reader_.set_on_source([this](const ChunkReader::SourceEvent& event) {
      committer_.NoteSource(event);
    });
    reader_.set_on_idle([this] {
      Wait();
      return pipeline_.seal_is_due();
    });
  }

  Status Run() {
    std::vector<std::thread> threads;
    Status status = Ok();
    try {
      threads.emplace_back(Guarded([this] { Read(); }));
      for (unsigned i = 0; i < worker_count_; ++i) {
        threads.emplace_back(Guarded([this] { Work(); }));
      }
      status = committer_.Run();
    } catch (const std::bad_alloc&) {
      status = OutOfMemory();
    } catch (const std::system_error&) {
      status = Error{ErrorCode::kTemporary, "cannot start a thread",
                     "use fewer --jobs, or raise the limit of processes"};
    }
    if (!status) {
      pipeline_.Fail(status.error());
    }
    for (std::thread& thread : threads) {
      thread.join();
    }
    committer_.FinishResult();
    if (status && read_error_.has_value()) {
      return *std::move(read_error_);
    }
    return status;
  }

 private:
  std::function<void()> Guarded(std::function<void()> body) {
    return [this, body = std::move(body)] {
      try {
        body();
      } catch (const std::bad_alloc&) {
        pipeline_.Fail(OutOfMemory());
      }
    };
  }

  bool IsOver() const {
    return around_.stop.load() || pipeline_.reading_is_over();
  }

  void Read() {
    bool end = false;
    while (!end) {
      PipelineSlot* slot = nullptr;
      while (slot == nullptr) {
        slot =
            pipeline_.AcquireFree(std::chrono::steady_clock::now() + kSlotWait);
        if (slot == nullptr) {
          if (pipeline_.failure().has_value()) {
            return;
          }
          Wait();
        }
      }
      ChunkReader::Fill fill = reader_.Next(slot->chunk);
      read_error_ = std::move(fill.error);
      slot->flush = fill.flush || options_.one_by_one;
      slot->end = end = fill.end;
      submitted_line_count_ += slot->chunk.delivered_line_count;
      pipeline_.Submit(*slot);
    }
  }

  void Wait() {
    if (around_.observer == nullptr) {
      return;
    }
    Status status = around_.observer->Waiting(submitted_line_count_);
    if (!status) {
      pipeline_.Fail(std::move(status).error());
    }
  }

  void Work() {
    DraftMaker draft_maker(around_.mapper, {.provider = options_.provider,
                                            .strict = options_.strict,
                                            .index = around_.index});
    BlockBuilder builder;
    while (const auto job = pipeline_.TakeJob()) {
      if (job->kind == BlockPipeline::Job::Kind::kDraft) {
        draft_maker.Make(job->slot->chunk, job->slot->records);
      } else if (Status built = Build(builder, *job->slot); !built) {
        pipeline_.Fail(std::move(built).error());
        return;
      }
      pipeline_.FinishJob(*job);
    }
  }

  static Status Build(BlockBuilder& builder, PipelineSlot& slot) {
    for (std::size_t i = 0; i < slot.plan.size(); ++i) {
      TRY_ASSIGN(EncodedBlock block, builder.Build(slot.records.drafts[i],
                                                   slot.plan[i].first_record));
      if (i < slot.records.index_parts.size()) {
        block.index_part = std::move(slot.records.index_parts[i]);
      }
      slot.blocks.push_back(std::move(block));
    }
    return Ok();
  }

  const IngestOptions& options_;
  const IngestSurroundings& around_;
  unsigned worker_count_;
  BlockPipeline pipeline_;
  ChunkReader reader_;
  Committer committer_;
  IngestResult& result_;
  // Of the reader's thread.
  std::uint64_t submitted_line_count_ = 0;
  std::optional<Error> read_error_;
};

Status CheckName(const IngestSource& source) {
  if (source.name.empty() || source.name.size() > kSourceNameSizeBytesMax ||
      !IsValidUtf8(source.name)) {
    return Error{ErrorCode::kInvalidArgument,
                 source.path + ": has no name that can be stored",
                 "give one with --source: UTF-8, at most 4096 bytes"};
  }
  return Ok();
}

}  // namespace

Status CheckSources(InputFiles& inputs, const IngestOptions& options) {
  for (const IngestSource& source : options.sources) {
    TRY(CheckName(source));
    TRY_ASSIGN(const auto info, inputs.Look(source.path));
    if (!info.has_value()) {
      return Error{ErrorCode::kNotFound, source.path + ": no such file",
                   "nothing was taken; mend the name, or leave it out"};
    }
    if (info->is_directory) {
      return Error{ErrorCode::kInvalidArgument,
                   source.path + ": is a directory", "name the files in it"};
    }
    if (options.follow && !info->is_regular) {
      return Error{ErrorCode::kInvalidArgument,
                   source.path + ": is no file that can be followed",
                   "leave --follow out: a pipe is read until it ends"};
    }
  }
  if (options.follow && options.sources.size() != 1) {
    return Error{ErrorCode::kInvalidArgument, "only one file can be followed",
                 "run one ingest and one archive per file"};
  }
  return Ok();
}

Status Ingest(ArchiveWriter& writer, const IngestOptions& options,
              const IngestSurroundings& surroundings, IngestResult& result) {
  TRY(CheckSources(surroundings.inputs, options));
  std::map<std::string, SourcePosition> positions;
  for (const IngestSource& source : options.sources) {
    if (source.resumable && !positions.contains(source.name)) {
      TRY_ASSIGN(const auto position, writer.LastPosition(source.name));
      if (position.has_value()) {
        positions.emplace(source.name, *position);
      }
    }
  }
  IngestRun run(writer, options, surroundings, std::move(positions), result);
  return run.Run();
}

}  // namespace authseal
