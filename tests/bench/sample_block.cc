#include "tests/bench/sample_block.h"

#include <string>

#include "lib/archive/format.h"
#include "lib/base/check.h"
#include "tests/bench/record_generator.h"

namespace authseal {
namespace {

constexpr UnixNanos kIngested = {1'767'225'600'000'000'000};  // 2026-01-01

}  // namespace

void MakeSample(std::uint64_t number, SampleBlock& out) {
  RecordGenerator generator(1000 + number);
  std::string text;
  while (text.size() < kBlockContentSizeBytesTarget) {
    generator.Append(text);
    out.draft.record_ends_bytes.push_back(
        static_cast<std::uint32_t>(text.size() - 1));
  }
  const Bytes bytes = AsBytes(text);
  out.draft.content.assign(bytes.begin(), bytes.end());
  out.draft.ingest_first = out.draft.ingest_last = kIngested;
  std::uint32_t begin = 0;
  for (const std::uint32_t end : out.draft.record_ends_bytes) {
    const Bytes record =
        Bytes(out.draft.content).subspan(begin, std::size_t{end} - begin);
    out.messages.push_back(record);
    out.records.push_back(AsText(record));
    begin = end + 1;
  }
}

const SampleBlock& Sample() {
  static const SampleBlock& block = *[] {
    auto* made = new SampleBlock;
    MakeSample(0, *made);
    return made;
  }();
  return block;
}

EncodedBlock Encoded(const SampleBlock& block, std::uint64_t first_record) {
  BlockBuilder builder;
  Result<EncodedBlock> encoded = builder.Build(block.draft, first_record);
  AUTHSEAL_CHECK(encoded.has_value());
  return *std::move(encoded);
}

void Report(benchmark::State& state, const SampleBlock& block) {
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(
                                                   block.draft.content.size()));
  state.counters["per_record"] =
      benchmark::Counter(static_cast<double>(block.records.size()),
                         benchmark::Counter::kIsIterationInvariantRate |
                             benchmark::Counter::kInvert);
}

}  // namespace authseal
