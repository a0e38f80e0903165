// How the terms section of an index is cut: which bits of a term's hash choose
// its bucket, which are kept beside the block's number.
#ifndef AUTHSEAL_INDEX_TERM_LAYOUT_H_
#define AUTHSEAL_INDEX_TERM_LAYOUT_H_

#include <algorithm>
#include <bit>
#include <cstdint>

#include "lib/archive/index_file.h"

namespace authseal {

class TermLayout {
 public:
  TermLayout(std::uint32_t bucket_bits, std::uint32_t block_count)
      : bucket_bits_(bucket_bits),
        block_bits_(IndexBlockBits(block_count)),
        entry_size_bytes_(IndexTermSizeBytes(block_count)) {}

  // About 128 to 256 terms a bucket.
  static std::uint32_t BucketBitsFor(std::uint64_t term_count) {
    constexpr int kBucketTermsLog2 = 7;
    return std::min(static_cast<std::uint32_t>(
                        std::bit_width(term_count >> kBucketTermsLog2)),
                    kIndexBucketBitsMax);
  }

  std::size_t entry_size_bytes() const { return entry_size_bytes_; }
  std::uint64_t bucket_count() const {
    return std::uint64_t{1} << bucket_bits_;
  }
  std::uint64_t Bucket(std::uint64_t hash) const {
    return bucket_bits_ == 0 ? 0 : hash >> (64 - bucket_bits_);
  }
  // The bits of the hash behind the bucket's, above a block's number.
  std::uint32_t Remainder(std::uint64_t hash) const {
    const std::uint64_t rest =
        hash << bucket_bits_ >> (64 - 8 * entry_size_bytes_);
    return static_cast<std::uint32_t>(rest) >> block_bits_ << block_bits_;
  }
  std::uint32_t Entry(std::uint64_t hash, std::uint32_t block) const {
    return Remainder(hash) | block;
  }
  std::uint32_t Block(std::uint32_t entry) const {
    return entry & ((std::uint32_t{1} << block_bits_) - 1);
  }
  std::uint32_t RemainderOf(std::uint32_t entry) const {
    return entry - Block(entry);
  }

  // One entry, little-endian.
  std::uint32_t Load(const std::uint8_t* bytes) const {
    std::uint32_t entry = 0;
    for (std::size_t i = entry_size_bytes_; i-- > 0;) {
      entry = entry << 8 | bytes[i];
    }
    return entry;
  }
  void Store(std::uint32_t entry, std::uint8_t* out) const {
    for (std::size_t i = 0; i < entry_size_bytes_; ++i) {
      out[i] = static_cast<std::uint8_t>(entry >> (8 * i));
    }
  }

 private:
  std::uint32_t bucket_bits_;
  std::uint32_t block_bits_;  // at most 16
  std::size_t entry_size_bytes_;
};

}  // namespace authseal

#endif  // AUTHSEAL_INDEX_TERM_LAYOUT_H_
