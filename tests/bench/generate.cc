// bench_generate RECORDS [SEED]: the lines of record_generator.h on standard
// output.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "tests/bench/record_generator.h"

namespace {

constexpr std::size_t kBufferSizeBytes = 1u << 20;

bool Flush(std::string& text) {
  const bool written =
      std::fwrite(text.data(), 1, text.size(), stdout) == text.size();
  text.clear();
  return written;
}

bool Run(std::uint64_t record_count, std::uint64_t seed) {
  authseal::RecordGenerator generator(seed);
  std::string text;
  for (std::uint64_t i = 0; i < record_count; ++i) {
    generator.Append(text);
    if (text.size() >= kBufferSizeBytes && !Flush(text)) {
      return false;
    }
  }
  return Flush(text) && std::fflush(stdout) == 0;
}

}  // namespace

int main(int argc, char** argv) {
  const std::uint64_t record_count =
      argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 0;
  const std::uint64_t seed = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 1;
  if (record_count == 0) {
    std::fputs("usage: bench_generate RECORDS [SEED]\n", stderr);
    return 2;
  }
  return Run(record_count, seed) ? 0 : 1;
}
