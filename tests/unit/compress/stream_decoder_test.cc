#include "lib/compress/stream_decoder.h"

#include <algorithm>
#include <functional>

#include <gtest/gtest.h>

#include "lib/compress/zstd_frame.h"
#include "tests/unit/compress/foreign_frames.h"

namespace authseal {
namespace {

struct Decoded {
  ByteVector content;
  bool failed = false;
  ErrorCode code = ErrorCode::kInternal;
  bool at_boundary = false;
};

// Feeds `stream` in pieces of `in_size` and takes it in pieces of `out_size`.
Decoded DecodeInPieces(StreamDecoder& decoder, Bytes stream,
                       std::size_t in_size, std::size_t out_size) {
  Decoded decoded;
  ByteVector buffer(out_size);
  while (true) {
    const Bytes piece = stream.first(std::min(in_size, stream.size()));
    const auto progress = decoder.Decode(piece, buffer);
    if (!progress.has_value()) {
      decoded.failed = true;
      decoded.code = progress.error().code;
      break;
    }
    EXPECT_LE(progress->consumed_bytes, piece.size());
    EXPECT_LE(progress->produced_bytes, out_size);
    stream = stream.subspan(progress->consumed_bytes);
    decoded.content.insert(
        decoded.content.end(), buffer.begin(),
        buffer.begin() + static_cast<std::ptrdiff_t>(progress->produced_bytes));
    if (progress->consumed_bytes == 0 && progress->produced_bytes == 0) {
      EXPECT_TRUE(stream.empty()) << "no progress with input left";
      break;
    }
  }
  decoded.at_boundary = decoder.at_boundary();
  return decoded;
}

struct Format {
  const char* name;
  std::unique_ptr<StreamDecoder> (*make)();
  std::function<ByteVector(Bytes)> encode;
};

std::vector<Format> Formats() {
  return {{"gzip", MakeGzipDecoder, [](Bytes b) { return GzipMember(b); }},
          {"gzip stored", MakeGzipDecoder,
           [](Bytes b) { return GzipMember(b, 0); }},
          {"zstd", MakeZstdDecoder, [](Bytes b) { return ForeignFrame(b); }},
          {"zstd without size", MakeZstdDecoder, [](Bytes b) {
             return ForeignFrame(b, {.checksum = true, .pledge = false});
           }}};
}

TEST(StreamDecoder, DecodesInPiecesOfAnySize) {
  const ByteVector original = LogLines(20'000);
  for (const Format& format : Formats()) {
    const ByteVector stream = format.encode(original);
    for (const std::size_t in_size : {1u, 2u, 7u, 1000u, 1'000'000u}) {
      for (const std::size_t out_size : {1u, 3u, 1000u, 20'000u, 1'000'000u}) {
        const auto decoder = format.make();
        const Decoded decoded =
            DecodeInPieces(*decoder, stream, in_size, out_size);
        EXPECT_FALSE(decoded.failed) << format.name;
        EXPECT_EQ(decoded.content, original)
            << format.name << " " << in_size << " " << out_size;
        EXPECT_TRUE(decoded.at_boundary);
      }
    }
  }
}

TEST(StreamDecoder, DecodesLargeStreams) {
  const ByteVector original = Concatenated({LogLines(3 << 20), Noise(1 << 20)});
  for (const Format& format : Formats()) {
    const auto decoder = format.make();
    const Decoded decoded =
        DecodeInPieces(*decoder, format.encode(original), 64 << 10, 64 << 10);
    EXPECT_FALSE(decoded.failed) << format.name;
    EXPECT_TRUE(decoded.content == original) << format.name;
  }
}

TEST(StreamDecoder, GoesOnThroughSeveralMembers) {
  const ByteVector first = LogLines(5000);
  const ByteVector second = Noise(500);
  for (const Format& format : Formats()) {
    const ByteVector stream =
        Concatenated({format.encode(first), format.encode({}),
                      format.encode(second), format.encode({})});
    for (const std::size_t in_size : {1u, 5u, 100'000u}) {
      const auto decoder = format.make();
      const Decoded decoded = DecodeInPieces(*decoder, stream, in_size, 777);
      EXPECT_FALSE(decoded.failed) << format.name;
      EXPECT_EQ(decoded.content, Concatenated({first, second})) << format.name;
      EXPECT_TRUE(decoded.at_boundary);
    }
  }
}

TEST(StreamDecoder, SkipsSkippableFrames) {
  const ByteVector content = LogLines(5000);
  const ByteVector skippable = EncodeSkippableFrame(0x184D2A5E, Noise(999));
  const ByteVector empty = EncodeSkippableFrame(0x184D2A50, {});
  const ByteVector frame = ForeignFrame(content);
  const ByteVector stream =
      Concatenated({empty, skippable, frame, empty, frame, skippable});
  for (const std::size_t in_size : {1u, 5u, 100'000u}) {
    const auto decoder = MakeZstdDecoder();
    const Decoded decoded = DecodeInPieces(*decoder, stream, in_size, 777);
    EXPECT_FALSE(decoded.failed) << in_size;
    EXPECT_EQ(decoded.content, Concatenated({content, content}));
    EXPECT_TRUE(decoded.at_boundary);
  }
}

TEST(StreamDecoder, IsAtABoundaryOnlyBehindWholeMembers) {
  const ByteVector content = LogLines(300);
  for (const Format& format : Formats()) {
    const ByteVector member = format.encode(content);
    const ByteVector stream = Concatenated({member, member});
    EXPECT_FALSE(format.make()->at_boundary());
    for (std::size_t size = 1; size <= stream.size(); ++size) {
      const auto decoder = format.make();
      const Decoded decoded =
          DecodeInPieces(*decoder, Bytes(stream).first(size), 64, 1000);
      EXPECT_FALSE(decoded.failed) << format.name << " " << size;
      EXPECT_EQ(decoded.at_boundary,
                size == member.size() || size == stream.size())
          << format.name << " " << size << " of " << stream.size();
    }
  }
}

TEST(StreamDecoder, RefusesGarbageBehindAMember) {
  const ByteVector content = LogLines(300);
  for (const Format& format : Formats()) {
    for (const ByteVector& garbage :
         {ByteVector(64), Noise(64), ByteVector(64, '\n')}) {
      const auto decoder = format.make();
      const Decoded decoded = DecodeInPieces(
          *decoder, Concatenated({format.encode(content), garbage}), 10, 1000);
      EXPECT_TRUE(decoded.failed) << format.name;
      EXPECT_EQ(decoded.code, ErrorCode::kDamaged);
      EXPECT_EQ(decoded.content, content) << "what was good comes first";
      EXPECT_FALSE(decoded.at_boundary);
    }
  }
}

TEST(StreamDecoder, HandsOutWhatWasGoodBeforeDamageInOneCall) {
  const ByteVector content = LogLines(300);
  for (const Format& format : Formats()) {
    const auto decoder = format.make();
    ByteVector out(1 << 16);
    const ByteVector stream = Concatenated({format.encode(content), Noise(64)});
    const auto progress = decoder->Decode(stream, out);
    ASSERT_TRUE(progress.has_value()) << format.name;
    EXPECT_EQ(progress->produced_bytes, content.size());
    for (int again = 0; again < 2; ++again) {
      const auto failed = decoder->Decode(stream, out);
      ASSERT_FALSE(failed.has_value());
      EXPECT_EQ(failed.error().code, ErrorCode::kDamaged);
    }
  }
}

TEST(StreamDecoder, NeverTakesDamageForTheWhole) {
  const ByteVector content = LogLines(2000);
  for (const Format& format : Formats()) {
    const ByteVector stream = format.encode(content);
    for (std::size_t bit = 0; bit < 8 * stream.size(); bit += 3) {
      ByteVector changed = stream;
      changed[bit / 8] ^= static_cast<std::uint8_t>(1u << bit % 8);
      const auto decoder = format.make();
      const Decoded decoded = DecodeInPieces(*decoder, changed, 500, 500);
      if (!decoded.failed && decoded.at_boundary) {
        EXPECT_EQ(decoded.content, content) << format.name << " " << bit;
      }
    }
  }
}

TEST(StreamDecoder, RefusesWindowsAbove128MiB) {
  // Window exponents 28 (2^28) and 27, a block header to follow.
  for (const auto& [exponent, refused] :
       {std::pair<int, bool>{28, true}, {27, false}}) {
    const ByteVector stream = {
        0x28, 0xB5, 0x2F,
        0xFD, 0x00, static_cast<std::uint8_t>((exponent - 10) << 3),
        0x01, 0,    0};
    const auto decoder = MakeZstdDecoder();
    const Decoded decoded = DecodeInPieces(*decoder, stream, 100, 100);
    EXPECT_EQ(decoded.failed, refused) << exponent;
  }
}

TEST(StreamDecoder, RefusesDictionariesAndOldFormats) {
  const ByteVector with_dictionary =
      ForeignFrame(LogLines(3000), {.dictionary = true});
  auto decoder = MakeZstdDecoder();
  EXPECT_TRUE(DecodeInPieces(*decoder, with_dictionary, 100, 100).failed);
  for (const char old :
       {'\x1E', '\x22', '\x23', '\x24', '\x25', '\x26', '\x27'}) {
    ByteVector stream = ForeignFrame(LogLines(3000));
    stream[0] = static_cast<std::uint8_t>(old);
    decoder = MakeZstdDecoder();
    const Decoded decoded = DecodeInPieces(*decoder, stream, 1, 100);
    EXPECT_TRUE(decoded.failed);
    EXPECT_TRUE(decoded.content.empty());
  }
}

TEST(StreamDecoder, StaysBoundedOnABomb) {
  const ByteVector zeros(20 << 20);
  for (const Format& format : Formats()) {
    const ByteVector bomb = format.encode(zeros);
    const auto decoder = format.make();
    ByteVector out(1000);
    const auto progress = decoder->Decode(bomb, out);
    ASSERT_TRUE(progress.has_value());
    EXPECT_EQ(progress->produced_bytes, out.size()) << format.name;
    EXPECT_FALSE(decoder->at_boundary());
  }
}

TEST(StreamDecoder, DoesNothingWithoutInputOrRoom) {
  for (const Format& format : Formats()) {
    const auto decoder = format.make();
    ByteVector out(100);
    for (int call = 0; call < 40; ++call) {
      const auto nothing = decoder->Decode({}, out);
      ASSERT_TRUE(nothing.has_value()) << format.name;
      EXPECT_EQ(nothing->produced_bytes, 0u);
      ASSERT_TRUE(decoder->Decode(format.encode({}), {}).has_value());
    }
    const Decoded decoded =
        DecodeInPieces(*decoder, format.encode(LogLines(50)), 9, 9);
    EXPECT_EQ(decoded.content, LogLines(50)) << format.name;
  }
}

TEST(DetectStreamFormat, LooksAtTheFirstBytes) {
  EXPECT_EQ(DetectStreamFormat(GzipMember({})), StreamFormat::kGzip);
  EXPECT_EQ(DetectStreamFormat(ForeignFrame({})), StreamFormat::kZstd);
  EXPECT_EQ(DetectStreamFormat(EncodeSkippableFrame(0x184D2A5F, {})),
            StreamFormat::kZstd);
  EXPECT_EQ(DetectStreamFormat({}), StreamFormat::kPlain);
  EXPECT_EQ(DetectStreamFormat(AsBytes("{\"a\":1}")), StreamFormat::kPlain);
  EXPECT_EQ(DetectStreamFormat(AsBytes("\x1f\x8b")), StreamFormat::kPlain);
  EXPECT_EQ(DetectStreamFormat(AsBytes("\x28\xb5\x2f")), StreamFormat::kPlain);
}

}  // namespace
}  // namespace authseal
