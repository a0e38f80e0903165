// The term section of an index in the making: every block's terms, by bucket,
// in order. See authseal-format(5), INDEX.
#ifndef AUTHSEAL_INDEX_TERM_SECTION_H_
#define AUTHSEAL_INDEX_TERM_SECTION_H_

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "lib/archive/index_file.h"
#include "lib/base/bytes.h"
#include "lib/base/result.h"
#include "lib/index/term_layout.h"

namespace authseal {

class TermSection {
 public:
  // The terms of one block, each once, in no order.
  using BlockTerms = std::span<const IndexTermHash>;

  // Counts the terms of each bucket, on `threads` threads; `blocks` are
  // borrowed until Encode returns. Error: kTemporary.
  static Result<TermSection> Make(const IndexHeader& header,
                                  std::vector<BlockTerms> blocks,
                                  unsigned threads);
  // Of the buckets that are dealt out together, 12 MiB. A segment may have four
  // times as many; each pass looks at all terms.
  static constexpr std::size_t kPassEntriesMax = std::size_t{3} << 20;
  // Deals the terms out to their buckets, as many buckets at a time as have no
  // more entries, puts these in order and sets the two sections: the same
  // whatever the number of passes and threads. Once. Errors: kTemporary.
  Status Encode(unsigned threads,
                std::size_t pass_entries_max = kPassEntriesMax);
  // Of the header's terms.
  std::uint64_t terms_size_bytes() const;
  // Both where `header` has them; `index` is long enough. Once.
  void Write(const IndexHeader& header, MutableBytes index);

 private:
  // Buckets [first, end), whose entries are in memory at the same time.
  struct Pass {
    std::size_t first = 0;
    std::size_t end = 0;
  };
  TermSection(const IndexHeader& header, std::vector<BlockTerms> blocks)
      : layout_(header.bucket_bits), blocks_(std::move(blocks)) {}
  Status Count(unsigned threads);
  Pass PassFrom(std::size_t bucket, std::size_t entries_max) const;
  Status Deal(const Pass& pass, unsigned threads,
              std::span<std::uint32_t> entries);
  Status EncodeBuckets(const Pass& pass, unsigned threads,
                       std::span<std::uint32_t> entries);

  TermLayout layout_;
  std::vector<BlockTerms> blocks_;
  std::vector<std::uint32_t> starts_;  // of each bucket's entries; and the end
  // Where the next entry of a group of blocks goes, by bucket.
  std::vector<std::vector<std::uint32_t>> places_;
  std::vector<std::uint32_t> sizes_bytes_;  // of each bucket
  std::vector<ByteVector> slices_;          // of the terms, in order
};

}  // namespace authseal

#endif  // AUTHSEAL_INDEX_TERM_SECTION_H_
