#include "lib/index/bucket_coding.h"

#include <bit>

#include "lib/index/bit_stream.h"
#include "lib/index/term_layout.h"

namespace authseal {
namespace {

constexpr std::uint32_t kBlockBits = 32 - TermLayout::kRestBits;
constexpr std::uint32_t kRests = std::uint32_t{1} << TermLayout::kRestBits;

std::uint32_t RestOf(std::uint32_t entry) {
  return entry >> kBlockBits;
}
std::uint32_t BlockOf(std::uint32_t entry) {
  return entry & ((std::uint32_t{1} << kBlockBits) - 1);
}

// Lowest bits of a distance where `count` numbers lie below `range`: then the
// zeros before them are one or two.
std::uint32_t DistanceBits(std::uint32_t range, std::uint32_t count) {
  return static_cast<std::uint32_t>(std::bit_width(range / count)) - 1;
}

// Golomb's code with Rice's parameter.
void PutDistance(std::uint32_t distance, std::uint32_t low_bits,
                 BitWriter& bits) {
  bits.PutZerosAndOne(distance >> low_bits);
  bits.Put(distance & ((std::uint32_t{1} << low_bits) - 1), low_bits);
}

std::uint64_t TakeDistance(std::uint32_t low_bits, BitReader& bits) {
  const std::uint64_t high = bits.TakeZerosAndOne();
  return high << low_bits | bits.Take(low_bits);
}

// Elias' gamma code, its zeros as above. At least 1.
void PutCount(std::uint32_t count, BitWriter& bits) {
  const auto low_bits = static_cast<std::uint32_t>(std::bit_width(count)) - 1;
  bits.PutZerosAndOne(low_bits);
  bits.Put(count & ((std::uint32_t{1} << low_bits) - 1), low_bits);
}

// 0 for what is above `most`, or behind the end.
std::uint32_t TakeCount(std::uint32_t most, BitReader& bits) {
  constexpr std::uint64_t kLowBitsMax = 16;
  const std::uint64_t low_bits = bits.TakeZerosAndOne();
  if (low_bits > kLowBitsMax) {
    return 0;
  }
  const auto width = static_cast<std::uint32_t>(low_bits);
  const auto count =
      std::uint32_t{1} << width | static_cast<std::uint32_t>(bits.Take(width));
  return count <= most && !bits.PastEnd() ? count : 0;
}

// One behind the last entry with the same rest as `entries[begin]`, and how
// many blocks it has.
struct Run {
  std::size_t end = 0;
  std::uint32_t block_count = 0;
};
Run RunFrom(std::span<const std::uint32_t> entries, std::size_t begin) {
  Run run{.end = begin + 1, .block_count = 1};
  for (; run.end < entries.size() &&
         RestOf(entries[run.end]) == RestOf(entries[begin]);
       ++run.end) {
    run.block_count += entries[run.end] != entries[run.end - 1] ? 1u : 0u;
  }
  return run;
}

}  // namespace

void AppendBucket(std::span<const std::uint32_t> entries,
                  std::uint32_t block_count, ByteVector& out) {
  if (entries.empty()) {
    return;
  }
  std::uint32_t term_count = 1;
  for (std::size_t i = 1; i < entries.size(); ++i) {
    term_count += RestOf(entries[i]) != RestOf(entries[i - 1]) ? 1u : 0u;
  }
  const std::uint32_t rest_bits = DistanceBits(kRests, term_count);
  const std::uint32_t block_bits = IndexBlockBits(block_count);
  BitWriter bits(out);
  PutCount(term_count, bits);
  std::uint32_t next_rest = 0;
  for (std::size_t i = 0; i < entries.size();) {
    const Run run = RunFrom(entries, i);
    PutDistance(RestOf(entries[i]) - next_rest, rest_bits, bits);
    next_rest = RestOf(entries[i]) + 1;
    PutCount(run.block_count, bits);
    bits.Put(BlockOf(entries[i]), block_bits);
    const std::uint32_t distance_bits =
        DistanceBits(block_count, run.block_count);
    for (++i; i < run.end; ++i) {
      if (entries[i] != entries[i - 1]) {
        PutDistance(entries[i] - entries[i - 1] - 1, distance_bits, bits);
      }
    }
  }
}

Status FindInBucket(Bytes bucket, std::uint32_t block_count, std::uint32_t rest,
                    std::vector<std::uint32_t>& blocks) {
  const Error damaged{ErrorCode::kDamaged,
                      "a bucket of the index has no terms in order"};
  if (bucket.empty()) {
    return Ok();
  }
  BitReader bits(bucket);
  const std::uint32_t term_count = TakeCount(kRests, bits);
  if (term_count == 0) {
    return damaged;
  }
  const std::uint32_t rest_bits = DistanceBits(kRests, term_count);
  const std::uint32_t block_bits = IndexBlockBits(block_count);
  std::uint64_t next_rest = 0;
  for (std::uint32_t term = 0; term < term_count; ++term) {
    const std::uint64_t found = next_rest + TakeDistance(rest_bits, bits);
    const std::uint32_t count = TakeCount(block_count, bits);
    if (found >= kRests || count == 0) {
      return damaged;
    }
    next_rest = found + 1;
    std::uint64_t block = bits.Take(block_bits);
    const std::uint32_t distance_bits = DistanceBits(block_count, count);
    for (std::uint32_t left = count; left > 0; --left) {
      if (block >= block_count || bits.PastEnd()) {
        return damaged;
      }
      if (found == rest) {
        blocks.push_back(static_cast<std::uint32_t>(block));
      }
      block += left > 1 ? 1 + TakeDistance(distance_bits, bits) : 0;
    }
  }
  return bits.AtEnd() ? Ok() : Status(damaged);
}

}  // namespace authseal
