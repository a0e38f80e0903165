#include "lib/verify/index_check.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "lib/archive/format.h"
#include "lib/archive/index_file.h"
#include "lib/archive/layout.h"
#include "lib/merkle/compact_range.h"
#include "lib/merkle/tree_hash.h"

namespace authseal {
namespace {

constexpr std::size_t kReadSizeBytes = 256 * kIndexPageSizeBytes;

// Leaves of the pages; `size_bytes` counts what was read.
Result<std::vector<Hash>> LeavesOfPages(const ReadableFile& file,
                                        std::uint64_t& size_bytes) {
  std::vector<Hash> pages;
  ByteVector buffer(kReadSizeBytes);
  size_bytes = 0;
  while (true) {
    TRY_ASSIGN(const std::size_t count, file.ReadAt(size_bytes, buffer));
    Bytes rest = Bytes(buffer).first(count);
    while (!rest.empty()) {
      const Bytes page = rest.first(std::min(rest.size(), kIndexPageSizeBytes));
      pages.push_back(LeafHash(page));
      rest = rest.subspan(page.size());
    }
    size_bytes += count;
    if (count < buffer.size()) {
      return pages;
    }
  }
}

// Of the whole `extent`; kDamaged when the file ends before.
Result<ByteVector> ReadExtent(const ReadableFile& file,
                              const IndexExtent& extent) {
  ByteVector bytes(static_cast<std::size_t>(extent.size_bytes));
  TRY_ASSIGN(const std::size_t count, file.ReadAt(extent.offset_bytes, bytes));
  if (count != bytes.size()) {
    return Error{ErrorCode::kDamaged, "it ends early"};
  }
  return bytes;
}

// Whether the table holds the leaves of the body's pages.
Status CheckTable(const ReadableFile& file, std::uint64_t body_pages,
                  std::span<const Hash> leaves) {
  TRY_ASSIGN(const ByteVector table,
             ReadExtent(file, {.offset_bytes = body_pages * kIndexPageSizeBytes,
                               .size_bytes = body_pages * Hash::kSizeBytes}));
  for (std::size_t page = 0; page < body_pages; ++page) {
    const Bytes stored =
        Bytes(table).subspan(page * Hash::kSizeBytes, Hash::kSizeBytes);
    if (!std::ranges::equal(stored, leaves[page].bytes)) {
      return Error{
          ErrorCode::kDamaged,
          "its table does not hold the hash of page " + std::to_string(page)};
    }
  }
  return Ok();
}

bool Describes(const IndexBlock& entry, const BlockSummary& block) {
  return entry.data_offset_bytes == block.data.offset_bytes &&
         entry.stored_size_bytes == block.data.size_bytes &&
         entry.header_size_bytes == block.header.size_bytes &&
         entry.records() == block.records &&
         entry.header_hash == block.header_hash;
}

// The outer form of a search index. kDamaged says what is wrong.
Status CheckSearchIndex(const ReadableFile& file, const SegmentFooter& footer,
                        std::span<const Hash> leaves,
                        std::span<const BlockSummary> blocks) {
  const auto body_pages = IndexBodyPages(footer.index_size_bytes);
  if (!body_pages.has_value()) {
    return Error{ErrorCode::kDamaged, "its size is that of no index"};
  }
  TRY(CheckTable(file, *body_pages, leaves));
  TRY_ASSIGN(
      const ByteVector page,
      ReadExtent(file, {.offset_bytes = 0, .size_bytes = kIndexPageSizeBytes}));
  TRY_ASSIGN(const IndexHeader header, DecodeIndexHeader(page, *body_pages));
  if (header.first_record != footer.first_record ||
      header.end_record + 1 != footer.end_record ||
      header.block_count + 1 != footer.block_count) {
    return Error{ErrorCode::kDamaged, "it is about other blocks"};
  }
  TRY_ASSIGN(const ByteVector directory, ReadExtent(file, header.directory));
  for (std::size_t i = 0; i < header.block_count && !blocks.empty(); ++i) {
    TRY_ASSIGN(const IndexBlock entry,
               DecodeIndexBlock(Bytes(directory).subspan(
                   i * kIndexBlockSizeBytes, kIndexBlockSizeBytes)));
    if (i >= blocks.size() || !Describes(entry, blocks[i])) {
      return Error{
          ErrorCode::kDamaged,
          "its directory does not describe block " + std::to_string(i)};
    }
  }
  return Ok();
}

}  // namespace

Status CheckIndex(const Directory& segments, const SegmentFooter& footer,
                  std::span<const BlockSummary> blocks, FindingList& findings) {
  const std::string name = IndexName(footer.first_record);
  const auto report = [&](FindingKind kind, std::string text) {
    findings.Add({kind, std::string(kSegmentsName) + "/" + name, std::nullopt,
                  std::nullopt, footer.records(), std::move(text)});
  };
  const auto file = segments.OpenRead(name);
  if (!file.has_value()) {
    if (file.error().code == ErrorCode::kIo ||
        file.error().code == ErrorCode::kTemporary) {
      return file.error();
    }
    report(FindingKind::kFileMissing,
           "the index that the footer names is not there");
    return Ok();
  }
  TRY_ASSIGN(const FileInfo info, (*file)->Info());
  std::uint64_t size_bytes = info.size_bytes;
  std::vector<Hash> leaves;
  if (size_bytes == footer.index_size_bytes) {
    TRY_ASSIGN(leaves, LeavesOfPages(**file, size_bytes));
  }
  if (size_bytes != footer.index_size_bytes) {
    report(FindingKind::kIndexMismatch,
           "the index has " + std::to_string(size_bytes) +
               " bytes in place of " + std::to_string(footer.index_size_bytes));
    return Ok();
  }
  if (CompactRange::FromLeaves(0, leaves).Root() != footer.index_root) {
    report(FindingKind::kIndexMismatch,
           "the index is not the one that the footer names");
    return Ok();
  }
  if (footer.index_kind != kSearchIndexKind) {
    return Ok();
  }
  Status form = CheckSearchIndex(**file, footer, leaves, blocks);
  if (!form.has_value() && form.error().code == ErrorCode::kDamaged) {
    report(FindingKind::kIndexMismatch,
           "the index was made wrong: " + form.error().message);
    return Ok();
  }
  return form;
}

}  // namespace authseal
