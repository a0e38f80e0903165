// The part of ChunkReader that lays out bytes in chunks: which run of which
// source they are, and what of it goes on in the next chunk.
#include <algorithm>
#include <cstring>

#include "lib/archive/format.h"
#include "lib/crypto/sha256.h"
#include "lib/ingest/chunk_reader.h"

namespace authseal {
namespace {

// read(2) copies several times faster where the destination stands like the
// file's bytes within a cache line.
constexpr std::size_t kAlignmentBytes = 64;
// Buffers that one giant line has blown up are given back.
constexpr std::size_t kKeptSizeFactor = 4;

std::size_t PaddingFor(const std::uint8_t* address,
                       std::uint64_t offset_bytes) {
  const auto at = reinterpret_cast<std::uintptr_t>(address);
  return (static_cast<std::size_t>(offset_bytes) - at) % kAlignmentBytes;
}

}  // namespace

void ChunkReader::Clear(RawChunk& chunk) const {
  const std::size_t kept_max = options_.chunk_size_bytes * kKeptSizeFactor;
  if (chunk.bytes.size() > kept_max) {
    chunk.bytes = ByteVector();
  }
  if (chunk.folded.capacity() > kept_max) {
    chunk.folded = std::string();
  }
  chunk.used_size = 0;
  chunk.folded.clear();
  chunk.lines.clear();
  chunk.slices.clear();
  chunk.delivered_line_count = 0;
  chunk.blank_count = 0;
  chunk.consumed_bytes = 0;
  chunk.first_time = chunk.last_time = UnixNanos{};
}

// `bytes`: look-back and, behind it, what is known of the slice.
void ChunkReader::BeginSlice(RawChunk& chunk, std::uint64_t offset_bytes,
                             std::size_t look_back_size, Bytes bytes) {
  // The next read included, so that the address stays.
  const std::size_t room = chunk.used_size + kAlignmentBytes + bytes.size() +
                           options_.chunk_size_bytes;
  if (chunk.bytes.size() < room) {
    chunk.bytes.resize(room);
  }
  const std::size_t padding = PaddingFor(
      chunk.bytes.data() + chunk.used_size + look_back_size, offset_bytes);
  const std::size_t at = chunk.used_size + padding;
  std::copy(bytes.begin(), bytes.end(),
            chunk.bytes.begin() + static_cast<std::ptrdiff_t>(at));
  chunk.used_size = at + bytes.size();
  chunk.slices.push_back(SourceSlice{.source_index = source_count_ - 1,
                                     .name = source_spec_->name,
                                     .begin_bytes = offset_bytes,
                                     .begin = at + look_back_size,
                                     .look_back_size = look_back_size,
                                     .head_hash = head_hash_,
                                     .first_line = chunk.lines.size()});
}

void ChunkReader::EndSlice(RawChunk& chunk) {
  SourceSlice& slice = chunk.slices.back();
  slice.line_count = chunk.lines.size() - slice.first_line;
  chunk.consumed_bytes += splitter_.pending() - slice.begin;
}

void ChunkReader::RestoreCarry(RawChunk& chunk) {
  if (!source_.has_value()) {
    return;
  }
  BeginSlice(chunk, carry_offset_bytes_, carry_look_back_size_, carry_);
  splitter_.MoveTo(chunk.slices.back().begin);
  if (carry_.size() > carry_look_back_size_) {
    chunk.first_time = carry_time_;
    chunk_begin_ = std::chrono::steady_clock::now();
    splitter_.Split(chunk, /*at_end=*/false);
  }
}

void ChunkReader::SaveCarry(RawChunk& chunk) {
  const SourceSlice& slice = chunk.slices.back();
  const std::size_t pending = splitter_.pending();
  carry_offset_bytes_ = slice.begin_bytes + (pending - slice.begin);
  if (carry_offset_bytes_ >= kSourceProbeSizeBytes && !has_head_hash_) {
    head_hash_ = HeadHash(chunk, carry_offset_bytes_);
    has_head_hash_ = true;
  }
  const std::size_t before = pending - slice.begin + slice.look_back_size;
  carry_look_back_size_ = std::min(before, kSourceProbeSizeBytes);
  const Bytes used = Bytes(chunk.bytes).first(chunk.used_size);
  const Bytes carry = used.subspan(pending - carry_look_back_size_);
  carry_.assign(carry.begin(), carry.end());
  carry_time_ = chunk.last_time;
}

// So that a source named twice in one run adds nothing the second time.
void ChunkReader::RememberPosition(const RawChunk& chunk) {
  const SourceSlice& slice = chunk.slices.back();
  const std::size_t pending = splitter_.pending();
  const std::uint64_t end_bytes = slice.begin_bytes + (pending - slice.begin);
  const std::size_t before = pending - slice.begin + slice.look_back_size;
  const Bytes tail = Bytes(chunk.bytes)
                         .first(pending)
                         .last(std::min(before, kSourceProbeSizeBytes));
  if (source_spec_->resumable && end_bytes > 0) {
    options_.positions[source_spec_->name] =
        SourcePosition{.end_bytes = end_bytes,
                       .head_hash = HeadHash(chunk, end_bytes),
                       .tail_hash = Sha256Of(tail)};
  }
}

// Of the source's bytes [0, min(4096, end_bytes)).
Hash ChunkReader::HeadHash(const RawChunk& chunk, std::uint64_t end_bytes) {
  if (has_head_hash_) {
    return head_hash_;
  }
  // Then the slice's look-back goes back to the source's begin.
  const SourceSlice& slice = chunk.slices.back();
  const std::size_t size = static_cast<std::size_t>(
      std::min<std::uint64_t>(end_bytes, kSourceProbeSizeBytes));
  return Sha256Of(
      Bytes(chunk.bytes).subspan(slice.begin - slice.look_back_size, size));
}

}  // namespace authseal
