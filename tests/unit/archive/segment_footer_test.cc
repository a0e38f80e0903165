#include "lib/archive/segment_footer.h"

#include <functional>

#include <gtest/gtest.h>

#include "lib/archive/format.h"
#include "lib/base/encoding.h"
#include "lib/compress/zstd_frame.h"
#include "lib/merkle/tree_hash.h"
#include "tests/unit/archive/decoder_attacks.h"

namespace authseal {
namespace {

Hash Filled(std::uint8_t value) {
  Hash hash;
  hash.bytes.fill(value);
  return hash;
}

CompactRange Range(std::uint64_t end, std::vector<Hash> hashes) {
  auto range = CompactRange::FromHashes(0, end, hashes);
  EXPECT_TRUE(range.has_value());
  return range.has_value() ? *range : CompactRange();
}

// Records [2, 5), so [0, 2) is one subtree and [0, 5) are two.
SegmentFooter SampleFooter() {
  SegmentFooter footer;
  footer.epoch = 1;
  footer.first_record = 2;
  footer.end_record = 5;
  footer.block_count = 2;
  footer.content_size_bytes = 0x0102;
  footer.seal_time = UnixNanos{-2};
  footer.previous = Filled(0xA0);
  footer.next_key.bytes.fill(0xB0);
  footer.index_root = Filled(0xC0);
  footer.index_size_bytes = 0x1001;
  footer.index_kind = 3;
  footer.start = Range(2, {Filled(0xD0)});
  footer.end = Range(5, {Filled(0xD1), Filled(0xD2)});
  footer.signature.bytes.fill(0xEE);
  return footer;
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
  return "41534631"            // "ASF1"
         "0100000000000000"    // epoch
         "0200000000000000"    // first_record
         "0500000000000000"    // end_record
         "02000000"            // block_count
         "0201000000000000"    // content_size
         "feffffffffffffff" +  // seal_time
         Repeated("a0", 32) +  // previous
         Repeated("b0", 32) +  // next_key
         Repeated("c0", 32) +  // index_root
         "0110000000000000"    // index_size
         "0300"                // index_kind
         "01"                  // start_count
         "02" +                // end_count
         Repeated("d0", 32) +
         Repeated("d1", 32) + Repeated("d2", 32);
}

bool Refused(const SegmentFooter& footer) {
  const auto decoded = DecodeSegmentFooter(EncodeSegmentFooter(footer));
  return !decoded.has_value() && decoded.error().code == ErrorCode::kDamaged;
}

TEST(SegmentFooter, HasTheBytesOfTheManPage) {
  // Magic 0x184D2A51; 156 + 3 * 32 + 64 = 316 bytes of content.
  const std::string expected =
      "512a4d18"
      "3c010000" +
      SampleContentHex() + Repeated("ee", 64);
  EXPECT_EQ(HexEncode(EncodeSegmentFooter(SampleFooter())), expected);
  const auto bytes = HexDecode(expected);
  ASSERT_TRUE(bytes.has_value());
  const auto decoded = DecodeSegmentFooter(*bytes);
  ASSERT_TRUE(decoded.has_value()) << decoded.error().message;
  EXPECT_EQ(*decoded, SampleFooter());
}

TEST(SegmentFooter, SignsGenesisAndContent) {
  EXPECT_EQ(HexEncode(SegmentFooterSignedMessage(Filled(0x99), SampleFooter())),
            HexEncode(AsBytes("authseal/v1/seal\n")) + Repeated("99", 32) +
                SampleContentHex());
}

TEST(SegmentFooter, RefusesEveryCut) {
  const ByteVector frame = EncodeSegmentFooter(SampleFooter());
  ExpectRefusesOtherLengths(frame, DecodeSegmentFooter);
  const Bytes content = Bytes(frame).subspan(8);
  for (std::size_t size = 0; size < content.size(); ++size) {
    const ByteVector cut =
        EncodeSkippableFrame(kFooterFrameMagic, content.first(size));
    EXPECT_FALSE(DecodeSegmentFooter(cut).has_value()) << size;
  }
}

TEST(SegmentFooter, SeesEveryFlip) {
  const std::size_t refused =
      ExpectFlipsAreSeen(EncodeSegmentFooter(SampleFooter()),
                         DecodeSegmentFooter, EncodeSegmentFooter);
  EXPECT_GT(refused, 12u * 8);
}

TEST(SegmentFooter, BoundsItsNumbers) {
  struct Case {
    const char* name;
    std::function<void(SegmentFooter&)> change;
  };
  const Case cases[] = {
      {"empty",
       [](SegmentFooter& f) {
         f.first_record = f.end_record;
         f.start = f.end;
       }},
      {"no blocks", [](SegmentFooter& f) { f.block_count = 0; }},
      {"more blocks than records", [](SegmentFooter& f) { f.block_count = 4; }},
      {"content below its line ends",
       [](SegmentFooter& f) { f.content_size_bytes = 2; }},
      {"content",
       [](SegmentFooter& f) {
         f.content_size_bytes = 2ull * kBlockContentSizeBytesMax + 1;
       }},
      {"size without index",
       [](SegmentFooter& f) {
         f.index_kind = 0;
         f.index_root = Hash{};
       }},
      {"root without index",
       [](SegmentFooter& f) {
         f.index_kind = 0;
         f.index_size_bytes = 0;
       }},
  };
  for (const Case& c : cases) {
    SegmentFooter footer = SampleFooter();
    c.change(footer);
    EXPECT_TRUE(Refused(footer)) << c.name;
  }
}

TEST(SegmentFooter, RefusesWrongNumbersOfHashes) {
  for (const auto& [offset, value] :
       {std::pair<std::size_t, std::uint8_t>{154, 0},
        {154, 2},
        {154, 255},
        {155, 1},
        {155, 3},
        {155, 255}}) {
    ByteVector frame = EncodeSegmentFooter(SampleFooter());
    frame[8 + offset] = value;
    EXPECT_FALSE(DecodeSegmentFooter(frame).has_value())
        << offset << ": " << int{value};
  }
}

TEST(SegmentFooter, RefusesRecordNumbersAboveTwelveDigits) {
  SegmentFooter footer = SampleFooter();
  footer.end_record = std::uint64_t{1} << 63;
  footer.end = Range(footer.end_record, {Filled(1)});
  footer.content_size_bytes = 2ull * kBlockContentSizeBytesMax;
  EXPECT_TRUE(Refused(footer));
}

TEST(SealRecord, HasTheTextOfTheManPage) {
  SegmentFooter footer = SampleFooter();
  footer.seal_time = UnixNanos{1'767'225'600'000'000'000};
  const std::string expected =
      "{\"authseal\":{\"seal\":{\"epoch\":1,\"first_record\":2,"
      "\"end_record\":5,\"chain\":\"" +
      Repeated("77", 32) +
      "\",\"next_epoch_key\":\"sLCwsLCwsLCwsLCwsLCwsLCwsLCwsLCwsLCwsLCwsLA=\","
      "\"index_kind\":3,\"index_size\":4097,\"index_root\":\"" +
      Repeated("c0", 32) + "\",\"time\":\"2026-01-01T00:00:00.000000000Z\"}}}";
  EXPECT_EQ(SealRecord(footer, Filled(0x77)), expected);
}

TEST(SealRecord, KeepsNineDigitsAndFourDigitYearsAtBothEndsOfTime) {
  SegmentFooter footer = SampleFooter();
  footer.seal_time = UnixNanos{INT64_MIN};
  EXPECT_TRUE(SealRecord(footer, Hash{})
                  .ends_with("\"time\":\"1677-09-21T00:12:43.145224192Z\"}}}"));
  footer.seal_time = UnixNanos{INT64_MAX};
  EXPECT_TRUE(SealRecord(footer, Hash{})
                  .ends_with("\"time\":\"2262-04-11T23:47:16.854775807Z\"}}}"));
}

TEST(SealRecord, IsReadBackAsItWasMade) {
  SegmentFooter footer = SampleFooter();
  Hash chain;
  chain.bytes[3] = 7;
  for (const bool reopens : {false, true}) {
    footer.reopens = reopens;
    const auto read = ParseSealRecord(SealRecord(footer, chain), chain);
    ASSERT_TRUE(read.has_value());
    EXPECT_EQ(read->reopens, reopens);
    EXPECT_EQ(read->next_key, footer.next_key);
    EXPECT_EQ(read->index_size_bytes, footer.index_size_bytes);
    EXPECT_EQ(SealRecord(*read, chain), SealRecord(footer, chain));
  }
}

TEST(SealRecord, IsReadInOneSpellingOnly) {
  Hash chain;
  const std::string sound = SealRecord(SampleFooter(), chain);
  const std::size_t key = sound.find("next_epoch_key\":\"") + 17;
  for (std::size_t i = 0; i < sound.size(); ++i) {
    EXPECT_FALSE(ParseSealRecord(sound.substr(0, i), chain).has_value());
    EXPECT_FALSE(
        ParseSealRecord(sound.substr(0, i) + " " + sound.substr(i), chain)
            .has_value())
        << i;
    if (i >= key && i < key + 44) {
      continue;  // another key, spelt as well
    }
    std::string changed = sound;
    changed[i] ^= 0x20;
    EXPECT_FALSE(ParseSealRecord(changed, chain).has_value()) << i;
  }
  EXPECT_FALSE(ParseSealRecord(sound + " ", chain).has_value());
  Hash other = chain;
  other.bytes[0] ^= 1;
  EXPECT_FALSE(ParseSealRecord(sound, other).has_value());
}

TEST(IndexRoot, IsTheTreeOverPages) {
  EXPECT_EQ(IndexRoot({}), EmptyRoot());
  const ByteVector bytes(kIndexPageSizeBytes + 1, 0x5A);
  const Bytes index = bytes;
  EXPECT_EQ(IndexRoot(index.first(1)), LeafHash(index.first(1)));
  EXPECT_EQ(IndexRoot(index.first(kIndexPageSizeBytes)),
            LeafHash(index.first(kIndexPageSizeBytes)));
  EXPECT_EQ(IndexRoot(index),
            NodeHash(LeafHash(index.first(kIndexPageSizeBytes)),
                     LeafHash(index.last(1))));
}

}  // namespace
}  // namespace authseal
