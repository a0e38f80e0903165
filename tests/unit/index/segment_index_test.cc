// Builder and reader together: what is put in is found.
#include <algorithm>
#include <set>
#include <string>

#include <gtest/gtest.h>

#include "lib/archive/block_builder.h"
#include "lib/base/coding.h"
#include "lib/base/encoding.h"
#include "lib/crypto/sha256.h"
#include "lib/index/block_selection.h"
#include "lib/index/mapping_texts_hash.h"
#include "tests/unit/index/indexed_archive.h"

namespace authseal {
namespace {

struct BuiltBlock {
  BlockHeader header;
  std::vector<std::string> records;
  std::vector<std::string_view> views() const {
    return {records.begin(), records.end()};
  }
};

std::vector<BuiltBlock> BuildBlocks(
    const std::vector<std::vector<std::string>>& blocks,
    std::uint64_t first_record = 0) {
  std::vector<BuiltBlock> built;
  BlockBuilder builder;
  for (const auto& records : blocks) {
    BlockDraft draft;
    for (const std::string& record : records) {
      draft.content.insert(draft.content.end(), record.begin(), record.end());
      draft.record_ends_bytes.push_back(
          static_cast<std::uint32_t>(draft.content.size()));
      draft.content.push_back('\n');
    }
    draft.ingest_first = draft.ingest_last = {1'000'000};
    auto block = builder.Build(draft, first_record);
    EXPECT_TRUE(block.has_value());
    built.push_back({block->header, records});
    first_record += records.size();
  }
  return built;
}

class SegmentIndexTest : public ::testing::Test {
 protected:
  SegmentIndexTest() : rules_(*IndexRules::Create(Hash{})) {}

  SegmentIndexer::Index Build(SegmentIndexBuilder& builder,
                              const std::vector<BuiltBlock>& blocks) {
    builder.BeginSegment();
    for (const BuiltBlock& block : blocks) {
      EXPECT_TRUE(builder.AddBlock(block.header, block.views()).has_value());
    }
    auto index = builder.Finish();
    EXPECT_TRUE(index.has_value());
    return *std::move(index);
  }
  SegmentIndexer::Index Build(const std::vector<BuiltBlock>& blocks) {
    SegmentIndexBuilder builder(rules_);
    return Build(builder, blocks);
  }
  static SegmentFooter Footer(const SegmentIndexer::Index& index,
                              const std::vector<BuiltBlock>& blocks) {
    return FooterOf(index,
                    {blocks.front().header.first_record,
                     blocks.back().header.records().end},
                    static_cast<std::uint32_t>(blocks.size()));
  }
  std::vector<std::uint32_t> Find(IndexReader& index, TermField field,
                                  std::string_view value) {
    std::vector<std::uint32_t> blocks;
    EXPECT_TRUE(
        index.FindTerm(TermHash(rules_.key, field, value), blocks).has_value());
    return blocks;
  }

  IndexRules rules_;
};

std::string Client(int number) {
  return R"({"client_id":"c)" + std::to_string(number) + "\"}";
}

TEST_F(SegmentIndexTest, FindsEveryTermOfEveryBlock) {
  std::vector<std::vector<std::string>> records(70);
  for (int i = 0; i < 7000; ++i) {
    records[static_cast<std::size_t>(i % 70)].push_back(Client(i % 3500));
  }
  const auto blocks = BuildBlocks(records, 1000);
  const auto index = Build(blocks);
  ASSERT_EQ(index.kind, kSearchIndexKind);
  auto reader = OpenIndex(index.bytes, Footer(index, blocks));
  ASSERT_TRUE(reader.has_value());
  std::size_t found_in_vain = 0;
  for (int i = 0; i < 3500; ++i) {
    const auto found =
        Find(*reader, TermField::kClient, "c" + std::to_string(i));
    EXPECT_NE(std::find(found.begin(), found.end(),
                        static_cast<std::uint32_t>(i % 70)),
              found.end());
    found_in_vain += found.size() - 1;
  }
  EXPECT_LT(found_in_vain, 350u);
}

TEST_F(SegmentIndexTest, DirectoryIsThatOfTheBlocks) {
  const auto blocks = BuildBlocks(InBlocks(SampleRecords(), 20));
  const auto index = Build(blocks);
  auto reader = OpenIndex(index.bytes, Footer(index, blocks));
  ASSERT_TRUE(reader.has_value());
  EXPECT_EQ(reader->header().mapping_id, rules_.mapping_id);
  const auto directory = reader->ReadDirectory();
  ASSERT_TRUE(directory.has_value());
  ASSERT_EQ(directory->size(), blocks.size());
  std::uint64_t offset_bytes = 0;
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    const IndexBlock& entry = (*directory)[i];
    const ByteVector frame = EncodeBlockHeader(blocks[i].header);
    EXPECT_EQ(entry.data_offset_bytes, offset_bytes);
    EXPECT_EQ(entry.records(), blocks[i].header.records());
    EXPECT_EQ(entry.header_hash, Sha256Of(frame));
    offset_bytes += blocks[i].header.stored_size_bytes + frame.size();
  }
}

TEST_F(SegmentIndexTest, SameRecordsGiveTheSameBytes) {
  const auto blocks = BuildBlocks(InBlocks(SampleRecords(), 16));
  EXPECT_EQ(Build(blocks).bytes, Build(blocks).bytes);
}

TEST_F(SegmentIndexTest, PartsThatWereKeptGiveTheSameBytesWithoutMapping) {
  const auto blocks = BuildBlocks(InBlocks(SampleRecords(), 16));
  SegmentIndexBuilder builder(rules_);
  BlockIndexPartMaker maker(rules_);
  for (const BuiltBlock& block : blocks) {
    builder.Keep(block.header,
                 maker.Make(block.header.ingest_first, block.views()));
  }
  EXPECT_EQ(Build(builder, blocks).bytes, Build(blocks).bytes);
  EXPECT_EQ(builder.mapped_blocks(), 0u);
  // Kept for one segment only.
  Build(builder, blocks);
  EXPECT_EQ(builder.mapped_blocks(), blocks.size());
}

TEST_F(SegmentIndexTest, PartOfAnotherBlockIsNotTaken) {
  const auto blocks = BuildBlocks({{Client(1)}});
  const auto others = BuildBlocks({{Client(2)}});
  SegmentIndexBuilder builder(rules_);
  BlockIndexPartMaker maker(rules_);
  // The same record number, as after merging or a torn tail.
  builder.Keep(others[0].header,
               maker.Make(others[0].header.ingest_first, others[0].views()));
  EXPECT_EQ(Build(builder, blocks).bytes, Build(blocks).bytes);
  EXPECT_EQ(builder.mapped_blocks(), 1u);
}

TEST_F(SegmentIndexTest, SegmentWithoutBlocksHasNoIndex) {
  const auto index = Build({});
  EXPECT_EQ(index.kind, 0);
  EXPECT_TRUE(index.bytes.empty());
}

TEST_F(SegmentIndexTest, BlockWithIncompleteTermsIsAlwaysSelected) {
  const auto blocks = BuildBlocks({{Client(1)}, {Client(2)}, {Client(3)}});
  SegmentIndexBuilder builder(rules_);
  builder.BeginSegment();
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    BlockIndexPartMaker maker(rules_);
    auto part =
        std::make_shared<BlockIndexPart>(*maker.Make({}, blocks[i].views()));
    part->terms_incomplete = i == 1;
    ASSERT_TRUE(builder.AddPart(blocks[i].header, part).has_value());
  }
  const auto index = builder.Finish();
  ASSERT_TRUE(index.has_value());
  auto reader = OpenIndex(index->bytes, Footer(*index, blocks));
  ASSERT_TRUE(reader.has_value());
  IndexQuestion question;
  question.any_terms = {{{TermField::kClient, "c3"}}};
  const auto selected = SelectBlocks(*reader, rules_.key, question);
  ASSERT_TRUE(selected.has_value());
  EXPECT_EQ(*selected, (std::vector<std::uint32_t>{1, 2}));
}

TEST_F(SegmentIndexTest, EveryOfManyBlocksIsFound) {
  std::vector<std::vector<std::string>> records;
  for (int i = 0; i < 3000; ++i) {
    records.push_back({Client(i)});
  }
  const auto blocks = BuildBlocks(records);
  const auto index = Build(blocks);
  auto reader = OpenIndex(index.bytes, Footer(index, blocks));
  ASSERT_TRUE(reader.has_value());
  for (int i = 0; i < 3000; i += 7) {
    const auto found =
        Find(*reader, TermField::kClient, "c" + std::to_string(i));
    EXPECT_NE(
        std::find(found.begin(), found.end(), static_cast<std::uint32_t>(i)),
        found.end());
  }
}

// What a writer with the key may sign: each bit of the terms and their buckets
// changed, in an index whose root is right.
TEST_F(SegmentIndexTest, TermsThatSomebodyForgedAreBlocksOrDamaged) {
  const auto blocks = BuildBlocks(InBlocks(SampleRecords(), 8));
  const auto index = Build(blocks);
  const std::uint64_t pages = *IndexBodyPages(index.bytes.size());
  const IndexHeader header =
      *DecodeIndexHeader(Bytes(index.bytes).first(4096), pages);
  const auto begin = static_cast<std::size_t>(header.buckets.offset_bytes);
  const auto end = static_cast<std::size_t>(header.terms.offset_bytes +
                                            header.terms.size_bytes);
  std::size_t damaged = 0;
  for (std::size_t bit = 8 * begin; bit < 8 * end; ++bit) {
    SegmentIndexer::Index forged = index;
    forged.bytes[bit / 8] ^= static_cast<std::uint8_t>(1u << bit % 8);
    forged.bytes.resize(static_cast<std::size_t>(pages * kIndexPageSizeBytes));
    AppendIndexTable(forged.bytes);
    auto reader = OpenIndex(forged.bytes, Footer(forged, blocks));
    ASSERT_TRUE(reader.has_value());
    for (std::uint64_t hash = 0; hash < 8; ++hash) {
      std::vector<std::uint32_t> found;
      const Status read = reader->FindTerm(hash << 61, found);
      damaged += read.has_value() ? 0u : 1u;
      ASSERT_TRUE(read.has_value() || read.error().code == ErrorCode::kDamaged);
      for (const std::uint32_t block : found) {
        ASSERT_TRUE(!read.has_value() || block < blocks.size());
      }
    }
  }
  EXPECT_GT(damaged, 100u);
}

TEST_F(SegmentIndexTest, NothingIsLookedUpInTermsOfAnEarlierForm) {
  const auto blocks = BuildBlocks({{Client(1)}});
  auto index = Build(blocks);
  IndexHeader header = *DecodeIndexHeader(Bytes(index.bytes).first(4096), 1);
  header.has_packed_terms = false;
  LayOutIndex(header);
  const ByteVector page = EncodeIndexHeader(header);
  std::copy(page.begin(), page.end(), index.bytes.begin());
  index.bytes.resize(kIndexPageSizeBytes);
  AppendIndexTable(index.bytes);
  auto reader = OpenIndex(index.bytes, Footer(index, blocks));
  ASSERT_TRUE(reader.has_value());
  EXPECT_TRUE(reader->ReadDirectory().has_value());
  std::vector<std::uint32_t> found;
  const Status read = reader->FindTerm(1, found);
  ASSERT_FALSE(read.has_value());
  EXPECT_EQ(read.error().code, ErrorCode::kDamaged);
}

// More terms than a segment keeps, however few blocks hold them.
TEST_F(SegmentIndexTest, SegmentKeepsNoMoreTermsThanItsLimit) {
  const std::size_t full_blocks = kSegmentTermsMax / kBlockTermsMax;
  const auto blocks = BuildBlocks(std::vector<std::vector<std::string>>(
      full_blocks + 2, std::vector<std::string>{Client(1)}));
  SegmentIndexBuilder builder(rules_);
  builder.BeginSegment();
  const auto add = [&](std::size_t block, std::size_t terms) {
    auto part = std::make_shared<BlockIndexPart>();
    for (std::size_t i = 0; i < terms; ++i) {
      // Few buckets, so that the ends of the range are among them.
      part->terms.push_back(static_cast<IndexTermHash>(i * 0x10001u));
    }
    ASSERT_TRUE(builder.AddPart(blocks[block].header, part).has_value());
  };
  for (std::size_t i = 0; i < full_blocks; ++i) {
    add(i, kBlockTermsMax);
  }
  add(full_blocks, 1);
  add(full_blocks + 1, 0);
  const auto index = builder.Finish();
  ASSERT_TRUE(index.has_value());
  auto reader = OpenIndex(index->bytes, Footer(*index, blocks));
  ASSERT_TRUE(reader.has_value());
  EXPECT_EQ(reader->header().term_count, kSegmentTermsMax);
  EXPECT_LE(reader->header().bucket_bits, kIndexBucketBitsMax);
  const auto directory = reader->ReadDirectory();
  ASSERT_TRUE(directory.has_value());
  EXPECT_EQ((*directory)[full_blocks - 1].flags, 0u);
  EXPECT_EQ((*directory)[full_blocks].flags, kIndexBlockTermsIncomplete);
  EXPECT_EQ((*directory)[full_blocks + 1].flags, 0u);
  for (const std::uint64_t hash : {std::uint64_t{0}, ~std::uint64_t{0}}) {
    std::vector<std::uint32_t> found;
    ASSERT_TRUE(reader->FindTerm(hash, found).has_value());
    EXPECT_EQ(found.size(), full_blocks);
  }
}

TEST_F(SegmentIndexTest, EveryChangedByteIsRefusedByWhoeverReadsItsPage) {
  const auto blocks = BuildBlocks(InBlocks(SampleRecords(), 8));
  const auto index = Build(blocks);
  const SegmentFooter footer = Footer(index, blocks);
  for (std::size_t at = 0; at < index.bytes.size(); at += 5) {
    ByteVector bytes = index.bytes;
    bytes[at] ^= 1;
    auto reader = OpenIndex(bytes, footer);
    Status read = reader.has_value() ? Ok() : Status(reader.error());
    if (read.has_value()) {
      const auto directory = reader->ReadDirectory();
      read = directory.has_value() ? Ok() : Status(directory.error());
    }
    // Every bucket, as long as there are no more than these.
    ASSERT_TRUE(!reader.has_value() || reader->header().bucket_bits <= 6);
    for (std::uint64_t bucket = 0; read.has_value() && bucket < 64; ++bucket) {
      std::vector<std::uint32_t> found;
      read = reader->FindTerm(bucket << 58, found);
    }
    // What no lookup reads is the padding of the last page.
    const IndexHeader header = *DecodeIndexHeader(
        Bytes(index.bytes).first(4096), *IndexBodyPages(index.bytes.size()));
    const std::uint64_t end =
        header.terms.offset_bytes + header.terms.size_bytes;
    if (at < end || at >= *IndexBodyPages(index.bytes.size()) * 4096) {
      ASSERT_FALSE(read.has_value()) << at;
      EXPECT_EQ(read.error().code, ErrorCode::kDamaged);
    }
  }
}

TEST_F(SegmentIndexTest, IndexOfOtherBlocksIsRefused) {
  const auto blocks = BuildBlocks({{Client(1)}, {Client(2)}});
  const auto index = Build(blocks);
  SegmentFooter footer = Footer(index, blocks);
  ASSERT_TRUE(OpenIndex(index.bytes, footer).has_value());
  ++footer.block_count;
  EXPECT_FALSE(OpenIndex(index.bytes, footer).has_value());
  footer = Footer(index, blocks);
  ++footer.end_record;
  EXPECT_FALSE(OpenIndex(index.bytes, footer).has_value());
}

TEST(IndexRules, EmbeddedMappingIdIsTheHashOfTheEmbeddedTexts) {
  EXPECT_EQ(IndexMappingId(), MappingTextsHash());
}

// When this fails although neither these logs nor their mappings' texts were
// changed, events or terms of the same records have: raise kIndexRulesVersion,
// or indexes made before hide records from queries made after. Then set the
// new value here.
TEST_F(SegmentIndexTest, WhatTheSamplesContributeIsPinned) {
  BlockIndexPartMaker maker(rules_);
  std::vector<std::string> records;
  for (const char* name : {"okta", "keycloak", "auth0", "dex", "generic",
                           "node_oidc_provider", "entra"}) {
    for (std::string& line : SampleLog(name)) {
      records.push_back(std::move(line));
    }
  }
  const auto part = maker.Make(UnixNanos{1}, {records.begin(), records.end()});
  Encoder out;
  out.U32(part->kinds).U32(part->outcomes);
  out.I64(part->time_min.value).I64(part->time_max.value);
  const std::set<std::string> providers(part->providers.begin(),
                                        part->providers.end());
  for (const std::string& provider : providers) {
    out.Raw(AsBytes(provider));
  }
  const std::set<IndexTermHash> terms(part->terms.begin(), part->terms.end());
  for (const IndexTermHash term : terms) {
    out.U32(term);
  }
  EXPECT_EQ(HexEncode(Sha256Of(out.bytes()).view()),
            "24950cb09d2f19ee96f89683a5e7e915a55ea4a114ebd08a28c6aca68e203c9d");
}

}  // namespace
}  // namespace authseal
