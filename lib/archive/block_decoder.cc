// The hot path of full verification: everything is kept from block to block,
// and each byte is touched by zstd, by memchr and by SHA-256 only.
#include <algorithm>
#include <array>
#include <cstring>
#include <new>
#include <span>
#include <string>

#include "lib/archive/format.h"
#include "lib/archive/segment_reader.h"
#include "lib/compress/zstd_frame.h"
#include "lib/crypto/sha256.h"

namespace authseal {
namespace {

constexpr std::uint8_t kLeafPrefix = 0x00;
// Leaves hashed in one call: enough for any way of hashing side by side, and
// no third list as long as the block.
constexpr std::size_t kLeafBatch = 1024;

void HashLeaves(std::span<const std::string_view> records,
                std::vector<Hash>& leaves) {
  leaves.resize(records.size());
  std::span<Hash> out(leaves);
  std::array<Bytes, kLeafBatch> batch;
  while (!records.empty()) {
    const std::size_t count = std::min(records.size(), kLeafBatch);
    for (std::size_t i = 0; i < count; ++i) {
      batch[i] = AsBytes(records[i]);
    }
    Sha256Prefixed(kLeafPrefix, std::span<const Bytes>(batch).first(count),
                   out.first(count));
    records = records.subspan(count);
    out = out.subspan(count);
  }
}

// Whether `marks` are those that follow from the records.
bool MarksFollow(std::span<const std::string_view> records,
                 std::span<const MarkRun> marks) {
  std::size_t next = 0;  // mark that is current or to come
  for (std::size_t i = 0; i < records.size(); ++i) {
    while (next < marks.size() &&
           std::uint64_t{marks[next].first} + marks[next].count <= i) {
      ++next;
    }
    std::optional<RecordMark> claimed;
    if (next < marks.size() && marks[next].first <= i) {
      claimed = marks[next].mark;
    }
    if (MarkOf(records[i]) != claimed) {
      return false;
    }
  }
  return true;
}

}  // namespace

Status SplitRecords(Bytes content, std::uint32_t record_count,
                    std::vector<std::string_view>& records) {
  records.clear();
  // Each record takes at least its LF, so this bounds the memory.
  if (record_count > content.size()) {
    return Error{ErrorCode::kDamaged, "fewer records than the header says"};
  }
  records.reserve(record_count);
  std::string_view rest = AsText(content);
  while (records.size() < record_count && !rest.empty()) {
    const void* const found = std::memchr(rest.data(), '\n', rest.size());
    if (found == nullptr) {
      return Error{ErrorCode::kDamaged, "the last record has no line end"};
    }
    const auto size_bytes =
        static_cast<std::size_t>(static_cast<const char*>(found) - rest.data());
    records.push_back(rest.substr(0, size_bytes));
    rest.remove_prefix(size_bytes + 1);
  }
  if (records.size() != record_count || !rest.empty()) {
    return Error{ErrorCode::kDamaged,
                 rest.empty() ? "fewer records than the header says"
                              : "more records than the header says"};
  }
  return Ok();
}

struct BlockDecoder::State {
  FrameDecompressor decompressor;
  ByteVector content;
  std::vector<std::string_view> records;
  std::vector<Hash> leaves;
  CompactRange range;
};

BlockDecoder::BlockDecoder() : state_(std::make_unique<State>()) {}
BlockDecoder::~BlockDecoder() = default;
BlockDecoder::BlockDecoder(BlockDecoder&&) noexcept = default;
BlockDecoder& BlockDecoder::operator=(BlockDecoder&&) noexcept = default;

BlockDecoder::Fault BlockDecoder::Decode(Bytes stored_frame,
                                         const BlockHeader& header) {
  Fault fault = Open(stored_frame, header);
  if (fault == Fault::kNone) {
    fault = CheckLeaves(header);
  }
  return fault == Fault::kNone ? CheckMarks(header) : fault;
}

BlockDecoder::Fault BlockDecoder::Open(Bytes stored_frame,
                                       const BlockHeader& header) {
  State& state = *state_;
  state.records.clear();
  state.leaves.clear();
  state.range = CompactRange(header.first_record);
  if (stored_frame.size() != header.stored_size_bytes ||
      Sha256Of(stored_frame) != header.stored_hash) {
    return Fault::kStoredHash;
  }
  if (header.content_size_bytes > kBlockContentSizeBytesMax) {
    return Fault::kFrame;
  }
  const Status status = state.decompressor.Decompress(
      stored_frame, header.content_size_bytes, state.content);
  if (!status.has_value()) {
    if (status.error().code != ErrorCode::kDamaged) {
      throw std::bad_alloc();  // kTemporary: could not look
    }
    return Fault::kFrame;
  }
  if (!SplitRecords(state.content, header.record_count, state.records)
           .has_value()) {
    state.records.clear();
    return Fault::kCount;
  }
  return Fault::kNone;
}

BlockDecoder::Fault BlockDecoder::CheckLeaves(const BlockHeader& header) {
  State& state = *state_;
  HashLeaves(state.records, state.leaves);
  state.range = CompactRange::FromLeaves(header.first_record, state.leaves);
  return state.range.hashes() == header.range_hashes ? Fault::kNone
                                                     : Fault::kLeaf;
}

BlockDecoder::Fault BlockDecoder::CheckMarks(const BlockHeader& header) const {
  return MarksFollow(state_->records, header.marks) ? Fault::kNone
                                                    : Fault::kMarks;
}

const std::vector<std::string_view>& BlockDecoder::records() const {
  return state_->records;
}

const std::vector<Hash>& BlockDecoder::leaves() const {
  return state_->leaves;
}

const CompactRange& BlockDecoder::range() const {
  return state_->range;
}

}  // namespace authseal
