#include "lib/archive/block_header.h"

#include <algorithm>
#include <functional>

#include <gtest/gtest.h>

#include "lib/archive/format.h"
#include "lib/base/encoding.h"
#include "lib/compress/zstd_frame.h"
#include "lib/merkle/compact_range.h"
#include "tests/unit/archive/decoder_attacks.h"

namespace authseal {
namespace {

Hash Filled(std::uint8_t value) {
  Hash hash;
  hash.bytes.fill(value);
  return hash;
}

// Records [2, 5): the subtrees [2, 4) and [4, 5).
BlockHeader SampleHeader() {
  BlockHeader header;
  header.epoch = 1;
  header.first_record = 2;
  header.record_count = 3;
  header.content_size_bytes = 0x0102;
  header.stored_size_bytes = 0x0304;
  header.stored_hash = Filled(0xA0);
  header.previous = Filled(0xB0);
  header.ingest_first = UnixNanos{5};
  header.ingest_last = UnixNanos{-1};
  header.scrubbed_count = 7;
  header.range_hashes = {Filled(0xC0), Filled(0xC1)};
  header.marks = {{0, 1, RecordMark::kPrefix}, {2, 1, RecordMark::kControl}};
  header.sources = {{0, 2, 16, 32, Filled(0xD0), Filled(0xD1), "ab"}};
  Ed25519Signature& signature = header.signature.emplace();
  signature.bytes.fill(0xEE);
  return header;
}

std::string Repeated(std::string_view two_digits, int count) {
  std::string text;
  for (int i = 0; i < count; ++i) {
    text += two_digits;
  }
  return text;
}

// Typed in from the table in authseal-format(5).
std::string SampleContentHex() {
  return "41534231"          // "ASB1"
         "0100000000000000"  // epoch
         "0200000000000000"  // first_record
         "03000000"          // record_count
         "02010000"          // content_size
         "04030000" +        // stored_size
         Repeated("a0", 32) +
         Repeated("b0", 32) +
         "0500000000000000"  // ingest_first
         "ffffffffffffffff"  // ingest_last
         "07000000"          // scrubbed_count
         "01"                // flags: signed
         "02"                // range_count
         "0100"              // source_count
         "02000000" +        // mark_count
         Repeated("c0", 32) +
         Repeated("c1", 32) +
         "000000000100000002"  // record 0: prefix
         "020000000100000001"  // record 2: control
         "0000000002000000"    // source of records 0 and 1
         "1000000000000000"    // begin
         "2000000000000000" +  // end
         Repeated("d0", 32) +
         Repeated("d1", 32) +
         "0200"   // length of the name
         "6162";  // "ab"
}

ByteVector Unhex(const std::string& hex) {
  auto bytes = HexDecode(hex);
  EXPECT_TRUE(bytes.has_value());
  return bytes.has_value() ? *bytes : ByteVector();
}

// Whether the decoder refuses a header that the encoder writes as it is told.
bool Refused(const BlockHeader& header) {
  const auto decoded = DecodeBlockHeader(EncodeBlockHeader(header));
  return !decoded.has_value() && decoded.error().code == ErrorCode::kDamaged;
}

// The sample's frame with other bytes at `offset` of its content.
ByteVector Patched(std::size_t offset, const ByteVector& bytes) {
  ByteVector frame = EncodeBlockHeader(SampleHeader());
  std::copy(bytes.begin(), bytes.end(),
            frame.begin() + static_cast<std::ptrdiff_t>(8 + offset));
  return frame;
}

TEST(BlockHeader, HasTheBytesOfTheManPage) {
  // Magic 0x184D2A50; 124 + 2 * 32 + 2 * 9 + 92 + 64 = 362 bytes of content.
  const std::string expected =
      "502a4d18"
      "6a010000" +
      SampleContentHex() + Repeated("ee", 64);
  EXPECT_EQ(HexEncode(EncodeBlockHeader(SampleHeader())), expected);
  const auto decoded = DecodeBlockHeader(Unhex(expected));
  ASSERT_TRUE(decoded.has_value()) << decoded.error().message;
  EXPECT_EQ(*decoded, SampleHeader());
}

TEST(BlockHeader, SignsGenesisAndContentWithTheFlagSet) {
  BlockHeader header = SampleHeader();
  const std::string expected = HexEncode(AsBytes("authseal/v1/header\n")) +
                               Repeated("99", 32) + SampleContentHex();
  EXPECT_EQ(HexEncode(BlockHeaderSignedMessage(Filled(0x99), header)),
            expected);
  header.signature.reset();  // the message is made before the signature is
  EXPECT_EQ(HexEncode(BlockHeaderSignedMessage(Filled(0x99), header)),
            expected);
}

TEST(BlockHeader, KeepsAnUnsignedOneUnsigned) {
  BlockHeader header = SampleHeader();
  header.signature.reset();
  const ByteVector frame = EncodeBlockHeader(header);
  EXPECT_EQ(frame.size(), 8u + 362 - 64);
  const auto decoded = DecodeBlockHeader(frame);
  ASSERT_TRUE(decoded.has_value());
  EXPECT_EQ(*decoded, header);
}

TEST(BlockHeader, RefusesEveryCut) {
  ExpectRefusesOtherLengths(EncodeBlockHeader(SampleHeader()),
                            DecodeBlockHeader);
  // The same with a frame length that follows the cut.
  const ByteVector frame = EncodeBlockHeader(SampleHeader());
  const Bytes content = Bytes(frame).subspan(8);
  for (std::size_t size = 0; size < content.size(); ++size) {
    const ByteVector cut =
        EncodeSkippableFrame(kHeaderFrameMagic, content.first(size));
    EXPECT_FALSE(DecodeBlockHeader(cut).has_value()) << size;
  }
  ByteVector longer(content.begin(), content.end());
  longer.push_back(0);
  EXPECT_FALSE(
      DecodeBlockHeader(EncodeSkippableFrame(kHeaderFrameMagic, longer))
          .has_value());
}

TEST(BlockHeader, SeesEveryFlip) {
  const std::size_t refused = ExpectFlipsAreSeen(
      EncodeBlockHeader(SampleHeader()), DecodeBlockHeader, EncodeBlockHeader);
  EXPECT_GT(refused, 8u * 8);  // magic, length, tag and more
}

TEST(BlockHeader, RefusesAnotherFrameMagic) {
  const ByteVector frame = EncodeBlockHeader(SampleHeader());
  const ByteVector other =
      EncodeSkippableFrame(kFooterFrameMagic, Bytes(frame).subspan(8));
  EXPECT_FALSE(DecodeBlockHeader(other).has_value());
}

TEST(BlockHeader, BoundsItsRecords) {
  // Everything else about it is right, so the limit alone decides.
  BlockHeader header;
  header.record_count = kBlockRecordsMax;
  header.content_size_bytes = 2 * kBlockRecordsMax;
  header.range_hashes.assign(CompactRangeSize(0, kBlockRecordsMax), Hash());
  EXPECT_FALSE(Refused(header));
  header.record_count = kBlockRecordsMax + 1;
  header.content_size_bytes = 2 * header.record_count;
  header.range_hashes.assign(CompactRangeSize(0, header.record_count), Hash());
  EXPECT_TRUE(Refused(header));
}

TEST(BlockHeader, BoundsItsNumbers) {
  struct Case {
    const char* name;
    std::function<void(BlockHeader&)> change;
  };
  const Case cases[] = {
      {"no records",
       [](BlockHeader& h) {
         h.record_count = 0;
         h.marks.clear();
         h.sources.clear();
         h.range_hashes.clear();
       }},
      {"record number",
       [](BlockHeader& h) { h.first_record = kRecordNumberMax - 1; }},
      {"record number wraps",
       [](BlockHeader& h) { h.first_record = ~std::uint64_t{0} - 1; }},
      {"content below its line ends",
       [](BlockHeader& h) { h.content_size_bytes = 2; }},
      {"content",
       [](BlockHeader& h) {
         h.content_size_bytes = kBlockContentSizeBytesMax + 1;
       }},
      {"stored",
       [](BlockHeader& h) {
         h.stored_size_bytes = kBlockStoredSizeBytesMax + 1;
       }},
      {"range short", [](BlockHeader& h) { h.range_hashes.pop_back(); }},
      {"range long",
       [](BlockHeader& h) { h.range_hashes.push_back(Filled(1)); }},
  };
  for (const Case& c : cases) {
    BlockHeader header = SampleHeader();
    c.change(header);
    EXPECT_TRUE(Refused(header)) << c.name;
  }
}

TEST(BlockHeader, RefusesMarksOutOfOrder) {
  const std::vector<std::vector<MarkRun>> lists = {
      {{0, 0, RecordMark::kPart}},                               // empty run
      {{0, 4, RecordMark::kPart}},                               // too long
      {{3, 1, RecordMark::kPart}},                               // beyond
      {{2, 0xFFFFFFFF, RecordMark::kPart}},                      // wraps
      {{1, 1, RecordMark::kPart}, {0, 1, RecordMark::kPart}},    // order
      {{0, 2, RecordMark::kPart}, {1, 1, RecordMark::kPrefix}},  // overlap
      {{0, 1, RecordMark::kPart}, {1, 1, RecordMark::kPart}},    // unmerged
      {{0, 1, static_cast<RecordMark>(0)}},
      {{0, 1, static_cast<RecordMark>(5)}},
  };
  for (std::size_t i = 0; i < lists.size(); ++i) {
    BlockHeader header = SampleHeader();
    header.marks = lists[i];
    EXPECT_TRUE(Refused(header)) << i;
  }
  BlockHeader header = SampleHeader();
  header.marks = {{0, 1, RecordMark::kPart}, {1, 1, RecordMark::kPrefix}};
  EXPECT_FALSE(Refused(header));
}

TEST(BlockHeader, RefusesSourcesThatCannotBe) {
  const SourceRange good{0, 1, 0, 1, {}, {}, "a"};
  const auto with = [&](std::uint32_t first, std::uint32_t count) {
    SourceRange source = good;
    source.first = first;
    source.count = count;
    return source;
  };
  SourceRange backwards = good;
  backwards.begin_bytes = 2;
  SourceRange no_utf8 = good;
  no_utf8.name = "\xff";
  const std::vector<std::vector<SourceRange>> lists = {
      {with(0, 4)},
      {with(4, 0)},
      {with(2, 0xFFFFFFFF)},
      {with(0, 2), with(1, 1)},
      {with(1, 1), with(0, 1)},
      {with(1, 2)},  // record 2 is a control record
      {with(2, 0), with(2, 1)},
      {backwards},
      {no_utf8},
  };
  for (std::size_t i = 0; i < lists.size(); ++i) {
    BlockHeader header = SampleHeader();
    header.sources = lists[i];
    EXPECT_TRUE(Refused(header)) << i;
  }
  BlockHeader header = SampleHeader();
  header.sources = {with(0, 1), with(1, 0), with(1, 1), with(3, 0)};
  EXPECT_FALSE(Refused(header));
  header.sources = {good};
  header.sources[0].name = std::string(kSourceNameSizeBytesMax, 'x');
  EXPECT_FALSE(Refused(header));
}

TEST(BlockHeader, RefusesHugeCountsWithoutMakingRoom) {
  struct Case {
    const char* name;
    std::size_t offset;
    ByteVector bytes;
  };
  const Case cases[] = {
      {"record_count", 20, {0xff, 0xff, 0xff, 0xff}},
      {"range_count", 117, {0xff}},
      {"source_count", 118, {0xff, 0xff}},
      {"mark_count", 120, {0xff, 0xff, 0xff, 0xff}},
      {"name length", 124 + 64 + 18 + 88, {0xff, 0xff}},
      {"flags", 116, {0x03}},
  };
  for (const Case& c : cases) {
    const auto decoded = DecodeBlockHeader(Patched(c.offset, c.bytes));
    ASSERT_FALSE(decoded.has_value()) << c.name;
    EXPECT_EQ(decoded.error().code, ErrorCode::kDamaged) << c.name;
  }
}

TEST(BlockHeader, RefusesMoreSourcesThanItsLimit) {
  BlockHeader header = SampleHeader();
  header.marks.clear();
  header.sources.assign(kBlockSourcesMax, {0, 0, 0, 0, {}, {}, ""});
  EXPECT_FALSE(Refused(header));
  // The encoder keeps the limit, so one more is put in by hand.
  ByteVector frame = EncodeBlockHeader(header);
  ByteVector content(frame.begin() + 8, frame.end());
  const auto at = content.begin() + 124 + 64;
  const ByteVector source(at, at + 90);
  content.insert(at, source.begin(), source.end());
  content[118] = 0x01;
  content[119] = 0x01;
  EXPECT_FALSE(
      DecodeBlockHeader(EncodeSkippableFrame(kHeaderFrameMagic, content))
          .has_value());
}

TEST(MarkOf, FollowsFromTheFirstBytes) {
  struct Case {
    const char* record;
    std::optional<RecordMark> mark;
  };
  const Case cases[] = {
      {"", std::nullopt},
      {"{}", std::nullopt},
      {"{\"authseal\"", std::nullopt},
      {"{ \"authseal\":{}}", std::nullopt},
      {"{\"authsea1\":{\"prefix\":", std::nullopt},
      {"{\"authseal\":", RecordMark::kControl},
      {"{\"authseal\":{\"seal\":{}}}", RecordMark::kControl},
      {"{\"authseal\":{\"prefix\"", RecordMark::kControl},
      {"{\"authseal\":{\"prefix\":\"x\"", RecordMark::kPrefix},
      {"{\"authseal\":{\"unparsed\":{", RecordMark::kUnparsed},
      {"{\"authseal\":{\"part\":{", RecordMark::kPart},
      {"{\"authseal\":{\"parts\":{", RecordMark::kControl},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(MarkOf(c.record), c.mark) << c.record;
  }
}

}  // namespace
}  // namespace authseal
