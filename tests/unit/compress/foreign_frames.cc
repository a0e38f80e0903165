#include "tests/unit/compress/foreign_frames.h"

#include <string>
#include <zdict.h>

#include <gtest/gtest.h>
#include <zlib.h>
#include <zstd.h>

namespace authseal {
namespace {

void Set(ZSTD_CCtx* context, ZSTD_cParameter parameter, int value) {
  ASSERT_EQ(ZSTD_isError(ZSTD_CCtx_setParameter(context, parameter, value)),
            0u);
}

// A trained dictionary, so that it has an id.
ByteVector TrainedDictionary() {
  std::string samples;
  std::vector<std::size_t> sizes;
  for (int i = 0; i < 2000; ++i) {
    const std::string sample =
        "{\"user\":\"u" + std::to_string(i * 7919 % 1000) +
        "\",\"n\":" + std::to_string(i) + ",\"client\":\"c" +
        std::to_string(i % 13) + "\"}";
    samples += sample;
    sizes.push_back(sample.size());
  }
  ByteVector dictionary(8192);
  const std::size_t size = ZDICT_trainFromBuffer(
      dictionary.data(), dictionary.size(), samples.data(), sizes.data(),
      static_cast<unsigned>(sizes.size()));
  EXPECT_EQ(ZDICT_isError(size), 0u);
  dictionary.resize(size);
  EXPECT_NE(ZDICT_getDictID(dictionary.data(), dictionary.size()), 0u);
  return dictionary;
}

}  // namespace

ByteVector ForeignFrame(Bytes content, const ForeignFrameOptions& options) {
  ZSTD_CCtx* const context = ZSTD_createCCtx();
  Set(context, ZSTD_c_compressionLevel, options.level);
  if (options.window_log != 0) {
    Set(context, ZSTD_c_windowLog, options.window_log);
  }
  Set(context, ZSTD_c_contentSizeFlag, options.content_size ? 1 : 0);
  Set(context, ZSTD_c_checksumFlag, options.checksum ? 1 : 0);
  if (options.dictionary) {
    const ByteVector dictionary = TrainedDictionary();
    ZSTD_CCtx_loadDictionary(context, dictionary.data(), dictionary.size());
  }
  ByteVector frame(ZSTD_compressBound(content.size()) + 64);
  ZSTD_outBuffer out = {frame.data(), frame.size(), 0};
  ZSTD_inBuffer in = {content.data(), content.size(), 0};
  if (!options.pledge) {  // a first piece, so that the end is not known yet
    in.size = content.size() / 2;
    ZSTD_compressStream2(context, &out, &in, ZSTD_e_continue);
    in.size = content.size();
  }
  EXPECT_EQ(ZSTD_compressStream2(context, &out, &in, ZSTD_e_end), 0u);
  ZSTD_freeCCtx(context);
  frame.resize(out.pos);
  return frame;
}

ByteVector GzipMember(Bytes content, int level) {
  z_stream stream = {};
  EXPECT_EQ(
      deflateInit2(&stream, level, Z_DEFLATED, 16 + 15, 8, Z_DEFAULT_STRATEGY),
      Z_OK);
  ByteVector member(deflateBound(&stream, content.size()) + 64);
  stream.next_in = const_cast<Bytef*>(content.data());
  stream.avail_in = static_cast<uInt>(content.size());
  stream.next_out = member.data();
  stream.avail_out = static_cast<uInt>(member.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  member.resize(stream.total_out);
  deflateEnd(&stream);
  return member;
}

ByteVector LogLines(std::size_t size_bytes) {
  std::string lines;
  for (std::uint64_t i = 0; lines.size() < size_bytes; ++i) {
    lines += "{\"time\":" + std::to_string(1'700'000'000 + i) +
             ",\"type\":\"LOGIN\",\"user\":\"u" +
             std::to_string(i * 7919 % 1000) + "\"}\n";
  }
  lines.resize(size_bytes);
  return {lines.begin(), lines.end()};
}

ByteVector Noise(std::size_t size_bytes, std::uint64_t seed) {
  ByteVector bytes(size_bytes);
  std::uint64_t state = seed * 0x9E3779B97F4A7C15;
  for (std::uint8_t& byte : bytes) {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    byte = static_cast<std::uint8_t>(state >> 32);
  }
  return bytes;
}

ByteVector Concatenated(std::initializer_list<Bytes> parts) {
  ByteVector whole;
  for (const Bytes part : parts) {
    whole.insert(whole.end(), part.begin(), part.end());
  }
  return whole;
}

}  // namespace authseal
