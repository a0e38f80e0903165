#include "lib/ingest/chunk_reader.h"

#include <algorithm>

#include "lib/archive/format.h"
#include "lib/ingest/followed_file.h"

namespace authseal {
namespace {

constexpr std::chrono::milliseconds kIdleWait{200};
// An object whose end does not come in this time (2 s) is given up.
constexpr int kIdleTurnsMax = 10;
constexpr std::size_t kReadSizeBytesMin = 64u << 10;

}  // namespace

ChunkReader::ChunkReader(InputFiles& inputs, const Clock& clock,
                         StopFunction stop, Options options)
    : inputs_(inputs),
      clock_(clock),
      stop_(std::move(stop)),
      options_(std::move(options)),
      splitter_(options_.splitter) {}

ChunkReader::Fill ChunkReader::Next(RawChunk& chunk) {
  Clear(chunk);
  RestoreCarry(chunk);
  Fill fill;
  auto turn = Result<Turn>(Turn::kGoOn);
  while (turn.has_value() && *turn == Turn::kGoOn) {
    turn = Step(chunk);
  }
  chunk.last_time = clock_.Now();  // the carry's time too
  if (source_.has_value()) {
    EndSlice(chunk);
    SaveCarry(chunk);
  }
  if (!turn.has_value()) {
    fill.error = std::move(turn).error();
    fill.end = true;
  } else {
    fill.end = *turn == Turn::kEnd;
    fill.flush = fill.end || *turn == Turn::kFlush;
  }
  return fill;
}

Result<ChunkReader::Turn> ChunkReader::Step(RawChunk& chunk) {
  if (stop_()) {
    return StepStop(chunk);
  }
  if (!source_.has_value()) {
    return OpenNext(chunk);
  }
  if (!source_ended_) {
    return StepRead(chunk);
  }
  return FinishSource(chunk) ? Turn::kGoOn : Turn::kFull;
}

// What came of a pipe is taken to the last byte, for it comes only once. A
// file is resumed at its last whole line.
ChunkReader::Turn ChunkReader::StepStop(RawChunk& chunk) {
  if (source_.has_value() && source_->live && !source_spec_->resumable) {
    new_file_ = false;
    if (!FinishSource(chunk)) {
      return Turn::kFull;
    }
  }
  return Turn::kEnd;
}

Result<ChunkReader::Turn> ChunkReader::StepRead(RawChunk& chunk) {
  if (IsFull(chunk)) {
    return Turn::kFull;  // by what was carried over
  }
  const MutableBytes room = RoomToRead(chunk);
  TRY_ASSIGN(const InputRead read,
             source_->stream->Read(room, Patience(chunk)));
  switch (read.state) {
    case InputRead::State::kIdle:
      return StepIdle(chunk);
    case InputRead::State::kNewFile:
      new_file_ = true;
      source_ended_ = true;
      return Turn::kGoOn;
    case InputRead::State::kEnd:
      source_ended_ = true;
      return Turn::kGoOn;
    case InputRead::State::kBytes:
      break;
  }
  if (chunk.first_time == UnixNanos{}) {
    chunk.first_time = clock_.Now();
    chunk_begin_ = std::chrono::steady_clock::now();
  }
  idle_turns_ = 0;
  chunk.used_size += read.size_bytes;
  splitter_.Split(chunk, /*at_end=*/false);
  if (IsFull(chunk)) {
    return Turn::kFull;
  }
  // A steady trickle never is idle.
  const bool due = source_->live && !chunk.empty() &&
                   Patience(chunk) == std::chrono::milliseconds(0) &&
                   options_.gather > std::chrono::milliseconds(0);
  return due ? Turn::kFlush : Turn::kGoOn;
}

ChunkReader::Turn ChunkReader::StepIdle(RawChunk& chunk) {
  if (++idle_turns_ == kIdleTurnsMax) {
    splitter_.GiveUp(chunk);
  }
  if (!chunk.empty()) {
    return Turn::kFlush;
  }
  return on_idle_ && on_idle_() ? Turn::kFull : Turn::kGoOn;
}

bool ChunkReader::FinishSource(RawChunk& chunk) {
  splitter_.Split(chunk, /*at_end=*/true);
  const bool split = splitter_.pending() == chunk.used_size;
  const bool slice_fits = chunk.slices.size() < kBlockSourcesMax;
  if (!split || (new_file_ && !slice_fits)) {
    return false;
  }
  RememberPosition(chunk);
  EndSlice(chunk);
  source_ended_ = false;
  if (!new_file_) {
    source_.reset();
    return true;
  }
  new_file_ = false;
  const auto& followed = static_cast<const FollowedFile&>(*source_->stream);
  Announce(0, followed.restarted());
  has_head_hash_ = false;
  BeginSlice(chunk, 0, 0, {});
  splitter_.BeginSource(chunk, chunk.used_size,
                        LineSplitter::Place::kSourceBegin);
  return true;
}

Result<ChunkReader::Turn> ChunkReader::OpenNext(RawChunk& chunk) {
  if (next_source_ == options_.sources.size()) {
    return Turn::kEnd;
  }
  if (chunk.slices.size() >= kBlockSourcesMax) {
    return Turn::kFull;
  }
  source_spec_ = &options_.sources[next_source_++];
  std::optional<SourcePosition> position;
  const auto known = options_.positions.find(source_spec_->name);
  if (known != options_.positions.end()) {
    position = known->second;
  }
  TRY_ASSIGN(OpenedSource opened, OpenSource(inputs_, *source_spec_, position,
                                             options_.follow, stop_));
  if (opened.stopped) {
    return Turn::kGoOn;
  }
  source_ = std::move(opened);
  source_ended_ = new_file_ = false;
  head_hash_ = source_->head_hash;
  has_head_hash_ = source_->offset_bytes >= kSourceProbeSizeBytes;
  Announce(source_->offset_bytes, source_->restarted);
  const ByteVector& before = source_->look_back;
  BeginSlice(chunk, source_->offset_bytes, before.size(), before);
  using Place = LineSplitter::Place;
  splitter_.BeginSource(chunk, chunk.used_size,
                        source_->offset_bytes == 0 ? Place::kSourceBegin
                        : before.back() == '\n'    ? Place::kLineBegin
                                                   : Place::kWithinLine);
  return Turn::kGoOn;
}

void ChunkReader::Announce(std::uint64_t offset_bytes, bool restarted) {
  const std::size_t index = source_count_++;
  if (on_source_) {
    on_source_({.source_index = index,
                .name = source_spec_->name,
                .offset_bytes = offset_bytes,
                .restarted = restarted});
  }
}

MutableBytes ChunkReader::RoomToRead(RawChunk& chunk) const {
  const std::size_t held = chunk.used_size - chunk.slices.front().begin;
  const std::size_t target = options_.chunk_size_bytes;
  const std::size_t missing = held < target ? target - held : target;
  const std::size_t size = std::max(missing, kReadSizeBytesMin);
  if (chunk.bytes.size() < chunk.used_size + size) {
    chunk.bytes.resize(chunk.used_size + size);
  }
  return MutableBytes(chunk.bytes).subspan(chunk.used_size, size);
}

bool ChunkReader::IsFull(const RawChunk& chunk) const {
  const std::size_t taken = splitter_.pending() - chunk.slices.front().begin;
  return chunk.lines.size() >= kChunkLinesMax ||
         (!chunk.empty() && taken >= options_.chunk_size_bytes / 8 * 7);
}

std::chrono::milliseconds ChunkReader::Patience(const RawChunk& chunk) const {
  if (chunk.empty()) {
    return kIdleWait;
  }
  const auto waited = std::chrono::duration_cast<std::chrono::milliseconds>(
      std::chrono::steady_clock::now() - chunk_begin_);
  return std::max(std::chrono::milliseconds(0), options_.gather - waited);
}

}  // namespace authseal
