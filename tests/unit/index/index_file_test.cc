#include "lib/archive/index_file.h"

#include <algorithm>
#include <functional>

#include <gtest/gtest.h>

#include "lib/archive/format.h"
#include "lib/archive/segment_footer.h"

namespace authseal {
namespace {

IndexHeader MakeHeader() {
  IndexHeader header;
  header.mapping_id.bytes.fill(7);
  header.first_record = 100;
  header.end_record = 900;
  header.block_count = 40;
  header.bucket_bits = 3;
  header.term_count = 1000;
  header.providers = {"dex", "generic", "okta"};
  header.terms.size_bytes = 2345;
  LayOutIndex(header);
  return header;
}

std::uint64_t PagesOf(const IndexHeader& header) {
  return (header.terms.offset_bytes + header.terms.size_bytes + 4095) / 4096;
}

Result<IndexHeader> ReadBack(const IndexHeader& header) {
  ByteVector page = EncodeIndexHeader(header);
  page.resize(kIndexPageSizeBytes);
  return DecodeIndexHeader(page, PagesOf(header));
}

TEST(IndexFile, HeaderIsReadAsItWasWritten) {
  const IndexHeader header = MakeHeader();
  const auto back = ReadBack(header);
  ASSERT_TRUE(back.has_value());
  EXPECT_EQ(back->mapping_id, header.mapping_id);
  EXPECT_EQ(back->first_record, 100u);
  EXPECT_EQ(back->end_record, 900u);
  EXPECT_EQ(back->providers, header.providers);
  EXPECT_EQ(back->terms.offset_bytes, header.terms.offset_bytes);
  EXPECT_EQ(EncodeIndexHeader(*back), EncodeIndexHeader(header));
}

// As the first writers made them.
TEST(IndexFile, HeaderWithoutColumnsIsReadToo) {
  IndexHeader header = MakeHeader();
  header.has_columns = false;
  header.has_packed_terms = false;
  LayOutIndex(header);
  const auto back = ReadBack(header);
  ASSERT_TRUE(back.has_value());
  EXPECT_FALSE(back->has_columns);
  EXPECT_FALSE(back->has_packed_terms);
  EXPECT_EQ(back->terms.size_bytes, 3000u);
  EXPECT_EQ(back->providers, header.providers);
  EXPECT_EQ(EncodeIndexHeader(*back), EncodeIndexHeader(header));
}

TEST(IndexFile, TermsThatAreNotPackedHaveTheSizeOfTheirCount) {
  IndexHeader header = MakeHeader();
  header.has_packed_terms = false;
  header.bucket_bits = 18;
  for (const auto& [blocks, size_bytes] :
       {std::pair{2048u, 3000u}, std::pair{2049u, 4000u}}) {
    header.block_count = blocks;
    LayOutIndex(header);
    EXPECT_EQ(header.terms.size_bytes, size_bytes);
    ByteVector page = EncodeIndexHeader(header);
    page.resize(kIndexPageSizeBytes);
    EXPECT_TRUE(DecodeIndexHeader(page, PagesOf(header)).has_value());
    header.terms.size_bytes += 1;
    page = EncodeIndexHeader(header);
    page.resize(kIndexPageSizeBytes);
    EXPECT_FALSE(DecodeIndexHeader(page, PagesOf(header)).has_value());
  }
}

TEST(IndexFile, HeaderOutOfBoundsIsRefused) {
  const std::vector<std::function<void(IndexHeader&)>> changes = {
      [](IndexHeader& h) { h.end_record = h.first_record; },
      [](IndexHeader& h) { h.end_record = kRecordNumberMax + 1; },
      [](IndexHeader& h) { h.block_count = 0; },
      [](IndexHeader& h) { h.block_count = kSegmentBlocksMax; },
      [](IndexHeader& h) { h.bucket_bits = kIndexBucketBitsMax + 1; },
      [](IndexHeader& h) { h.term_count = std::uint64_t{1} << 40; },
      [](IndexHeader& h) { h.directory.offset_bytes += 8; },
      [](IndexHeader& h) { h.buckets.size_bytes -= 4; },
      [](IndexHeader& h) { h.terms.offset_bytes = ~std::uint64_t{0}; },
      [](IndexHeader& h) { h.terms.size_bytes = ~std::uint64_t{0}; },
      [](IndexHeader& h) { h.terms.size_bytes = 100'000; },
      [](IndexHeader& h) { h.has_columns = false; },
      [](IndexHeader& h) { h.columns.size_bytes = ~std::uint64_t{0}; },
      [](IndexHeader& h) { h.dictionaries.size_bytes = 100'000; },
      [](IndexHeader& h) { h.columns.offset_bytes += 8; },
      [](IndexHeader& h) {
        h.providers = {"okta", "dex", "generic"};
      },
      [](IndexHeader& h) {
        h.providers = {"dex", "dex", "generic"};
      },
      [](IndexHeader& h) { h.providers[1] = ""; }};
  for (std::size_t i = 0; i < changes.size(); ++i) {
    IndexHeader header = MakeHeader();
    changes[i](header);
    ByteVector page = EncodeIndexHeader(header);
    page.resize(kIndexPageSizeBytes);
    EXPECT_FALSE(DecodeIndexHeader(page, PagesOf(MakeHeader())).has_value())
        << i;
  }
}

TEST(IndexFile, HeaderOfAnotherNumberOfPagesIsRefused) {
  ByteVector page = EncodeIndexHeader(MakeHeader());
  page.resize(kIndexPageSizeBytes);
  EXPECT_FALSE(DecodeIndexHeader(page, PagesOf(MakeHeader()) + 1).has_value());
}

TEST(IndexFile, EveryCutHeaderIsRefused) {
  const ByteVector page = EncodeIndexHeader(MakeHeader());
  for (std::size_t size = 0; size < page.size(); ++size) {
    EXPECT_FALSE(
        DecodeIndexHeader(Bytes(page).first(size), PagesOf(MakeHeader()))
            .has_value());
  }
}

TEST(IndexFile, DirectoryEntryIsReadAsItWasWritten) {
  IndexBlock block;
  block.data_offset_bytes = 123456789;
  block.stored_size_bytes = 4000;
  block.header_size_bytes = 300;
  block.first_record = 17;
  block.record_count = 5;
  block.kinds = 0x20001;
  block.providers = std::uint64_t{1} << 63;
  block.time_min = {-5};
  block.time_max = {INT64_MAX};
  block.outcomes = 5;
  block.flags = kIndexBlockTermsIncomplete;
  block.header_hash.bytes.fill(9);
  ByteVector bytes;
  AppendIndexBlock(block, bytes);
  ASSERT_EQ(bytes.size(), kIndexBlockSizeBytes);
  const auto back = DecodeIndexBlock(bytes);
  ASSERT_TRUE(back.has_value());
  EXPECT_EQ(*back, block);
  block.record_count = kBlockRecordsMax + 1;
  bytes.clear();
  AppendIndexBlock(block, bytes);
  EXPECT_FALSE(DecodeIndexBlock(bytes).has_value());
}

TEST(IndexFile, TableGivesTheRootOfTheWholeFile) {
  for (const std::size_t size : {1u, 4096u, 4097u, 50'000u, 600'000u}) {
    ByteVector file(size);
    for (std::size_t i = 0; i < size; ++i) {
      file[i] = static_cast<std::uint8_t>(i * 31 + i / 4096);
    }
    AppendIndexTable(file);
    const auto pages = IndexBodyPages(file.size());
    ASSERT_TRUE(pages.has_value());
    EXPECT_EQ(*pages, (size + 4095) / 4096);
    std::vector<Hash> table(static_cast<std::size_t>(*pages));
    const Bytes bytes = Bytes(file).subspan(table.size() * kIndexPageSizeBytes);
    std::copy(bytes.begin(), bytes.end(), BytesOf(table).begin());
    const std::vector<Hash> before = table;
    EXPECT_EQ(RootByIndexTable(table), IndexRoot(file));
    EXPECT_EQ(table, before);
  }
}

TEST(IndexFile, OnlyWholePagesWithTheirHashesAreASize) {
  for (const std::uint64_t size : {0u, 1u, 32u, 4096u, 4127u, 4129u, 8192u}) {
    EXPECT_FALSE(IndexBodyPages(size).has_value()) << size;
  }
  EXPECT_EQ(IndexBodyPages(4128), 1u);
  EXPECT_EQ(IndexBodyPages(3 * 4128), 3u);
  EXPECT_FALSE(IndexBodyPages((kIndexBodyPagesMax + 1) * 4128).has_value());
}

}  // namespace
}  // namespace authseal
