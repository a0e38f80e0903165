#include <algorithm>
#include <vector>

#include <gtest/gtest.h>
#include <zstd.h>

#include "lib/compress/zstd_frame.h"
#include "tests/unit/compress/foreign_frames.h"

namespace authseal {
namespace {

// A file in memory that counts its reads.
struct FakeFile {
  ByteVector bytes;
  int reads = 0;

  ReadAtFunction ReadAt() {
    return [this](std::uint64_t offset,
                  MutableBytes out) -> Result<std::size_t> {
      ++reads;
      const std::uint64_t from = std::min<std::uint64_t>(offset, bytes.size());
      const std::size_t count = std::min<std::size_t>(
          out.size(), bytes.size() - static_cast<std::size_t>(from));
      std::copy_n(bytes.begin() + static_cast<std::ptrdiff_t>(from), count,
                  out.begin());
      return count;
    };
  }
  Result<FrameExtent> Measure(std::uint64_t offset, std::uint64_t end) {
    return MeasureFrame(ReadAt(), offset, end);
  }
  Result<FrameExtent> Measure() { return Measure(0, bytes.size()); }
};

struct NamedFrame {
  const char* name;
  ByteVector frame;
};

// Every shape a header and a block can have.
std::vector<NamedFrame> FramesOfAllKinds() {
  const ByteVector lines = LogLines(300'000);
  std::vector<NamedFrame> frames = {
      {"empty", ForeignFrame({})},
      {"single segment, one-byte size", ForeignFrame(LogLines(200))},
      {"single segment, two-byte size", ForeignFrame(LogLines(3000))},
      {"four-byte size", ForeignFrame(lines)},
      {"no content size", ForeignFrame(lines, {.content_size = false})},
      {"no size known", ForeignFrame(lines, {.pledge = false})},
      {"no checksum", ForeignFrame(lines, {.checksum = false})},
      {"dictionary id", ForeignFrame(lines, {.dictionary = true})},
      {"small window", ForeignFrame(lines, {.window_log = 10})},
      {"large window", ForeignFrame(lines, {.window_log = 27})},
      {"run-length blocks", ForeignFrame(ByteVector(1'000'000, 'x'))},
      {"raw blocks", ForeignFrame(Noise(1'000'000))},
      {"mixed blocks", ForeignFrame(Concatenated(
                           {Noise(200'000), lines, ByteVector(300'000)}))},
      // Eight-byte size, window mantissa 7, one raw block "hi", no checksum.
      {"eight-byte size",
       {0x28, 0xB5, 0x2F, 0xFD, 0xC0, 0x07, 2, 0, 0, 0, 0, 0, 0, 0, 0x11, 0, 0,
        'h', 'i'}},
      // An empty raw block before the last one.
      {"empty block",
       {0x28, 0xB5, 0x2F, 0xFD, 0x20, 0x01, 0, 0, 0, 0x09, 0, 0, 'x'}},
  };
  FrameCompressor compressor;
  ByteVector ours;
  EXPECT_TRUE(compressor.Compress(lines, ours).has_value());
  frames.push_back({"ours", ours});
  return frames;
}

TEST(MeasureFrame, FindsTheEndOfEveryKindOfFrame) {
  for (const NamedFrame& known : FramesOfAllKinds()) {
    ASSERT_EQ(
        ZSTD_findFrameCompressedSize(known.frame.data(), known.frame.size()),
        known.frame.size())
        << known.name;
    FakeFile file{Concatenated({Noise(100), known.frame, Noise(100, 2)})};
    const auto extent = file.Measure(100, file.bytes.size());
    ASSERT_TRUE(extent.has_value())
        << known.name << ": " << extent.error().message;
    EXPECT_EQ(extent->stored_size_bytes, known.frame.size()) << known.name;
    EXPECT_FALSE(extent->skippable);
    EXPECT_EQ(extent->magic, kZstdMagic);
    // The same where nothing follows.
    const auto exact = file.Measure(100, 100 + known.frame.size());
    ASSERT_TRUE(exact.has_value()) << known.name;
    EXPECT_EQ(exact->stored_size_bytes, known.frame.size());
  }
}

TEST(MeasureFrame, FindsTheEndOfSkippableFrames) {
  for (std::uint32_t magic = 0x184D2A50; magic <= 0x184D2A5F; ++magic) {
    FakeFile file{
        Concatenated({EncodeSkippableFrame(magic, Noise(30)), Noise(100, 2)})};
    const auto extent = file.Measure();
    ASSERT_TRUE(extent.has_value());
    EXPECT_EQ(extent->stored_size_bytes, 38u);
    EXPECT_TRUE(extent->skippable);
    EXPECT_EQ(extent->magic, magic);
  }
}

TEST(MeasureFrame, RefusesEveryTruncation) {
  std::vector<NamedFrame> frames = FramesOfAllKinds();
  frames.push_back({"skippable", EncodeSkippableFrame(0x184D2A5E, Noise(30))});
  for (const NamedFrame& known : frames) {
    // All lengths near either end, some between.
    FakeFile file{known.frame};
    const std::size_t whole = known.frame.size();
    for (std::size_t size = 0; size < whole;
         size += size < 300 || size + 300 > whole ? 1 : 4999) {
      const auto by_end = file.Measure(0, size);
      ASSERT_FALSE(by_end.has_value()) << known.name << " " << size;
      EXPECT_EQ(by_end.error().code, ErrorCode::kDamaged);
      // A file that turns out shorter than was said must not be believed.
      FakeFile cut{
          ByteVector(known.frame.begin(),
                     known.frame.begin() + static_cast<std::ptrdiff_t>(size))};
      EXPECT_FALSE(cut.Measure(0, size).has_value());
    }
  }
}

TEST(MeasureFrame, RefusesWhatIsNoFrame) {
  const std::vector<ByteVector> none = {
      {},
      {0x28},
      ByteVector(100),
      Noise(100),
      {0x27, 0xB5, 0x2F, 0xFD, 0x20, 0x01, 0x09, 0, 0, 'x'},  // format 0.7
      {0x28, 0xB5, 0x2F, 0xFD, 0x28, 0x01, 0x09, 0, 0, 'x'},  // reserved bit
      {0x28, 0xB5, 0x2F, 0xFD, 0x20, 0x01, 0x0F, 0, 0, 'x'},  // block type 3
      {0x28, 0xB5, 0x2F, 0xFD, 0x20, 0x01, 0x11, 0, 0, 'x', 'y'},  // too large
  };
  for (const ByteVector& bytes : none) {
    FakeFile file{bytes};
    const auto extent = file.Measure();
    ASSERT_FALSE(extent.has_value());
    EXPECT_EQ(extent.error().code, ErrorCode::kDamaged);
  }
}

TEST(MeasureFrame, RefusesOffsetsBehindTheEnd) {
  FakeFile file{ForeignFrame(LogLines(100))};
  EXPECT_FALSE(file.Measure(file.bytes.size(), file.bytes.size()).has_value());
  EXPECT_FALSE(file.Measure(5, 4).has_value());
  EXPECT_FALSE(file.Measure(~0ull, ~0ull).has_value());
  EXPECT_FALSE(file.Measure(~0ull - 5, ~0ull).has_value());
}

TEST(MeasureFrame, RefusesASkippableLengthBeyondTheEnd) {
  FakeFile file{{0x50, 0x2A, 0x4D, 0x18, 0xFF, 0xFF, 0xFF, 0xFF, 1, 2, 3}};
  EXPECT_FALSE(file.Measure().has_value());
}

TEST(MeasureFrame, PassesOnReadErrors) {
  const auto unreadable = [](std::uint64_t,
                             MutableBytes) -> Result<std::size_t> {
    return Error{ErrorCode::kIo, "unreadable"};
  };
  const auto extent = MeasureFrame(unreadable, 0, 1000);
  ASSERT_FALSE(extent.has_value());
  EXPECT_EQ(extent.error().code, ErrorCode::kIo);
}

// What a crash can leave: a frame's beginning, then zeros. Each three of them
// are a valid empty block.
TEST(MeasureFrame, WalksATailOfZerosInFewReads) {
  FakeFile file{Concatenated({Bytes(ForeignFrame(LogLines(300'000))).first(100),
                              ByteVector(1 << 20)})};
  EXPECT_FALSE(file.Measure().has_value());
  EXPECT_LT(file.reads, 4000);
}

}  // namespace
}  // namespace authseal
