// The hot path of full verification: everything is kept from block to block,
// and each byte is touched by zstd, by memchr and by SHA-256 only.
#include <algorithm>
#include <array>
#include <cstring>
#include <new>
#include <optional>
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

using LeafBatch = std::array<Bytes, kLeafBatch>;

// The next of `records`, taken off their front.
std::span<const Bytes> TakeBatch(std::span<const std::string_view>& records,
                                 LeafBatch& batch) {
  const std::size_t count = std::min(records.size(), kLeafBatch);
  for (std::size_t i = 0; i < count; ++i) {
    batch[i] = AsBytes(records[i]);
  }
  records = records.subspan(count);
  return std::span<const Bytes>(batch).first(count);
}

void HashLeaves(std::span<const std::string_view> records,
                std::span<Hash> out) {
  LeafBatch batch;
  while (!records.empty()) {
    const std::span<const Bytes> messages = TakeBatch(records, batch);
    Sha256Prefixed(kLeafPrefix, messages, out.first(messages.size()));
    out = out.subspan(messages.size());
  }
}

// Returns the hash of `frame`, which is made in the same time.
Hash HashLeavesAndFrame(std::span<const std::string_view> records, Bytes frame,
                        std::vector<Hash>& leaves) {
  leaves.resize(records.size());
  if (records.empty()) {
    return Sha256Of(frame);
  }
  LeafBatch batch;
  const std::span<const Bytes> messages = TakeBatch(records, batch);
  const std::span<Hash> out(leaves);
  const Hash frame_hash = Sha256PrefixedBeside(frame, kLeafPrefix, messages,
                                               out.first(messages.size()));
  HashLeaves(records, out.subspan(messages.size()));
  return frame_hash;
}

// What to say of a frame in which something is wrong: if it is not the one
// that was stored, nothing else.
BlockDecoder::Fault FaultOf(Bytes frame, const BlockHeader& header,
                            BlockDecoder::Fault fault) {
  return Sha256Of(frame) == header.stored_hash
             ? fault
             : BlockDecoder::Fault::kStoredHash;
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

  // Everything but the hashes.
  Fault Unpack(Bytes stored_frame, const BlockHeader& header);
  // The records are not those of `header`.
  Fault Forget() {
    records.clear();
    leaves.clear();
    return Fault::kStoredHash;
  }
  Fault CompareLeaves(const BlockHeader& header) {
    range = CompactRange::FromLeaves(header.first_record, leaves);
    return range.hashes() == header.range_hashes ? Fault::kNone : Fault::kLeaf;
  }
};

BlockDecoder::BlockDecoder() : state_(std::make_unique<State>()) {}
BlockDecoder::~BlockDecoder() = default;
BlockDecoder::BlockDecoder(BlockDecoder&&) noexcept = default;
BlockDecoder& BlockDecoder::operator=(BlockDecoder&&) noexcept = default;

BlockDecoder::Fault BlockDecoder::State::Unpack(Bytes stored_frame,
                                                const BlockHeader& header) {
  records.clear();
  leaves.clear();
  range = CompactRange(header.first_record);
  if (stored_frame.size() != header.stored_size_bytes) {
    return Fault::kStoredHash;
  }
  if (header.content_size_bytes > kBlockContentSizeBytesMax) {
    return FaultOf(stored_frame, header, Fault::kFrame);
  }
  const Status status =
      decompressor.Decompress(stored_frame, header.content_size_bytes, content);
  if (!status.has_value()) {
    if (status.error().code != ErrorCode::kDamaged) {
      throw std::bad_alloc();  // kTemporary: could not look
    }
    return FaultOf(stored_frame, header, Fault::kFrame);
  }
  if (!SplitRecords(content, header.record_count, records).has_value()) {
    records.clear();
    return FaultOf(stored_frame, header, Fault::kCount);
  }
  return Fault::kNone;
}

BlockDecoder::Fault BlockDecoder::Decode(Bytes stored_frame,
                                         const BlockHeader& header) {
  State& state = *state_;
  if (const Fault fault = state.Unpack(stored_frame, header);
      fault != Fault::kNone) {
    return fault;
  }
  if (HashLeavesAndFrame(state.records, stored_frame, state.leaves) !=
      header.stored_hash) {
    return state.Forget();
  }
  const Fault fault = state.CompareLeaves(header);
  return fault == Fault::kNone ? CheckMarks(header) : fault;
}

BlockDecoder::Fault BlockDecoder::Open(Bytes stored_frame,
                                       const BlockHeader& header) {
  const Fault fault = state_->Unpack(stored_frame, header);
  if (fault != Fault::kNone) {
    return fault;
  }
  return Sha256Of(stored_frame) == header.stored_hash ? Fault::kNone
                                                      : state_->Forget();
}

BlockDecoder::Fault BlockDecoder::CheckLeaves(const BlockHeader& header) {
  state_->leaves.resize(state_->records.size());
  HashLeaves(state_->records, state_->leaves);
  return state_->CompareLeaves(header);
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
