// One block's worth of generated records, as each part of the program wants
// to be given them; and how a part says what it cost.
#ifndef AUTHSEAL_TESTS_BENCH_SAMPLE_BLOCK_H_
#define AUTHSEAL_TESTS_BENCH_SAMPLE_BLOCK_H_

#include <benchmark/benchmark.h>
#include <cstdint>
#include <string_view>
#include <vector>

#include "lib/archive/block_builder.h"
#include "lib/base/bytes.h"

namespace authseal {

struct SampleBlock {
  BlockDraft draft;
  std::vector<std::string_view> records;  // into draft.content, without LF
  std::vector<Bytes> messages;            // the same as bytes

  SampleBlock() = default;
  SampleBlock(const SampleBlock&) = delete;
  SampleBlock& operator=(const SampleBlock&) = delete;
};

// Of about 1 MiB; block 0, 1, … have different records. Aborts where the
// library cannot make one.
const SampleBlock& Sample();
void MakeSample(std::uint64_t number, SampleBlock& out);
// What the builder makes of it.
EncodedBlock Encoded(const SampleBlock& block, std::uint64_t first_record = 0);

// What is said of every part: bytes a second of log, and seconds a record
// (counter per_record), though the work itself may be done once a block.
void Report(benchmark::State& state, const SampleBlock& block);

}  // namespace authseal

#endif  // AUTHSEAL_TESTS_BENCH_SAMPLE_BLOCK_H_
