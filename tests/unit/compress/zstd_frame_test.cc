#include "lib/compress/zstd_frame.h"

#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <zstd.h>

#include "lib/base/encoding.h"
#include "tests/unit/compress/foreign_frames.h"

namespace authseal {
namespace {

ByteVector CompressedBy(FrameCompressor& compressor, Bytes content) {
  ByteVector frame = Noise(50);  // replaced, whatever it holds
  EXPECT_TRUE(compressor.Compress(content, frame).has_value());
  return frame;
}

ByteVector Compressed(Bytes content) {
  FrameCompressor compressor;
  return CompressedBy(compressor, content);
}

void ExpectDamaged(Bytes frame, std::uint64_t content_size_bytes) {
  FrameDecompressor decompressor;
  ByteVector content = Noise(10);
  const Status status =
      decompressor.Decompress(frame, content_size_bytes, content);
  ASSERT_FALSE(status.has_value());
  EXPECT_EQ(status.error().code, ErrorCode::kDamaged);
}

std::vector<ByteVector> Contents() {
  std::vector<ByteVector> contents = {{}, {'x'}, ByteVector(1 << 20, 'z')};
  for (const std::size_t size_bytes :
       {2u, 255u, 256u, 257u, 1023u, 1024u, 1025u, 65'535u, 65'791u, 65'792u,
        131'072u, 131'073u, 1'000'000u, 5'000'000u}) {
    contents.push_back(LogLines(size_bytes));
    contents.push_back(Noise(size_bytes));
  }
  return contents;
}

TEST(FrameCompressor, GoesRoundForEveryKindOfContent) {
  FrameCompressor compressor;
  FrameDecompressor decompressor;
  ByteVector content;
  for (const ByteVector& original : Contents()) {
    const ByteVector frame = CompressedBy(compressor, original);
    const Status status =
        decompressor.Decompress(frame, original.size(), content);
    ASSERT_TRUE(status.has_value()) << status.error().message;
    ASSERT_EQ(content, original);
  }
}

TEST(FrameCompressor, GoesRoundForTheLargestRecord) {
  constexpr std::size_t kSizeBytes = 17 << 20;
  const ByteVector original = LogLines(kSizeBytes);
  const ByteVector frame = Compressed(original);
  FrameDecompressor decompressor;
  ByteVector content;
  ASSERT_TRUE(decompressor.Decompress(frame, kSizeBytes, content).has_value());
  EXPECT_EQ(content, original);
}

// What any zstd reads back, and sees the size, the checksum and no dictionary.
TEST(FrameCompressor, WritesPlainFramesThatDoNotDependOnWhatCameBefore) {
  FrameCompressor used;
  for (const ByteVector& original : Contents()) {
    const ByteVector frame = CompressedBy(used, original);
    EXPECT_EQ(frame, Compressed(original));
    EXPECT_EQ(ZSTD_getFrameContentSize(frame.data(), frame.size()),
              original.size());
    EXPECT_EQ(ZSTD_getDictID_fromFrame(frame.data(), frame.size()), 0u);
    EXPECT_NE(frame[4] & 0x04, 0) << "checksum flag";
    ByteVector content(original.size());
    EXPECT_EQ(ZSTD_decompress(content.data(), content.size(), frame.data(),
                              frame.size()),
              original.size());
    EXPECT_EQ(content, original);
  }
}

TEST(FrameCompressor, MakesLogLinesSmall) {
  const ByteVector lines = LogLines(1 << 20);
  EXPECT_LT(Compressed(lines).size(), lines.size() / 5);
}

// Ids are hex digits that repeat nowhere: only the coding of literals halves
// them, and a wrong parameter turns it off.
TEST(FrameCompressor, HalvesHexDigits) {
  const std::string digits = HexEncode(Noise(500'000));
  EXPECT_LT(Compressed(AsBytes(digits)).size(), digits.size() * 55 / 100);
}

TEST(FrameCompressor, MovesWithItsState) {
  FrameCompressor first;
  FrameCompressor second = std::move(first);
  const ByteVector frame = CompressedBy(second, LogLines(100));
  FrameDecompressor one;
  FrameDecompressor two = std::move(one);
  ByteVector content;
  EXPECT_TRUE(two.Decompress(frame, 100, content).has_value());
}

TEST(FrameDecompressor, RefusesEveryTruncation) {
  const ByteVector content = LogLines(3000);
  const ByteVector frame = Compressed(content);
  for (std::size_t size = 0; size < frame.size(); ++size) {
    ExpectDamaged(Bytes(frame).first(size), content.size());
  }
}

TEST(FrameDecompressor, RefusesBytesBehindTheFrame) {
  const ByteVector content = LogLines(3000);
  const ByteVector frame = Compressed(content);
  ExpectDamaged(Concatenated({frame, Bytes(frame).first(1)}), content.size());
  ExpectDamaged(Concatenated({frame, frame}), content.size());
  ExpectDamaged(Concatenated({frame, frame}), 2 * content.size());
  ExpectDamaged(Concatenated({frame, Compressed({})}), content.size());
  const ByteVector empty_skippable = EncodeSkippableFrame(0x184D2A50, {});
  ExpectDamaged(Concatenated({frame, empty_skippable}), content.size());
  ExpectDamaged(Concatenated({empty_skippable, frame}), content.size());
  ExpectDamaged(empty_skippable, 0);
}

TEST(FrameDecompressor, RefusesAnotherContentSize) {
  for (const std::size_t size_bytes : {0u, 1u, 255u, 256u, 3000u, 70'000u}) {
    const ByteVector frame = Compressed(LogLines(size_bytes));
    for (const std::uint64_t other :
         {std::uint64_t{size_bytes} + 1, std::uint64_t{size_bytes} - 1,
          std::uint64_t{size_bytes} + 256, std::uint64_t{0} - 1,
          std::uint64_t{1} << 62}) {
      ExpectDamaged(frame, other);
    }
  }
}

TEST(FrameDecompressor, RefusesEveryFlippedBitOrGivesTheSameContent) {
  const ByteVector original = LogLines(400);
  const ByteVector frame = Compressed(original);
  FrameDecompressor decompressor;
  ByteVector content;
  std::size_t harmless = 0;
  for (std::size_t bit = 0; bit < 8 * frame.size(); ++bit) {
    ByteVector changed = frame;
    changed[bit / 8] ^= static_cast<std::uint8_t>(1u << bit % 8);
    if (decompressor.Decompress(changed, original.size(), content)
            .has_value()) {
      EXPECT_EQ(content, original) << bit;
      ++harmless;
    } else {
      EXPECT_TRUE(content.empty() || content == original) << bit;
    }
  }
  // Bits without meaning exist (one unused bit of the header, padding of a
  // bit stream); the hash over the stored frame covers those.
  EXPECT_LT(harmless, 16u);
}

TEST(FrameDecompressor, RefusesWhatTheFormatForbids) {
  const ByteVector content = LogLines(3000);
  ByteVector out;
  ASSERT_TRUE(FrameDecompressor()
                  .Decompress(ForeignFrame(content), content.size(), out)
                  .has_value());
  ExpectDamaged(ForeignFrame(content, {.checksum = false}), content.size());
  ExpectDamaged(ForeignFrame(content, {.content_size = false}), content.size());
  ExpectDamaged(ForeignFrame(content, {.pledge = false}), content.size());
  ExpectDamaged(ForeignFrame(content, {.dictionary = true}), content.size());
  ExpectDamaged(ForeignFrame(content, {.dictionary = true}), 0);
}

// An id of 0 means "no dictionary"; the library reads on. One spelling is
// enough for us.
TEST(FrameDecompressor, RefusesADictionaryIdOfZero) {
  const ByteVector content = LogLines(200);
  ByteVector frame = ForeignFrame(content);
  ASSERT_EQ(frame[4], 0x24) << "single segment, checksum";
  frame[4] |= 1;
  frame.insert(frame.begin() + 5, 0);
  ByteVector out(content.size());
  ASSERT_EQ(ZSTD_decompress(out.data(), out.size(), frame.data(), frame.size()),
            content.size());
  ExpectDamaged(frame, content.size());
}

TEST(FrameDecompressor, RefusesWindowsAbove4MiB) {
  const ByteVector content = LogLines((4 << 20) + 1);
  ExpectDamaged(ForeignFrame(content, {.window_log = 23}), content.size());
  ByteVector out;
  EXPECT_TRUE(FrameDecompressor()
                  .Decompress(ForeignFrame(content, {.window_log = 22}),
                              content.size(), out)
                  .has_value());
  // A window of 2^41, the largest a header can name, and a declared size to
  // match: no memory may be asked for.
  ByteVector huge = {0x28, 0xB5, 0x2F, 0xFD, 0xC4, 0xFF, 0,
                     0,    0,    0,    0,    0,    0,    0x40};
  ExpectDamaged(huge, std::uint64_t{1} << 62);
}

TEST(FrameDecompressor, RefusesABombBeforeItGrows) {
  // 100 MiB of zeros in a few kilobytes, said to be 1 KiB.
  const ByteVector bomb =
      ForeignFrame(ByteVector(100 << 20), {.window_log = 20});
  ASSERT_LT(bomb.size(), 100'000u);
  ExpectDamaged(bomb, 1024);
  // The header changed to say 1 KiB too: the library finds no room.
  const ByteVector small = Compressed(LogLines(1000));
  ByteVector lying = small;
  ASSERT_EQ(lying[4] >> 6, 1) << "two-byte content size";
  const ByteVector longer = Compressed(ByteVector(1001, 'x'));
  ASSERT_EQ(longer[5], lying[5] + 1);
  lying[5] = longer[5];
  ExpectDamaged(lying, 1001);
  lying = longer;
  lying[5] = small[5];
  ExpectDamaged(lying, 1000);
}

TEST(FrameDecompressor, RefusesAWrongChecksum) {
  const ByteVector content = LogLines(3000);
  ByteVector frame = Compressed(content);
  for (std::size_t i = 1; i <= 4; ++i) {
    frame[frame.size() - i] ^= 1;
    ExpectDamaged(frame, content.size());
    frame[frame.size() - i] ^= 1;
  }
}

TEST(FrameDecompressor, WorksAfterAFailure) {
  const ByteVector original = LogLines(3000);
  const ByteVector frame = Compressed(original);
  ByteVector broken = frame;
  broken[frame.size() / 2] ^= 0xFF;
  FrameDecompressor decompressor;
  ByteVector content;
  EXPECT_FALSE(
      decompressor.Decompress(broken, original.size(), content).has_value());
  EXPECT_TRUE(content.empty());
  ASSERT_TRUE(
      decompressor.Decompress(frame, original.size(), content).has_value());
  EXPECT_EQ(content, original);
}

TEST(SkippableFrame, GoesRound) {
  for (std::uint32_t magic = 0x184D2A50; magic <= 0x184D2A5F; ++magic) {
    for (const std::size_t size_bytes : {0u, 1u, 1000u}) {
      const ByteVector content = Noise(size_bytes);
      const ByteVector frame = EncodeSkippableFrame(magic, content);
      EXPECT_EQ(frame.size(), kSkippablePrefixSizeBytes + size_bytes);
      EXPECT_EQ(ZSTD_findFrameCompressedSize(frame.data(), frame.size()),
                frame.size());
      const auto back = DecodeSkippableFrame(magic, frame);
      ASSERT_TRUE(back.has_value());
      EXPECT_EQ(ByteVector(back->begin(), back->end()), content);
    }
  }
}

TEST(SkippableFrame, IsRefusedUnlessItFillsItsBytesExactly) {
  const ByteVector frame = EncodeSkippableFrame(0x184D2A51, Noise(20));
  for (std::size_t size = 0; size < frame.size(); ++size) {
    EXPECT_FALSE(
        DecodeSkippableFrame(0x184D2A51, Bytes(frame).first(size)).has_value());
  }
  const auto longer =
      DecodeSkippableFrame(0x184D2A51, Concatenated({frame, {{0}}}));
  ASSERT_FALSE(longer.has_value());
  EXPECT_EQ(longer.error().code, ErrorCode::kDamaged);
  EXPECT_FALSE(DecodeSkippableFrame(0x184D2A52, frame).has_value());
  EXPECT_FALSE(DecodeSkippableFrame(kZstdMagic, frame).has_value());
}

}  // namespace
}  // namespace authseal
