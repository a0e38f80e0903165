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
  using BlockTerms = std::span<const IndexTermHash>;

  // Deals the terms of all blocks out to their buckets, on `threads` threads;
  // `blocks` are not needed any more when it returns. Error: kTemporary.
  static Result<TermSection> Make(const IndexHeader& header,
                                  std::span<const BlockTerms> blocks,
                                  unsigned threads);
  // Puts the buckets in order and sets the two sections. Once. Errors:
  // kTemporary.
  Status Encode(unsigned threads);
  // Of the header's terms.
  std::uint64_t terms_size_bytes() const;
  // Both where `header` has them; `index` is long enough. Once.
  void Write(const IndexHeader& header, MutableBytes index);

 private:
  explicit TermSection(const IndexHeader& header)
      : layout_(header.bucket_bits), block_count_(header.block_count) {}

  TermLayout layout_;
  std::uint32_t block_count_;
  std::vector<std::uint32_t> starts_;  // of each bucket's entries; and the end
  std::unique_ptr<std::uint32_t[]> entries_;
  std::vector<std::uint32_t> sizes_bytes_;  // of each bucket
  std::vector<ByteVector> slices_;          // of the terms, in order
};

}  // namespace authseal

#endif  // AUTHSEAL_INDEX_TERM_SECTION_H_
