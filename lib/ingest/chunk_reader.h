// Reads the sources one after the other into chunks, split into lines. The one
// serial stage of ingest besides committing: it finds lines and does nothing
// else for each of them.
#ifndef AUTHSEAL_INGEST_CHUNK_READER_H_
#define AUTHSEAL_INGEST_CHUNK_READER_H_

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "lib/archive/archive_writer.h"
#include "lib/ingest/input_stream.h"
#include "lib/ingest/line_splitter.h"
#include "lib/ingest/raw_chunk.h"
#include "lib/ingest/source_opening.h"
#include "lib/io/clock.h"

namespace authseal {

class ChunkReader {
 public:
  struct Options {
    std::vector<IngestSource> sources;
    // Where reading stopped, by name; sources without an entry are new.
    std::map<std::string, SourcePosition> positions;
    bool follow = false;
    LineSplitter::Options splitter;
    // How long lines of a live source wait for more before they go on.
    std::chrono::milliseconds gather{250};
    std::size_t chunk_size_bytes = 1u << 20;
  };
  // What happened to a source, for the result.
  struct SourceEvent {
    std::size_t source_index = 0;
    std::string name;
    std::uint64_t offset_bytes = 0;  // where reading begins
    bool restarted = false;
  };
  using SourceEventFunction = std::function<void(const SourceEvent&)>;
  // Called about every 200 ms while nothing comes; true: give the caller an
  // empty chunk.
  using IdleFunction = std::function<bool()>;

  // All borrowed things outlive the reader.
  ChunkReader(InputFiles& inputs, const Clock& clock, StopFunction stop,
              Options options);

  void set_on_source(SourceEventFunction f) { on_source_ = std::move(f); }
  void set_on_idle(IdleFunction f) { on_idle_ = std::move(f); }

  struct Fill {
    bool flush = false;  // nothing follows at once: commit what is there
    bool end = false;    // nothing follows at all
    // Why it ended early. What the chunk holds was read before and is good.
    std::optional<Error> error;
  };
  // Replaces what `chunk` holds; its buffers are reused.
  Fill Next(RawChunk& chunk);

 private:
  using SteadyTime = std::chrono::steady_clock::time_point;
  enum class Turn : std::uint8_t {
    kGoOn,
    kFull,   // the chunk is to be handed on
    kFlush,  // and nothing more is there right now
    kEnd,
  };

  Result<Turn> Step(RawChunk& chunk);
  Result<Turn> StepRead(RawChunk& chunk);
  Turn StepIdle(RawChunk& chunk);
  Turn StepStop(RawChunk& chunk);
  // False when the chunk is full before all of the source is split.
  bool FinishSource(RawChunk& chunk);
  Result<Turn> OpenNext(RawChunk& chunk);
  void Announce(std::uint64_t offset_bytes, bool restarted);
  MutableBytes RoomToRead(RawChunk& chunk) const;
  bool IsFull(const RawChunk& chunk) const;
  std::chrono::milliseconds Patience(const RawChunk& chunk) const;

  // chunk_slices.cc
  void Clear(RawChunk& chunk) const;
  void BeginSlice(RawChunk& chunk, std::uint64_t offset_bytes,
                  std::size_t look_back_size, Bytes bytes);
  void EndSlice(RawChunk& chunk);
  void RestoreCarry(RawChunk& chunk);
  void SaveCarry(RawChunk& chunk);
  void RememberPosition(const RawChunk& chunk);
  Hash HeadHash(const RawChunk& chunk, std::uint64_t end_bytes);

  InputFiles& inputs_;
  const Clock& clock_;
  StopFunction stop_;
  Options options_;
  SourceEventFunction on_source_;
  IdleFunction on_idle_;
  LineSplitter splitter_;

  std::size_t next_source_ = 0;         // in options_.sources
  std::size_t source_count_ = 0;        // announced so far
  std::optional<OpenedSource> source_;  // the one that is read
  const IngestSource* source_spec_ = nullptr;
  bool source_ended_ = false;  // read to the end, but not yet split
  bool new_file_ = false;      // of a followed source, at its end
  Hash head_hash_;
  bool has_head_hash_ = false;
  int idle_turns_ = 0;

  // Of the source that goes on in the next chunk: up to 4 KiB before its
  // first byte that was not taken, and the bytes from there.
  ByteVector carry_;
  std::size_t carry_look_back_size_ = 0;
  std::uint64_t carry_offset_bytes_ = 0;
  UnixNanos carry_time_;
  SteadyTime chunk_begin_;
};

}  // namespace authseal

#endif  // AUTHSEAL_INGEST_CHUNK_READER_H_
