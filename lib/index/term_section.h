// The term section of an index in the making: every block's terms, by bucket,
// in order. See authseal-format(5), INDEX.
#ifndef AUTHSEAL_INDEX_TERM_SECTION_H_
#define AUTHSEAL_INDEX_TERM_SECTION_H_

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "lib/archive/index_file.h"
#include "lib/base/bytes.h"
#include "lib/base/result.h"
#include "lib/index/term_layout.h"

namespace authseal {

class TermSection {
 public:
  // The terms of one block, each once, in no order.
  using BlockTerms = std::span<const std::uint64_t>;

  // Deals the terms of all blocks out to their buckets, on `threads` threads;
  // `blocks` are not needed any more when it returns. Error: kTemporary.
  static Result<TermSection> Make(const IndexHeader& header,
                                  std::span<const BlockTerms> blocks,
                                  unsigned threads);
  // Puts the buckets in order and writes both extents of `header` into
  // `index`. Once.
  Status Write(const IndexHeader& header, MutableBytes index, unsigned threads);

 private:
  explicit TermSection(const IndexHeader& header)
      : layout_(header.bucket_bits, header.block_count) {}

  TermLayout layout_;
  std::vector<std::uint32_t> starts_;  // of each bucket; and the end
  std::unique_ptr<std::uint32_t[]> entries_;
};

}  // namespace authseal

#endif  // AUTHSEAL_INDEX_TERM_SECTION_H_
