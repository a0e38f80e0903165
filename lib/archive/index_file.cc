#include "lib/archive/index_file.h"

#include <algorithm>
#include <array>
#include <bit>
#include <string_view>
#include <utility>

#include "lib/archive/format.h"
#include "lib/base/coding.h"
#include "lib/crypto/sha256.h"
#include "lib/merkle/compact_range.h"
#include "lib/merkle/tree_hash.h"

namespace authseal {
namespace {

constexpr std::string_view kIndexTag = "ASX2";
constexpr std::string_view kFirstIndexTag = "ASX1";  // terms are not packed
constexpr std::uint64_t kPageSizeBytes = kIndexPageSizeBytes;
constexpr std::uint64_t kSectionAlignBytes = 8;
constexpr std::size_t kHeaderFixedSizeBytes = 70;
constexpr std::size_t kSectionCount = 5;
constexpr std::size_t kSectionCountWithoutColumns = 3;
constexpr std::size_t kSectionSizeBytes = 20;

Error Bad(std::string_view what) {
  return {ErrorCode::kDamaged, "index: " + std::string(what)};
}

std::uint64_t Aligned(std::uint64_t bytes) {
  return (bytes + kSectionAlignBytes - 1) / kSectionAlignBytes *
         kSectionAlignBytes;
}

std::size_t SectionCount(const IndexHeader& header) {
  return header.has_columns ? kSectionCount : kSectionCountWithoutColumns;
}

std::uint64_t HeaderSizeBytes(const IndexHeader& header) {
  std::uint64_t size =
      kHeaderFixedSizeBytes + SectionCount(header) * kSectionSizeBytes;
  for (const std::string& provider : header.providers) {
    size += 1 + provider.size();
  }
  return size;
}

std::uint64_t BucketsSizeBytes(const IndexHeader& header) {
  return ((std::uint64_t{1} << header.bucket_bits) + 1) * kIndexBucketSizeBytes;
}

// The sections, in their order.
std::array<const IndexExtent*, kSectionCount> Sections(
    const IndexHeader& header) {
  return {&header.directory, &header.buckets, &header.terms,
          &header.dictionaries, &header.columns};
}

// Whether the extents follow each other as LayOutIndex() places them.
bool AreLaidOut(const IndexHeader& header, std::uint64_t body_pages) {
  const std::uint64_t body_size_bytes = body_pages * kPageSizeBytes;
  if (header.terms.size_bytes > body_size_bytes ||
      header.dictionaries.size_bytes > body_size_bytes ||
      header.columns.size_bytes > body_size_bytes) {
    return false;
  }
  IndexHeader expected = header;
  LayOutIndex(expected);
  const auto have = Sections(header);
  const auto want = Sections(expected);
  for (std::size_t i = 0; i < SectionCount(header); ++i) {
    if (have[i]->offset_bytes != want[i]->offset_bytes ||
        have[i]->size_bytes != want[i]->size_bytes) {
      return false;
    }
  }
  const IndexExtent& last = header.has_columns ? header.columns : header.terms;
  const std::uint64_t end = last.offset_bytes + last.size_bytes;
  return (end + kPageSizeBytes - 1) / kPageSizeBytes == body_pages;
}

// Of terms that are not packed.
std::uint64_t TermSizeBytes(std::uint32_t block_count) {
  constexpr std::uint32_t kBlockBitsOfShortTerms = 11;
  return IndexBlockBits(block_count) <= kBlockBitsOfShortTerms ? 3 : 4;
}

Status DecodeProviders(std::size_t count, Decoder& in, IndexHeader& header) {
  for (std::size_t i = 0; i < count; ++i) {
    TRY_ASSIGN(const std::uint8_t size, in.U8("provider"));
    TRY_ASSIGN(const Bytes name, in.Raw(size, "provider"));
    header.providers.emplace_back(AsText(name));
    if (size == 0 || size > kIndexProviderSizeBytesMax ||
        (i > 0 && header.providers[i - 1] >= header.providers[i])) {
      return Bad("its providers are not in order");
    }
  }
  return Ok();
}

}  // namespace

std::optional<std::uint64_t> IndexBodyPages(std::uint64_t file_size_bytes) {
  constexpr std::uint64_t kPageAndHash = kPageSizeBytes + Hash::kSizeBytes;
  const std::uint64_t pages = file_size_bytes / kPageAndHash;
  if (pages == 0 || pages > kIndexBodyPagesMax ||
      file_size_bytes % kPageAndHash != 0) {
    return std::nullopt;
  }
  return pages;
}

void AppendIndexTable(ByteVector& body) {
  const std::size_t pages =
      (body.size() + kIndexPageSizeBytes - 1) / kIndexPageSizeBytes;
  body.reserve(pages * (kIndexPageSizeBytes + Hash::kSizeBytes));
  body.resize(pages * kIndexPageSizeBytes);
  std::vector<Bytes> leaves;
  for (std::size_t page = 0; page < pages; ++page) {
    leaves.push_back(
        Bytes(body).subspan(page * kIndexPageSizeBytes, kIndexPageSizeBytes));
  }
  std::vector<Hash> hashes(pages);
  Sha256Prefixed(kLeafPrefix, leaves, hashes);
  for (const Hash& hash : hashes) {
    body.insert(body.end(), hash.bytes.begin(), hash.bytes.end());
  }
}

Hash RootByIndexTable(std::vector<Hash>& table) {
  const std::size_t body_pages = table.size();
  std::vector<Bytes> pages;
  for (Bytes rest = BytesOf(table); !rest.empty();) {
    pages.push_back(rest.first(std::min(rest.size(), kIndexPageSizeBytes)));
    rest = rest.subspan(pages.back().size());
  }
  std::vector<Hash> table_leaves(pages.size());
  Sha256Prefixed(kLeafPrefix, pages, table_leaves);
  table.insert(table.end(), table_leaves.begin(), table_leaves.end());
  const Hash root = CompactRange::FromLeaves(0, table).Root();
  table.resize(body_pages);
  return root;
}

std::uint32_t IndexBlockBits(std::uint32_t block_count) {
  return static_cast<std::uint32_t>(
      std::bit_width(block_count == 0 ? 0 : block_count - 1));
}

void LayOutIndex(IndexHeader& header) {
  header.directory = {Aligned(HeaderSizeBytes(header)),
                      std::uint64_t{header.block_count} * kIndexBlockSizeBytes};
  header.buckets = {
      Aligned(header.directory.offset_bytes + header.directory.size_bytes),
      BucketsSizeBytes(header)};
  header.terms.offset_bytes =
      Aligned(header.buckets.offset_bytes + header.buckets.size_bytes);
  if (!header.has_packed_terms) {
    header.terms.size_bytes =
        header.term_count * TermSizeBytes(header.block_count);
  }
  header.dictionaries.offset_bytes =
      Aligned(header.terms.offset_bytes + header.terms.size_bytes);
  header.columns.offset_bytes = Aligned(header.dictionaries.offset_bytes +
                                        header.dictionaries.size_bytes);
}

ByteVector EncodeIndexHeader(const IndexHeader& header) {
  Encoder out;
  out.Raw(AsBytes(header.has_packed_terms ? kIndexTag : kFirstIndexTag));
  out.Raw(header.mapping_id.view());
  out.U64(header.first_record).U64(header.end_record);
  out.U32(header.block_count).U32(header.bucket_bits).U64(header.term_count);
  out.U8(static_cast<std::uint8_t>(SectionCount(header)));
  out.U8(static_cast<std::uint8_t>(header.providers.size()));
  std::uint32_t kind = 0;
  for (const IndexExtent* section : Sections(header)) {
    if (kind < SectionCount(header)) {
      out.U32(++kind).U64(section->offset_bytes).U64(section->size_bytes);
    }
  }
  for (const std::string& provider : header.providers) {
    out.U8(static_cast<std::uint8_t>(provider.size())).Raw(AsBytes(provider));
  }
  return std::move(out).Take();
}

Result<IndexHeader> DecodeIndexHeader(Bytes page, std::uint64_t body_pages) {
  Decoder in(page);
  IndexHeader header;
  TRY_ASSIGN(const Bytes tag, in.Raw(kIndexTag.size(), "tag"));
  header.has_packed_terms = AsText(tag) == kIndexTag;
  if (!header.has_packed_terms && AsText(tag) != kFirstIndexTag) {
    return Bad("it does not begin with ASX2 or ASX1");
  }
  TRY_ASSIGN(header.mapping_id, in.Hash32("mapping_id"));
  TRY_ASSIGN(header.first_record, in.U64("first_record"));
  TRY_ASSIGN(header.end_record, in.U64("end_record"));
  TRY_ASSIGN(header.block_count, in.U32("block_count"));
  TRY_ASSIGN(header.bucket_bits, in.U32("bucket_bits"));
  TRY_ASSIGN(header.term_count, in.U64("term_count"));
  TRY_ASSIGN(const std::uint8_t sections, in.U8("section_count"));
  TRY_ASSIGN(const std::uint8_t providers, in.U8("provider_count"));
  if (header.first_record >= header.end_record ||
      header.end_record > kRecordNumberMax || header.block_count == 0 ||
      header.block_count >= kSegmentBlocksMax ||
      header.bucket_bits > (header.has_packed_terms
                                ? kIndexBucketBitsMax
                                : kFirstIndexBucketBitsMax) ||
      header.term_count > UINT32_MAX ||
      (sections != kSectionCount &&
       (header.has_packed_terms || sections != kSectionCountWithoutColumns)) ||
      providers > kIndexProvidersMax) {
    return Bad("a count of its header is out of bounds");
  }
  header.has_columns = sections == kSectionCount;
  std::uint32_t kind = 0;
  for (IndexExtent* section :
       {&header.directory, &header.buckets, &header.terms, &header.dictionaries,
        &header.columns}) {
    if (kind == sections) {
      break;
    }
    TRY_ASSIGN(const std::uint32_t section_kind, in.U32("section kind"));
    TRY_ASSIGN(section->offset_bytes, in.U64("section offset"));
    TRY_ASSIGN(section->size_bytes, in.U64("section size"));
    if (section_kind != ++kind) {
      return Bad("its sections are not in order");
    }
  }
  TRY(DecodeProviders(providers, in, header));
  if (!AreLaidOut(header, body_pages)) {
    return Bad("its sections are not where its counts put them");
  }
  return header;
}

void AppendIndexBlock(const IndexBlock& block, ByteVector& out) {
  Encoder entry;
  entry.U64(block.data_offset_bytes).U32(block.stored_size_bytes);
  entry.U32(block.header_size_bytes).U64(block.first_record);
  entry.U32(block.record_count).U32(block.kinds).U64(block.providers);
  entry.I64(block.time_min.value).I64(block.time_max.value);
  entry.U32(block.outcomes).U32(block.flags).Raw(block.header_hash.view());
  out.insert(out.end(), entry.bytes().begin(), entry.bytes().end());
}

Result<IndexBlock> DecodeIndexBlock(Bytes entry) {
  Decoder in(entry);
  IndexBlock block;
  TRY_ASSIGN(block.data_offset_bytes, in.U64("data_offset"));
  TRY_ASSIGN(block.stored_size_bytes, in.U32("stored_size"));
  TRY_ASSIGN(block.header_size_bytes, in.U32("header_size"));
  TRY_ASSIGN(block.first_record, in.U64("first_record"));
  TRY_ASSIGN(block.record_count, in.U32("record_count"));
  TRY_ASSIGN(block.kinds, in.U32("kinds"));
  TRY_ASSIGN(block.providers, in.U64("providers"));
  TRY_ASSIGN(block.time_min.value, in.I64("time_min"));
  TRY_ASSIGN(block.time_max.value, in.I64("time_max"));
  TRY_ASSIGN(block.outcomes, in.U32("outcomes"));
  TRY_ASSIGN(block.flags, in.U32("flags"));
  TRY_ASSIGN(block.header_hash, in.Hash32("header_hash"));
  TRY(in.Finish());
  const bool good =
      block.data_offset_bytes <= std::uint64_t{kSegmentBlocksMax} *
                                     (kBlockStoredSizeBytesMax * 2ull) &&
      block.stored_size_bytes <= kBlockStoredSizeBytesMax &&
      block.header_size_bytes <= kHeaderContentSizeBytesMax + 8 &&
      block.first_record <= kRecordNumberMax && block.record_count > 0 &&
      block.record_count <= kBlockRecordsMax;
  return good ? Result<IndexBlock>(block)
              : Bad("an entry of its directory is out of bounds");
}

}  // namespace authseal
