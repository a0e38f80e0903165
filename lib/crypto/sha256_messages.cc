#include "lib/crypto/sha256_messages.h"

#include <algorithm>
#include <cstring>

namespace authseal {
namespace {

constexpr std::size_t kBlock = kSha256BlockSizeBytes;
constexpr std::size_t kPaddingSizeBytesMin = 9;  // 0x80 and the length
constexpr std::uint8_t kNodePrefix = 0x01;

// Shifts by whole bytes: compilers make one instruction of each.
void StoreBigEndian32(std::uint32_t value, std::uint8_t* to) {
  to[0] = static_cast<std::uint8_t>(value >> 24);
  to[1] = static_cast<std::uint8_t>(value >> 16);
  to[2] = static_cast<std::uint8_t>(value >> 8);
  to[3] = static_cast<std::uint8_t>(value);
}

// Completes a message of `size_bytes` whose last `rest` bytes stand in `tail`,
// which has room for two blocks. Returns how many blocks they are.
std::size_t Pad(std::uint8_t* tail, std::size_t rest,
                std::uint64_t size_bytes) {
  const std::size_t blocks = rest + kPaddingSizeBytesMin <= kBlock ? 1 : 2;
  std::memset(tail + rest, 0, blocks * kBlock - rest);
  tail[rest] = 0x80;
  std::uint8_t* const length = tail + blocks * kBlock - 8;
  StoreBigEndian32(static_cast<std::uint32_t>(size_bytes >> 29), length);
  StoreBigEndian32(static_cast<std::uint32_t>(size_bytes << 3), length + 4);
  return blocks;
}

void StoreDigest(const Sha256LaneState& state, Hash& out) {
  // a to h are at these places: sha256_lanes.h.
  constexpr std::array<int, 8> kPlaces = {3, 2, 7, 6, 1, 0, 5, 4};
  std::uint8_t* to = out.bytes.data();
  for (const int place : kPlaces) {
    StoreBigEndian32(state.words[place], to);
    to += 4;
  }
}

// Feeds one lane with messages, one after the other. A message is the prefix
// and its bytes; all of its blocks but the first and the last are hashed where
// they stand.
class LaneFeed {
 public:
  Sha256LaneState state = kSha256LaneStart;

  bool idle() const { return block_count_ == 0; }
  const std::uint8_t* blocks() const { return blocks_; }
  std::size_t block_count() const { return block_count_; }

  void Start(std::uint8_t prefix, Bytes message, Hash& out) {
    state = kSha256LaneStart;
    out_ = &out;
    const std::size_t size = message.size() + 1;
    const std::size_t whole = size / kBlock;
    const std::size_t rest = size % kBlock;
    std::uint8_t* const first = whole > 0 ? head_.data() : tail_.data();
    first[0] = prefix;
    if (whole > 0) {
      std::memcpy(first + 1, message.data(), kBlock - 1);
      std::memcpy(tail_.data(), message.data() + message.size() - rest, rest);
      middle_ = message.data() + kBlock - 1;
    } else if (!message.empty()) {
      std::memcpy(first + 1, message.data(), message.size());
    }
    tail_count_ = Pad(tail_.data(), rest, size);
    middle_count_ = whole > 0 ? whole - 1 : 0;
    blocks_ = first;
    block_count_ = whole > 0 ? 1 : tail_count_;
    if (whole == 0) {
      tail_count_ = 0;
    }
  }

  // The same without a prefix: all blocks but the last stand where they are.
  void StartWhole(Bytes message, Hash& out) {
    state = kSha256LaneStart;
    out_ = &out;
    const std::size_t whole = message.size() / kBlock;
    const std::size_t rest = message.size() % kBlock;
    if (rest > 0) {
      std::memcpy(tail_.data(), message.data() + whole * kBlock, rest);
    }
    tail_count_ = Pad(tail_.data(), rest, message.size());
    middle_count_ = 0;
    blocks_ = whole > 0 ? message.data() : tail_.data();
    block_count_ = whole > 0 ? whole : tail_count_;
    if (whole == 0) {
      tail_count_ = 0;
    }
  }

  // `count` blocks are done. Writes the digest when they were the last.
  void Advance(std::size_t count) {
    blocks_ += count * kBlock;
    block_count_ -= count;
    if (block_count_ > 0) {
      return;
    }
    if (middle_count_ > 0) {
      blocks_ = middle_;
      block_count_ = middle_count_;
      middle_count_ = 0;
    } else if (tail_count_ > 0) {
      blocks_ = tail_.data();
      block_count_ = tail_count_;
      tail_count_ = 0;
    } else {
      StoreDigest(state, *out_);
    }
  }

 private:
  const std::uint8_t* blocks_ = nullptr;  // to be hashed next
  std::size_t block_count_ = 0;
  const std::uint8_t* middle_ = nullptr;
  std::size_t middle_count_ = 0;  // still to come, as those of the tail
  std::size_t tail_count_ = 0;
  Hash* out_ = nullptr;
  std::array<std::uint8_t, kBlock> head_;
  std::array<std::uint8_t, 2 * kBlock> tail_;
};

// Each lane takes the next message when it is done with one; what they were
// given before is done first.
void HashSideBySide(LaneFeed& a, LaneFeed& b, std::uint8_t prefix,
                    std::span<const Bytes> messages, std::span<Hash> out) {
  std::size_t next = 0;
  const auto refill = [&](LaneFeed& lane) {
    if (lane.idle() && next < messages.size()) {
      lane.Start(prefix, messages[next], out[next]);
      ++next;
    }
  };
  refill(a);
  refill(b);
  while (!a.idle() && !b.idle()) {
    const std::size_t count = std::min(a.block_count(), b.block_count());
    Sha256CompressTwo(a.state, a.blocks(), b.state, b.blocks(), count);
    a.Advance(count);
    b.Advance(count);
    refill(a);
    refill(b);
  }
  for (LaneFeed* const lane : {&a, &b}) {
    while (!lane->idle()) {
      const std::size_t count = lane->block_count();
      Sha256CompressOne(lane->state, lane->blocks(), count);
      lane->Advance(count);
    }
  }
}

}  // namespace

void LaneSha256Prefixed(std::uint8_t prefix, std::span<const Bytes> messages,
                        std::span<Hash> out) {
  LaneFeed a;
  LaneFeed b;
  HashSideBySide(a, b, prefix, messages, out);
}

Hash LaneSha256PrefixedBeside(Bytes beside, std::uint8_t prefix,
                              std::span<const Bytes> messages,
                              std::span<Hash> out) {
  Hash digest;
  LaneFeed a;
  LaneFeed b;
  a.StartWhole(beside, digest);
  HashSideBySide(a, b, prefix, messages, out);
  return digest;
}

void LaneSha256NodePairs(std::span<const Hash> pairs, std::span<Hash> out) {
  constexpr std::size_t kSizeBytes = 1 + 2 * Hash::kSizeBytes;
  static_assert(sizeof(Hash) == Hash::kSizeBytes);
  std::array<std::uint8_t, 2 * kBlock> a;
  std::array<std::uint8_t, 2 * kBlock> b;
  for (std::array<std::uint8_t, 2 * kBlock>* const message : {&a, &b}) {
    (*message)[0] = kNodePrefix;
    Pad(message->data() + kBlock, kSizeBytes - kBlock, kSizeBytes);
  }
  // Both pairs are copied before a digest is written: `out` may lie on them.
  for (std::size_t i = 0; i < out.size(); i += 2) {
    const bool both = i + 1 < out.size();
    std::memcpy(a.data() + 1, &pairs[2 * i], kSizeBytes - 1);
    Sha256LaneState state_a = kSha256LaneStart;
    if (!both) {
      Sha256CompressOne(state_a, a.data(), 2);
      StoreDigest(state_a, out[i]);
      return;
    }
    std::memcpy(b.data() + 1, &pairs[2 * i + 2], kSizeBytes - 1);
    Sha256LaneState state_b = kSha256LaneStart;
    Sha256CompressTwo(state_a, a.data(), state_b, b.data(), 2);
    StoreDigest(state_a, out[i]);
    StoreDigest(state_b, out[i + 1]);
  }
}

void LaneSha256::Update(Bytes bytes) {
  if (bytes.empty()) {
    return;
  }
  const std::size_t held = size_bytes_ % kBlock;
  size_bytes_ += bytes.size();
  if (held > 0) {
    const std::size_t taken = std::min(kBlock - held, bytes.size());
    std::memcpy(pending_.data() + held, bytes.data(), taken);
    bytes = bytes.subspan(taken);
    if (held + taken < kBlock) {
      return;
    }
    Sha256CompressOne(state_, pending_.data(), 1);
  }
  const std::size_t whole = bytes.size() / kBlock;
  Sha256CompressOne(state_, bytes.data(), whole);
  bytes = bytes.subspan(whole * kBlock);
  if (!bytes.empty()) {
    std::memcpy(pending_.data(), bytes.data(), bytes.size());
  }
}

Hash LaneSha256::Finish() {
  std::array<std::uint8_t, 2 * kBlock> tail;
  const std::size_t rest = size_bytes_ % kBlock;
  std::memcpy(tail.data(), pending_.data(), rest);
  Sha256CompressOne(state_, tail.data(), Pad(tail.data(), rest, size_bytes_));
  Hash digest;
  StoreDigest(state_, digest);
  state_ = kSha256LaneStart;
  size_bytes_ = 0;
  return digest;
}

}  // namespace authseal
