#include "lib/index/index_reader.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include "lib/base/coding.h"
#include "lib/crypto/sha256.h"
#include "lib/index/bucket_coding.h"
#include "lib/index/term_layout.h"
#include "lib/merkle/tree_hash.h"

namespace authseal {
namespace {

constexpr std::size_t kHashesPerPage = kIndexPageSizeBytes / Hash::kSizeBytes;

Error Mismatch(std::string_view what) {
  return {ErrorCode::kDamaged, std::string(what)};
}

std::uint32_t LoadU32(const std::uint8_t* bytes) {
  return std::uint32_t{bytes[0]} | std::uint32_t{bytes[1]} << 8 |
         std::uint32_t{bytes[2]} << 16 | std::uint32_t{bytes[3]} << 24;
}

}  // namespace

Result<IndexReader> IndexReader::Open(std::unique_ptr<ReadableFile> file,
                                      const SegmentFooter& footer) {
  IndexReader reader;
  reader.file_ = std::move(file);
  TRY(reader.ReadTable(footer));
  TRY_ASSIGN(const Bytes first, reader.ReadPage(0));
  TRY_ASSIGN(reader.header_, DecodeIndexHeader(first, reader.body_pages_));
  if (reader.header_.first_record != footer.first_record ||
      reader.header_.end_record + 1 != footer.end_record ||
      reader.header_.block_count + 1 != footer.block_count) {
    return Mismatch("the index is about other blocks than its segment has");
  }
  return reader;
}

Status IndexReader::ReadTable(const SegmentFooter& footer) {
  TRY_ASSIGN(const FileInfo info, file_->Info());
  const auto pages = IndexBodyPages(info.size_bytes);
  if (info.size_bytes != footer.index_size_bytes || !pages.has_value()) {
    return Mismatch("the index has " + std::to_string(info.size_bytes) +
                    " bytes in place of " +
                    std::to_string(footer.index_size_bytes));
  }
  body_pages_ = *pages;
  const auto pages_count = static_cast<std::size_t>(body_pages_);
  // Room for the hashes of the table's own pages, too.
  table_.reserve(pages_count + pages_count / kHashesPerPage + 1);
  table_.resize(pages_count);
  const MutableBytes table_bytes = BytesOf(table_);
  TRY_ASSIGN(const std::size_t count,
             file_->ReadAt(body_pages_ * kIndexPageSizeBytes, table_bytes));
  if (count != table_bytes.size() ||
      RootByIndexTable(table_) != footer.index_root) {
    return Mismatch("the index is not the one that the footer names");
  }
  return Ok();
}

// Valid until the next call.
Result<Bytes> IndexReader::ReadPage(std::uint64_t number) {
  Page& page = pages_[static_cast<std::size_t>(number % kCachedPages)];
  if (page.number == number) {
    return Bytes(page.bytes);
  }
  page.number = ~std::uint64_t{0};
  page.bytes.resize(kIndexPageSizeBytes);
  TRY_ASSIGN(const std::size_t count,
             file_->ReadAt(number * kIndexPageSizeBytes, page.bytes));
  if (count != kIndexPageSizeBytes ||
      LeafHash(page.bytes) != table_[static_cast<std::size_t>(number)]) {
    return Mismatch("page " + std::to_string(number) +
                    " of the index is not the one that the footer names");
  }
  page.number = number;
  return Bytes(page.bytes);
}

Status IndexReader::ReadRun(const IndexExtent& extent, ByteVector& out) {
  const std::uint64_t first = extent.offset_bytes / kIndexPageSizeBytes;
  const std::uint64_t end =
      (extent.offset_bytes + extent.size_bytes + kIndexPageSizeBytes - 1) /
      kIndexPageSizeBytes;
  const std::size_t pages = static_cast<std::size_t>(end - first);
  out.resize(pages * kIndexPageSizeBytes);
  TRY_ASSIGN(const std::size_t count,
             file_->ReadAt(first * kIndexPageSizeBytes, out));
  std::vector<Bytes> messages(pages);
  std::vector<Hash> hashes(pages);
  for (std::size_t i = 0; i < pages; ++i) {
    messages[i] =
        Bytes(out).subspan(i * kIndexPageSizeBytes, kIndexPageSizeBytes);
  }
  Sha256Prefixed(kLeafPrefix, messages, hashes);
  for (std::size_t i = 0; i < pages; ++i) {
    const std::uint64_t page = first + i;
    if (count != out.size() ||
        hashes[i] != table_[static_cast<std::size_t>(page)]) {
      return Mismatch("page " + std::to_string(page) +
                      " of the index is not the one that the footer names");
    }
  }
  out.erase(out.begin(), out.begin() + static_cast<std::ptrdiff_t>(
                                           extent.offset_bytes -
                                           first * kIndexPageSizeBytes));
  out.resize(static_cast<std::size_t>(extent.size_bytes));
  return Ok();
}

// An extent of the body, as the header's check sees to.
Status IndexReader::Read(const IndexExtent& extent, ByteVector& out) {
  out.clear();
  std::uint64_t at = extent.offset_bytes;
  const std::uint64_t end = extent.offset_bytes + extent.size_bytes;
  while (at < end) {
    TRY_ASSIGN(Bytes page, ReadPage(at / kIndexPageSizeBytes));
    const std::size_t skip = static_cast<std::size_t>(at % kIndexPageSizeBytes);
    const std::size_t count = static_cast<std::size_t>(
        std::min<std::uint64_t>(end - at, kIndexPageSizeBytes - skip));
    page = page.subspan(skip, count);
    out.insert(out.end(), page.begin(), page.end());
    at += count;
  }
  return Ok();
}

Result<IndexBlock> IndexReader::ReadBlock(std::uint32_t block) {
  if (block >= header_.block_count) {
    return Mismatch("the index names a block that is not there");
  }
  TRY(Read({.offset_bytes = header_.directory.offset_bytes +
                            std::uint64_t{block} * kIndexBlockSizeBytes,
            .size_bytes = kIndexBlockSizeBytes},
           bytes_));
  return DecodeIndexBlock(bytes_);
}

Result<std::vector<IndexBlock>> IndexReader::ReadDirectory() {
  TRY(ReadRun(header_.directory, bytes_));
  std::vector<IndexBlock> blocks;
  blocks.reserve(header_.block_count);
  for (std::uint32_t block = 0; block < header_.block_count; ++block) {
    TRY_ASSIGN(IndexBlock entry, DecodeIndexBlock(Bytes(bytes_).subspan(
                                     std::size_t{block} * kIndexBlockSizeBytes,
                                     kIndexBlockSizeBytes)));
    blocks.push_back(std::move(entry));
  }
  return blocks;
}

Status IndexReader::ReadBucket(std::uint64_t hash) {
  const std::size_t bucket =
      TermLayout(header_.bucket_bits).Bucket(IndexTermHashOf(hash));
  TRY(Read({.offset_bytes = header_.buckets.offset_bytes +
                            std::uint64_t{bucket} * kIndexBucketSizeBytes,
            .size_bytes = 2 * kIndexBucketSizeBytes},
           bytes_));
  const std::uint64_t begin = LoadU32(bytes_.data());
  const std::uint64_t end = LoadU32(bytes_.data() + kIndexBucketSizeBytes);
  if (begin > end || end > header_.terms.size_bytes) {
    return Mismatch("the buckets of the index are out of order");
  }
  return Read({.offset_bytes = header_.terms.offset_bytes + begin,
               .size_bytes = end - begin},
              bytes_);
}

Status IndexReader::FindTerm(std::uint64_t hash,
                             std::vector<std::uint32_t>& blocks) {
  if (!header_.has_packed_terms) {
    return Mismatch("the terms of the index are of an earlier form");
  }
  TRY(ReadBucket(hash));
  return FindInBucket(
      bytes_, header_.block_count,
      TermLayout(header_.bucket_bits).Rest(IndexTermHashOf(hash)), blocks);
}

}  // namespace authseal
