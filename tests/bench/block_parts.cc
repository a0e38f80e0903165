// Compression, splitting, headers; and blocks whole, made and read.
#include "lib/archive/segment_reader.h"
#include "lib/base/check.h"
#include "lib/compress/zstd_frame.h"
#include "tests/bench/sample_block.h"

namespace authseal {
namespace {

void CompressBlock(benchmark::State& state) {
  const SampleBlock& block = Sample();
  FrameCompressor compressor;
  ByteVector frame;
  for (auto _ : state) {
    AUTHSEAL_CHECK(compressor.Compress(block.draft.content, frame).has_value());
    benchmark::DoNotOptimize(frame.data());
  }
  Report(state, block);
  state.counters["stored_share"] =
      static_cast<double>(frame.size()) /
      static_cast<double>(block.draft.content.size());
}
BENCHMARK(CompressBlock);

void DecompressBlock(benchmark::State& state) {
  const SampleBlock& block = Sample();
  const EncodedBlock encoded = Encoded(block);
  FrameDecompressor decompressor;
  ByteVector content;
  for (auto _ : state) {
    AUTHSEAL_CHECK(
        decompressor
            .Decompress(encoded.frame, block.draft.content.size(), content)
            .has_value());
    benchmark::DoNotOptimize(content.data());
  }
  Report(state, block);
}
BENCHMARK(DecompressBlock);

void SplitBlock(benchmark::State& state) {
  const SampleBlock& block = Sample();
  std::vector<std::string_view> records;
  for (auto _ : state) {
    AUTHSEAL_CHECK(
        SplitRecords(block.draft.content, block.draft.record_count(), records)
            .has_value());
    benchmark::DoNotOptimize(records.data());
  }
  Report(state, block);
}
BENCHMARK(SplitBlock);

void EncodeHeader(benchmark::State& state) {
  const EncodedBlock encoded = Encoded(Sample());
  for (auto _ : state) {
    benchmark::DoNotOptimize(EncodeBlockHeader(encoded.header));
  }
  Report(state, Sample());
}
BENCHMARK(EncodeHeader);

void DecodeHeader(benchmark::State& state) {
  const ByteVector frame = EncodeBlockHeader(Encoded(Sample()).header);
  for (auto _ : state) {
    AUTHSEAL_CHECK(DecodeBlockHeader(frame).has_value());
  }
  Report(state, Sample());
}
BENCHMARK(DecodeHeader);

// Leaves, nodes, frame and its hash in one.
void BuildBlock(benchmark::State& state) {
  const SampleBlock& block = Sample();
  BlockBuilder builder;
  for (auto _ : state) {
    AUTHSEAL_CHECK(builder.Build(block.draft, 0).has_value());
  }
  Report(state, block);
}
BENCHMARK(BuildBlock);

// All that verifying does with a block once it is read.
void DecodeBlock(benchmark::State& state) {
  const EncodedBlock encoded = Encoded(Sample());
  BlockDecoder decoder;
  for (auto _ : state) {
    AUTHSEAL_CHECK(decoder.Decode(encoded.frame, encoded.header) ==
                   BlockDecoder::Fault::kNone);
  }
  Report(state, Sample());
}
BENCHMARK(DecodeBlock);

}  // namespace
}  // namespace authseal
