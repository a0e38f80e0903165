#include "lib/compress/seek_table.h"

#include <gtest/gtest.h>

#include "lib/base/encoding.h"
#include "lib/compress/zstd_frame.h"
#include "tests/unit/compress/foreign_frames.h"

namespace authseal {
namespace {

const std::vector<SeekTableEntry> kEntries = {
    {.stored_size_bytes = 1, .content_size_bytes = 2},
    {.stored_size_bytes = 0xFFFFFFFF, .content_size_bytes = 0},
    {.stored_size_bytes = 0x01020304, .content_size_bytes = 0x05060708}};

TEST(SeekTable, HasTheBytesOfTheSpecification) {
  EXPECT_EQ(HexEncode(EncodeSeekTable(kEntries)),
            "5e2a4d18"
            "21000000"
            "0100000002000000"
            "ffffffff00000000"
            "0403020108070605"
            "03000000"
            "00"
            "b1ea928f");
}

TEST(SeekTable, IsReadAndWrittenAlike) {
  for (std::size_t count = 0; count <= kEntries.size(); ++count) {
    const std::vector<SeekTableEntry> entries(
        kEntries.begin(),
        kEntries.begin() + static_cast<std::ptrdiff_t>(count));
    const ByteVector frame = EncodeSeekTable(entries);
    const auto size =
        SeekTableSize(Bytes(frame).last(kSeekTableFooterSizeBytes));
    ASSERT_TRUE(size.has_value());
    EXPECT_EQ(*size, frame.size());
    const auto back = DecodeSeekTable(frame);
    ASSERT_TRUE(back.has_value());
    EXPECT_EQ(*back, entries);
  }
}

TEST(SeekTable, IsRefusedWhenAByteOfItsFrameIsChanged) {
  const ByteVector frame = EncodeSeekTable(kEntries);
  for (std::size_t i = 0; i < frame.size(); ++i) {
    const bool within_entries = i >= 8 && i < frame.size() - 9;
    for (int bit = 0; bit < 8; ++bit) {
      ByteVector changed = frame;
      changed[i] ^= static_cast<std::uint8_t>(1u << bit);
      const auto entries = DecodeSeekTable(changed);
      ASSERT_EQ(entries.has_value(), within_entries) << i;
      if (entries.has_value()) {
        EXPECT_NE(*entries, kEntries);
      } else {
        EXPECT_EQ(entries.error().code, ErrorCode::kDamaged);
      }
    }
  }
}

TEST(SeekTable, IsRefusedWhenShorterOrLonger) {
  const ByteVector frame = EncodeSeekTable(kEntries);
  for (std::size_t size = 0; size < frame.size(); ++size) {
    EXPECT_FALSE(DecodeSeekTable(Bytes(frame).first(size)).has_value());
  }
  EXPECT_FALSE(DecodeSeekTable(Concatenated({frame, {{0}}})).has_value());
  // The lengths agree with each other, and not with the count.
  const ByteVector content(kSkippablePrefixSizeBytes, 0);
  EXPECT_FALSE(DecodeSeekTable(EncodeSkippableFrame(kSeekTableMagic, content))
                   .has_value());
  const Bytes footer = Bytes(frame).last(kSeekTableFooterSizeBytes);
  EXPECT_FALSE(DecodeSeekTable(EncodeSkippableFrame(kSeekTableMagic, footer))
                   .has_value());
}

TEST(SeekTable, SizeIsFoundOnlyInNineBytesOfAFooter) {
  const ByteVector frame = EncodeSeekTable(kEntries);
  const Bytes footer = Bytes(frame).last(kSeekTableFooterSizeBytes);
  EXPECT_FALSE(SeekTableSize({}).has_value());
  EXPECT_FALSE(SeekTableSize(footer.first(8)).has_value());
  EXPECT_FALSE(SeekTableSize(Bytes(frame).last(10)).has_value());
  EXPECT_FALSE(SeekTableSize(ByteVector(9)).has_value());
  // More entries than the format allows: 2^27 + 1.
  const ByteVector many = {1, 0, 0, 8, 0, 0xB1, 0xEA, 0x92, 0x8F};
  EXPECT_FALSE(SeekTableSize(many).has_value());
  const ByteVector most = {0, 0, 0, 8, 0, 0xB1, 0xEA, 0x92, 0x8F};
  const auto size = SeekTableSize(most);
  ASSERT_TRUE(size.has_value());
  EXPECT_EQ(*size, 8u + 8ull * 0x8000000 + 9u);
}

}  // namespace
}  // namespace authseal
