// Reads a segment's search index, page by page, each page checked against the
// root that the segment's footer commits to before anything in it is used.
#ifndef AUTHSEAL_INDEX_INDEX_READER_H_
#define AUTHSEAL_INDEX_INDEX_READER_H_

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "lib/archive/format.h"
#include "lib/archive/index_file.h"
#include "lib/archive/segment_footer.h"
#include "lib/base/bytes.h"
#include "lib/base/result.h"
#include "lib/io/file_system.h"

namespace authseal {

// Every call may give kDamaged: then the file is not the index that the footer
// names, or one that its writer made wrong, and nothing of it may be used.
// Owns the file. Memory: the table, 32 bytes a page of 4096, and some pages.
// One thread.
class IndexReader {
 public:
  // `footer` is believed, and of kind kSearchIndexKind. Checks the table and
  // the header page.
  static Result<IndexReader> Open(std::unique_ptr<ReadableFile> file,
                                  const SegmentFooter& footer);

  const IndexHeader& header() const { return header_; }

  // The entry of one block, or the whole directory; in order of the blocks.
  Result<IndexBlock> ReadBlock(std::uint32_t block);
  Result<std::vector<IndexBlock>> ReadDirectory();

  // Bytes of the body, many pages at once. `extent` lies in it.
  Status ReadRun(const IndexExtent& extent, ByteVector& out);

  // Appends the numbers of the blocks that may hold a term; none that does is
  // missing but those whose terms are incomplete.
  Status FindTerm(std::uint64_t hash, std::vector<std::uint32_t>& blocks);

 private:
  static constexpr std::size_t kCachedPages = 64;
  struct Page {
    std::uint64_t number = ~std::uint64_t{0};
    ByteVector bytes;
  };
  IndexReader() = default;
  Status ReadTable(const SegmentFooter& footer);
  Result<Bytes> ReadPage(std::uint64_t number);
  Status Read(const IndexExtent& extent, ByteVector& out);
  Status ReadBucket(std::uint64_t hash);

  std::unique_ptr<ReadableFile> file_;
  std::uint64_t body_pages_ = 0;
  std::vector<Hash> table_;  // of the body's pages
  IndexHeader header_;
  std::array<Page, kCachedPages> pages_;
  ByteVector bytes_;  // of the last Read
};

}  // namespace authseal

#endif  // AUTHSEAL_INDEX_INDEX_READER_H_
