// The outer form of a search index, kind 1: pages, the table of their hashes,
// the header and the directory of blocks. What it is for and byte for byte:
// authseal-format(5), INDEX. Pure; what the events of a block are is
// lib/index's business, here they are bits.
#ifndef AUTHSEAL_ARCHIVE_INDEX_FILE_H_
#define AUTHSEAL_ARCHIVE_INDEX_FILE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "lib/archive/block_header.h"
#include "lib/base/bytes.h"
#include "lib/base/result.h"
#include "lib/base/types.h"

namespace authseal {

inline constexpr std::uint16_t kSearchIndexKind = 1;
inline constexpr std::uint64_t kIndexBodyPagesMax = 1u << 18;  // 1 GiB
inline constexpr std::size_t kIndexProvidersMax = 64;
inline constexpr std::size_t kIndexProviderSizeBytesMax = 48;
inline constexpr std::uint32_t kIndexBucketBitsMax = 16;
inline constexpr std::uint32_t kFirstIndexBucketBitsMax = 20;
inline constexpr std::size_t kIndexBlockSizeBytes = 96;
inline constexpr std::size_t kIndexBucketSizeBytes = 4;

// Pages of the body of an index file of this size, which has a table of their
// hashes behind them; empty for a size that no index has.
std::optional<std::uint64_t> IndexBodyPages(std::uint64_t file_size_bytes);

// Pads `body` to whole pages and appends the table.
void AppendIndexTable(ByteVector& body);

// Root over the file's pages, of which those of the body are taken from
// `table`: the root that the footer names only if the table is genuine. Works
// in `table`, which is as it was afterwards.
Hash RootByIndexTable(std::vector<Hash>& table);

struct IndexExtent {
  std::uint64_t offset_bytes = 0;
  std::uint64_t size_bytes = 0;
};

struct IndexHeader {
  Hash mapping_id;
  std::uint64_t first_record = 0;
  std::uint64_t end_record = 0;   // the seal record is this one
  std::uint32_t block_count = 0;  // without the seal block
  std::uint32_t bucket_bits = 0;
  std::uint64_t term_count = 0;
  // False: entries of a fixed size, as the first writers made them. Nobody
  // looks anything up in those any more.
  bool has_packed_terms = true;
  IndexExtent directory;
  IndexExtent buckets;
  IndexExtent terms;         // its size is the writer's where they are packed
  bool has_columns = true;   // the first writers made none
  IndexExtent dictionaries;  // of the columns; their sizes are the writer's
  IndexExtent columns;
  std::vector<std::string> providers;  // bit i of a block's providers
};

// Bits of a block's number.
std::uint32_t IndexBlockBits(std::uint32_t block_count);

// Sets the extents of `header`, which follow from the rest and from the sizes
// of `terms`, where they are packed, `dictionaries` and `columns`.
void LayOutIndex(IndexHeader& header);
// Within the first page. `header` keeps the limits above.
ByteVector EncodeIndexHeader(const IndexHeader& header);
// Of the first page; every extent lies in the body and has the size that the
// counts give. Error kDamaged.
Result<IndexHeader> DecodeIndexHeader(Bytes page, std::uint64_t body_pages);

// Terms of the block were too many: whatever is looked up may be in it.
inline constexpr std::uint32_t kIndexBlockTermsIncomplete = 0x01;

// One block of the directory: where it is, and what its events are.
struct IndexBlock {
  std::uint64_t data_offset_bytes = 0;
  std::uint32_t stored_size_bytes = 0;  // of the data frame
  std::uint32_t header_size_bytes = 0;  // of the header frame behind it
  std::uint64_t first_record = 0;
  std::uint32_t record_count = 0;
  std::uint32_t kinds = 0;
  std::uint64_t providers = 0;
  UnixNanos time_min;
  UnixNanos time_max;
  std::uint32_t outcomes = 0;
  std::uint32_t flags = 0;
  Hash header_hash;  // SHA-256 of the header frame, signature included

  RecordRange records() const {
    return {first_record, first_record + record_count};
  }
  bool operator==(const IndexBlock&) const = default;
};

void AppendIndexBlock(const IndexBlock& block, ByteVector& out);
// Of kIndexBlockSizeBytes; sizes and counts within the format's limits. Error
// kDamaged.
Result<IndexBlock> DecodeIndexBlock(Bytes entry);

}  // namespace authseal

#endif  // AUTHSEAL_ARCHIVE_INDEX_FILE_H_
