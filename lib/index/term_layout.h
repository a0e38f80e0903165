// Which bits of a term's hash choose its bucket in an index, and which are kept
// there beside the block's number.
#ifndef AUTHSEAL_INDEX_TERM_LAYOUT_H_
#define AUTHSEAL_INDEX_TERM_LAYOUT_H_

#include <algorithm>
#include <bit>
#include <cstdint>

#include "lib/archive/index_file.h"

namespace authseal {

// What an index knows of a term: the upper half of its hash.
using IndexTermHash = std::uint32_t;
constexpr IndexTermHash IndexTermHashOf(std::uint64_t hash) {
  return static_cast<IndexTermHash>(hash >> 32);
}

class TermLayout {
 public:
  // Bits of the hash that follow those of the bucket.
  static constexpr std::uint32_t kRestBits = 16;
  static_assert(kRestBits + kIndexBucketBitsMax <= 32);

  explicit TermLayout(std::uint32_t bucket_bits) : bucket_bits_(bucket_bits) {}

  // About 256 to 512 entries a bucket.
  static std::uint32_t BucketBitsFor(std::uint64_t term_count) {
    constexpr int kBucketTermsLog2 = 9;
    return std::min(static_cast<std::uint32_t>(
                        std::bit_width(term_count >> kBucketTermsLog2)),
                    kIndexBucketBitsMax);
  }

  std::size_t bucket_count() const { return std::size_t{1} << bucket_bits_; }
  std::size_t Bucket(IndexTermHash hash) const {
    return bucket_bits_ == 0 ? 0 : hash >> (32 - bucket_bits_);
  }
  std::uint32_t Rest(IndexTermHash hash) const {
    return hash << bucket_bits_ >> (32 - kRestBits);
  }
  // In ascending order these are the terms of a bucket, and the blocks of each.
  std::uint32_t Entry(IndexTermHash hash, std::uint32_t block) const {
    return Rest(hash) << (32 - kRestBits) | block;
  }

 private:
  std::uint32_t bucket_bits_;  // at most kIndexBucketBitsMax
};

}  // namespace authseal

#endif  // AUTHSEAL_INDEX_TERM_LAYOUT_H_
